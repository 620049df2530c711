#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "cli/gzip_stream.hpp"
#include "cli/shell.hpp"
#include "http/message.hpp"
#include "json/reader.hpp"
#include "support/batches.hpp"
#include "support/desk.hpp"
#include "support/small_warehouse.hpp"

using namespace csatdb;
using support::Shell;

namespace {

/// A machine with a small warehouse in the current folder.
struct Desk : Shell {
  std::string path = (folder / "csat.db").string();
  Desk() { tests::deliver(path, tests::deliveries()); }

  void change(const char* sql) { SQLite::Database(path, SQLite::OPEN_READWRITE).exec(sql); }
  /// The values of the first column of an NDJSON export.
  std::set<std::string> ids(std::vector<std::string> words) {
    words.insert(words.begin(), "export");
    words.insert(words.end(), {"--format", "ndjson"});
    const auto result = run(words);
    CHECK(result.code == 0);
    std::set<std::string> found;
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) {
      const auto from = line.find(":\"") + 2;
      found.insert(line.substr(from, line.find('"', from) - from));
    }
    return found;
  }
};

std::string unzipped(const std::string& path) {
  std::string text;
  auto* pipe = popen(("gzip -dc " + path).c_str(), "r");
  std::array<char, 65536> bytes{};
  while (const auto count = fread(bytes.data(), 1, bytes.size(), pipe))
    text.append(bytes.data(), count);
  CHECK(pclose(pipe) == 0);
  return text;
}

}  // namespace

TEST_SUITE("cli") {
  TEST_CASE("CSV tells NULL from an empty text and quotes what RFC 4180 says") {
    Desk desk;
    desk.change(
        "UPDATE divisions SET name = '', description = NULL WHERE division_id = 'd1';"
        "UPDATE divisions SET name = 'a,\"b\"' || char(13, 10) || 'ü\xE2\x80\x8F', gone_ms = 1 "
        "WHERE division_id = 'd2'");
    const auto result = desk.run({"export", "divisions"});
    CHECK(result.code == 0);
    CHECK(
        result.out.starts_with("division_key,division_id,name,description,is_home,is_inferred,"
                               "gone_ms,gone_at,payload_hash,version\r\n"));
    CHECK(result.out.find(",d1,\"\",,1,0,,,") != std::string::npos);
    CHECK(result.out.find(",d2,\"a,\"\"b\"\"\r\nü\xE2\x80\x8F\",,,1,1,1970-01-01 00:00:00,") !=
          std::string::npos);
  }

  TEST_CASE("what acts on a terminal does not come out of CSV; all other characters do") {
    Desk desk;
    desk.change(
        "UPDATE teams SET name = char(27) || '[31m' || char(9, 155, 128169, 160) || 'é' || "
        "char(127, 8205)");
    CHECK(desk.run({"export", "teams"})
              .out.find(",t1,\xEF\xBF\xBD["
                        "31m\t\xEF\xBF\xBD\xF0\x9F\x92\xA9\xC2\xA0é\xEF\xBF\xBD\xE2\x80\x8D,") !=
          std::string::npos);
  }

  TEST_CASE("NDJSON keeps types: booleans, whole numbers past 32 bits, dates, NULL") {
    Desk desk;
    desk.change("UPDATE divisions SET name = char(27) || '[2J' WHERE division_id = 'd1'");
    const auto lines = desk.run({"export", "fact_interactions", "--format", "ndjson"}).out;
    json::Document document;
    const std::string first = lines.substr(0, lines.find('\n'));
    const auto row = document.parse(first);
    CHECK(row["is_open"].boolean() == false);
    CHECK(row["started_ms"].integer() == 1704873600000);
    CHECK(row["started_at"].text() == "2024-01-10 08:00:00");
    CHECK(row["wait_s"].real() == 9.0);
    CHECK(row["wrapup_code_name"].kind() == json::Kind::null);
    CHECK(lines.find('\x1b') == std::string::npos);
  }

  TEST_CASE("--csv-safe keeps spreadsheets and terminals from acting on texts") {
    Desk desk;
    desk.change("UPDATE users SET name = '=1+1' || char(27) WHERE user_id = 'a1'");
    const auto result = desk.run({"export", "dim_agents", "--csv-safe"});
    CHECK(result.out.find(",'=1+1\xEF\xBF\xBD,") != std::string::npos);
  }

  TEST_CASE("several tables go into a folder, a private file each; one of them to any path") {
    Desk desk;
    CHECK(desk.run({"export", "users", "teams", "--output", "out/new", "--gzip"}).code == 0);
    const auto file = desk.folder / "out/new/users.csv.gz";
    CHECK(unzipped(file.string()) == desk.run({"export", "users"}).out);
    struct stat info {};
    CHECK(stat(file.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
    CHECK(desk.run({"export", "users", "--output", "u.ndjson.gz"}).code == 0);
    CHECK(unzipped((desk.folder / "u.ndjson.gz").string()) ==
          desk.run({"export", "users", "--format", "ndjson"}).out);
    CHECK(desk.run({"export", "users", "--output", "out"}).code == 0);
    CHECK(desk.run({"export", "--logical", "--output", "all.gz"}).code == 0);
    CHECK(unzipped((desk.folder / "all.gz").string()) == desk.run({"export", "--logical"}).out);
    CHECK(tests::file_text((desk.folder / "out/users.csv").string()) ==
          desk.run({"export", "users"}).out);
  }

  TEST_CASE("a gzipped export of any length is one readable file") {
    const support::TempFolder folder;
    for (const std::size_t lines : {std::size_t{0}, std::size_t{1}, std::size_t{200'000}}) {
      std::string text;
      for (std::size_t i = 0; i < lines; ++i) text += "line " + std::to_string(i) + '\n';
      const auto path = (folder / "x.gz").string();
      std::ofstream file(path, std::ios::binary);
      cli::GzipStream packed(file);
      packed << text;
      packed.finish();
      file.close();
      CHECK(unzipped(path) == text);
    }
  }

  TEST_CASE("--since-run gives what that run and later ones changed, and nothing else") {
    Desk desk;
    const auto all = tests::deliveries();
    CHECK(desk.ids({"fact_surveys", "--since-run", "1"}).size() == 3);
    tests::deliver(desk.path, all);
    CHECK(desk.ids({"fact_surveys", "--since-run", "2"}).empty());
    // An answer that comes later changes the interaction it is about, too.
    auto later = all.back();
    REQUIRE(std::string(later.resource) == "surveys");
    later.json.replace(later.json.find("05-07T"), 6, "05-08T");
    tests::deliver(desk.path, {all.front(), later});
    CHECK(desk.ids({"fact_surveys", "--since-run", "3"}) == std::set<std::string>{"s3"});
    CHECK(desk.ids({"fact_survey_answers", "--since-run", "2"}) == std::set<std::string>{"s3"});
    CHECK(desk.ids({"fact_interactions", "--since-run", "3"}) == std::set<std::string>{"c3"});
    CHECK(desk.ids({"dim_queues", "--since-run", "3"}).empty());
    CHECK(desk.ids({"dim_dates", "--since-run", "3"}).size() == 366);
  }

  TEST_CASE("what cannot be exported is refused with what can") {
    Desk desk;
    struct Row {
      std::vector<std::string> words;
      const char* answer;
    };
    const std::vector<Row> rows{
        {{"export"}, "such as fact_surveys"},
        {{"export", "users", "--logical"}, "say what to export"},
        {{"export", "fact_survey"}, "(did you mean 'fact_surveys'?)"},
        {{"export", "users", "teams"}, "name a folder with --output"},
        {{"export", "users", "teams", "--output", "csat.db"}, "csat.db is no folder"},
        {{"export", "users", "--since-run", "9"}, "there was no run 9"},
        {{"export", "users", "--since-run", "0"}, "--since-run"},
        {{"export", "users", "--format", "cvs"}, "(did you mean 'csv'?)"},
        {{"export", "users", "--db", "none.db"}, "there is no warehouse"},
        {{"export", "--logical", "--format", "csv"}, "excludes --logical"},
        {{"export", "--snapshot", "bi.db", "--gzip"}, "excludes"},
        {{"export", "users", "--audience", "public"}, "--audience requires --snapshot"},
    };
    for (const auto& row : rows) {
      const auto result = desk.run(row.words);
      CAPTURE(result.err);
      CHECK(result.code == 2);
      CHECK(result.err.find(row.answer) != std::string::npos);
      CHECK(result.out.empty());
    }
    CHECK(desk.run({"export", "users", "--output", "no/such/users.csv"}).code == 6);
  }

  TEST_CASE("whoever reads the first lines of a long export and goes away has had no error") {
    support::Desk desk;
    desk.run_well({"sync", "--since", "5d"});
    REQUIRE(desk.run_well({"export", "fact_interactions"}).out.size() > (64 << 10));  // a pipe's
    const auto in = [&](const char* name) { return (desk.folder / name).string(); };
    const std::string line = "(HOME='" + desk.home.path().string() + "' " CSATDB_PROGRAM " --db '" +
                             in("csat.db") + "' export fact_interactions 2>'" + in("err") +
                             "'; echo $? >'" + in("code") + "') | head -n 1 >'" + in("out") + "'";
    REQUIRE(std::system(line.c_str()) == 0);
    CHECK(tests::file_text(in("code")) == "0\n");
    CHECK(tests::file_text(in("err")).empty());
    CHECK(tests::file_text(in("out")).starts_with("conversation_id,"));
  }

  TEST_CASE("a table that is called like a command is exported") {
    Desk desk;
    CHECK(desk.run({"export", "measures", "--format", "csv"}).out.starts_with("measure_no,name,"));
    CHECK(desk.run({"export", "users", "measures", "--output", "both"}).code == 0);
    CHECK(std::filesystem::exists(desk.folder / "both" / "measures.csv"));
  }

  TEST_CASE("no output replaces a database, and - is standard output") {
    Desk desk;
    std::filesystem::create_symlink(desk.path, desk.folder / "link.csv");
    for (const char* file : {"csat.db", "link.csv"}) {
      const std::vector<std::vector<std::string>> lines{{"export", "users", "--output", file},
                                                        {"export", "--logical", "--output", file},
                                                        {"report", "csat-by", "--output", file},
                                                        {"search", "thanks", "--output", file},
                                                        {"dashboard", "-o", file}};
      for (const auto& words : lines) {
        const auto result = desk.run(words);
        CAPTURE(words[0]);
        CHECK(result.code == 2);
        CHECK(result.err == std::string("csatdb: ") + file +
                                " is a database, perhaps the warehouse, and is not overwritten: "
                                "name another file\n");
      }
    }
    CHECK(desk.run({"status"}).code == 0);
    const std::vector<std::vector<std::string>> lines{{"export", "users", "--output"},
                                                      {"export", "--logical", "--output"},
                                                      {"report", "csat-by", "--output"},
                                                      {"search", "thanks", "--output"},
                                                      {"dashboard", "-o"}};
    for (auto words : lines) {
      words.push_back("-");
      const auto result = desk.run(words);
      CHECK(result.code == 0);
      CHECK(result.out.size() > 20);
    }
    CHECK(!std::filesystem::exists(desk.folder / "-"));
    CHECK(desk.run({"report", "csat-by", "--output", "-"}).out.starts_with("group,n,csat_pct,"));
  }
}

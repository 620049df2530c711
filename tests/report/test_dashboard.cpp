#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "cli/shell.hpp"
#include "report/crafted.hpp"
#include "report/dashboard.hpp"
#include "report/figures.hpp"
#include "report/golden.hpp"
#include "report/page.hpp"
#include "report/records.hpp"
#include "report/text.hpp"
#include "support/batches.hpp"

namespace csatdb::tests {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string base64_sha256(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  unsigned char out[48];
  EVP_EncodeBlock(out, digest, sizeof digest);
  return reinterpret_cast<const char*>(out);
}

const std::string& plain_page() {
  static const std::string page = report::dashboard(Golden::shared().reader(), {}, {});
  return page;
}

std::vector<std::string> texts(const char* sql) {
  std::vector<std::string> out;
  const auto results = Golden::shared().reader().run(sql);
  for (const auto& row : results.at(0).rows) out.push_back(std::get<std::string>(row.at(0)));
  return out;
}

mode_t mode_of(const std::filesystem::path& path) {
  struct stat found {};
  REQUIRE(stat(path.c_str(), &found) == 0);
  return found.st_mode & 0777;
}

TEST_SUITE("report") {
  TEST_CASE("the page's policy allows its own style and script and nothing else") {
    CHECK(report::kStyleHash == base64_sha256(report::page_style()));
    CHECK(report::kScriptHash == base64_sha256(report::page_script()));
    const auto& page = plain_page();
    CHECK(contains(page, "default-src 'none'"));
    CHECK(!contains(page, "unsafe"));
    for (const char* outside : {"http:", "https:", "src=", " style=", "url(", "@import", "onclick"})
      CHECK_MESSAGE(!contains(page, outside), outside);
  }

  TEST_CASE("without leave the page names no agent and quotes no customer") {
    const auto agents =
        texts("SELECT DISTINCT agent_name FROM fact_agent_legs WHERE length(agent_name) > 6");
    const auto words = texts(
        "SELECT DISTINCT free_text FROM fact_survey_answers WHERE length(trim(free_text)) > 12");
    REQUIRE(agents.size() > 10);
    REQUIRE(words.size() > 3);
    for (const auto& agent : agents) CHECK(!contains(plain_page(), report::html_text(agent)));
    for (const auto& text : words) CHECK(!contains(plain_page(), report::html_text(text)));
    const auto open = report::dashboard(Golden::shared().reader(), {}, {true, true});
    int named = 0, quoted = 0;
    for (const auto& agent : agents) named += contains(open, report::html_text(agent));
    for (const auto& text : words) quoted += contains(open, report::html_text(text));
    CHECK(named > 10);
    CHECK(quoted > 3);
  }

  TEST_CASE("the page shows the numbers of the reports") {
    const auto& golden = Golden::shared();
    const auto& page = plain_page();
    const auto csat = golden.run("csat-trend", {{"by", std::string("total")}});
    const report::Records total(csat.result);
    CHECK(contains(page, "<p class=\"big\">" + report::decimal(total.number(0, "csat_pct"))));
    CHECK(contains(page, "n = " + report::grouped(total.count(0, "n"))));
    const auto flow = golden.run("survey-funnel", {{"by", std::string("total")}});
    const report::Records funnel(flow.result);
    for (const char* column : {"conversations", "invited", "sent", "responses", "full"})
      CHECK(contains(page, ">" + report::grouped(funnel.count(0, column)) + "<"));
    const auto groups = golden.run("csat-by");
    const report::Records queues(groups.result);
    for (std::size_t r = 0; r < queues.size(); ++r) {
      CHECK(contains(page, report::html_text(queues.text(r, "group"))));
      CHECK(contains(page, report::decimal(queues.number(r, "csat_low_pct")) + " to " +
                               report::decimal(queues.number(r, "csat_high_pct"))));
    }
    for (const auto& line : csat.footer) CHECK(contains(page, report::html_text(line)));
  }

  TEST_CASE("a section that cannot be narrowed down says so") {
    const auto page =
        report::dashboard(Golden::shared().reader(), {{"form", std::string("Voice survey")}}, {});
    CHECK(contains(page, "· form Voice survey"));
    CHECK(contains(page, "Not narrowed down by form"));
    CHECK(!contains(plain_page(), "Not narrowed down"));
  }

  TEST_CASE("an empty period gives a page that says so") {
    const auto page = report::dashboard(
        Golden::shared().reader(),
        {{"from", std::string("1999-01-01")}, {"to", std::string("1999-12-31")}}, {true, true});
    CHECK(contains(page, "1 Jan to 31 Dec 1999"));
    CHECK(contains(page, "no data for survey-funnel from 1999-01-01 to 1999-12-31"));
    CHECK(contains(page, "no data for agent-scorecard"));
  }

  TEST_CASE("the page of a year of 100,000 surveys is smaller than 1 MB") {
    Crafted crafted;
    crafted.db().exec(R"(
      BEGIN;
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
      INSERT INTO conversations (conversation_key, conversation_id) SELECT i, 'c' || i FROM n;
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 800)
      INSERT INTO users (user_key, user_id, name) SELECT i, 'u' || i, 'Agent with a long name ' || i FROM n;
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
      INSERT INTO queues (queue_key, queue_id, name) SELECT i, 'q' || i, 'Queue with a long name ' || i FROM n;
      INSERT INTO interactions (conversation_key, started_ms, ended_ms, utc_offset_s, local_date,
        channel, direction, agent_key, queue_key, transfers, agent_count, is_abandoned, handle_ms, hold_ms,
        answer_ms, has_survey, has_response, survey_count)
      SELECT conversation_key, t, t + 600000, 0, date(t / 1000, 'unixepoch'),
        CASE conversation_key % 4 WHEN 0 THEN 'voice' WHEN 1 THEN 'chat' WHEN 2 THEN 'email' ELSE 'message' END,
        'inbound', conversation_key % 800 + 1, conversation_key % 300 + 1, conversation_key % 3, 1, 0, 300000,
        conversation_key % 5 * 10000, conversation_key % 90000, 1, 1, 1
      FROM (SELECT conversation_key, 1767225600000 + conversation_key * 315000 AS t FROM conversations);
      INSERT INTO surveys (survey_key, survey_id, conversation_key)
      SELECT conversation_key, 's' || conversation_key, conversation_key FROM conversations;
      INSERT INTO survey_facts (survey_key, conversation_key, status, csat_is_positive, csat_score, nps_score,
        completed_ms, completed_local_date, response_delay_ms, agent_key, queue_key)
      SELECT conversation_key, conversation_key, 'Finished', conversation_key % 3 > 0, conversation_key % 5 + 1,
        conversation_key % 11, ended_ms, local_date, 60000, agent_key, queue_key FROM interactions;
      COMMIT)");
    const auto page = report::dashboard(
        warehouse::Reader(crafted.path()),
        {{"from", std::string("2026-01-01")}, {"to", std::string("2026-12-31")}}, {true, true});
    CHECK(contains(page, ">100,000<"));
    CHECK(page.size() < 1000000);
    CHECK(contains(page, "The first 150 of 300 rows are shown."));
    // Nothing is mapped here, and the page says what to do about it.
    CHECK(contains(page, "map one with `csatdb measures`"));
  }

  TEST_CASE("names from the service are text, not markup") {
    const support::TempFolder folder;
    const auto copy = (folder.path() / "copy.db").string();
    std::filesystem::copy_file(Golden::shared().path(), copy);
    SQLite::Database(copy, SQLite::OPEN_READWRITE)
        .exec("UPDATE queues SET name = '<img src=x onerror=alert(1)>\"&''</script>'");
    const auto page = report::dashboard(warehouse::Reader(copy), {}, {true, true});
    CHECK(!contains(page, "<img"));
    CHECK(contains(page, "&lt;img src=x onerror=alert(1)&gt;&quot;&amp;&#39;&lt;/script&gt;"));
  }

  TEST_CASE("the file is written whole; who may read it depends on what is in it") {
    support::Shell shell;
    const auto made = [&](std::vector<std::string> more) {
      std::vector<std::string> words = {"--db", Golden::shared().path(), "dashboard"};
      words.insert(words.end(), more.begin(), more.end());
      return shell.run(words);
    };
    umask(0022);
    const auto result = made({"-o", "page.html"});
    CHECK(result.code == 0);
    CHECK(contains(result.out, "page.html: "));
    CHECK(file_text((shell.folder / "page.html").string()) == plain_page());
    CHECK(mode_of(shell.folder / "page.html") == 0640);
    CHECK(made({"-o", "named.html", "--agents"}).code == 0);
    CHECK(mode_of(shell.folder / "named.html") == 0600);
    CHECK(made({"-o", "said.html", "--verbatims", "--from", "last-7d"}).code == 0);
    CHECK(mode_of(shell.folder / "said.html") == 0600);
    // Replaced: still readable by whom it was.
    std::filesystem::permissions(shell.folder / "page.html",
                                 static_cast<std::filesystem::perms>(0644));
    CHECK(made({"-o", "page.html"}).code == 0);
    CHECK(mode_of(shell.folder / "page.html") == 0644);
    CHECK(made({"-o", "nowhere/page.html"}).code == 6);
    CHECK(made({}).code == 2);
    CHECK(made({"-o", "x.html", "--queue", "No such queue"}).code == 2);
    CHECK(!std::filesystem::exists(shell.folder / "x.html"));
    // Nothing is left of what was not finished.
    for (const auto& entry : std::filesystem::directory_iterator(shell.folder.path())) {
      CAPTURE(entry.path().filename().string());
      CHECK(!entry.path().filename().string().starts_with("x.html"));
      CHECK(!entry.path().stem().string().ends_with(".html"));
    }
  }

  TEST_CASE("a browser opens the page without a complaint and shows the numbers") {
    if (std::system("command -v chromium >/dev/null 2>&1") != 0) {
      MESSAGE("skipped: no chromium (scripts/test installs it)");
      return;
    }
    const support::TempFolder folder;
    const auto page = report::dashboard(Golden::shared().reader(), {}, {true, true});
    folder.write("page.html", page);
    const auto path = [&](const char* name) { return (folder.path() / name).string(); };
    const std::string line =
        "timeout 100 chromium --headless=new --no-sandbox --disable-gpu --disable-quic "
        "--no-first-run --disable-background-networking --disable-component-update --disable-sync "
        "--enable-logging=stderr --user-data-dir=" +
        path("profile") + " --virtual-time-budget=2000 --dump-dom file://" + path("page.html") +
        " >" + path("dom") + " 2>" + path("log");
    REQUIRE(std::system(line.c_str()) == 0);
    const auto dom = file_text(path("dom")), log = file_text(path("log"));
    CHECK_MESSAGE(!contains(log, "CONSOLE"), log.substr(0, 2000));
    // The script ran: fields to find a row by name are there.
    CHECK(!contains(dom, "class=\"filter\" hidden"));
    CHECK(contains(dom, "class=\"filter\""));
    const auto csat = Golden::shared().run("csat-trend", {{"by", std::string("total")}});
    const report::Records total(csat.result);
    CHECK(contains(dom, "<p class=\"big\">" + report::decimal(total.number(0, "csat_pct"))));
    CHECK(contains(dom, "</svg>"));
  }
}

}  // namespace
}  // namespace csatdb::tests

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "base/error.hpp"
#include "cli/shell.hpp"
#include "json/reader.hpp"
#include "report/golden.hpp"
#include "report/search.hpp"
#include "support/contract.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::tests {
namespace {

/// Ids of the surveys that a search of the golden warehouse finds, in its order.
std::vector<std::string> found(const std::string& words, warehouse::Parameters more = {}) {
  more["words"] = words;
  const auto outcome = report::search(Golden::shared().reader(), more, false);
  std::vector<std::string> ids;
  for (const auto& row : outcome.result.rows) ids.push_back(std::get<std::string>(row.back()));
  return ids;
}

support::Shell::Result typed(std::vector<std::string> words) {
  support::Shell shell;
  words.insert(words.begin(), {"--db", Golden::shared().path()});
  return shell.run(words);
}

/// A form with one question, answered in the customer's own words.
Survey survey_saying(const std::string& words, const std::string& id = "s1") {
  Survey survey;
  survey.id = id;
  survey.form =
      Form{"f1", "fc1", "Form", {{"g1", "Group", {{"q1", "qc1", "Why?", "freeTextQuestion"}}}}};
  survey.groups = {{.group = "g1", .replies = {{.question = "q1", .free_text = words}}}};
  return survey;
}

int hits(SQLite::Database& db, const std::string& words) {
  SQLite::Statement count(db, "SELECT count(*) FROM survey_comments WHERE survey_comments MATCH ?");
  count.bind(1, words);
  count.executeStep();
  return count.getColumn(0);
}

bool file_holds(const std::string& path, const std::string& bytes) {
  std::ifstream file(path, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  return all.find(bytes) != std::string::npos;
}

TEST_SUITE("report") {
  TEST_CASE("a search finds every comment that has the word, and no other") {
    const auto reader = Golden::shared().reader();
    const auto results = reader.run(
        "SELECT survey_id FROM fact_surveys WHERE NOT is_gone AND comments LIKE '%solved%'");
    std::set<std::string> expected;
    for (const auto& row : results.at(0).rows) expected.insert(std::get<std::string>(row.at(0)));
    const auto ids = found("solved", {{"limit", std::int64_t{100000}}});
    CHECK(expected.size() > 5);
    CHECK(std::set<std::string>(ids.begin(), ids.end()) == expected);
    CHECK(ids.size() == expected.size());
    CHECK(found("SOLVED", {{"limit", std::int64_t{100000}}}) == ids);
    CHECK(found("solv*", {{"limit", std::int64_t{100000}}}) == ids);
    CHECK(found("zebrawood").empty());
  }

  TEST_CASE("the best match comes first, the newest of equals") {
    warehouse::Parameters words{{"words", std::string("the OR agent OR solved")},
                                {"limit", std::int64_t{100000}}};
    const auto outcome = report::search(Golden::shared().reader(), words, false);
    REQUIRE(outcome.result.columns.at(7).name == "relevance");
    for (std::size_t i = 1; i < outcome.result.rows.size(); ++i) {
      const auto &before = outcome.result.rows[i - 1], &after = outcome.result.rows[i];
      CHECK(std::get<double>(before[7]) >= std::get<double>(after[7]));
      if (before[6] == after[6]) CHECK(before[0] >= after[0]);
    }
  }

  TEST_CASE("a search obeys the options of reports and counts what it found") {
    const auto outcome = report::search(Golden::shared().reader(),
                                        {{"words", std::string("solved")},
                                         {"limit", std::int64_t{2}},
                                         {"channel", std::string("VOICE")}},
                                        true);
    CHECK(outcome.result.rows.size() == 2);
    for (const auto& row : outcome.result.rows) {
      CHECK(std::get<std::string>(row[5]) == "voice");
      CHECK(std::get<std::string>(row[6]).find("«solved»") != std::string::npos);
    }
    const auto all =
        found("solved", {{"channel", std::string("voice")}, {"limit", std::int64_t{100000}}});
    CHECK(outcome.footer.front().starts_with("Found: n = " + std::to_string(all.size()) + " of "));
    CHECK(typed({"search", "solved", "--queue", "No such queue"}).code == 2);
  }

  TEST_CASE("words that no search understands end with 2 and say what to write") {
    for (const char* words : {"e-mail", "\"open", "AND", "(", "what:ever", "*"}) {
      CAPTURE(words);
      const auto result = typed({"search", words});
      CHECK(result.code == 2);
      CHECK(result.out.empty());
      CHECK(result.err.find("'\"e-mail\"'") != std::string::npos);
    }
    CHECK(typed({"search", "\"e-mail\""}).code == 0);
    CHECK(typed({"search", "solved", "once"}).code == 0);
  }

  TEST_CASE("NDJSON has one object a line, and the remarks go to stderr") {
    const auto result = typed({"search", "solved", "--format", "ndjson", "--limit", "3"});
    std::istringstream lines(result.out);
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
      json::Document document;
      CHECK(document.parse(line)["comments"].text().find("solved") != std::string::npos);
    }
    CHECK(count == 3);
    CHECK(result.err.find("Found: n = ") != std::string::npos);
  }

  TEST_CASE("the index follows every comment: written, rewritten, without words, gone") {
    ContractWorld world;
    Talk talk;
    talk.surveys = {{.id = "s1", .status = "Finished"}};
    world.deliver("conversations", talk.json());
    world.deliver("surveys", survey_saying("A prompt reply").json());
    world.run_surveys("c1");
    CHECK(hits(world.db(), "prompt") == 1);
    world.deliver("surveys", survey_saying("A late reply").json());
    world.run_surveys("c1");
    CHECK(hits(world.db(), "prompt") == 0);
    CHECK(hits(world.db(), "late") == 1);
    world.db().exec("UPDATE survey_facts SET comments = NULL");
    CHECK(hits(world.db(), "late OR reply") == 0);
    world.db().exec("UPDATE survey_facts SET comments = 'Spoken'");
    CHECK(hits(world.db(), "spoken") == 1);
    world.db().exec("DELETE FROM survey_facts");
    CHECK(hits(world.db(), "spoken") == 0);
    // FTS5 itself finds that index and content agree.
    CHECK_NOTHROW(world.db().exec(
        "INSERT INTO survey_comments (survey_comments, rank) VALUES ('integrity-check', 1)"));
  }

  TEST_CASE("erased words are gone from the file") {
    const support::TempFolder folder;
    const auto path = (folder.path() / "w.db").string();
    warehouse::Warehouse warehouse({path});
    auto& db = warehouse.database();
    db.exec(
        "INSERT INTO survey_facts (survey_key, comments) VALUES (1, 'plain words'), (2, 'Zebrawood "
        "crate')");
    db.exec("INSERT INTO survey_facts (survey_key, comments) VALUES (3, 'other words')");
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    REQUIRE(file_holds(path, "zebrawood"));  // as the index spells it
    db.exec("PRAGMA secure_delete = ON");
    db.exec(
        "BEGIN; DELETE FROM survey_facts WHERE survey_key = 2;"
        "INSERT INTO survey_comments (survey_comments) VALUES ('rebuild'); COMMIT");
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    CHECK(!file_holds(path, "zebrawood"));
    CHECK(!file_holds(path, "Zebrawood"));
    CHECK(hits(db, "words") == 2);
  }
}

}  // namespace
}  // namespace csatdb::tests

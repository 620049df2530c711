#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <map>

#include "report/crafted.hpp"
#include "report/expected.hpp"
#include "report/golden.hpp"
#include "report/records.hpp"

// The reports on the warehouse itself: what they should find is planted.

namespace csatdb::tests {
namespace {

struct Finding {
  double n = 0;
  std::string verdict, detail;
};

std::map<std::string, Finding> findings(const report::Outcome& outcome) {
  std::map<std::string, Finding> found;
  const report::Records rows(outcome.result);
  for (std::size_t r = 0; r < rows.size(); ++r)
    found[rows.text(r, "finding")] = {rows.count(r, "n"), rows.text(r, "verdict"),
                                      rows.text(r, "detail")};
  return found;
}

/// A warehouse of ten answered contacts, then `sql`.
std::map<std::string, Finding> with(const std::string& sql) {
  Crafted crafted;
  crafted.add({.positive = true}, 10);
  crafted.db().exec(
      "INSERT INTO survey_answers (survey_key, group_no, question_no) SELECT survey_key, 0, 0 FROM "
      "survey_facts; INSERT INTO utc_days (utc_day, is_settled) VALUES (20583, 1);"
      "INSERT INTO sync_resources (resource, fresh_through_ms, settled_through_ms) VALUES "
      "('conversations', 1778457600000, 1778457600000);"
      "INSERT INTO sync_counts VALUES ('2026-05-10', 10, 10, 'agrees', 0);" +
      sql);
  return findings(crafted.run("data-quality"));
}

TEST_SUITE("report") {
  TEST_CASE("data-quality finds nothing amiss where nothing is") {
    for (const auto& [finding, found] : with("")) {
      CAPTURE(finding);
      CHECK(found.n == 0);
      CHECK(found.verdict == "ok");
    }
  }

  TEST_CASE("data-quality finds each thing that is amiss, and says how many") {
    struct Planted {
      const char *sql, *finding;
      double n;
      const char *verdict, *detail;
    };
    constexpr auto kScope =
        "INSERT INTO sync_scopes (resource, scope, first_due_ms, order_ms, outcome, message) "
        "VALUES ";
    const std::string gap = std::string(kScope) +
                            "('conversations', '2026-05-09', 0, 0, "
                            "'unavailable', '503')";
    const std::string chased = std::string(kScope) +
                               "('surveys', 'a', 0, 0, 'unavailable', 'down'), ('surveys', 'b', 0, "
                               "0, 'given up', NULL), ('surveys', 'c', 0, 0, 'given up', NULL)";
    for (const auto& p : {
             Planted{gap.c_str(), "gaps: UTC days of conversations not read", 1, "gap",
                     "2026-05-09"},
             Planted{chased.c_str(), "scopes whose last read failed: surveys", 1, "failed",
                     "unavailable: down"},
             Planted{chased.c_str(), "keys given up: surveys", 2, "given up", "b"},
             Planted{"UPDATE survey_facts SET conversation_key = NULL WHERE survey_key <= 3",
                     "surveys whose conversation was never delivered", 3, "orphan", ""},
             Planted{"DELETE FROM survey_answers WHERE survey_key > 6",
                     "finished surveys without answers", 4, "incomplete", ""},
             Planted{"UPDATE survey_facts SET is_gone = 1 WHERE survey_key = 2",
                     "surveys the service no longer has", 1, "gone", ""},
             Planted{"INSERT INTO queues (queue_id, is_inferred) VALUES ('x', 1), ('y', 1)",
                     "ids that no list names: queues", 2, "inferred", ""},
             Planted{"INSERT INTO sync_problems VALUES ('unknown member', '/a', 7, 'c-1')",
                     "unknown member: /a", 7, "unknown to csatdb", "for example in c-1"},
             Planted{"UPDATE interactions SET survey_count = 3 WHERE conversation_key = 4",
                     "surveys counted by interactions but not stored", 2, "differs", ""},
             Planted{"UPDATE survey_facts SET status = 'Lost' WHERE survey_key IN (5, 6)",
                     "statuses csatdb does not know", 2, "unknown to csatdb", "Lost"},
             Planted{"INSERT INTO sync_counts VALUES ('2026-05-09', 8, 9, 'unexplained', 0), "
                     "('2026-05-08', 7, 7, 'agrees', 0)",
                     "UTC days whose conversations differ from the count of Genesys Cloud", 1,
                     "differs", "2026-05-09: 8 here, 9 there (unexplained)"},
             Planted{"INSERT INTO utc_days (utc_day, is_settled) VALUES (20581, 1), (20582, 1), "
                     "(20584, 0)",
                     "settled UTC days not compared with Genesys Cloud yet", 2, "not compared",
                     "csatdb reconcile compares them"},
         }) {
      const auto found = with(p.sql);
      CAPTURE(p.finding);
      REQUIRE(found.contains(p.finding));
      const auto& finding = found.at(p.finding);
      CHECK(finding.n == p.n);
      CHECK(finding.verdict == p.verdict);
      CHECK(finding.detail == p.detail);
    }
  }

  TEST_CASE("data-quality finds no row twice, and what is not settled yet") {
    auto found = findings(Golden::shared().run("data-quality"));
    CHECK(found.at("duplicate conversations").n == 0);
    CHECK(found.at("duplicate surveys").n == 0);
    CHECK(found.at("provisional local days").n > 0);
    CHECK(found.at("provisional local days").verdict == "provisional");
  }

  TEST_CASE("sync-health lists the runs of the last days, newest first, and adds them up") {
    Crafted crafted;
    crafted.db().exec(
        "INSERT INTO sync_runs (run_id, command, began_ms, ended_ms, outcome, message, requests, "
        "retries, throttled, waited_ms, bytes_received, rows_seen, rows_changed, file_bytes, "
        "program) VALUES "
        "(1, 'sync', 1767225600000, 1767225601000, 'ok', NULL, 1000, 0, 0, 0, 0, 0, 0, 0, 'v'),"
        "(2, 'sync', 1780000000000, 1780000012500, 'ok', NULL, 40, 2, 1, 3400, 2097152, 500, 60, "
        "10485760, 'v'),"
        "(3, 'import', 1780003600000, 1780003601000, 'storage', 'disk full', 0, 0, 0, 0, 0, 9, 9, "
        "10485760, 'v'),"
        "(4, 'sync', 1780007200000, NULL, NULL, NULL, 7, 0, 0, 0, 0, 0, 0, NULL, 'v');"
        "INSERT INTO sync_resources (resource, fresh_through_ms) VALUES ('conversations', "
        "1779998200000)");
    const auto outcome = crafted.run("sync-health");
    check_rows(outcome, {"run_id", "command", "outcome"},
               {{"2 | sync | ok",
                 {{"duration_s", 12.5},
                  {"requests", 40},
                  {"throttled", 1},
                  {"retries", 2},
                  {"waited_s", 3.4},
                  {"received_mb", 2},
                  {"rows_seen", 500},
                  {"rows_changed", 60},
                  {"file_mb", 10}}},
                {"3 | import | storage", {{"duration_s", 1}, {"requests", 0}}},
                {"4 | sync | running or killed", {{"duration_s", kNull}, {"requests", 7}}}});
    CHECK(report::Records(outcome.result).text(0, "run_id") == "4");
    CHECK(outcome.footer.at(0) == "Runs: n = 3, not ok: 2; requests 47, 429s 1, retries 2.");
    CHECK(outcome.footer.at(1).find("2.5 h before the last run") != std::string::npos);
    CHECK(
        report::Records(crafted.run("sync-health", {{"days", std::int64_t{400}}}).result).size() ==
        4);
  }
}

}  // namespace
}  // namespace csatdb::tests

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "report/golden.hpp"
#include "report/render.hpp"
#include "support/batches.hpp"
#include "support/source.hpp"

namespace csatdb::tests {
namespace {

/// The statements of a text.
std::vector<std::string> statements(SQLite::Database& db, const std::string& sql) {
  std::vector<std::string> out;
  const char* rest = sql.c_str();
  while (*rest != '\0') {
    sqlite3_stmt* made = nullptr;
    REQUIRE(sqlite3_prepare_v2(db.getHandle(), rest, -1, &made, &rest) == SQLITE_OK);
    if (made == nullptr) break;
    CHECK(sqlite3_stmt_readonly(made) != 0);
    out.emplace_back(sqlite3_sql(made));
    sqlite3_finalize(made);
  }
  return out;
}

/// Tables that a statement reads from end to end, by the programs SQLite makes of it.
std::set<std::string> scanned(SQLite::Database& db, const std::string& statement) {
  std::map<int, std::string> tables;  // by root page
  SQLite::Statement roots(db, "SELECT rootpage, tbl_name FROM sqlite_schema WHERE rootpage > 0");
  while (roots.executeStep()) tables[roots.getColumn(0)] = roots.getColumn(1).getString();
  struct Step {
    std::string code;
    int first, second;
  };
  std::vector<Step> steps;
  SQLite::Statement program(db, "EXPLAIN " + statement);
  while (program.executeStep())
    steps.push_back({program.getColumn(1), program.getColumn(2), program.getColumn(3)});
  std::map<int, std::string> cursors;
  std::set<std::string> out;
  for (const auto& [code, cursor, second] : steps) {
    if (code == "OpenRead") cursors[cursor] = tables[second];
    if (code == "OpenEphemeral" || code == "OpenAutoindex" || code == "OpenPseudo")
      cursors.erase(cursor);
    if (code == "Count" && cursors.contains(cursor)) out.insert(cursors[cursor]);
    if ((code != "Rewind" && code != "Last") || !cursors.contains(cursor)) continue;
    // The loop's end is where an empty table jumps to. The greatest value of an index leaves it
    // after one step.
    const auto end = static_cast<std::size_t>(second);
    const bool is_left =
        end >= 2 && steps.at(end - 2).code == "Goto" && steps.at(end - 2).second == second;
    if (!is_left) out.insert(cursors[cursor]);
  }
  return out;
}

TEST_SUITE("report") {
  TEST_CASE("every report of the specification is there, and no other") {
    const std::set<std::string> wanted = {"survey-funnel",
                                          "response-rate",
                                          "survey-coverage",
                                          "csat-trend",
                                          "csat-by",
                                          "agent-scorecard",
                                          "team-scorecard",
                                          "nps-trend",
                                          "score-distribution",
                                          "question-breakdown",
                                          "score-drivers",
                                          "verbatims",
                                          "detractors",
                                          "response-delay",
                                          "open-surveys",
                                          "survey-errors",
                                          "opt-outs",
                                          "csat-by-wait",
                                          "csat-by-handling",
                                          "csat-by-wrapup",
                                          "csat-by-hour",
                                          "first-contact-resolution",
                                          "repeat-contacts",
                                          "period-comparison",
                                          "queue-performance",
                                          "interaction-volume",
                                          "evaluations-and-surveys",
                                          "form-versions",
                                          "non-response",
                                          "data-quality",
                                          "sync-health",
                                          "after-transfer"};
    std::set<std::string> there;
    for (const auto& report : report::reports()) there.insert(report.name);
    CHECK(there == wanted);
  }

  TEST_CASE("every query compiles, only reads, and takes the parameters of its header") {
    const auto reader = Golden::shared().reader();
    SQLite::Database db(Golden::shared().path());
    for (const auto& report : report::reports()) {
      CAPTURE(report.name);
      CHECK(statements(db, report.sql).size() == 2);
      std::vector<std::string> listed;
      for (const auto& parameter : report.parameters) listed.push_back(parameter.name);
      std::ranges::sort(listed);
      CHECK(reader.parameters(report.sql) == listed);
      // The date basis stands in the title, but where there is none.
      CHECK(report.title.find(", ") != std::string::npos);
    }
  }

  TEST_CASE(
      "every report ends with its period or instant, its n, and how far the data are settled") {
    for (const auto& report : report::reports()) {
      CAPTURE(report.name);
      const auto outcome = Golden::shared().run(report.name);
      REQUIRE(outcome.footer.size() >= 2);
      CHECK(outcome.footer.front().find("n = ") != std::string::npos);
      CHECK(outcome.footer.back().find("ettled") != std::string::npos);
      CHECK(outcome.footer.back().find("gaps") != std::string::npos);
    }
  }

  TEST_CASE("an empty period has no rows, and every report still says so") {
    for (const auto& report : report::reports()) {
      CAPTURE(report.name);
      if (report.parameter("from") == nullptr) continue;
      const auto outcome = Golden::shared().run(
          report.name, {{"from", std::string("1999-01-01")}, {"to", std::string("1999-01-31")}});
      CHECK(outcome.result.rows.empty());
      CHECK(outcome.footer.front().find("n = 0") != std::string::npos);
      std::ostringstream out;
      report::render(out, outcome, {});
      CHECK(out.str().find("no data for " + report.name + " from 1999-01-01 to 1999-01-31") !=
            std::string::npos);
    }
  }

  TEST_CASE("a scan is found by the program that SQLite makes of a statement") {
    SQLite::Database db(Golden::shared().path());
    using Tables = std::set<std::string>;
    const std::string dates = "BETWEEN '2026-05-01' AND '2026-05-28'";
    CHECK(scanned(db, "SELECT count(*) FROM sessions") == Tables{"sessions"});
    CHECK(scanned(db, "SELECT sum(handle_ms) FROM interactions WHERE date(local_date) " + dates) ==
          Tables{"interactions"});
    CHECK(scanned(db, "SELECT max(conversation_id) FROM fact_interactions WHERE local_date " +
                          dates) == Tables{});
    CHECK(scanned(db, "SELECT max(local_date) FROM interactions") == Tables{});
    // An index made for one statement reads the whole table first.
    CHECK(scanned(db,
                  "SELECT count(*) FROM interactions i JOIN agent_legs l ON l.answer_ms = "
                  "i.answer_ms WHERE i.local_date " +
                      dates) == Tables{"agent_legs", "interactions"});
  }

  TEST_CASE("no report reads a detail table, nor a year where a month is asked for") {
    SQLite::Database db(Golden::shared().path());
    const std::set<std::string> details = {
        "sessions",    "segments",      "session_metrics",        "participants",
        "media_stats", "flow_outcomes", "participant_attributes", "conversation_divisions"};
    const std::set<std::string> dated = {"interactions", "agent_legs",     "queue_visits",
                                         "survey_facts", "survey_answers", "conversations",
                                         "surveys",      "evaluations"};
    // What these count is the whole warehouse.
    const std::set<std::string> whole = {"data-quality", "open-surveys", "form-versions"};
    for (const auto& report : report::reports()) {
      CAPTURE(report.name);
      for (const auto& statement : statements(db, report.sql)) {
        for (const auto& table : scanned(db, statement)) {
          CAPTURE(table);
          CHECK(!details.contains(table));
          CHECK((!dated.contains(table) || whole.contains(report.name)));
        }
      }
    }
  }

  TEST_CASE("every report of the golden warehouse is the one kept") {
    for (const auto& report : report::reports()) {
      CAPTURE(report.name);
      // How long a run took and how large the file is are the machine's.
      if (report.name == "sync-health") continue;
      const auto outcome = Golden::shared().run(report.name);
      std::ostringstream rows;
      report::render(rows, outcome, {.format = report::Format::csv});
      const std::string text = rows.str() + report::footer_text(outcome);
      const std::string path = support::in_source("tests/golden/" + report.name + ".csv");
      // CSATDB_ACCEPT=1 keeps the new one.
      if (std::getenv("CSATDB_ACCEPT") != nullptr) std::ofstream(path, std::ios::binary) << text;
      const bool is_kept = file_text(path) == text;
      CHECK(is_kept);
    }
  }
}

}  // namespace
}  // namespace csatdb::tests

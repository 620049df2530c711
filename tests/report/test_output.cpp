#include <doctest/doctest.h>

#include <cstdlib>
#include <sstream>

#include "cli/shell.hpp"
#include "json/reader.hpp"
#include "report/golden.hpp"
#include "report/period.hpp"
#include "report/render.hpp"
#include "report/text.hpp"
#include "support/batches.hpp"
#include "support/source.hpp"

namespace csatdb::tests {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

support::Shell::Result typed(std::vector<std::string> words) {
  support::Shell shell;
  words.insert(words.begin(), {"--db", Golden::shared().path()});
  return shell.run(words);
}

std::string printed(const report::Outcome& outcome, const report::Style& style) {
  std::ostringstream out;
  report::render(out, outcome, style);
  return out.str();
}

report::Outcome outcome_of(std::vector<std::string> columns,
                           std::vector<std::vector<warehouse::Value>> rows) {
  report::Outcome outcome;
  outcome.report = report::find_report("csat-by");
  for (auto& name : columns) outcome.result.columns.emplace_back().name = std::move(name);
  outcome.result.rows = std::move(rows);
  outcome.footer = {"n = 2."};
  return outcome;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string text(const char* value) { return value; }

TEST_SUITE("report") {
  TEST_CASE("a table is aligned by what a terminal shows, wide characters included") {
    const auto outcome =
        outcome_of({"queue_name", "n", "csat_pct", "csat_low_pct", "csat_high_pct"},
                   {{text("カスタマー"), std::int64_t{7}, 50.0, 25.5, 74.5},
                    {text("Abc"), std::int64_t{1200}, {}, {}, {}}});
    const auto lines = lines_of(printed(outcome, {}));
    CHECK(lines[3] == "queue name     n     %      interval");
    CHECK(lines[5] == "カスタマー     7  50.0  25.5 to 74.5");
    CHECK(lines[6] == "Abc         1200     –             –");
    CHECK(report::display_width(lines[5]) == report::display_width(lines[6]) + 0);
  }

  TEST_CASE("columns that say nothing are left out of a table, never out of CSV or JSON") {
    const auto outcome = outcome_of({"week", "n", "note"}, {{{}, std::int64_t{7}, {}}});
    CHECK(!contains(printed(outcome, {}), "note"));
    CHECK(printed(outcome, {.format = report::Format::csv}) == "week,n,note\r\n,7,\r\n");
    CHECK(contains(printed(outcome, {.format = report::Format::json}), "\"note\": null"));
  }

  TEST_CASE("no line of any report is wider than the terminal, and none loses a number") {
    for (const auto& report : report::reports()) {
      const auto outcome = Golden::shared().run(report.name);
      for (const std::size_t width : {80U, 120U, 200U}) {
        CAPTURE(report.name);
        CAPTURE(width);
        for (const auto& line : lines_of(printed(outcome, {.width = width}))) {
          // A word longer than the screen stays whole: it may be an id to copy.
          if (report::display_width(line) > width) CHECK(!contains(line.substr(width / 2), " "));
        }
      }
    }
  }

  TEST_CASE("colour is for terminals alone, and nothing in the data acts on them") {
    const auto outcome = outcome_of({"queue_name", "n"}, {{text("\033[2Jx"), std::int64_t{1}}});
    CHECK(!contains(printed(outcome, {}), "\033"));
    CHECK(contains(printed(outcome, {.colour = true}), "\033[1m"));
    CHECK(!contains(printed(outcome, {.colour = true}), "\033[2J"));
    CHECK(!contains(printed(outcome, {.format = report::Format::csv}), "\033"));
    CHECK(contains(
        printed(outcome_of({"a"}, {{text("<b>|x")}}), {.format = report::Format::markdown}),
        "&lt;b&gt;\\|x"));
  }

  TEST_CASE("JSON has a format version, the parameters, the rows and the footer") {
    const auto result = typed({"report", "csat-by", "--format", "json", "--from", "2026-05"});
    REQUIRE(result.code == 0);
    json::Document document;
    const auto root = document.parse(result.out);
    CHECK(root["format_version"].integer() == report::kFormatVersion);
    CHECK(root["report"].text() == "csat-by");
    CHECK(root["parameters"]["from"].text() == "2026-05-01");
    CHECK(root["rows"].elements().size() > 3);
    CHECK(root["rows"].elements().front()["n"].integer() >= 5);
    CHECK(root["footer"].elements().size() >= 2);
  }

  TEST_CASE("an empty report says so and ends with 0") {
    for (const char* format : {"table", "markdown", "csv"}) {
      const auto result = typed({"report", "csat-trend", "--from", "1999-01-01", "--to",
                                 "1999-01-31", "--format", format});
      CHECK(result.code == 0);
      CHECK(contains(result.out + result.err,
                     "no data for csat-trend from 1999-01-01 to 1999-01-31"));
    }
  }

  TEST_CASE("--output writes the file that its suffix names") {
    support::Shell shell;
    for (const auto& [name, part] :
         {std::pair{"a.csv", "group,n,csat_pct"}, std::pair{"a.json", "\"format_version\""},
          std::pair{"a.md", "| ---: |"}, std::pair{"a.txt", "CSAT by group, by completion"}}) {
      const auto result =
          shell.run({"--db", Golden::shared().path(), "report", "csat-by", "--output", name});
      CHECK(result.code == 0);
      CHECK(contains(file_text((shell.folder / name).string()), part));
    }
  }

  TEST_CASE("a word that a report would pass over is refused; each that it names is taken") {
    for (const auto& each : report::reports()) {
      for (const char* name : {"by", "score"}) {
        const auto* parameter = each.parameter(name);
        if (parameter == nullptr) continue;
        const auto option = std::string("--") + name;
        CAPTURE(each.name);
        CHECK(parameter->words().size() >= 2);
        for (const auto& word : parameter->words())
          CHECK(typed({"report", each.name, option, word}).code == 0);
        const auto refused = typed({"report", each.name, option, parameter->words()[0] + "s"});
        CHECK(refused.code == 2);
        CHECK(contains(refused.err, "did you mean '" + parameter->words()[0] + "'?"));
      }
    }
    CHECK(report::find_report("survey-funnel")->parameter("by")->words() ==
          std::vector<std::string>{"cell", "week", "queue", "channel", "total"});
    CHECK(typed({"report", "csat-by", "--channel", "ScreenShare"}).code == 0);  // none yet
    const auto refused = typed({"report", "csat-by", "--channel", "voise"});
    CHECK(refused.code == 2);
    CHECK(contains(refused.err, "has no channel 'voise' (did you mean 'voice'?)"));
  }

  TEST_CASE("periods are read as people write them") {
    const auto today = *base::parse_day("2026-05-20");  // a Wednesday
    const auto is = [&](const char* text, const char* first, const char* last) {
      CAPTURE(text);
      const auto period = report::parse_period(text, today);
      REQUIRE(period);
      CHECK(base::to_date(period->first) == first);
      CHECK(base::to_date(period->last) == last);
    };
    is("2026-05-03", "2026-05-03", "2026-05-03");
    is("2026-02", "2026-02-01", "2026-02-28");
    is("2025-Q3", "2025-07-01", "2025-09-30");
    is("2026-W01", "2025-12-29", "2026-01-04");
    is("2024", "2024-01-01", "2024-12-31");
    is("last-7d", "2026-05-13", "2026-05-19");
    is("last-month", "2026-04-01", "2026-04-30");
    is("this-month", "2026-05-01", "2026-05-20");
    is("last-week", "2026-05-11", "2026-05-17");
    is("last-quarter", "2026-01-01", "2026-03-31");
    for (const char* wrong :
         {"", "2026-13", "2026-Q5", "2026-02-30", "last-0d", "soon", "2026-W54"})
      CHECK(!report::parse_period(wrong, today));
    CHECK(typed({"report", "csat-trend", "--from", "soon"}).code == 2);
    CHECK(typed({"report", "csat-trend", "--from", "2026-05-03", "--to", "2026-05-01"}).code == 2);
  }

  TEST_CASE("--explain says what is counted, how Genesys does, and shows the SQL") {
    for (const auto& report : report::reports()) {
      const auto result = typed({"report", report.name, "--explain"});
      CHECK(result.code == 0);
      CHECK(contains(result.out, report.title));
      CHECK(contains(result.out, "SELECT"));
      CHECK(contains(result.out, "-- footer"));
    }
    CHECK(typed({"report", "csat-tend"}).code == 2);
    CHECK(contains(typed({"report", "csat-tend"}).err, "csat-trend"));
  }

  TEST_CASE("sqlite3 alone runs every report, with parameters set as its manual says") {
    if (std::system("command -v sqlite3 >/dev/null 2>&1") != 0) {
      MESSAGE("skipped: no sqlite3");
      return;
    }
    const support::TempFolder folder;
    const auto out = (folder.path() / "out").string();
    for (const auto& report : report::reports()) {
      CAPTURE(report.name);
      const bool is_dated = report.parameter("from") != nullptr;
      const std::string set =
          is_dated ? "\".param set :from \\\"'2026-05-04'\\\"\" " : "\".param init\" ";
      const std::string line = "sqlite3 -readonly -bail " + Golden::shared().path() + " " + set +
                               "\".read " + support::in_source("queries/" + report.name + ".sql") +
                               "\" >" + out + " 2>&1";
      CHECK(std::system(line.c_str()) == 0);
      CHECK(contains(file_text(out), "ettled through"));
      if (is_dated) CHECK(contains(file_text(out), "2026-05-04"));
    }
  }
}

}  // namespace
}  // namespace csatdb::tests

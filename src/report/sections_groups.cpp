#include <fmt/format.h>

#include "report/figures.hpp"
#include "report/forest.hpp"
#include "report/sections.hpp"

namespace csatdb::report {
namespace {

constexpr std::size_t kMostRows = 150;   // of a table: past it a page is no overview
constexpr std::size_t kFilterFrom = 20;  // rows that want a field to find one by name

ForestHead csat_head(std::string what, std::optional<double> everybody) {
  return {std::move(what), "CSAT %", {0, 100}, {0, 50, 100}, everybody, {}, false};
}

/// CSAT of the whole period by completion.
std::optional<double> everybody(const Source& source) {
  const Records rows(source.rows("csat-trend", by("total")));
  return rows.size() > 0 ? rows.number(0, "csat_pct") : std::nullopt;
}

ForestRow csat_row(const Records& rows, std::size_t r, std::string_view name) {
  const double n = rows.count(r, "n");
  return {rows.text(r, name), n, estimate_of(rows, r, "csat", n), {}, false};
}

/// A row that is also held against all the rest.
ForestRow judged_row(const Records& rows, std::size_t r, std::string_view name) {
  auto row = csat_row(rows, r, name);
  const auto verdict = rows.text(r, "versus_rest");
  if (verdict != "overlaps") row.estimate.verdict = verdict;
  return row;
}

/// A row for each of a report's groups, which stand in the column `name`.
std::vector<ForestRow> rows_of(const Outcome& outcome, std::string_view name,
                               ForestRow (*row_of)(const Records&, std::size_t, std::string_view)) {
  const Records rows(outcome.result);
  std::vector<ForestRow> out;
  for (std::size_t r = 0; r < rows.size(); ++r) out.push_back(row_of(rows, r, name));
  return out;
}

/// Cuts a long comparison and says so.
void cut(Section& section, std::vector<ForestRow>& rows) {
  if (rows.size() <= kMostRows) return;
  section.notes.insert(section.notes.begin(),
                       fmt::format("The first {} of {} rows are shown.", kMostRows, rows.size()));
  section.table.clear();
  rows.resize(kMostRows);
}

void compare(Section& section, ForestHead head, std::vector<ForestRow> rows,
             const Outcome& outcome) {
  cut(section, rows);
  head.has_filter = rows.size() >= kFilterFrom;
  section.body = rows.empty() ? nothing(outcome) : forest(head, rows);
}

const char* const kReading =
    "The dot is the share of positive answers, the line through it its 95% interval; the dashed "
    "line is everybody. Colours mark intervals that separate from all the rest.";

}  // namespace

Section group_section(const Source& source, std::string_view group, std::string title) {
  const auto& outcome = source.run("csat-by", report::by(group));
  auto section = section_of(source, fmt::format("by-{}", group), std::move(title), outcome);
  section.lead = kReading;
  compare(section, csat_head(std::string(group), everybody(source)),
          rows_of(outcome, "group", judged_row), outcome);
  return section;
}

Section agents_section(const Source& source) {
  const auto& outcome = source.run("agent-scorecard");
  auto section = section_of(source, "agents", "Agents", outcome);
  section.lead =
      "Contacts of the period with the surveys credited to their agents. Agents with few answers "
      "are hidden; a rank is given only where intervals separate: small differences are mostly "
      "noise, and a league table of a small team is nearly all noise.";
  section.is_wide = true;
  const Records rows(outcome.result);
  auto head = csat_head("agent", everybody(source));
  head.more = {"rank", "NPS", "NPS n", "response %", "handled", "AHT", "hold %", "transfer %"};
  std::vector<ForestRow> shown;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const double n = rows.count(r, "csat_n");
    const auto rank = rows.number(r, "rank");
    shown.push_back({rows.text(r, "agent_name"),
                     n,
                     estimate_of(rows, r, "csat", n),
                     {rank ? decimal(rank, 0) : "–", decimal(rows.number(r, "nps")),
                      grouped(rows.count(r, "nps_n")), decimal(rows.number(r, "response_pct")),
                      grouped(rows.count(r, "handled")), spoken_time(rows.number(r, "aht_s")),
                      decimal(rows.number(r, "hold_pct")), decimal(rows.number(r, "transfer_pct"))},
                     false});
  }
  compare(section, std::move(head), std::move(shown), outcome);
  return section;
}

Section wait_section(const Source& source) {
  const auto& outcome = source.run("csat-by-wait");
  auto section = section_of(source, "wait", "Satisfaction by time to answer", outcome);
  section.lead = "Contacts of the period by how long the customer waited for an answer.";
  compare(section, csat_head("answered in", everybody(source)),
          rows_of(outcome, "answered_in", csat_row), outcome);
  return section;
}

Section handling_section(const Source& source) {
  const auto& outcome = source.run("csat-by-handling");
  auto section = section_of(source, "handling", "Satisfaction by handling", outcome);
  section.lead =
      "Contacts of the period by handle time, hold time and transfers. “Moved” marks a difference "
      "to contacts without hold or transfer that is more than chance.";
  const Records rows(outcome.result);
  std::vector<ForestRow> shown;
  auto head = csat_head("contacts", everybody(source));
  head.more = {"to none", "moved"};
  std::string part;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (rows.text(r, "part") != part) {
      part = rows.text(r, "part");
      shown.push_back({part, 0, {}, {}, true});
    }
    shown.push_back(csat_row(rows, r, "bucket"));
    const auto versus = rows.number(r, "versus_none_points");
    shown.back().more = {versus ? signed_decimal(versus) : "", rows.text(r, "moved")};
  }
  compare(section, std::move(head), std::move(shown), outcome);
  return section;
}

Section wrapup_section(const Source& source) {
  const auto& outcome = source.run("csat-by-wrapup");
  auto section = section_of(source, "wrapup", "Satisfaction by wrap-up code", outcome);
  section.lead = "Contacts of the period by what agents filed them under: the best and the worst.";
  compare(section, csat_head("wrap-up code", everybody(source)),
          rows_of(outcome, "wrapup_code", judged_row), outcome);
  return section;
}

}  // namespace csatdb::report

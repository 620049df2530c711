#include "report/sections.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "report/grid.hpp"
#include "report/render.hpp"
#include "report/text.hpp"

namespace csatdb::report {
namespace {

// What narrows a report down, as people say it.
constexpr std::pair<const char*, const char*> kFilters[] = {{"queue", "queue"},
                                                            {"agent", "agent"},
                                                            {"team", "team"},
                                                            {"division", "division"},
                                                            {"form", "form"},
                                                            {"channel", "channel"},
                                                            {"settled", "settled days alone"}};

/// All rows of a report as a table that opens on demand.
std::string rows_behind(const Outcome& outcome) {
  const auto& result = outcome.result;
  if (result.rows.empty()) return {};
  std::string head, body;
  const Grid grid = grid_of(result);
  for (const auto& column : grid)
    if (!column.is_id) head += fmt::format("<th scope=\"col\">{}</th>", html_text(column.name));
  for (std::size_t r = 0; r < result.rows.size(); ++r) {
    body += "<tr>";
    for (const auto& column : grid)
      if (!column.is_id)
        body += fmt::format("<td{}>{}</td>", column.is_right ? " class=\"number\"" : "",
                            html_text(column.cells[r]));
    body += "</tr>\n";
  }
  return fmt::format(
      "<details><summary>All numbers</summary><p class=\"note\">The rows of <code>csatdb report "
      "{}</code>. {}</p><div class=\"scroll\" tabindex=\"0\"><table><thead><tr>{}</tr></thead>"
      "<tbody>\n{}</tbody></table></div></details>\n",
      outcome.report->name, html_text(outcome.report->description), head, body);
}

const Report& existing(const std::string& name) {
  const auto* report = find_report(name);
  if (report == nullptr)
    throw base::Error(base::Fault::internal, fmt::format("there is no report {}", name));
  return *report;
}

}  // namespace

Source::Source(const warehouse::Reader& reader, const warehouse::Parameters& asked)
    : reader_(reader), asked_(asked) {
  const auto results = reader_.run(
      "SELECT from_date, to_date, zone, settlement, "
      "cast(julianday(to_date) - julianday(from_date) + 1 AS INTEGER) AS days FROM (SELECT "
      "coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date, "
      "coalesce(:to, last_complete_date) AS to_date, zone, settlement FROM report_calendar)",
      asked_);
  const Records rows(results.at(0));
  period_ = {rows.text(0, "from_date"), rows.text(0, "to_date"), rows.text(0, "zone"),
             rows.text(0, "settlement"), static_cast<int>(rows.count(0, "days"))};
}

const Outcome& Source::run(const std::string& name, const warehouse::Parameters& added) const {
  const auto known = outcomes_.find({name, added});
  if (known != outcomes_.end()) return known->second;
  const auto& report = existing(name);
  return outcomes_
      .emplace(std::pair{name, added}, report::run(reader_, report, taken(report, added)))
      .first->second;
}

const warehouse::Result& Source::rows(const std::string& name,
                                      const warehouse::Parameters& added) const {
  const auto known = results_.find({name, added});
  if (known != results_.end()) return known->second;
  const auto& report = existing(name);
  return results_
      .emplace(std::pair{name, added}, report::rows(reader_, report, taken(report, added)))
      .first->second;
}

warehouse::Parameters Source::taken(const Report& report, warehouse::Parameters added) const {
  for (const auto& [parameter, value] : asked_)
    if (report.parameter(parameter) != nullptr) added.emplace(parameter, value);
  return added;
}

std::string Source::filters() const {
  std::string text;
  for (const auto& [parameter, word] : kFilters) {
    const auto at = asked_.find(parameter);
    if (at == asked_.end()) continue;
    const auto* value = std::get_if<std::string>(&at->second);
    text += value != nullptr ? fmt::format(" · {} {}", word, *value) : fmt::format(" · {}", word);
  }
  return text;
}

std::string Source::unheeded(const Report& report) const {
  std::string words;
  for (const auto& [parameter, word] : kFilters)
    if (asked_.contains(parameter) && report.parameter(parameter) == nullptr)
      words += fmt::format("{}{}", words.empty() ? "" : ", ", word);
  return words.empty() ? words
                       : fmt::format("Not narrowed down by {}: these numbers know none.", words);
}

Section section_of(const Source& source, std::string id, std::string title,
                   const Outcome& outcome) {
  Section section;
  section.id = std::move(id);
  section.title = std::move(title);
  if (auto note = source.unheeded(*outcome.report); !note.empty())
    section.notes.push_back(std::move(note));
  const std::string& settlement = source.period().settlement;
  for (const auto& line : outcome.footer)
    if (line != settlement) section.notes.push_back(line);
  section.table = rows_behind(outcome);
  return section;
}

std::string nothing(const Outcome& outcome) {
  return fmt::format("<p class=\"empty\">{}.</p>", html_text(nothing_found(outcome)));
}

Estimate estimate_of(const Records& rows, std::size_t row, std::string_view score, double n) {
  const bool is_share = score != "nps";
  const auto of = [&](const char* part) {
    return rows.number(row, fmt::format("{}{}{}", score, part, is_share ? "_pct" : ""));
  };
  return {of(""), of("_low"), of("_high"), n < 30, ""};
}

}  // namespace csatdb::report

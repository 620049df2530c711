#include <fmt/format.h>

#include "report/figures.hpp"
#include "report/sections.hpp"
#include "report/text.hpp"

namespace csatdb::report {
namespace {

constexpr std::int64_t kNewest = 40;  // texts: more are for the report or a search

/// A score as a small label, in the colour of what it says.
std::string chip(const char* name, std::optional<double> score, double low, double high) {
  if (!score) return {};
  const char* colour = *score <= low ? "low" : *score >= high ? "high" : "";
  return fmt::format("<span class=\"chip {}\">{} {}</span>", colour, name, decimal(score, 0));
}

}  // namespace

Section verbatims_section(const Source& source, bool with_agents) {
  const auto& outcome = source.run("verbatims", {{"limit", kNewest}});
  auto section = section_of(source, "verbatims", "What customers wrote", outcome);
  section.lead = "The newest texts; csatdb search finds older ones by their words.";
  section.is_wide = true;
  section.table.clear();
  const Records rows(outcome.result);
  std::string items;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::string about = spoken_date(rows.text(r, "completed_at").substr(0, 10));
    for (const char* column : {"queue_name", "channel", "agent_name"}) {
      if (column == std::string_view("agent_name") && !with_agents) continue;
      if (const auto text = rows.text(r, column); !text.empty()) about += " · " + text;
    }
    items +=
        fmt::format("<li><span class=\"about\">{}{}{}<br>{}</span><p dir=\"auto\">{}</p></li>\n",
                    chip("NPS", rows.number(r, "nps_score"), 6, 9),
                    chip("CSAT", rows.number(r, "csat_score"), 2, 4), html_text(about),
                    html_text(rows.text(r, "question")), html_text(rows.text(r, "text")));
  }
  section.body = items.empty() ? nothing(outcome) : "<ul class=\"words\">\n" + items + "</ul>";
  return section;
}

Section completeness_section(const Source& source) {
  const auto& outcome = source.run("data-quality");
  auto section = section_of(source, "completeness", "Completeness", outcome);
  section.lead = "What the warehouse lacks and what in it is odd, whatever the period.";
  section.is_wide = true;
  section.table.clear();
  const Records rows(outcome.result);
  std::string body;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto verdict = rows.text(r, "verdict");
    body +=
        fmt::format("<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td{}>{}</td></tr>\n",
                    html_text(rows.text(r, "finding")), grouped(rows.count(r, "n")),
                    verdict == "ok" ? "" : " class=\"bad\"", html_text(verdict));
  }
  section.body = fmt::format(
      "<table><thead><tr><th scope=\"col\">finding</th><th scope=\"col\" "
      "class=\"number\">n</th><th "
      "scope=\"col\">verdict</th></tr></thead><tbody>\n{}</tbody></table>",
      body);
  return section;
}

}  // namespace csatdb::report

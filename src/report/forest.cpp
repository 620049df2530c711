#include "report/forest.hpp"

#include <fmt/format.h>

#include "report/figures.hpp"
#include "report/text.hpp"

namespace csatdb::report {
namespace {

std::string head_of(const ForestHead& head, std::string_view unit) {
  std::string cells = fmt::format(
      "<th scope=\"col\">{}</th><th scope=\"col\" class=\"number\">n</th><th scope=\"col\" "
      "class=\"wide\"><span class=\"hidden\">interval</span>{}</th><th scope=\"col\" "
      "class=\"number\">{}</th><th scope=\"col\" class=\"number interval\">95% interval</th>",
      html_text(head.what), axis_marks(head.scale, head.marks, unit), html_text(head.score));
  for (const auto& more : head.more)
    cells += fmt::format("<th scope=\"col\" class=\"number more\">{}</th>", html_text(more));
  return cells;
}

std::string row_of(const ForestHead& head, const ForestRow& row, std::string_view unit) {
  if (row.is_heading)
    return fmt::format("<tr class=\"part\"><th scope=\"rowgroup\" colspan=\"{}\">{}</th></tr>",
                       5 + head.more.size(), html_text(row.name));
  const auto& estimate = row.estimate;
  std::string cells = fmt::format(
      "<tr><th scope=\"row\">{}{}</th><td class=\"number\">{}</td><td class=\"wide\">{}</td><td "
      "class=\"number value\">{}</td><td class=\"number interval\">{}</td>",
      html_text(row.name),
      estimate.verdict.empty()
          ? ""
          : fmt::format(" <span class=\"verdict {0}\">{0} the rest</span>", estimate.verdict),
      grouped(row.n), interval_plot(head.scale, estimate, head.reference, unit),
      decimal(estimate.value),
      estimate.low ? fmt::format("{} to {}", decimal(estimate.low), decimal(estimate.high)) : "–");
  for (const auto& more : row.more)
    cells += fmt::format("<td class=\"number more\">{}</td>", html_text(more));
  return cells + "</tr>\n";
}

}  // namespace

std::string forest(const ForestHead& head, const std::vector<ForestRow>& rows) {
  const std::string_view unit = head.score.ends_with('%') ? "%" : "";
  std::string body;
  for (const auto& row : rows) body += row_of(head, row, unit);
  // The script shows the field where it can use it.
  const std::string filter = head.has_filter
                                 ? fmt::format(
                                       "<p class=\"filter\" hidden><label>Find <input "
                                       "type=\"search\" placeholder=\"{}\"></label></p>",
                                       html_text(head.what))
                                 : "";
  return fmt::format(
      "{}<table class=\"forest\"><thead><tr>{}</tr></thead><tbody>\n{}</tbody></table>", filter,
      head_of(head, unit), body);
}

}  // namespace csatdb::report

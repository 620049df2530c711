#include "report/plots.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/figures.hpp"
#include "report/text.hpp"

namespace csatdb::report {
namespace {

/// A chart as wide as its cell, of this height in pixels. Readers hear the numbers beside it.
std::string cell_chart(int height, const std::string& inner) {
  return fmt::format(
      "<svg class=\"plot\" width=\"100%\" height=\"{}\" aria-hidden=\"true\">{}</svg>", height,
      inner);
}

}  // namespace

double Scale::at(double value) const {
  return 100 * (std::clamp(value, low, high) - low) / (high - low);
}

std::string interval_plot(const Scale& scale, const Estimate& estimate,
                          std::optional<double> reference, std::string_view unit) {
  std::string inner;
  for (const double at : {0.0, 50.0, 100.0})
    inner += fmt::format("<line class=\"grid\" x1=\"{0}%\" x2=\"{0}%\" y1=\"0\" y2=\"100%\"/>", at);
  if (reference)
    inner += fmt::format(
        "<line class=\"reference\" x1=\"{0:.2f}%\" x2=\"{0:.2f}%\" y1=\"0\" y2=\"100%\"/>",
        scale.at(*reference));
  if (estimate.value) {
    const double value = scale.at(*estimate.value);
    if (estimate.low && estimate.high)
      inner += fmt::format(
          "<line class=\"span {}\" x1=\"{:.2f}%\" x2=\"{:.2f}%\" y1=\"50%\" y2=\"50%\"/>",
          estimate.verdict, scale.at(*estimate.low), scale.at(*estimate.high));
    inner += fmt::format("<circle class=\"dot {}{}\" cx=\"{:.2f}%\" cy=\"50%\" r=\"4.5\"/>",
                         estimate.verdict, estimate.is_indicative ? " hollow" : "", value);
    inner += fmt::format("<title>{}{}, 95% interval {} to {}</title>", decimal(estimate.value),
                         unit, decimal(estimate.low), decimal(estimate.high));
  }
  return cell_chart(22, inner);
}

std::string axis_marks(const Scale& scale, const std::vector<double>& marks,
                       std::string_view unit) {
  std::string inner;
  for (const double mark : marks) {
    const double at = scale.at(mark);
    const char* anchor = at < 1 ? "start" : at > 99 ? "end" : "middle";
    inner += fmt::format("<text x=\"{:.2f}%\" y=\"13\" text-anchor=\"{}\">{}{}</text>", at, anchor,
                         decimal(mark, 0), mark == marks.back() ? unit : "");
  }
  return cell_chart(18, inner);
}

std::string bar_plot(double share) {
  return cell_chart(
      18, fmt::format("<rect class=\"track\" width=\"100%\" height=\"100%\" rx=\"2\"/><rect "
                      "class=\"bar\" width=\"{:.2f}%\" height=\"100%\" rx=\"2\"/>",
                      std::clamp(share, 0.0, 100.0)));
}

std::string stack_plot(const std::vector<Part>& parts) {
  std::string inner;
  double from = 0;
  for (const auto& part : parts) {
    inner += fmt::format(
        "<rect class=\"part {}\" x=\"{:.2f}%\" width=\"{:.2f}%\" height=\"100%\"><title>{}: "
        "{}%</title></rect>",
        part.colour, from, std::max(0.0, part.share), html_text(part.name), decimal(part.share));
    from += part.share;
  }
  return cell_chart(18, inner);
}

}  // namespace csatdb::report

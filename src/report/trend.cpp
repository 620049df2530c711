#include "report/trend.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/figures.hpp"
#include "report/text.hpp"

namespace csatdb::report {
namespace {

constexpr int kHeight = 210;        // pixels of the plot
constexpr int kBars = 44;           // pixels of the bars below
constexpr std::size_t kLabels = 6;  // dates that fit beside each other on a narrow screen

using Points = std::vector<TrendPoint>;

/// Places in percent, x from the left, y from the top.
class Layout {
 public:
  Layout(const TrendAxis& axis, const Points& points) : axis_(axis), points_(points) {}
  double x(std::size_t i) const {
    return 100 * (static_cast<double>(i) + 0.5) / static_cast<double>(points_.size());
  }
  double y(double value) const { return 100 - axis_.scale.at(value); }
  double step() const { return 100 / static_cast<double>(points_.size()); }

 private:
  const TrendAxis& axis_;
  const Points& points_;
};

/// Calls `run(first, past)` with each stretch of steps that `has` holds for.
template <class Has, class Run>
void for_stretches(const Points& points, Has has, Run run) {
  for (std::size_t first = 0; first < points.size();) {
    std::size_t past = first;
    while (past < points.size() && has(points[past])) ++past;
    if (past > first) run(first, past);
    first = std::max(past, first + 1);
  }
}

/// A line through what `value` gives of each step.
template <class Value>
std::string line(const Points& points, const Layout& at, const char* colour, Value value) {
  std::string path;
  for_stretches(
      points, [&](const TrendPoint& p) { return value(p).has_value(); },
      [&](std::size_t first, std::size_t past) {
        for (std::size_t i = first; i < past; ++i)
          path += fmt::format("{}{:.2f} {:.2f}", i == first ? "M" : "L", at.x(i),
                              at.y(*value(points[i])));
      });
  return fmt::format("<path class=\"{}\" d=\"{}\"/>", colour, path);
}

std::string band(const Points& points, const Layout& at) {
  std::string path;
  for_stretches(
      points, [](const TrendPoint& p) { return p.estimate.low && p.estimate.high; },
      [&](std::size_t first, std::size_t past) {
        for (std::size_t i = first; i < past; ++i)
          path += fmt::format("{}{:.2f} {:.2f}", i == first ? "M" : "L", at.x(i),
                              at.y(*points[i].estimate.high));
        for (std::size_t i = past; i-- > first;)
          path += fmt::format("L{:.2f} {:.2f}", at.x(i), at.y(*points[i].estimate.low));
        path += "Z";
      });
  return fmt::format("<path class=\"band\" d=\"{}\"/>", path);
}

std::string said(const TrendAxis& axis, const TrendPoint& point) {
  if (!point.estimate.value) return spoken_span(point.first, point.last) + ": no answers";
  return fmt::format("{}: {}{}, 95% interval {} to {}, n = {}",
                     spoken_span(point.first, point.last), decimal(point.estimate.value), axis.unit,
                     decimal(point.estimate.low), decimal(point.estimate.high), grouped(point.n));
}

std::string grid(const TrendAxis& axis, const Layout& at) {
  std::string out;
  for (const double mark : axis.marks)
    out += fmt::format(
        "<line class=\"grid\" x1=\"0\" x2=\"100%\" y1=\"{0:.2f}%\" y2=\"{0:.2f}%\"/>"
        "<text x=\"-8\" y=\"{0:.2f}%\" dy=\"4\" text-anchor=\"end\">{1}{2}</text>",
        at.y(mark), decimal(mark, 0), mark == axis.marks.back() ? axis.unit : "");
  return out;
}

/// The answers behind each step, with dates below.
std::string bars(const Points& points, const Layout& at) {
  double most = 1;
  for (const auto& point : points) most = std::max(most, point.n);
  std::string out;
  const std::size_t every = (points.size() + kLabels - 1) / kLabels;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double height = kBars * points[i].n / most;
    out += fmt::format(
        "<rect class=\"volume\" x=\"{:.2f}%\" width=\"{:.2f}%\" y=\"{:.1f}\" height=\"{:.1f}\"/>",
        at.x(i) - 0.35 * at.step(), 0.7 * at.step(), kBars - height, height);
    if (i % every == 0)
      out += fmt::format("<text x=\"{:.2f}%\" y=\"{}\" text-anchor=\"middle\">{}</text>", at.x(i),
                         kBars + 16, spoken_date(points[i].first, false));
  }
  return fmt::format(
      "<svg class=\"bars\" width=\"100%\" height=\"{}\" aria-hidden=\"true\"><text x=\"-8\" "
      "y=\"10\" text-anchor=\"end\">{}</text><text x=\"-8\" y=\"{}\" "
      "text-anchor=\"end\">0</text>{}</svg>",
      kBars + 22, grouped(most), kBars, out);
}

}  // namespace

std::string trend_chart(const TrendAxis& axis, const Points& points) {
  const Layout at(axis, points);
  std::string marks;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto& estimate = points[i].estimate;
    if (estimate.value)
      marks += fmt::format("<circle class=\"dot{}\" cx=\"{:.2f}%\" cy=\"{:.2f}%\" r=\"3.2\"/>",
                           estimate.is_indicative ? " hollow" : "", at.x(i), at.y(*estimate.value));
    marks += fmt::format(
        "<rect class=\"hit\" x=\"{:.2f}%\" width=\"{:.2f}%\" "
        "height=\"100%\"><title>{}</title></rect>",
        at.x(i) - 0.5 * at.step(), at.step(), html_text(said(axis, points[i])));
  }
  return fmt::format(
      "<div class=\"chart\"><svg width=\"100%\" height=\"{}\" role=\"img\" aria-label=\"{}\">{}"
      "<svg width=\"100%\" height=\"100%\" viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\">"
      "{}{}{}</svg>{}</svg>{}</div>",
      kHeight, html_text(axis.name), grid(axis, at), band(points, at),
      line(points, at, "moving", [](const TrendPoint& p) { return p.moving; }),
      line(points, at, "line", [](const TrendPoint& p) { return p.estimate.value; }), marks,
      bars(points, at));
}

}  // namespace csatdb::report

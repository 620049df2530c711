#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Small charts that stand in a table's cell, beside the numbers they show. Horizontal places are
// percentages, so that a chart is as wide as its cell, whatever the screen.

namespace csatdb::report {

/// From one end of an axis to the other.
struct Scale {
  double low = 0, high = 100;
  /// Percent of the axis, within its ends.
  double at(double value) const;
};

/// A value with its interval.
struct Estimate {
  std::optional<double> value, low, high;
  bool is_indicative = false;  ///< of few answers: the dot is hollow
  std::string verdict;         ///< "above", "below" or nothing: its colour
};

/// A dot on its interval; the line across is the reference.
std::string interval_plot(const Scale& scale, const Estimate& estimate,
                          std::optional<double> reference, std::string_view unit);

/// The marks of an axis, for a table's head.
std::string axis_marks(const Scale& scale, const std::vector<double>& marks, std::string_view unit);

/// A bar from 0 to this share, in percent.
std::string bar_plot(double share);

/// Bars end to end. A part's class is its colour, its name stands in the tooltip.
struct Part {
  double share;
  std::string_view colour;
  std::string name;
};
std::string stack_plot(const std::vector<Part>& parts);

}  // namespace csatdb::report

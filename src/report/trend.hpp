#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/plots.hpp"

namespace csatdb::report {

/// One step of a trend: a day, week or month.
struct TrendPoint {
  std::string first, last;       ///< dates it covers
  Estimate estimate;             ///< nothing where nobody answered
  std::optional<double> moving;  ///< over the 28 days up to its end
  double n = 0;
};

/// How a trend is drawn.
struct TrendAxis {
  std::string name;  ///< what is shown, for readers who hear the page
  Scale scale;
  std::vector<double> marks;
  std::string unit;
};

/// A line through the steps with its interval as a band, the moving value dashed, the number of
/// answers as bars below. Steps without answers interrupt it.
std::string trend_chart(const TrendAxis& axis, const std::vector<TrendPoint>& points);

}  // namespace csatdb::report

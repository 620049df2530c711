#pragma once

#include <functional>
#include <string>

namespace csatdb::report {

/// A cell of a week of hours.
struct HeatCell {
  std::string colour;  ///< a class of the page's style; empty: nothing to show
  std::string said;    ///< for the tooltip
};

/// Seven days below each other, 24 hours beside each other. `cell` takes the weekday (1 Monday to
/// 7 Sunday) and the hour.
std::string heat_map(const std::string& name, const std::function<HeatCell(int, int)>& cell);

}  // namespace csatdb::report

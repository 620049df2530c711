#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "warehouse/query.hpp"

namespace csatdb::report {

/// A column of a result as words to print.
struct GridColumn {
  std::string name;                  ///< as people read it
  std::vector<std::string> heading;  ///< the same in lines no wider than the column
  std::vector<std::string> cells;    ///< printable, one a row
  std::size_t width = 0;             ///< terminal columns
  bool is_right = false;             ///< numbers, or an interval of them
  bool is_id = false;                ///< a Genesys id
};
using Grid = std::vector<GridColumn>;

/// The columns of a result that say anything. The two ends of an interval (`csat_low_pct`,
/// `csat_high_pct`) become one column, "74.1 to 100.0".
Grid grid_of(const warehouse::Result& result);

/// A column's name as people read it: "csat_pct" is "csat %", "aht_s" is "aht s".
std::string heading(std::string_view column);

/// Whether a column holds numbers alone, so that it stands right-aligned.
bool is_numeric(const warehouse::Result& result, std::size_t column);

}  // namespace csatdb::report

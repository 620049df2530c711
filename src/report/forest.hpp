#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/plots.hpp"

namespace csatdb::report {

/// A group of answers in a comparison.
struct ForestRow {
  std::string name;
  double n = 0;
  Estimate estimate;
  std::vector<std::string> more;  ///< cells at the row's end, as text
  bool is_heading = false;        ///< no values: opens a part of the table
};

/// How groups are compared.
struct ForestHead {
  std::string what;   ///< heading of the first column
  std::string score;  ///< heading of the value, e.g. "CSAT %"
  Scale scale;
  std::vector<double> marks;
  std::optional<double> reference;  ///< everybody's value: the line across
  std::vector<std::string> more;    ///< headings of `more`
  bool has_filter = false;          ///< many rows: a field to find one by name
};

/// A table with one line a group: its name, n, its value as a dot on its interval, the value and
/// the interval in figures. A "groups that do not separate" reading stays with the reader: colours
/// show verdicts alone.
std::string forest(const ForestHead& head, const std::vector<ForestRow>& rows);

}  // namespace csatdb::report

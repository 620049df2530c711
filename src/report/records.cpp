#include "report/records.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "report/render.hpp"

namespace csatdb::report {

const warehouse::Value& Records::at(std::size_t row, std::string_view column) const {
  const auto& columns = result_.columns;
  const auto found = std::ranges::find(columns, column, &warehouse::Column::name);
  if (found == columns.end())
    throw base::Error(base::Fault::internal, fmt::format("a result has no column {}", column));
  return result_.rows.at(row).at(static_cast<std::size_t>(found - columns.begin()));
}

std::optional<double> Records::number(std::size_t row, std::string_view column) const {
  const auto& value = at(row, column);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
  return std::nullopt;
}

double Records::count(std::size_t row, std::string_view column) const {
  return number(row, column).value_or(0);
}

std::string Records::text(std::size_t row, std::string_view column) const {
  return plain(at(row, column));
}

}  // namespace csatdb::report

#include "report/grid.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/render.hpp"
#include "report/text.hpp"

namespace csatdb::report {
namespace {

using warehouse::Result;
using warehouse::Value;

constexpr const char* kNone = "–";  // where a number is missing

/// Digits after the point that the column's longest real has; -1 if one has an exponent.
int decimals(const Result& result, std::size_t column) {
  std::size_t most = 0;
  for (const auto& row : result.rows) {
    if (!std::holds_alternative<double>(row[column])) continue;
    const std::string digits = plain(row[column]);
    if (digits.find('e') != std::string::npos) return -1;
    most = std::max(most, digits.size() - digits.find('.') - 1);
  }
  return static_cast<int>(most);
}

/// Words for a value; `none` for NULL.
std::string word(const Value& value, int places, const char* none) {
  if (std::holds_alternative<std::monostate>(value)) return none;
  const auto* real = std::get_if<double>(&value);
  if (real != nullptr && places > 0) return fmt::format("{:.{}f}", *real, places);
  return printable(plain(value), Lines::mark);
}

std::vector<std::string> words_of(const Result& result, std::size_t column) {
  std::vector<std::string> out;
  const int places = decimals(result, column);
  const char* none = is_numeric(result, column) ? kNone : "";
  for (const auto& row : result.rows) out.push_back(word(row[column], places, none));
  return out;
}

/// "csat" of "csat_low_pct", "" of what is no interval's lower end.
std::string interval_of(std::string_view low, std::string_view high) {
  const auto at = low.find("_low");
  if (at == std::string_view::npos) return {};
  std::string upper(low);
  upper.replace(at, 4, "_high");
  return upper == high ? std::string(low.substr(0, at)) : std::string();
}

/// The name in as few lines as the column's width allows, but never a broken word.
std::vector<std::string> lines_of(std::string_view name, std::size_t width) {
  std::vector<std::string> lines;
  while (!name.empty()) {
    const auto part = name.substr(0, name.find(' '));
    name.remove_prefix(std::min(name.size(), part.size() + 1));
    if (lines.empty() || lines.back().size() + 1 + part.size() > width) {
      lines.emplace_back(part);
    } else {
      lines.back() += fmt::format(" {}", part);
    }
  }
  return lines;
}

/// Whether no row says anything: a grouping not asked for, or a note on nothing.
bool is_empty(const Result& result, std::size_t column) {
  return !result.rows.empty() && std::ranges::all_of(result.rows, [&](const auto& row) {
    return std::holds_alternative<std::monostate>(row[column]);
  });
}

void measure(GridColumn& column) {
  for (const auto& cell : column.cells) column.width = std::max(column.width, display_width(cell));
  column.heading = lines_of(column.name, column.width);
  for (const auto& line : column.heading)
    column.width = std::max(column.width, display_width(line));
}

}  // namespace

Grid grid_of(const Result& result) {
  Grid grid;
  for (std::size_t c = 0; c < result.columns.size(); ++c) {
    if (is_empty(result, c)) continue;
    GridColumn column;
    const std::string& name = result.columns[c].name;
    column.name = heading(name);
    column.cells = words_of(result, c);
    column.is_right = is_numeric(result, c);
    column.is_id = name.ends_with("_id");
    const bool has_next = c + 1 < result.columns.size();
    const std::string interval = has_next ? interval_of(name, result.columns[c + 1].name) : "";
    if (!interval.empty()) {
      column.name = fmt::format("{} 95% interval", heading(interval));
      column.is_right = true;
      const auto upper = words_of(result, ++c);
      for (std::size_t r = 0; r < upper.size(); ++r)
        if (column.cells[r] != kNone) column.cells[r] += " to " + upper[r];
    }
    measure(column);
    grid.push_back(std::move(column));
  }
  return grid;
}

std::string heading(std::string_view column) {
  std::string out(column);
  std::ranges::replace(out, '_', ' ');
  if (out.ends_with(" pct")) out.replace(out.size() - 3, 3, "%");
  return out;
}

bool is_numeric(const Result& result, std::size_t column) {
  bool any = false;
  for (const auto& row : result.rows) {
    if (std::holds_alternative<std::string>(row[column])) return false;
    any = any || !std::holds_alternative<std::monostate>(row[column]);
  }
  return any;
}

}  // namespace csatdb::report

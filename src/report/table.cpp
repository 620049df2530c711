#include "report/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "report/grid.hpp"
#include "report/text.hpp"

namespace csatdb::report {
namespace {

constexpr std::string_view kGap = "  ";
constexpr std::string_view kNarrowGap = " ";  // where that makes a table fit
constexpr std::size_t kReadable = 24;  // columns a text keeps when it is cut to make a table fit
constexpr std::size_t kLongText = 60;  // a text of so many columns is read, not looked up
constexpr std::string_view kBold = "\033[1m", kDim = "\033[2m", kNormal = "\033[0m";

std::size_t width_of(const Grid& grid, std::string_view gap) {
  std::size_t sum = 0;
  for (const auto& column : grid) sum += column.width + (sum > 0 ? gap.size() : 0);
  return sum;
}

/// Cuts the widest texts until the grid fits; false if it cannot.
bool fit(Grid& grid, std::size_t limit, std::string_view gap) {
  while (limit > 0 && width_of(grid, gap) > limit) {
    GridColumn* widest = nullptr;
    for (auto& column : grid)
      if (!column.is_right && column.width > kReadable &&
          (widest == nullptr || column.width > widest->width))
        widest = &column;
    if (widest == nullptr) return false;
    --widest->width;
  }
  return true;
}

std::string padded(const std::string& text, const GridColumn& column) {
  const std::string shown = fitted(text, column.width);
  const std::string blanks(column.width - std::min(column.width, display_width(shown)), ' ');
  return column.is_right ? blanks + shown : shown + blanks;
}

/// A line of the grid; `word` gives a column's text.
template <class Word>
std::string line_of(const Grid& grid, std::string_view gap, Word word) {
  std::string line;
  for (const auto& column : grid) {
    if (&column != &grid.front()) line += gap;
    line += padded(word(column), column);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

void write_lines(std::ostream& out, const Grid& grid, std::string_view gap, bool colour) {
  const auto dressed = [&](std::string_view dress, const std::string& text) {
    out << (colour ? dress : "") << text << (colour ? kNormal : "") << '\n';
  };
  std::size_t head = 0;
  for (const auto& column : grid) head = std::max(head, column.heading.size());
  for (std::size_t h = 0; h < head; ++h)
    dressed(kBold, line_of(grid, gap, [&](const GridColumn& column) {
              // Short headings stand on the lower lines.
              const std::size_t blank = head - column.heading.size();
              return h < blank ? std::string() : column.heading[h - blank];
            }));
  dressed(kDim, line_of(grid, gap, [](const GridColumn& column) {
            std::string rule;
            for (std::size_t i = 0; i < column.width; ++i) rule += "─";
            return rule;
          }));
  for (std::size_t r = 0; r < grid.front().cells.size(); ++r)
    out << line_of(grid, gap, [&](const GridColumn& column) { return column.cells[r]; }) << '\n';
}

/// A note broken at blanks where the terminal ends; its further lines stand `indent` columns in.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t used = indent;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const std::size_t needed = display_width(part);
    if (used > indent) {
      const bool breaks = width > 0 && used + 1 + needed > width;
      out += breaks ? "\n" + std::string(indent, ' ') : " ";
      used = breaks ? indent : used + 1;
    }
    out += part;
    used += needed;
  }
  return out;
}

/// One line a value, one block a row.
void write_blocks(std::ostream& out, const Grid& grid, std::size_t limit) {
  std::size_t left = 0;
  for (const auto& column : grid) left = std::max(left, display_width(column.name));
  for (std::size_t r = 0; r < grid.front().cells.size(); ++r) {
    if (r > 0) out << '\n';
    for (const auto& column : grid) {
      const std::string blanks(left - display_width(column.name) + kGap.size(), ' ');
      out << column.name << blanks << wrapped(column.cells[r], limit, left + kGap.size()) << '\n';
    }
  }
}

/// The columns in several tables below each other, the first column leading each.
void write_panels(std::ostream& out, const Grid& grid, const Style& style) {
  Grid panel;
  for (const auto& column : grid) {
    panel.push_back(column);
    if (panel.size() <= 2 || width_of(panel, kGap) <= style.width) continue;
    panel.pop_back();
    write_lines(out, panel, kGap, style.colour);
    out << '\n';
    panel = {grid.front(), column};
  }
  write_lines(out, panel, kGap, style.colour);
}

void write_rows(std::ostream& out, const Outcome& outcome, const Style& style) {
  Grid grid = grid_of(outcome.result);
  if (!fit(grid, style.width, kGap)) {
    // Ids are for programs: they ask for CSV or JSON.
    std::erase_if(grid, [](const GridColumn& column) { return column.is_id; });
    if (grid.empty()) grid = grid_of(outcome.result);
  }
  for (const auto gap : {kGap, kNarrowGap})
    if (fit(grid, style.width, gap)) return write_lines(out, grid, gap, style.colour);
  const bool is_prose = std::ranges::any_of(grid, [](const GridColumn& column) {
    return std::ranges::any_of(column.cells,
                               [](const auto& cell) { return display_width(cell) > kLongText; });
  });
  if (is_prose) return write_blocks(out, grid_of(outcome.result), style.width);
  write_panels(out, grid, style);
}

}  // namespace

void write_table(std::ostream& out, const Outcome& outcome, const Style& style) {
  const bool colour = style.colour;
  out << (colour ? kBold : "") << outcome.report->title << (colour ? kNormal : "") << "\n\n";
  if (outcome.result.rows.empty()) {
    out << nothing_found(outcome) << '\n';
  } else {
    write_rows(out, outcome, style);
  }
  out << '\n' << (colour ? kDim : "");
  for (const auto& line : outcome.footer)
    out << wrapped(printable(line, Lines::mark), style.width, 0) << '\n';
  out << (colour ? kNormal : "");
}

}  // namespace csatdb::report

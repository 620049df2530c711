#include "model/batch.hpp"

namespace csatdb::model {

Root& Batch::begin_root(const Table& table, std::string_view id, Digest digest) {
  const auto next = static_cast<std::uint32_t>(all_rows.size());
  roots.push_back({&table, id, digest, false, false, {}, next, next});
  return roots.back();
}

void Batch::begin_row(const Table& table, Ordinals ordinals) {
  const auto next = static_cast<std::uint32_t>(all_cells.size());
  all_rows.push_back({&table, ordinals, next, next});
  roots.back().last_row = static_cast<std::uint32_t>(all_rows.size());
}

Cell& Batch::add(std::uint16_t column, Cell::Kind kind) {
  Cell& cell = all_cells.emplace_back();
  cell.column = column;
  cell.kind = kind;
  all_rows.back().end = static_cast<std::uint32_t>(all_cells.size());
  return cell;
}

void Batch::integer(std::uint16_t column, std::int64_t value) {
  add(column, Cell::Kind::integer).integer = value;
}
void Batch::real(std::uint16_t column, double value) { add(column, Cell::Kind::real).real = value; }
void Batch::text(std::uint16_t column, std::string_view value) {
  add(column, Cell::Kind::text).chars = {value.data(), value.size()};
}

void Batch::set(std::string_view column, std::optional<std::int64_t> value) {
  if (value) integer(position(all_rows.back().table->columns, column), *value);
}
void Batch::set_text(std::string_view column, std::string_view value) {
  if (!value.empty()) text(position(all_rows.back().table->columns, column), value);
}

std::string_view Batch::keep(std::string text) {
  texts_.push_back(std::move(text));
  return texts_.back();
}

Cell Batch::cell(const Row& row, std::uint16_t column) const {
  for (const Cell& cell : cells(row)) {
    if (cell.column == column) return cell;
  }
  return {};
}

void Batch::rewind(const Mark& mark) {
  const auto cut = [](auto& rows, std::size_t size) {
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(size), rows.end());
  };
  cut(roots, mark.roots);
  cut(all_rows, mark.rows);
  cut(all_cells, mark.cells);
  cut(hints, mark.hints);
  cut(problems, mark.problems);
}

void Batch::clear() {
  roots.clear();
  all_rows.clear();
  all_cells.clear();
  hints.clear();
  problems.clear();
  texts_.clear();
}

}  // namespace csatdb::model

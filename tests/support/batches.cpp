#include "support/batches.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace csatdb::tests {

void Reading::read(const resources::Resource& resource, std::string_view text) {
  documents_.emplace_back();
  const json::Value element = documents_.back().parse(text);
  resource.rows(element, {&zone, allow_list, from_job}, {}, batch);
}

std::vector<model::Row> Reading::rows(std::string_view table) const {
  std::vector<model::Row> found;
  for (const model::Row& row : batch.all_rows) {
    if (row.table->name == table) found.push_back(row);
  }
  return found;
}

std::string Reading::value(const model::Row& row, std::string_view column) const {
  const model::Cell cell = batch.cell(row, model::position(row.table->columns, column));
  switch (cell.kind) {
    case model::Cell::Kind::null:
      return "NULL";
    case model::Cell::Kind::integer:
      return std::to_string(cell.integer);
    case model::Cell::Kind::real:
      return fmt::format("{}", cell.real);
    case model::Cell::Kind::text:
      return std::string(cell.text());
  }
  return "NULL";
}

std::string Reading::value(std::string_view table, std::size_t n, std::string_view column) const {
  return value(rows(table).at(n), column);
}

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace csatdb::tests

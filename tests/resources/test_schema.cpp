#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "embed/sql_files.hpp"
#include "resources/catalogue.hpp"
#include "resources/tables.hpp"

namespace csatdb::tests {
namespace {

using model::Table;

SQLite::Database schema() {
  SQLite::Database db(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  db.exec(embed::find("schema/tables.sql")->text);
  return db;
}

/// A root and every table it owns.
void collect(const Table& table, std::vector<std::pair<const Table*, const Table*>>& found,
             const Table& root) {
  found.emplace_back(&table, &root);
  for (const auto& child : table.children) collect(*child.table, found, root);
}

std::vector<std::pair<const Table*, const Table*>> declared_tables() {
  std::vector<std::pair<const Table*, const Table*>> found;
  std::set<const Table*> roots;
  for (const auto* resource : resources::catalogue()) {
    // Several resources fill the same table.
    if (resource->table != nullptr && roots.insert(resource->table).second)
      collect(*resource->table, found, *resource->table);
  }
  return found;
}

/// Columns that hold a value (not generated) and whether each is part of the key.
std::map<std::string, bool> stored_columns(SQLite::Database& db, const std::string& table) {
  std::map<std::string, bool> columns;
  SQLite::Statement info(db, "SELECT name, pk, hidden FROM pragma_table_xinfo(?)");
  info.bind(1, table);
  while (info.executeStep()) {
    if (info.getColumn(2).getInt() == 0)
      columns[info.getColumn(0)] = info.getColumn(1).getInt() > 0;
  }
  return columns;
}

TEST_SUITE("resources") {
  TEST_CASE(
      "every declared table and column exists, and every stored column is declared, keyed or the "
      "writer's") {
    auto db = schema();
    const std::set<std::string> writers{"is_inferred", "gone_ms", "payload_hash", "version"};
    const std::map<std::string, std::set<std::string>> derived_later{
        {"interactions", {"has_survey", "has_response", "survey_count"}}};
    const auto tables = declared_tables();
    CHECK(tables.size() == 29);
    for (const auto& [table, root] : tables) {
      CAPTURE(table->name);
      auto stored = stored_columns(db, std::string(table->name));
      CHECK(!stored.empty());
      const auto take = [&](std::string_view column) {
        CAPTURE(column);
        CHECK(stored.erase(std::string(column)) == 1);
      };
      take(root->key);
      if (table->is_root()) {
        take(table->id);
        for (const auto& column : writers) take(column);
      }
      for (const auto ordinal : table->ordinals) take(ordinal);
      for (const auto& column : table->columns) take(column.name);
      if (const auto later = derived_later.find(std::string(table->name));
          later != derived_later.end()) {
        for (const auto& column : later->second) take(column);
      }
      for (const auto& [column, is_key] : stored) {
        CAPTURE(column);
        CHECK_MESSAGE(false, "stored in the schema, declared nowhere");
      }
    }
  }
}

}  // namespace
}  // namespace csatdb::tests

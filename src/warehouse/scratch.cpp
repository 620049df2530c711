#include "warehouse/scratch.hpp"

#include <filesystem>

#include "warehouse/examine.hpp"
#include "warehouse/migrations.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::warehouse {
namespace {

SQLite::Database opened(const std::string& path) {
  if (std::filesystem::exists(path)) {
    auto database = open_to_read(path);
    require_current(database);
    return database;
  }
  SQLite::Database empty(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  migrate(empty, "");
  return empty;
}

/// Copies what planning changes to temporary tables, which take the names of those in the file.
void shadow(SQLite::Database& database) {
  Statement tables(database,
                   "SELECT name, substr(sql, length('CREATE TABLE ') + 1) FROM main.sqlite_schema "
                   "WHERE type = 'table' AND name IN ('sync_scopes', 'sync_meta', 'sync_heard', "
                   "'sync_tombstones')");
  std::string sql;
  while (tables.step())
    sql += "CREATE TEMP TABLE " + std::string(tables.text(1)) + "; INSERT INTO temp." +
           std::string(tables.text(0)) + " SELECT * FROM main." + std::string(tables.text(0)) + ";";
  tables.reset();
  database.exec(sql);
}

}  // namespace

Scratch::Scratch(const std::string& path) : database_(opened(path)) {
  Statement(database_, "PRAGMA temp_store = MEMORY").run();
  Statement(database_, "PRAGMA query_only = OFF").run();
  Statement(database_, "BEGIN").run();
  shadow(database_);
  ledger_.emplace(database_);
  chase_.emplace(database_, *ledger_, base::Zone("UTC"));
}

std::optional<std::string> Scratch::meta(std::string_view name) {
  Statement row(database_, "SELECT value FROM sync_meta WHERE key = ?");
  row.with(name);
  return row.step() ? std::optional(std::string(row.text(0))) : std::nullopt;
}

void Scratch::set_meta(std::string_view name, std::string_view value) {
  Statement(database_,
            "INSERT INTO sync_meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = "
            "excluded.value")
      .with(name, value)
      .run();
}

}  // namespace csatdb::warehouse

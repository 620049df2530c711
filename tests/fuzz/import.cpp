#include "sync/import.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <string>

#include "fuzz/target.hpp"
#include "support/temp_folder.hpp"

namespace csatdb::fuzz {
namespace {

using base::Fault;

/// What was stored is looked at and never committed: each text meets an empty warehouse.
struct Enough {};

void read_all(SQLite::Database& database, const std::string& sql) {
  SQLite::Statement rows(database, sql);
  while (rows.executeStep()) {
  }
}

/// Every view can be read, whatever is stored, and every row has what it refers to.
void look_at(SQLite::Database& database) {
  SQLite::Statement loose(database, "PRAGMA foreign_key_check");
  require(!loose.executeStep(), "what a row refers to is there");
  SQLite::Statement views(database, "SELECT name FROM sqlite_schema WHERE type = 'view'");
  while (views.executeStep()) read_all(database, "SELECT * FROM " + views.getColumn(0).getString());
}

}  // namespace

void import(std::string_view input) {
  static const support::TempFolder folder;
  static warehouse::Warehouse warehouse({(folder / "csat.db").string()});
  warehouse.on_commit([] {
    look_at(warehouse.database());
    throw Enough();
  });
  const json::Source source = [&](char* to, std::size_t room) {
    const auto size = std::min(room, input.size());
    input.copy(to, size);
    input.remove_prefix(size);
    return size;
  };
  const sync::Importing how{{"kept"}, *base::parse_instant("2024-06-01T00:00:00Z")};
  try {
    is_taken({Fault::undecodable}, [&] { import_text(warehouse, source, how); });
  } catch (const Enough&) {
  }
  require(!warehouse.in_transaction(), "a transaction ends with the text");
}

}  // namespace csatdb::fuzz

#include "support/older_warehouse.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "warehouse/migrations.hpp"

namespace csatdb::support {

void write_older_warehouse(const std::string& file) {
  SQLite::Database old(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  const auto first = warehouse::migrations().front();
  old.exec(
      "PRAGMA application_id = 1668505972; CREATE TABLE sync_migrations (version INTEGER "
      "PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_ms INTEGER NOT "
      "NULL) STRICT;" +
      first.sql);
  old.exec(fmt::format("INSERT INTO sync_migrations VALUES (1, '{}', '{}', 0)", first.name,
                       first.sha256));
}

}  // namespace csatdb::support

#include "warehouse/listings.hpp"

#include <fmt/format.h>

namespace csatdb::warehouse {

void Listings::begin(const model::Table& table) {
  Statement(
      database_,
      fmt::format("CREATE TEMP TABLE IF NOT EXISTS listed_{} (id TEXT PRIMARY KEY) WITHOUT ROWID",
                  table.name))
      .run();
  Statement(database_, fmt::format("DELETE FROM listed_{}", table.name)).run();
}

void Listings::see(const model::Table& table, std::string_view id) {
  auto note = notes_.find(&table);
  if (note == notes_.end())
    note = notes_
               .try_emplace(&table, database_,
                            fmt::format("INSERT OR IGNORE INTO listed_{} VALUES (?)", table.name))
               .first;
  note->second.with(id).run();
}

void Listings::end(const model::Table& table, base::Instant now, std::int64_t version) {
  Statement(database_,
            fmt::format("UPDATE {0} SET gone_ms = ?, version = ? WHERE gone_ms IS NULL AND "
                        "is_inferred = 0 AND {1} NOT IN (SELECT id FROM listed_{0})",
                        table.name, table.id))
      .with(base::to_ms(now), version)
      .run();
}

}  // namespace csatdb::warehouse

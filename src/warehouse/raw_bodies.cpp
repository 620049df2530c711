#include "warehouse/raw_bodies.hpp"

#include <fmt/format.h>

#include "warehouse/statement.hpp"

namespace csatdb::warehouse {

bool RawBodies::are_kept() const { return warehouse_.meta(kMeta) == said(true); }

void RawBodies::keep(bool wanted) {
  if (wanted == are_kept()) return;
  warehouse_.begin();
  warehouse_.set_meta(kMeta, said(wanted));
  for (const char* table : {"sync_raw_conversations", "sync_raw_surveys"}) {
    if (!wanted) Statement(warehouse_.database(), fmt::format("DELETE FROM {}", table)).run();
  }
  warehouse_.commit();
}

bool RawBodies::are_of(const model::Table& table) {
  return table.name == "conversations" || table.name == "surveys";
}

void RawBodies::put(const model::Table& table, std::string_view id, std::string_view packed,
                    base::Instant now) {
  Statement put(warehouse_.database(),
                fmt::format("INSERT OR REPLACE INTO sync_raw_{0} SELECT {1}, ?1, ?2 FROM {0} WHERE "
                            "{2} = ?3 AND payload_hash IS NOT NULL",
                            table.name, table.key, table.id));
  put.bind(1, base::to_ms(now)).bind_blob(2, packed).bind(3, id).run();
}

}  // namespace csatdb::warehouse

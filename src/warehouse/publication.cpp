#include "warehouse/publication.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <array>

#include "warehouse/statement.hpp"

namespace csatdb::warehouse {
namespace {

std::string random_id() {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
    throw base::Error(base::Fault::internal, "the system gives no random numbers");
  std::string hex;
  for (const auto byte : bytes) hex += fmt::format("{:02x}", byte);
  return hex;
}

}  // namespace

Publication record_publication(Warehouse& warehouse, std::int64_t above, base::Instant now) {
  auto& database = warehouse.database();
  // A full commit syncs the log, and with it every commit before.
  Statement(database, "PRAGMA synchronous = FULL").run();
  warehouse.begin();
  warehouse.raise_version(above);
  Publication made{random_id(), warehouse.meta("warehouse_id").value_or(""), warehouse.version()};
  if (made.warehouse_id.empty()) {
    made.warehouse_id = random_id();
    warehouse.set_meta("warehouse_id", made.warehouse_id);
  }
  Statement(database, "INSERT INTO sync_publications VALUES (?, ?, ?)")
      .with(made.id, made.version, base::to_ms(now))
      .run();
  warehouse.commit();
  // So that a copy of the file without its log holds the record too. Readers may keep it waiting.
  Statement(database, "PRAGMA wal_checkpoint(PASSIVE)").run();
  Statement(database, "PRAGMA synchronous = NORMAL").run();
  return made;
}

}  // namespace csatdb::warehouse

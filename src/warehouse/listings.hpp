#pragma once

#include <string_view>
#include <unordered_map>

#include "base/time.hpp"
#include "model/table.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::warehouse {

/// Complete listings while they are read: the ids seen live in temporary tables, and what a listing
/// did not name is gone when it ends.
class Listings {
 public:
  explicit Listings(SQLite::Database& database) : database_(database) {}

  void begin(const model::Table& table);
  void see(const model::Table& table, std::string_view id);
  void end(const model::Table& table, base::Instant now, std::int64_t version);

 private:
  SQLite::Database& database_;
  std::unordered_map<const model::Table*, Statement> notes_;
};

}  // namespace csatdb::warehouse

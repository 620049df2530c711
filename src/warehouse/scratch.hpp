#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "warehouse/chase.hpp"
#include "warehouse/ledger.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::warehouse {

/// A warehouse to think in: what is stored, with a ledger and other bookkeeping that may be changed
/// and are thrown away. The file stays as it is, and nothing is left beside it.
class Scratch {
 public:
  /// Of the file at `path`, as it is now, while a writer goes on; of an empty warehouse where there
  /// is no file. Throws what `Reader` throws.
  explicit Scratch(const std::string& path);

  SQLite::Database& database() { return database_; }
  Ledger& ledger() { return *ledger_; }
  Chase& chase() { return *chase_; }
  std::optional<std::string> meta(std::string_view name);
  void set_meta(std::string_view name, std::string_view value);
  /// The participant attributes that are kept.
  std::vector<std::string> attributes() { return lines_of(meta(kAttributes).value_or("")); }

 private:
  SQLite::Database database_;
  std::optional<Ledger> ledger_;
  std::optional<Chase> chase_;
};

}  // namespace csatdb::warehouse

#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>

#include "base/time.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::warehouse {

/// Keeps `utc_days` and `dates` complete: a row for every day that a conversation begins on.
class Days {
 public:
  Days(SQLite::Database& database, const base::Zone& zone);

  /// A conversation began at `t`.
  void cover(base::Instant t);
  /// Whether a UTC day will not be read again.
  void settle(base::Day day, bool is_settled);
  /// Forgets what a rollback may have taken back.
  void forget();

 private:
  SQLite::Database& database_;
  const base::Zone* zone_;
  std::unordered_set<std::int64_t> days_;      // known to be there
  std::optional<base::Instant> first_, last_;  // that `dates` is known to cover
  Statement add_, settle_;
};

}  // namespace csatdb::warehouse

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace SQLite {
class Database;
}

namespace csatdb::warehouse {

/// One row of `sync_scopes`.
struct Scope {
  std::string resource, scope;
  std::optional<base::Instant> due{};  ///< nothing: settled or given up
  base::Instant first_due{};
  base::Instant order{};
  std::optional<base::Instant> began{}, ended{}, through{}, lake{};
  std::optional<std::int64_t> hits{};
  int attempts = 0;
  std::string outcome{}, message{};
};

/// A request series that was interrupted: which scopes it covers and what to send next, in the
/// engine's own words.
struct Unfinished {
  std::string resource, lead;
  std::string series, next_request;
};

/// Where progress is recorded: the table `sync_scopes`, always in the same transaction as the rows
/// it speaks of.
class Ledger {
 public:
  explicit Ledger(SQLite::Database& database);
  ~Ledger();
  Ledger(const Ledger&) = delete;

  /// A scope is heard of: due at `due` unless it is known already. True if it is new.
  bool add(std::string_view resource, std::string_view scope, base::Instant due,
           base::Instant order, base::Instant now);
  /// The scopes due at `now`, newest first.
  std::vector<Scope> due(std::string_view resource, base::Instant now, std::int64_t limit = -1);
  std::int64_t count_due(std::string_view resource, base::Instant now);
  std::vector<Scope> all(std::string_view resource);
  std::optional<Scope> find(std::string_view resource, std::string_view scope);
  void set_due(std::string_view resource, std::string_view scope, std::optional<base::Instant> due);

  /// Remembers how an unfinished series goes on; `lead` is its first scope.
  void save(const Unfinished& series);
  void drop_series(std::string_view resource, std::string_view lead);
  std::vector<Unfinished> unfinished(std::string_view resource);

  /// A complete read: next due at `next_due`, or settled.
  void complete(const Scope& scope, std::optional<base::Instant> next_due);
  /// A read that answered but did not end the chase of a key.
  void retry(std::string_view resource, std::string_view scope,
             std::optional<base::Instant> next_due, std::string_view outcome,
             std::string_view message);
  /// A read that failed; the scope stays due.
  void fail(std::string_view resource, std::string_view scope, std::string_view outcome,
            std::string_view message);
  void note_hits(std::string_view resource, std::string_view scope, std::int64_t hits);
  /// The results that the service counted for a scope on average; 0 where none was read.
  std::int64_t hits_a_day(std::string_view resource);
  /// The availability watermark was seen past this closed day's end: one more read is due.
  void note_lake(std::string_view scope, base::Instant now, bool make_due);
  /// Every scope read before is to be read again.
  void reopen(std::string_view resource, base::Instant now);
  void remove(std::string_view resource, std::string_view scope);

  /// Brings `sync_resources` up to date for a resource of days: fresh through the first day never
  /// read, settled through the day before the earliest unsettled one that is not a recorded gap.
  void refresh_days(std::string_view resource);
  /// The same for any other resource.
  void refresh(std::string_view resource, base::Instant fresh_through,
               std::optional<base::Instant> settled_through);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace csatdb::warehouse

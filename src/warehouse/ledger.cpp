#include "warehouse/ledger.hpp"

#include "warehouse/statement.hpp"

namespace csatdb::warehouse {
namespace {

using base::Instant;
using base::to_ms;
using Ms = std::optional<std::int64_t>;

Ms ms(const std::optional<Instant>& t) { return t ? Ms(to_ms(*t)) : Ms(); }
std::optional<Instant> instant(Ms value) {
  return value ? std::optional(base::from_ms(*value)) : std::nullopt;
}

constexpr std::string_view kColumns =
    "SELECT resource, scope, due_ms, first_due_ms, order_ms, began_ms, ended_ms, through_ms, "
    "lake_ms, hits, attempts, outcome, message FROM sync_scopes ";

Scope read(const Statement& row) {
  Scope s;
  s.resource = row.text(0);
  s.scope = row.text(1);
  s.due = instant(row.maybe_integer(2));
  s.first_due = base::from_ms(row.integer(3));
  s.order = base::from_ms(row.integer(4));
  s.began = instant(row.maybe_integer(5));
  s.ended = instant(row.maybe_integer(6));
  s.through = instant(row.maybe_integer(7));
  s.lake = instant(row.maybe_integer(8));
  s.hits = row.maybe_integer(9);
  s.attempts = static_cast<int>(row.integer(10));
  s.outcome = row.text(11);
  s.message = row.text(12);
  return s;
}

std::vector<Scope> read_all(Statement& rows) {
  std::vector<Scope> out;
  while (rows.step()) out.push_back(read(rows));
  return out;
}

}  // namespace

struct Ledger::Impl {
  explicit Impl(SQLite::Database& d) : database(d) {}
  SQLite::Database& database;

  Statement add{database,
                "INSERT INTO sync_scopes (resource, scope, due_ms, first_due_ms, order_ms) "
                "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"};
  Statement due{database, std::string(kColumns) +
                              "WHERE resource = ? AND due_ms <= ? "
                              "ORDER BY order_ms DESC, scope DESC LIMIT ?"};
  Statement count_due{database,
                      "SELECT count(*) FROM sync_scopes WHERE resource = ? AND due_ms <= ?"};
  Statement all{database, std::string(kColumns) + "WHERE resource = ? ORDER BY scope"};
  Statement find{database, std::string(kColumns) + "WHERE resource = ? AND scope = ?"};
  Statement set_due{database,
                    "UPDATE sync_scopes SET due_ms = ?3 WHERE resource = ?1 AND scope = ?2"};
  Statement save{database,
                 "UPDATE sync_scopes SET series = ?3, next_request = ?4 "
                 "WHERE resource = ?1 AND scope = ?2"};
  Statement unfinished{database,
                       "SELECT resource, scope, series, next_request FROM sync_scopes "
                       "WHERE resource = ? AND series IS NOT NULL ORDER BY order_ms DESC"};
  Statement complete{database,
                     "UPDATE sync_scopes SET due_ms = ?3, began_ms = ?4, ended_ms = ?5, "
                     "through_ms = ?6, hits = coalesce(?7, hits), attempts = 0, outcome = 'ok', "
                     "message = NULL, series = NULL, next_request = NULL "
                     "WHERE resource = ?1 AND scope = ?2"};
  Statement retry{database,
                  "UPDATE sync_scopes SET due_ms = ?3, attempts = attempts + 1, outcome = ?4, "
                  "message = ?5, series = NULL, next_request = NULL "
                  "WHERE resource = ?1 AND scope = ?2"};
  Statement fail{database,
                 "UPDATE sync_scopes SET attempts = attempts + 1, outcome = ?3, message = ?4, "
                 "series = NULL, next_request = NULL WHERE resource = ?1 AND scope = ?2"};
  Statement hits{database, "UPDATE sync_scopes SET hits = ?3 WHERE resource = ?1 AND scope = ?2"};
  Statement hits_a_day{database,
                       "SELECT coalesce(cast(avg(hits) AS INTEGER), 0) FROM sync_scopes WHERE "
                       "resource = ?"};
  Statement lake{
      database,
      "UPDATE sync_scopes SET lake_ms = ?2, due_ms = CASE WHEN ?3 THEN ?2 ELSE due_ms END "
      "WHERE resource = 'conversations' AND scope = ?1"};
  Statement reopen{database,
                   "UPDATE sync_scopes SET due_ms = ?2 WHERE resource = ?1 AND began_ms IS NOT "
                   "NULL"};
  Statement remove{database, "DELETE FROM sync_scopes WHERE resource = ? AND scope = ?"};
  Statement days{database,
                 "SELECT order_ms, through_ms, due_ms, outcome FROM sync_scopes "
                 "WHERE resource = ? ORDER BY scope"};
  Statement refresh{database,
                    "INSERT INTO sync_resources (resource, fresh_through_ms, settled_through_ms) "
                    "VALUES (?, ?, ?) ON CONFLICT (resource) DO UPDATE SET "
                    "fresh_through_ms = excluded.fresh_through_ms, "
                    "settled_through_ms = excluded.settled_through_ms"};
};

Ledger::Ledger(SQLite::Database& database) : impl_(std::make_unique<Impl>(database)) {}
Ledger::~Ledger() = default;

bool Ledger::add(std::string_view resource, std::string_view scope, Instant due, Instant order,
                 Instant now) {
  impl_->add.with(resource, scope, to_ms(due), to_ms(now), to_ms(order)).run();
  return impl_->database.getChanges() > 0;
}

std::vector<Scope> Ledger::due(std::string_view resource, Instant now, std::int64_t limit) {
  return read_all(impl_->due.with(resource, to_ms(now), limit));
}
std::int64_t Ledger::count_due(std::string_view resource, Instant now) {
  auto& row = impl_->count_due.with(resource, to_ms(now));
  row.step();
  const auto count = row.integer(0);
  row.reset();
  return count;
}
std::vector<Scope> Ledger::all(std::string_view resource) {
  return read_all(impl_->all.with(resource));
}
std::optional<Scope> Ledger::find(std::string_view resource, std::string_view scope) {
  auto& row = impl_->find.with(resource, scope);
  if (!row.step()) return std::nullopt;
  auto found = read(row);
  row.reset();
  return found;
}
void Ledger::set_due(std::string_view resource, std::string_view scope,
                     std::optional<Instant> due) {
  impl_->set_due.with(resource, scope, ms(due)).run();
}

void Ledger::save(const Unfinished& s) {
  impl_->save.with(s.resource, s.lead, s.series, s.next_request).run();
}
void Ledger::drop_series(std::string_view resource, std::string_view lead) {
  impl_->save.with(resource, lead, nullptr, nullptr).run();
}
std::vector<Unfinished> Ledger::unfinished(std::string_view resource) {
  auto& rows = impl_->unfinished.with(resource);
  std::vector<Unfinished> out;
  while (rows.step())
    out.push_back({std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2)),
                   std::string(rows.text(3))});
  return out;
}

void Ledger::complete(const Scope& s, std::optional<Instant> next_due) {
  impl_->complete
      .with(s.resource, s.scope, ms(next_due), ms(s.began), ms(s.ended), ms(s.through), s.hits)
      .run();
}
void Ledger::retry(std::string_view resource, std::string_view scope,
                   std::optional<Instant> next_due, std::string_view outcome,
                   std::string_view message) {
  impl_->retry.with(resource, scope, ms(next_due), outcome, message).run();
}
void Ledger::fail(std::string_view resource, std::string_view scope, std::string_view outcome,
                  std::string_view message) {
  impl_->fail.with(resource, scope, outcome, message).run();
}
void Ledger::note_hits(std::string_view resource, std::string_view scope, std::int64_t hits) {
  impl_->hits.with(resource, scope, hits).run();
}

std::int64_t Ledger::hits_a_day(std::string_view resource) {
  auto& row = impl_->hits_a_day.with(resource);
  row.step();
  const auto hits = row.integer(0);
  row.reset();
  return hits;
}

void Ledger::note_lake(std::string_view scope, Instant now, bool make_due) {
  impl_->lake.with(scope, to_ms(now), make_due).run();
}
void Ledger::reopen(std::string_view resource, Instant now) {
  impl_->reopen.with(resource, to_ms(now)).run();
}
void Ledger::remove(std::string_view resource, std::string_view scope) {
  impl_->remove.with(resource, scope).run();
}
void Ledger::refresh_days(std::string_view resource) {
  std::optional<Instant> fresh;
  std::optional<Instant> settled;
  Instant last{};
  auto& days = impl_->days.with(resource);
  while (days.step()) {
    const Instant begin = base::from_ms(days.integer(0));
    const bool is_gap = !days.is_null(3) && days.text(3) != "ok";
    if (days.is_null(1) && !fresh && !is_gap) fresh = begin;
    if (!days.is_null(2) && !settled && !is_gap) settled = begin;
    if (!days.is_null(1)) last = std::max(last, base::from_ms(days.integer(1)));
  }
  refresh(resource, fresh.value_or(last), settled.value_or(last));
}

void Ledger::refresh(std::string_view resource, Instant fresh_through,
                     std::optional<Instant> settled_through) {
  impl_->refresh.with(resource, to_ms(fresh_through), ms(settled_through)).run();
}

}  // namespace csatdb::warehouse

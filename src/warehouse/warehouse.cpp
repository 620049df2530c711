#include "warehouse/warehouse.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <unordered_set>

#include "base/error.hpp"
#include "warehouse/chase.hpp"
#include "warehouse/days.hpp"
#include "warehouse/ledger.hpp"
#include "warehouse/lock.hpp"
#include "warehouse/migrations.hpp"
#include "warehouse/snapshot.hpp"
#include "warehouse/writer.hpp"

namespace csatdb::warehouse {
namespace {

using base::Error;
using base::Fault;
using base::Instant;

constexpr int kCacheKiB =
    16 * 1024;  // more gains nothing with append-only keys (performance.md 2.3)
constexpr int kBusyMs =
    10'000;  // readers hold no lock in WAL mode; a checkpoint by another tool may

SQLite::Database open_file(const std::string& path) {
  if (on_network(path))
    throw Error(
        Fault::storage,
        "the warehouse is on a network drive, where SQLite's write-ahead log does not work: keep "
        "it on a local disk and give readers a snapshot (csatdb export --snapshot)");
  try {
    return {path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, kBusyMs};
  } catch (const SQLite::Exception& e) {
    throw storage_error(e.getErrorCode(), e.what());
  }
}

void set_pragmas(SQLite::Database& database) {
  for (const auto& pragma :
       {std::string("journal_mode = WAL"), std::string("synchronous = NORMAL"),
        fmt::format("cache_size = -{}", kCacheKiB), std::string("temp_store = FILE"),
        std::string("secure_delete = OFF"), std::string("foreign_keys = OFF"),
        std::string("wal_autocheckpoint = 4000"), std::string("trusted_schema = ON")})
    Statement(database, "PRAGMA " + pragma).run();
}

std::optional<Instant> started_of(const model::Batch& batch, const model::Root& root) {
  static const auto column = model::position(root.table->columns, "started_ms");
  const auto cell = batch.cell(batch.rows(root).front(), column);
  if (cell.kind != model::Cell::Kind::integer) return std::nullopt;
  return base::from_ms(cell.integer);
}

}  // namespace

struct Warehouse::Impl {
  explicit Impl(const Opening& o)
      : path(o.path),
        lock(o.path, o.command, o.wait_for_lock),
        database(open_file(o.path)),
        zone("UTC") {
    const bool is_new = applied(database, migrations()) == 0;
    const auto audience = is_new ? std::string() : snapshot_of(database);
    if (!audience.empty() && audience != "full")
      throw Error(Fault::storage, fmt::format("the file is a snapshot for {}, with columns left "
                                              "out: use the warehouse that it was made of",
                                              audience));
    std::filesystem::permissions(
        path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    if (is_new) Statement(database, "PRAGMA page_size = 8192").run();
    set_pragmas(database);
    migrate(database, path);
    // A whole snapshot that is written to is a warehouse again: restored, or moved.
    if (!audience.empty())
      Statement(database, "DELETE FROM sync_meta WHERE key = 'snapshot'").run();
    writer.emplace(database);
    ledger.emplace(database);
    get_meta.emplace(database, "SELECT value FROM sync_meta WHERE key = ?");
    put_meta.emplace(database,
                     "INSERT INTO sync_meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET "
                     "value = excluded.value");
    problem.emplace(
        database,
        "INSERT INTO sync_problems VALUES (?, ?, 1, ?) ON CONFLICT (kind, place) DO UPDATE "
        "SET seen = seen + 1");
    delivered.emplace(database,
                      "SELECT s.survey_key, s.conversation_key, s.survey_id FROM surveys s JOIN "
                      "conversations c USING (conversation_key) WHERE c.conversation_id = ? AND "
                      "s.payload_hash IS NOT NULL AND s.gone_ms IS NULL");
    survey_owner.emplace(database, "SELECT conversation_key FROM surveys WHERE survey_key = ?");
    mark_conversation.emplace(
        database,
        "UPDATE conversations SET version = ?1 WHERE conversation_key = ?2 AND version < ?1");
    mark_surveys.emplace(
        database, "UPDATE surveys SET version = ?1 WHERE conversation_key = ?2 AND version < ?1");
    if (const auto name = meta("timezone")) zone = base::Zone(*name);
    chase.emplace(database, *ledger, zone);
    days.emplace(database, zone);
    version = std::stoll(meta("version").value_or("0"));
  }

  std::optional<std::string> meta(std::string_view name) {
    auto& row = get_meta->with(name);
    if (!row.step()) return std::nullopt;
    std::string value(row.text(0));
    row.reset();
    return value;
  }

  void touch(std::int64_t key, Chase::Stored what, Instant now) {
    chase->touch(key, what, now);
    // What is derived of a conversation says something of its surveys, and the other way round.
    mark_conversation->with(version, key).run();
    mark_surveys->with(version, key).run();
  }

  std::string path;
  Lock lock;
  SQLite::Database database;
  base::Zone zone;
  std::optional<Writer> writer;
  std::optional<Ledger> ledger;
  std::optional<Chase> chase;
  std::optional<Days> days;
  std::optional<Statement> get_meta, put_meta, problem, survey_owner, mark_conversation,
      mark_surveys, delivered;
  std::function<void()> hook;
  std::int64_t version = 0;  // of the transaction that is open, or of the last one
  bool is_open = false;
};

Warehouse::Warehouse(const Opening& opening) : impl_(std::make_unique<Impl>(opening)) {}
Warehouse::~Warehouse() { rollback(); }

void Warehouse::begin() {
  if (impl_->is_open) return;
  Statement(impl_->database, "BEGIN IMMEDIATE").run();
  impl_->is_open = true;
  ++impl_->version;
}

void Warehouse::commit() {
  if (!impl_->is_open) return;
  if (impl_->hook) impl_->hook();
  set_meta("version", std::to_string(impl_->version));
  Statement(impl_->database, "COMMIT").run();
  impl_->is_open = false;
}

void Warehouse::rollback() noexcept {
  if (!impl_ || !impl_->is_open) return;
  sqlite3_exec(impl_->database.getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
  impl_->is_open = false;
  impl_->writer->forget_keys();
  impl_->days->forget();
}

bool Warehouse::in_transaction() const { return impl_->is_open; }
void Warehouse::on_commit(std::function<void()> hook) { impl_->hook = std::move(hook); }

bool Warehouse::unchanged(const model::Table& table, std::string_view id, model::Digest digest,
                          const model::Digest* attributes) {
  const auto known = impl_->writer->known(table, id);
  return known && known->has_payload && !known->is_inferred && !known->gone &&
         known->digest == digest && (attributes == nullptr || known->attributes == *attributes);
}

Stored Warehouse::store(const model::Batch& batch, Instant now) {
  begin();
  Stored stored;
  std::vector<std::pair<std::int64_t, Chase::Stored>> touched;  // conversations
  for (const auto& root : batch.roots) {
    const auto written = impl_->writer->write(batch, root, impl_->version);
    stored.seen += root.is_embedded ? 0 : 1;
    if (!written.is_changed) continue;
    stored.changed += root.is_embedded ? 0 : 1;
    if (root.table->name == "conversations") {
      if (const auto started = started_of(batch, root)) impl_->days->cover(*started);
      auto what = Chase::Stored::record;
      for (const auto& row : batch.rows(root)) {
        if (row.table->name == "conversation_surveys") what = Chase::Stored::record_with_surveys;
      }
      touched.emplace_back(written.key, what);
    } else if (root.table->name == "surveys") {
      auto& owner = impl_->survey_owner->with(written.key);
      if (owner.step() && !owner.is_null(0))
        touched.emplace_back(owner.integer(0), Chase::Stored::survey);
      owner.reset();
    }
  }
  for (const auto& [key, what] : touched) impl_->touch(key, what, now);
  for (const auto& hint : batch.hints) impl_->chase->hear(hint, now);
  for (const auto& p : batch.problems) impl_->problem->with(p.kind, p.place, p.example).run();
  return stored;
}

void Warehouse::begin_listing(const model::Table& table) {
  Statement(
      impl_->database,
      fmt::format("CREATE TEMP TABLE IF NOT EXISTS listed_{} (id TEXT PRIMARY KEY) WITHOUT ROWID",
                  table.name))
      .run();
  Statement(impl_->database, fmt::format("DELETE FROM listed_{}", table.name)).run();
}

void Warehouse::list(const model::Table& table, std::string_view id) {
  Statement(impl_->database, fmt::format("INSERT OR IGNORE INTO listed_{} VALUES (?)", table.name))
      .with(id)
      .run();
}

void Warehouse::end_listing(const model::Table& table, Instant now) {
  Statement(impl_->database,
            fmt::format("UPDATE {0} SET gone_ms = ?, version = ? WHERE gone_ms IS NULL AND "
                        "is_inferred = 0 AND {1} NOT IN (SELECT id FROM listed_{0})",
                        table.name, table.id))
      .with(base::to_ms(now), impl_->version)
      .run();
}

void Warehouse::gone(const model::Table& table, std::string_view id, Instant now) {
  begin();
  Statement(
      impl_->database,
      fmt::format("UPDATE {} SET gone_ms = ?, version = ? WHERE {} = ? AND gone_ms IS NULL AND "
                  "payload_hash IS NOT NULL",
                  table.name, table.id))
      .with(base::to_ms(now), impl_->version, id)
      .run();
}

void Warehouse::surveys_are(std::string_view conversation_id,
                            const std::vector<std::string_view>& survey_ids, Instant now) {
  auto& rows = impl_->delivered->with(conversation_id);
  std::vector<std::int64_t> missing;
  std::int64_t conversation_key = 0;
  while (rows.step()) {
    conversation_key = rows.integer(1);
    if (std::find(survey_ids.begin(), survey_ids.end(), rows.text(2)) == survey_ids.end())
      missing.push_back(rows.integer(0));
  }
  if (missing.empty()) return;
  begin();
  for (const auto key : missing)
    Statement(impl_->database, "UPDATE surveys SET gone_ms = ?, version = ? WHERE survey_key = ?")
        .with(base::to_ms(now), impl_->version, key)
        .run();
  impl_->touch(conversation_key, Chase::Stored::survey, now);
}

void Warehouse::forget_payloads(const model::Table& table) {
  begin();
  Statement(
      impl_->database,
      fmt::format("UPDATE {} SET payload_hash = x'00' WHERE payload_hash IS NOT NULL", table.name))
      .run();
}

void Warehouse::settle_day(base::Day day, bool is_settled) { impl_->days->settle(day, is_settled); }

std::optional<std::string> Warehouse::meta(std::string_view name) const {
  return impl_->meta(name);
}
void Warehouse::set_meta(std::string_view name, std::string_view value) {
  impl_->put_meta->with(name, value).run();
}

const base::Zone& Warehouse::zone() const { return impl_->zone; }
Ledger& Warehouse::ledger() { return *impl_->ledger; }
Chase& Warehouse::chase() { return *impl_->chase; }
SQLite::Database& Warehouse::database() { return impl_->database; }
const std::string& Warehouse::path() const { return impl_->path; }

std::int64_t Warehouse::file_bytes() const {
  Statement size(impl_->database,
                 "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
  size.step();
  return size.integer(0);
}

}  // namespace csatdb::warehouse

#include "warehouse/warehouse.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <unordered_set>

#include "base/error.hpp"
#include "warehouse/calendar.hpp"
#include "warehouse/chase.hpp"
#include "warehouse/days.hpp"
#include "warehouse/erased.hpp"
#include "warehouse/examine.hpp"
#include "warehouse/ledger.hpp"
#include "warehouse/listings.hpp"
#include "warehouse/lock.hpp"
#include "warehouse/measures.hpp"
#include "warehouse/migrations.hpp"
#include "warehouse/selection.hpp"
#include "warehouse/snapshot.hpp"
#include "warehouse/writer.hpp"

namespace csatdb::warehouse {
namespace {

using base::Error;
using base::Fault;
using base::Instant;

constexpr int kCacheKiB =
    8 * 1024;  // more gains nothing with append-only keys (performance.md 2.3)
constexpr int kBusyMs =
    10'000;  // readers hold no lock in WAL mode; a checkpoint by another tool may

std::string examined(const std::string& path) {
  examine(path);
  return path;
}

/// The file that was examined, for its owner alone.
SQLite::Database open_file(const std::string& path) {
  auto database = translated([&] {
    return SQLite::Database(
        path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, kBusyMs);
  });
  namespace fs = std::filesystem;
  std::error_code failure;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, failure);
  if (failure) throw storage_error(SQLITE_PERM, failure.message());
  return database;
}

void set_pragmas(SQLite::Database& database) {
  for (const auto& pragma :
       {std::string("journal_mode = WAL"), std::string("synchronous = NORMAL"),
        fmt::format("cache_size = -{}", kCacheKiB), std::string("temp_store = FILE"),
        std::string("secure_delete = OFF"), std::string("foreign_keys = OFF"),
        std::string("wal_autocheckpoint = 4000"), std::string("trusted_schema = ON")})
    Statement(database, "PRAGMA " + pragma).run();
}

constexpr std::string_view kPrivacy = "privacy";
constexpr std::string_view kPrivacyKey = "privacy_key";

std::string joined(std::vector<std::string> names) {
  std::ranges::sort(names);
  return fmt::format("{}", fmt::join(names, "\n"));
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
      : path(examined(o.path)),
        lock(o.path, o.command, o.wait_for_lock),
        database(open_file(o.path)),
        zone("UTC") {
    const bool is_new = applied(database, migrations()) == 0;
    if (is_new) Statement(database, "PRAGMA page_size = 8192").run();
    set_pragmas(database);
    migrate(database, path);
    // A whole snapshot that is written to is a warehouse again: restored, or moved.
    if (!snapshot_of(database).empty())
      Statement(database, "DELETE FROM sync_meta WHERE key = 'snapshot'").run();
    writer.emplace(database, privacy);
    erased.emplace(database);
    ledger.emplace(database);
    listings.emplace(database);
    get_meta.emplace(database, "SELECT value FROM sync_meta WHERE key = ?");
    put_meta.emplace(database,
                     "INSERT INTO sync_meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET "
                     "value = excluded.value");
    problem.emplace(
        database,
        "INSERT INTO sync_problems VALUES (?, ?, 1, ?) ON CONFLICT (kind, place) DO UPDATE "
        "SET seen = seen + 1");
    delivered.emplace(database,
                      "SELECT s.survey_id FROM surveys s JOIN conversations c USING "
                      "(conversation_key) WHERE c.conversation_id = ? AND s.payload_hash IS NOT "
                      "NULL AND s.gone_ms IS NULL");
    mark_survey_gone.emplace(database,
                             "UPDATE surveys SET gone_ms = ?, version = ? WHERE survey_id = ? AND "
                             "gone_ms IS NULL RETURNING conversation_key");
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
    lacks_key = meta(kPrivacy).has_value();
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
  /// Whether a root must not be stored; then takes back what is known of it.
  bool refuses(const model::Batch& batch, const model::Root& root, Instant now);

  std::string path;
  Lock lock;
  SQLite::Database database;
  base::Zone zone;
  std::optional<KeyedHash> hash;
  Privacy privacy;
  bool lacks_key = false;  // the file has a profile, and `use` was not called
  std::optional<Writer> writer;
  std::optional<Erased> erased;
  std::optional<Ledger> ledger;
  std::optional<Listings> listings;
  std::optional<Chase> chase;
  std::optional<Days> days;
  std::optional<Statement> get_meta, put_meta, problem, survey_owner, mark_conversation,
      mark_surveys, delivered, mark_survey_gone;
  std::function<void()> hook, last_work;
  std::int64_t version = 0;  // of the transaction that is open, or of the last one
  bool is_open = false;
};

Warehouse::Warehouse(const Opening& opening) : impl_(std::make_unique<Impl>(opening)) {}
Warehouse::~Warehouse() { rollback(); }

void Warehouse::use(const PrivacyChoice& choice) {
  const auto recorded = meta(kPrivacy);
  const auto own = profile_named(recorded.value_or(""));
  const Profile profile = choice.profile.value_or(own.value_or(Profile::standard));
  if (own && *own != profile)
    throw Error(Fault::usage,
                fmt::format("the warehouse was written with privacy '{0}', and '{1}' is asked for: "
                            "one file has one profile. Set privacy = \"{0}\", or name a new file "
                            "with --db",
                            name(*own), name(profile)));
  KeyedHash hash(choice.key);
  const auto key_id = meta(kPrivacyKey);
  if (key_id && *key_id != hash.key_id())
    throw Error(Fault::usage,
                "the privacy key is not the one this warehouse was written with: name that key's "
                "file with privacy_key_file, or a new warehouse with --db");
  impl_->hash = std::move(hash);
  impl_->privacy = Privacy(profile, *impl_->hash);
  impl_->erased->use(*impl_->hash);
  impl_->lacks_key = false;
  const auto attributes =
      choice.attributes ? joined(*choice.attributes) : meta(kAttributes).value_or("");
  if (own && key_id && meta(kAttributes) == attributes) return;
  begin();
  set_meta(kPrivacy, name(profile));
  set_meta(kPrivacyKey, impl_->hash->key_id());
  set_meta(kAttributes, attributes);
  commit();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> Warehouse::attributes() const {
  return lines_of(meta(kAttributes).value_or(""));
}

void Warehouse::begin() {
  if (impl_->is_open) return;
  Statement(impl_->database, "BEGIN IMMEDIATE").run();
  impl_->is_open = true;
  ++impl_->version;
}

void Warehouse::commit() {
  if (!impl_->is_open) return;
  if (impl_->hook) impl_->hook();
  if (impl_->last_work) impl_->last_work();
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
void Warehouse::before_commit(std::function<void()> work) { impl_->last_work = std::move(work); }
std::int64_t Warehouse::version() const { return impl_->version; }
void Warehouse::raise_version(std::int64_t above) {
  impl_->version = std::max(impl_->version, above + 1);
}
void Warehouse::on_commit(std::function<void()> hook) { impl_->hook = std::move(hook); }

bool Warehouse::unchanged(const model::Table& table, std::string_view id, model::Digest digest,
                          const model::Digest* attributes) {
  const auto known = impl_->writer->known(table, id);
  return known && known->has_payload && !known->is_inferred && !known->gone &&
         known->digest == digest && (attributes == nullptr || known->attributes == *attributes);
}

bool Warehouse::Impl::refuses(const model::Batch& batch, const model::Root& root, Instant now) {
  const auto refusal = erased->refusal(batch, root, privacy);
  if (refusal == Erased::Refusal::none) return false;
  // So that what is heard of it later is refused too.
  if (refusal == Erased::Refusal::person) erased->add(Erased::Kind::conversation, root.id, now);
  const bool is_conversation = root.table->name == "conversations";
  std::string_view conversation = root.id;
  if (!is_conversation) {
    static const auto column = model::position(root.table->columns, "conversation_key");
    const auto cell = batch.cell(batch.rows(root).front(), column);
    if (cell.kind != model::Cell::Kind::text) return true;
    conversation = cell.text();
  }
  ledger->remove(kFollowUps, conversation);
  ledger->remove(kSurveys, conversation);
  // A survey, an event or a link may have told of it before it came.
  const bool is_news = refusal == Erased::Refusal::person;
  if (is_conversation && (is_news || writer->known(*root.table, root.id))) {
    Selection selection(database);
    selection.add_conversation(root.id);
    selection.remove();
  }
  return true;
}

Stored Warehouse::store(const model::Batch& batch, Instant now) {
  if (impl_->lacks_key) throw Error(Fault::internal, "the warehouse's privacy key was not given");
  begin();
  Stored stored;
  std::vector<std::pair<std::int64_t, Chase::Stored>> touched;  // conversations
  for (const auto& root : batch.roots) {
    if (impl_->refuses(batch, root, now)) continue;
    const bool is_record = root.table->name == "conversations";
    const bool tells_of_surveys =
        is_record && std::ranges::any_of(batch.rows(root), [](const model::Row& row) {
          return row.table->name == "conversation_surveys";
        });
    const auto told_before = tells_of_surveys ? impl_->chase->last_told(root.id) : std::nullopt;
    const auto written = impl_->writer->write(batch, root, impl_->version);
    stored.seen += root.is_embedded ? 0 : 1;
    if (!written.is_changed) continue;
    stored.changed += root.is_embedded ? 0 : 1;
    if (is_record) {
      if (const auto started = started_of(batch, root)) impl_->days->cover(*started);
      auto what = tells_of_surveys ? Chase::Stored::record_with_surveys : Chase::Stored::record;
      if (told_before && impl_->chase->last_told(root.id) > told_before)
        what = Chase::Stored::record_with_news;
      touched.emplace_back(written.key, what);
    } else if (root.table->name == "surveys") {
      auto& owner = impl_->survey_owner->with(written.key);
      if (owner.step() && !owner.is_null(0))
        touched.emplace_back(owner.integer(0), Chase::Stored::survey);
      owner.reset();
    }
  }
  for (const auto& [key, what] : touched) impl_->touch(key, what, now);
  for (const auto& hint : batch.hints) {
    if (!impl_->erased->covers(Erased::Kind::conversation, hint.conversation_id))
      impl_->chase->hear(hint, now);
  }
  for (const auto& p : batch.problems) impl_->problem->with(p.kind, p.place, p.example).run();
  return stored;
}

void Warehouse::begin_listing(const model::Table& table) { impl_->listings->begin(table); }
void Warehouse::list(const model::Table& table, std::string_view id) {
  impl_->listings->see(table, id);
}
void Warehouse::end_listing(const model::Table& table, Instant now) {
  impl_->listings->end(table, now, impl_->version);
}

bool Warehouse::conversation_gone(std::string_view id, Instant now) {
  begin();
  Statement(impl_->database,
            "UPDATE conversations SET gone_ms = ?, version = ? WHERE conversation_id = ? AND "
            "gone_ms IS NULL AND payload_hash IS NOT NULL")
      .with(base::to_ms(now), impl_->version, id)
      .run();
  return impl_->database.getChanges() > 0;
}

bool Warehouse::survey_gone(std::string_view id, Instant now) {
  begin();
  auto& row = impl_->mark_survey_gone->with(base::to_ms(now), impl_->version, id);
  if (!row.step()) return false;
  const bool has_owner = !row.is_null(0);
  const auto owner = has_owner ? row.integer(0) : 0;
  row.reset();
  if (has_owner) impl_->touch(owner, Chase::Stored::survey, now);
  return true;
}

void Warehouse::surveys_are(std::string_view conversation_id,
                            const std::vector<std::string_view>& survey_ids, Instant now) {
  auto& rows = impl_->delivered->with(conversation_id);
  std::vector<std::string> missing;
  while (rows.step()) {
    if (std::find(survey_ids.begin(), survey_ids.end(), rows.text(0)) == survey_ids.end())
      missing.emplace_back(rows.text(0));
  }
  for (const auto& id : missing) survey_gone(id, now);
}

void Warehouse::forget_payloads(const model::Table& table) {
  begin();
  Statement(
      impl_->database,
      fmt::format("UPDATE {} SET payload_hash = x'00' WHERE payload_hash IS NOT NULL", table.name))
      .run();
}

void Warehouse::forget_payload(const model::Table& table, std::string_view id) {
  begin();
  Statement(impl_->database,
            fmt::format("UPDATE {} SET payload_hash = x'00' WHERE {} = ? AND payload_hash IS NOT "
                        "NULL",
                        table.name, table.id))
      .with(id)
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

bool Warehouse::set_zone(const std::string& name, Instant now) {
  base::Zone other(name);
  const auto before = meta("timezone");
  if (before == other.name()) return false;
  begin();
  std::swap(impl_->zone, other);
  try {
    relocate(impl_->database, impl_->zone);
    for (const char* root : {"conversations", "surveys"})
      Statement(impl_->database, fmt::format("UPDATE {} SET version = ?", root))
          .with(impl_->version)
          .run();
    set_meta("timezone", name);
    Statement(impl_->database,
              "INSERT INTO sync_audit (at_ms, act, detail) SELECT ?, 'timezone', ? WHERE EXISTS "
              "(SELECT 1 FROM interactions)")
        .with(base::to_ms(now), fmt::format("{} -> {}", before.value_or("UTC"), name))
        .run();
    commit();
  } catch (...) {
    std::swap(impl_->zone, other);
    rollback();
    throw;
  }
  return true;
}

bool Warehouse::set_measures(const std::vector<Measure>& measures) {
  if (stored_measures(impl_->database) == measures) return false;
  begin();
  try {
    replace_measures(impl_->database, measures);
    impl_->chase->derive_again(impl_->database, impl_->zone, impl_->version);
    commit();
  } catch (...) {
    rollback();
    throw;
  }
  return true;
}

Ledger& Warehouse::ledger() { return *impl_->ledger; }
Chase& Warehouse::chase() { return *impl_->chase; }
Erased& Warehouse::erased() { return *impl_->erased; }
Privacy& Warehouse::privacy() { return impl_->privacy; }
SQLite::Database& Warehouse::database() { return impl_->database; }

std::int64_t Warehouse::file_bytes() const {
  const auto number = [&](const char* pragma) {
    Statement row(impl_->database, pragma);
    row.step();
    return row.integer(0);
  };
  return number("PRAGMA page_count") * number("PRAGMA page_size");
}

}  // namespace csatdb::warehouse

#include "warehouse/erasure.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "base/error.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::warehouse {
namespace {

using base::Instant;

constexpr std::string_view kCompactionDue = "compaction_due";

/// What is deleted while it lives is overwritten, not just given up.
class Overwriting {
 public:
  explicit Overwriting(SQLite::Database& database) : database_(database) { set("ON"); }
  ~Overwriting() {
    try {
      set("OFF");
    } catch (const base::Error&) {
      // The next deletion takes longer than it must, and is as good.
    }
  }
  Overwriting(const Overwriting&) = delete;
  Overwriting& operator=(const Overwriting&) = delete;

 private:
  void set(const char* value) {
    Statement(database_, fmt::format("PRAGMA secure_delete = {}", value)).run();
  }
  SQLite::Database& database_;
};

void note_compaction(Warehouse& warehouse, Instant now) {
  if (!compaction_due(warehouse)) warehouse.set_meta(kCompactionDue, base::to_iso(now));
}

std::vector<std::string> text_indexes(SQLite::Database& database) {
  std::vector<std::string> names;
  Statement rows(database,
                 "SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'");
  while (rows.step()) names.emplace_back(rows.text(0));
  return names;
}

void empty_log(SQLite::Database& database) {
  Statement checkpoint(database, "PRAGMA wal_checkpoint(TRUNCATE)");
  const bool is_busy = checkpoint.step() && checkpoint.integer(0) != 0;
  checkpoint.reset();
  if (is_busy)
    throw base::Error(
        base::Fault::busy,
        "erased, but another program is still reading what the file held before: close "
        "it and run the command again to clear the rest");
}

}  // namespace

Selection select(Warehouse& warehouse, const std::vector<Person>& persons,
                 const model::Table& conversations) {
  Selection selection(warehouse.database());
  for (const auto& person : persons) {
    switch (person.kind) {
      case Erased::Kind::contact:
        selection.add_contact(person.id);
        break;
      case Erased::Kind::address:
        selection.add_address(person.id, conversations, warehouse.privacy());
        break;
      default:
        selection.add_conversation(person.id);
    }
  }
  return selection;
}

void forget(Warehouse& warehouse, Selection& selection, const std::vector<Person>& persons,
            Instant now) {
  const Overwriting overwriting(warehouse.database());
  warehouse.begin();
  auto& erased = warehouse.erased();
  for (const auto& id : selection.conversations()) erased.add(Erased::Kind::conversation, id, now);
  for (const auto& id : selection.surveys()) erased.add(Erased::Kind::survey, id, now);
  const auto found = selection.extent();
  for (const auto& person : persons) {
    if (person.kind != Erased::Kind::conversation) erased.add(person.kind, person.id, now);
    audit(warehouse, "forget",
          fmt::format("{} {}", Erased::name(person.kind), erased.hash(person.kind, person.id)), 0,
          now);
  }
  audit(warehouse, "forget",
        fmt::format("{} conversations, {} surveys", found.conversations, found.surveys),
        found.conversations + found.surveys, now);
  selection.unlink(warehouse.version());
  selection.remove();
  note_compaction(warehouse, now);
  warehouse.commit();
}

Extent prune(Warehouse& warehouse, Instant floor, Instant now) {
  const Overwriting overwriting(warehouse.database());
  warehouse.begin();
  Selection selection(warehouse.database());
  selection.add_before(floor);
  const auto found = selection.extent();
  warehouse.erased().raise_floor(floor);
  if (found.conversations + found.surveys > 0) {
    selection.remove();
    audit(warehouse, "prune", fmt::format("before {}", base::to_date(base::day_of(floor))),
          found.conversations + found.surveys, now);
    note_compaction(warehouse, now);
  }
  auto& database = warehouse.database();
  const auto ms = base::to_ms(floor);
  Statement(database, "DELETE FROM sync_scopes WHERE scope LIKE '____-__-__' AND order_ms < ?")
      .with(ms)
      .run();
  Statement(database, "DELETE FROM sync_heard WHERE heard_ms < ?").with(ms).run();
  Statement(database, "DELETE FROM utc_days WHERE utc_day < ? / 86400000").with(ms).run();
  warehouse.commit();
  return found;
}

void audit(Warehouse& warehouse, std::string_view act, std::string_view detail,
           std::int64_t rows_removed, Instant now) {
  Statement(warehouse.database(),
            "INSERT INTO sync_audit (at_ms, act, detail, rows_removed) VALUES (?, ?, ?, ?)")
      .with(base::to_ms(now), act, detail, rows_removed)
      .run();
}

std::optional<Instant> compaction_due(const Warehouse& warehouse) {
  const auto since = warehouse.meta(kCompactionDue).value_or("");
  return since.empty() ? std::nullopt : base::parse_instant(since);
}

void compact(Warehouse& warehouse) {
  auto& database = warehouse.database();
  {
    const Overwriting overwriting(database);
    warehouse.begin();
    // Words of erased texts stay in a text index until it is made anew.
    for (const auto& index : text_indexes(database))
      Statement(database, fmt::format("INSERT INTO {0} ({0}) VALUES ('rebuild')", index)).run();
    warehouse.commit();
  }
  Statement(database, "VACUUM").run();
  empty_log(database);
  warehouse.begin();
  warehouse.set_meta(kCompactionDue, "");
  warehouse.commit();
}

Instant floor_of(base::Millis age, Instant now) { return Instant{base::day_of(now - age)}; }

}  // namespace csatdb::warehouse

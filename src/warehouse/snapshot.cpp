#include "warehouse/snapshot.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <vector>

#include "base/error.hpp"
#include "base/stop.hpp"
#include "embed/sql_files.hpp"
#include "warehouse/draft.hpp"
#include "warehouse/examine.hpp"
#include "warehouse/query.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::warehouse {
namespace fs = std::filesystem;
namespace {

using base::Error;
using base::Fault;
using model::Personal;

constexpr int kStepsBetweenLooks = 100'000;  // of SQLite's machine: some milliseconds
constexpr int kBusyMs = 10'000;

SQLite::Database opened(const std::string& path, int flags) {
  return translated([&] { return SQLite::Database(path, flags | SQLite::OPEN_NOMUTEX, kBusyMs); });
}

void execute(SQLite::Database& database, const std::string& sql) {
  char* detail = nullptr;
  const int code = sqlite3_exec(database.getHandle(), sql.c_str(), nullptr, nullptr, &detail);
  const std::string what(detail != nullptr ? detail : "");
  sqlite3_free(detail);
  if (code == SQLITE_INTERRUPT) throw Error(Fault::interrupted, "interrupted");
  if (code != SQLITE_OK) throw storage_error(code, what);
}

std::string sql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

std::vector<std::string> texts(SQLite::Database& database, const std::string& sql) {
  std::vector<std::string> all;
  Statement rows(database, sql);
  while (rows.step()) all.emplace_back(rows.text(0));
  return all;
}

/// Looks at the signals, and tells how far it is, while SQLite works.
struct Watch {
  const SnapshotOrder& order;
  std::string draft;
  std::int64_t expected;

  static int look(void* self) {
    auto& watch = *static_cast<Watch*>(self);
    std::error_code none;
    const auto bytes = fs::file_size(watch.draft, none);
    if (!none && watch.order.progress)
      watch.order.progress(static_cast<std::int64_t>(bytes), watch.expected);
    return base::stop::requested() ? 1 : 0;
  }
  void over(SQLite::Database& database) {
    sqlite3_progress_handler(database.getHandle(), kStepsBetweenLooks, look, this);
  }
};

bool is_kept_for_managers(Personal personal) {
  return personal == Personal::none || personal == Personal::staff_name ||
         personal == Personal::survey_text;
}

/// One statement a table, over all its rows once.
void empty_columns(SQLite::Database& database, const model::Table& table) {
  std::string sets;
  for (const auto& column : table.columns) {
    if (!is_kept_for_managers(column.personal))
      sets += fmt::format("{}{} = NULL", sets.empty() ? "" : ", ", column.name);
  }
  if (!sets.empty()) execute(database, fmt::format("UPDATE {} SET {}", table.name, sets));
  for (const auto& child : table.children) empty_columns(database, *child.table);
}

void strip_for_managers(SQLite::Database& database, const SnapshotOrder& order) {
  for (const auto* table : order.tables) empty_columns(database, *table);
  // Bytes are bodies as delivered, fingerprints and hashes of the erased: nothing to read.
  for (const auto& sql : texts(
           database,
           "SELECT CASE max(c.\"notnull\") WHEN 1 THEN 'DELETE FROM ' || t.name ELSE 'UPDATE ' || "
           "t.name || ' SET ' || group_concat(c.name || ' = NULL') END FROM pragma_table_list t "
           "JOIN pragma_table_info(t.name) c ON upper(c.type) = 'BLOB' "
           "WHERE t.schema = 'main' AND t.type = 'table' GROUP BY t.name"))
    execute(database, sql);
  execute(database, "DELETE FROM sync_audit");
}

void strip_for_anyone(SQLite::Database& database) {
  const auto drops = texts(
      database,
      "SELECT 'DROP ' || CASE type WHEN 'view' THEN 'VIEW' ELSE 'TABLE' END || ' IF EXISTS \"' || "
      "name || '\"' FROM pragma_table_list WHERE schema = 'main' AND type IN ('view', 'virtual', "
      "'table') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type DESC");
  execute(database, embed::find("src/warehouse/public_audience.sql")->text);
  for (const auto& drop : drops) execute(database, drop);
  execute(database, "DROP TABLE IF EXISTS sqlite_stat1");
  execute(database, fmt::format("PRAGMA application_id = {}", kPublicSnapshotId));
}

std::string_view name(Audience audience) {
  switch (audience) {
    case Audience::full:
      return "full";
    case Audience::managers:
      return "managers";
    case Audience::anyone:
      return "public";
  }
  return "";
}

/// Whom the snapshot in a file of ours is for; "" for a warehouse.
std::string snapshot_at(const fs::path& file) try {
  auto database = opened(file.string(), SQLite::OPEN_READONLY);
  return snapshot_of(database);
} catch (const Error& error) {
  throw Error(error.fault(),
              fmt::format("{} is there and cannot be read ({}); or name another file",
                          file.string(), error.what()));
}

/// A snapshot may take the place of a snapshot, or of nothing.
void check_target(const SnapshotOrder& order) {
  std::error_code none;
  const auto& target = order.target;
  for (const char* suffix : {"-wal", "-journal"}) {
    if (fs::file_size(target.string() + suffix, none) > 0 && !none)
      throw Error(Fault::usage, fmt::format("{}{} is there: something writes into the file, so no "
                                            "snapshot can replace it",
                                            target.string(), suffix));
  }
  if (!fs::exists(target, none) || fs::file_size(target, none) == 0) return;
  std::string there;
  if (fs::is_regular_file(target, none) && !fs::equivalent(target, order.warehouse, none) &&
      claims_to_be_ours(target.string()))
    there = snapshot_at(target);
  if (there.empty())
    throw Error(Fault::usage, fmt::format("{} is there and no snapshot: name another file, or "
                                          "remove it first",
                                          target.string()));
  // Whoever may read the one need not be allowed to read the other.
  if (there != name(order.audience))
    throw Error(Fault::usage, fmt::format("{0} is a snapshot for the audience {1}: say --audience "
                                          "{1}, or remove it first",
                                          target.string(), there));
}

}  // namespace

std::string snapshot_of(SQLite::Database& database) {
  Statement id(database, "PRAGMA application_id");
  if (id.step() && id.integer(0) == kPublicSnapshotId) return "public";
  Statement meta(database, "SELECT value FROM sync_meta WHERE key = 'snapshot'");
  return meta.step() ? std::string(meta.text(0)) : std::string();
}

void write_snapshot(const SnapshotOrder& order) {
  Reader{order.warehouse};  // says what is wrong with a file that is no warehouse of this csatdb
  check_target(order);
  Draft draft(order.target, order.target.string() + ".XXXXXX");
  std::error_code none;
  Watch watch{order, draft.path(), static_cast<std::int64_t>(fs::file_size(order.warehouse, none))};
  {
    // SQLite 3.40 cannot copy generated columns out of a file that it may not write.
    auto source = opened(order.warehouse, SQLite::OPEN_READWRITE);
    if (sqlite3_db_readonly(source.getHandle(), "main") == 1)
      throw Error(Fault::storage, fmt::format("{} may not be written by this user: take the "
                                              "snapshot as its owner",
                                              order.warehouse));
    watch.over(source);
    execute(source, fmt::format("VACUUM INTO {}", sql_text(draft.path())));
  }
  {
    auto copy = opened(draft.path(), SQLite::OPEN_READWRITE);
    watch.over(copy);
    // Nobody reads a draft: what fails is thrown away.
    execute(copy, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
    Statement(copy, "INSERT OR REPLACE INTO sync_meta VALUES ('snapshot', ?)")
        .with(name(order.audience))
        .run();
    if (order.audience == Audience::managers) strip_for_managers(copy, order);
    if (order.audience == Audience::anyone) strip_for_anyone(copy);
    execute(copy, "COMMIT");
    // What was taken out must not stay behind in free pages.
    if (order.audience != Audience::full) execute(copy, "VACUUM");
    execute(copy, "PRAGMA journal_mode = DELETE");
  }
  draft.publish(order.mode);
}

}  // namespace csatdb::warehouse

#include "warehouse/migrations.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <charconv>
#include <filesystem>

#include "base/log.hpp"
#include "base/time.hpp"
#include "embed/sql_files.hpp"
#include "warehouse/draft.hpp"
#include "warehouse/snapshot.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::warehouse {
namespace {

using base::Error;
using base::Fault;

std::string sha256(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  std::string hex;
  for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
  return hex;
}

std::int64_t pragma(SQLite::Database& database, const char* name) {
  Statement row(database, fmt::format("PRAGMA {}", name));
  return row.step() ? row.integer(0) : 0;
}

void execute(SQLite::Database& database, const std::string& sql) {
  char* message = nullptr;
  const int code = sqlite3_exec(database.getHandle(), sql.c_str(), nullptr, nullptr, &message);
  const std::string detail = message != nullptr ? message : "";
  sqlite3_free(message);
  if (code != SQLITE_OK)
    throw storage_error(sqlite3_extended_errcode(database.getHandle()), detail);
}

/// Runs the work in a transaction of its own.
template <class Work>
void atomically(SQLite::Database& database, Work work) {
  execute(database, "BEGIN IMMEDIATE");
  try {
    work();
    execute(database, "COMMIT");
  } catch (...) {
    sqlite3_exec(database.getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
    throw;
  }
}

void recreate_views(SQLite::Database& database) {
  std::string drops;
  for (Statement row(database, "SELECT name FROM sqlite_schema WHERE type = 'view'"); row.step();)
    drops += fmt::format("DROP VIEW \"{}\";", row.text(0));
  execute(database, drops + embed::find("schema/views.sql")->text);
}

/// Keeps a copy in place of the one before; one that was cut short has another name, and is made
/// anew.
void back_up(SQLite::Database& database, const std::string& path, int number) {
  const auto stem = path + ".before-";
  const auto backup = fmt::format("{}{:04}", stem, number);
  Draft draft(backup, backup + ".partial");
  Statement(database, "VACUUM INTO ?").with(draft.path()).run();
  draft.publish(std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::error_code none;  // an older copy that stays does no harm
  for (int older = 1; older < number; ++older)
    std::filesystem::remove(fmt::format("{}{:04}", stem, older), none);
  base::log::info("the schema changes: a copy of the warehouse is kept as {}", backup);
}

constexpr const char* kViewsOf = "views_sha256";

}  // namespace

std::vector<Migration> migrations() {
  std::vector<Migration> out;
  for (const auto& file : embed::sql_files("migrations")) {
    Migration m;
    const auto stem = file.stem();
    std::from_chars(stem.data(), stem.data() + stem.size(), m.number);
    m.name = stem;
    m.sql = file.text;
    m.sha256 = sha256(file.text);
    if (m.number != static_cast<int>(out.size()) + 1)
      throw Error(Fault::internal, fmt::format("migration {} is out of order", m.name));
    out.push_back(std::move(m));
  }
  return out;
}

Unusable foreign() {
  return Unusable("the file is a database of another program: name a new file with --db");
}

int applied(SQLite::Database& database, const std::vector<Migration>& known) {
  const auto application = pragma(database, "application_id");
  if (application == kPublicSnapshotId)
    throw Unusable(
        "the file is a snapshot for the public, which holds counts and sums "
        "alone: read it with sqlite3 or a BI tool");
  if (application != kApplicationId) {
    Statement tables(database, "SELECT count(*) FROM sqlite_schema");
    tables.step();
    if (tables.integer(0) == 0) return 0;
    throw foreign();
  }
  Statement rows(database, "SELECT version, name, sha256 FROM sync_migrations ORDER BY version");
  int count = 0;
  while (rows.step()) {
    const auto version = rows.integer(0);
    if (version > static_cast<std::int64_t>(known.size()))
      throw Unusable(
          fmt::format("the warehouse was written by a newer csatdb (schema "
                      "{}, this one knows {}): update csatdb",
                      rows.text(1), known.size()));
    if (version != count + 1)
      throw Unusable(
          fmt::format("the warehouse's record of its schema steps has a gap before {}: "
                      "restore a backup or a snapshot, or sync into a new file",
                      rows.text(1)));
    if (known[static_cast<std::size_t>(count)].sha256 != rows.text(2))
      throw Unusable(
          fmt::format("the warehouse's schema step {} is not the one this "
                      "csatdb knows: use the csatdb that wrote it",
                      rows.text(1)));
    ++count;
  }
  return count;
}

void require_current(SQLite::Database& database) {
  const auto known = migrations();
  const auto done = static_cast<std::size_t>(applied(database, known));
  if (done < known.size())
    throw Error(Fault::storage,
                done == 0 ? "the file holds no warehouse yet: run `csatdb sync` first"
                          : "the warehouse was written by an older csatdb: run `csatdb sync` once, "
                            "which brings it up to date");
}

void migrate(SQLite::Database& database, const std::string& path) {
  const auto known = migrations();
  const auto done = static_cast<std::size_t>(applied(database, known));
  if (pragma(database, "application_id") != kApplicationId) {
    atomically(database, [&] {
      execute(database, fmt::format("PRAGMA application_id = {}", kApplicationId));
      execute(database,
              "CREATE TABLE sync_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, "
              "sha256 TEXT NOT NULL, applied_ms INTEGER NOT NULL) STRICT");
    });
  } else if (done > 0 && done < known.size()) {
    back_up(database, path, known[done].number);
  }
  for (std::size_t i = done; i < known.size(); ++i) {
    atomically(database, [&] {
      execute(database, known[i].sql);
      Statement(database, "INSERT INTO sync_migrations VALUES (?, ?, ?, ?)")
          .with(known[i].number, known[i].name, known[i].sha256,
                base::to_ms(base::SystemClock().now()))
          .run();
    });
  }
  // Views are code: whenever this binary's differ from the file's, they are made anew.
  const std::string views = sha256(embed::find("schema/views.sql")->text);
  Statement current(database, "SELECT value FROM sync_meta WHERE key = ?");
  current.with(kViewsOf);
  if (current.step() && current.text(0) == views) return;
  current.reset();
  atomically(database, [&] {
    recreate_views(database);
    Statement(database,
              "INSERT INTO sync_meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = "
              "excluded.value")
        .with(kViewsOf, views)
        .run();
  });
}

}  // namespace csatdb::warehouse

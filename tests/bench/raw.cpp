#include "bench/raw.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>

namespace csatdb::bench {
namespace {

constexpr std::int64_t kGroup = 1000;  // conversations to a transaction: what ten pages hold

struct Close {
  void operator()(sqlite3* d) const { sqlite3_close(d); }
};
struct Finalize {
  void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};
using Database = std::unique_ptr<sqlite3, Close>;
using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

Database open(const std::string& path, int flags) {
  sqlite3* made = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &made, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(made);
  if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(made));
  return database;
}

void run(const Database& database, const std::string& sql) {
  char* problem = nullptr;
  if (sqlite3_exec(database.get(), sql.c_str(), nullptr, nullptr, &problem) != SQLITE_OK)
    throw std::runtime_error(problem != nullptr ? problem : "a statement failed");
}

Prepared prepare(const Database& database, const std::string& sql) {
  sqlite3_stmt* made = nullptr;
  if (sqlite3_prepare_v3(database.get(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &made,
                         nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(database.get()));
  return Prepared(made);
}

std::string text(sqlite3_stmt* row, int column) {
  const auto* chars = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
  return chars != nullptr ? chars : "";
}

template <class T>
void append(std::string& values, T value) {
  values.append(reinterpret_cast<const char*>(&value), sizeof value);
}
template <class T>
T take(const char*& at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  at += sizeof value;
  return value;
}

/// Binds a packed row; text and blob point into the memory it lies in.
void bind(sqlite3_stmt* insert, int columns, const char*& at) {
  for (int i = 1; i <= columns; ++i) {
    const int kind = *at++;
    if (kind == SQLITE_INTEGER) {
      sqlite3_bind_int64(insert, i, take<std::int64_t>(at));
    } else if (kind == SQLITE_FLOAT) {
      sqlite3_bind_double(insert, i, take<double>(at));
    } else if (kind == SQLITE_NULL) {
      sqlite3_bind_null(insert, i);
    } else {
      const auto size = take<std::uint32_t>(at);
      if (kind == SQLITE_TEXT)
        sqlite3_bind_text(insert, i, at, static_cast<int>(size), SQLITE_STATIC);
      else
        sqlite3_bind_blob(insert, i, at, static_cast<int>(size), SQLITE_STATIC);
      at += size;
    }
  }
}

}  // namespace

RawRows::RawRows(const std::string& path) {
  const auto database = open(path, SQLITE_OPEN_READONLY);
  const auto objects = prepare(
      database,
      "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND type IN ('table', "
      "'index') AND name NOT LIKE 'sync_%' AND sql NOT LIKE 'CREATE VIRTUAL%' "
      "AND tbl_name NOT LIKE 'sync_%' AND tbl_name NOT LIKE '%\\_fts%' ESCAPE '\\' "
      "AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
  std::vector<std::string> tables;
  while (sqlite3_step(objects.get()) == SQLITE_ROW) {
    schema_ += text(objects.get(), 2) + ";\n";
    if (text(objects.get(), 0) == "table") tables.push_back(text(objects.get(), 1));
  }
  for (const auto& table : tables) {
    std::string key;
    const auto columns = prepare(database, fmt::format("PRAGMA table_info({})", table));
    while (sqlite3_step(columns.get()) == SQLITE_ROW)
      if (text(columns.get(), 1) == "conversation_key") key = "conversation_key";
    read(path, table, key);
  }
}

void RawRows::pack(std::string& values, void* statement, int columns) {
  auto* row = static_cast<sqlite3_stmt*>(statement);
  for (int i = 0; i < columns; ++i) {
    const int kind = sqlite3_column_type(row, i);
    values += static_cast<char>(kind);
    if (kind == SQLITE_INTEGER) {
      append(values, sqlite3_column_int64(row, i));
    } else if (kind == SQLITE_FLOAT) {
      append(values, sqlite3_column_double(row, i));
    } else if (kind != SQLITE_NULL) {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, i));
      append(values, static_cast<std::uint32_t>(sqlite3_column_bytes(row, i)));
      if (bytes != nullptr)
        values.append(bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, i)));
    }
  }
}

void RawRows::read(const std::string& path, const std::string& table, const std::string& key) {
  const auto database = open(path, SQLITE_OPEN_READONLY);
  std::string names, places;
  int columns = 0;
  const auto info = prepare(database, fmt::format("PRAGMA table_info({})", table));
  while (sqlite3_step(info.get()) == SQLITE_ROW) {
    names += (columns > 0 ? ", " : "") + text(info.get(), 1);
    places += columns++ > 0 ? ", ?" : "?";
  }
  const auto rows = prepare(database, fmt::format("SELECT {0}, {1} FROM {2} ORDER BY {3}", names,
                                                  key.empty() ? "0" : "coalesce(" + key + ", 0)",
                                                  table, key.empty() ? "1" : key));
  while (sqlite3_step(rows.get()) == SQLITE_ROW) {
    const auto group = static_cast<std::size_t>(sqlite3_column_int64(rows.get(), columns) / kGroup);
    if (groups_.size() <= group) groups_.resize(group + 1);
    auto& batches = groups_[group];
    const std::string sql = fmt::format("INSERT INTO {} ({}) VALUES ({})", table, names, places);
    if (batches.empty() || batches.back().sql != sql) batches.push_back({sql, columns, {}, 0});
    pack(batches.back().values, rows.get(), columns);
    ++batches.back().count;
  }
}

Cost RawRows::insert_into(const std::string& path) const {
  const Watch watch;
  const auto database = open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  run(database,
      "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA "
      "cache_size = -8192; PRAGMA temp_store = FILE; PRAGMA secure_delete = OFF; PRAGMA "
      "wal_autocheckpoint = 4000");
  run(database, schema_);
  std::map<std::string, Prepared> inserts;
  for (const auto& batches : groups_) {
    run(database, "BEGIN");
    for (const auto& batch : batches) {
      auto& insert = inserts[batch.sql];
      if (!insert) insert = prepare(database, batch.sql);
      const char* at = batch.values.data();
      for (std::int64_t i = 0; i < batch.count; ++i) {
        bind(insert.get(), batch.columns, at);
        if (sqlite3_step(insert.get()) != SQLITE_DONE)
          throw std::runtime_error(sqlite3_errmsg(database.get()));
        sqlite3_reset(insert.get());
      }
    }
    run(database, "COMMIT");
  }
  return watch.so_far();
}

}  // namespace csatdb::bench

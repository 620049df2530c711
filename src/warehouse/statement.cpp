#include "warehouse/statement.hpp"

#include <fmt/format.h>

namespace csatdb::warehouse {

using base::Error;
using base::Fault;

namespace {

// Before a statement changes many rows SQLite notes the pages as they were, in memory up to so many
// bytes. Its own 64 KiB are soon passed, and then every statement of the transaction writes them to
// a file: nine of ten writes of a sync. SQLite 3.40 moves no more than this at once to that file,
// and takes the rest for a full disk. To be set before SQLite is first used, for the process.
constexpr int kStatementJournalBytes = 0x1FFFF;
[[maybe_unused]] const int kIsSet =
    sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, kStatementJournalBytes);

}  // namespace

Error storage_error(int code, std::string_view detail) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Fault::busy, fmt::format("the warehouse is locked by another program ({}): close it, "
                                       "or try again later",
                                       detail)};
    case SQLITE_FULL:
      return {Fault::storage,
              fmt::format("the disk is full ({}): free space and run again (temporary files go to "
                          "$TMPDIR, else /var/tmp); nothing stored so far is lost",
                          detail)};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Fault::storage,
              fmt::format("the file is damaged or no database ({}): restore a backup "
                          "or a snapshot, or sync into a new file",
                          detail)};
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      return {Fault::storage,
              fmt::format("the warehouse cannot be opened or written ({}): check the "
                          "permissions of the file and of its folder",
                          detail)};
    case SQLITE_IOERR:
      return {Fault::storage,
              fmt::format("the disk failed ({}): check it and run again; everything "
                          "committed before is kept",
                          detail)};
    default:
      return {Fault::storage,
              fmt::format("the warehouse refused a statement ({}): see what `csatdb doctor` "
                          "finds, or restore a backup",
                          detail)};
  }
}

Statement::Statement(SQLite::Database& database, std::string_view sql)
    : database_(database.getHandle()) {
  sqlite3_stmt* made = nullptr;
  const int code = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  statement_.reset(made);
  check(code);
}

void Statement::refuse() const {
  throw storage_error(sqlite3_extended_errcode(database_), sqlite3_errmsg(database_));
}

Statement& Statement::bind(int index, std::int64_t value) {
  check(sqlite3_bind_int64(handle(), index, value));
  return *this;
}
Statement& Statement::bind(int index, std::string_view value) {
  check(sqlite3_bind_text64(handle(), index, value.data() != nullptr ? value.data() : "",
                            value.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}
Statement& Statement::bind_real(int index, double value) {
  check(sqlite3_bind_double(handle(), index, value));
  return *this;
}
Statement& Statement::bind_blob(int index, std::string_view bytes) {
  check(sqlite3_bind_blob64(handle(), index, bytes.data(), bytes.size(), SQLITE_STATIC));
  return *this;
}
Statement& Statement::bind_null(int index) {
  check(sqlite3_bind_null(handle(), index));
  return *this;
}
Statement& Statement::bind(int index, std::optional<std::int64_t> value) {
  return value ? bind(index, *value) : bind_null(index);
}

bool Statement::step() {
  const int code = sqlite3_step(handle());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    const Error error =
        storage_error(sqlite3_extended_errcode(database_), sqlite3_errmsg(database_));
    sqlite3_reset(handle());
    throw error;
  }
  sqlite3_reset(handle());
  return false;
}
void Statement::run() {
  while (step()) {
  }
}
// The result code of a reset repeats the step's error, which has been thrown already.
void Statement::reset() { sqlite3_reset(handle()); }
void Statement::clear() { sqlite3_clear_bindings(handle()); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle(), column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle(), column); }
double Statement::real(int column) const { return sqlite3_column_double(handle(), column); }
std::string_view Statement::text(int column) const {
  const auto* chars = reinterpret_cast<const char*>(sqlite3_column_text(handle(), column));
  if (chars == nullptr) return {};
  return {chars, static_cast<std::size_t>(sqlite3_column_bytes(handle(), column))};
}
std::string_view Statement::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle(), column))};
}
std::optional<std::int64_t> Statement::maybe_integer(int column) const {
  return is_null(column) ? std::nullopt : std::optional(integer(column));
}
std::optional<double> Statement::maybe_real(int column) const {
  return is_null(column) ? std::nullopt : std::optional(real(column));
}
std::optional<std::string> Statement::maybe_text(int column) const {
  return is_null(column) ? std::nullopt : std::optional(std::string(text(column)));
}

}  // namespace csatdb::warehouse

#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace csatdb::warehouse {

/// The error of a SQLite result code: Fault::storage (Fault::busy where another process holds a
/// lock), with what to do next.
base::Error storage_error(int code, std::string_view detail);

/// Does the work; what SQLiteCpp throws meanwhile becomes the `storage_error` it stands for.
template <class Work>
auto translated(Work work) {
  try {
    return work();
  } catch (const SQLite::Exception& error) {
    throw storage_error(error.getErrorCode(), error.what());
  }
}

/// A prepared statement that binds texts as views (SQLiteCpp's own copies them or wants them
/// terminated) and throws base::Error. Bound texts must live until the statement has run.
class Statement {
 public:
  Statement(SQLite::Database& database, std::string_view sql);

  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::string_view value);
  Statement& bind_real(int index, double value);
  Statement& bind_blob(int index, std::string_view bytes);
  Statement& bind_null(int index);
  Statement& bind(int index, std::optional<std::int64_t> value);
  /// Binds 1, 2, … in order: integers, texts, optionals, nullptr.
  template <class... Values>
  Statement& with(const Values&... values) {
    reset();
    int index = 0;
    (bind_any(++index, values), ...);
    return *this;
  }

  /// Goes to the next row; false at the end (and resets).
  bool step();
  /// Runs to the end and resets.
  void run();
  void reset();
  void clear();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;  ///< valid until the next step
  std::string_view blob(int column) const;
  std::optional<std::int64_t> maybe_integer(int column) const;
  std::optional<double> maybe_real(int column) const;
  std::optional<std::string> maybe_text(int column) const;
  sqlite3_stmt* handle() const { return statement_.get(); }

 private:
  void bind_any(int i, std::int64_t v) { bind(i, v); }
  void bind_any(int i, int v) { bind(i, std::int64_t{v}); }
  void bind_any(int i, bool v) { bind(i, std::int64_t{v}); }
  void bind_any(int i, double v) { bind_real(i, v); }
  void bind_any(int i, std::string_view v) { bind(i, v); }
  void bind_any(int i, const char* v) { bind(i, std::string_view(v)); }
  void bind_any(int i, const std::string& v) { bind(i, std::string_view(v)); }
  void bind_any(int i, std::nullptr_t) { bind_null(i); }
  void bind_any(int i, const std::optional<std::int64_t>& v) { bind(i, v); }
  void bind_any(int i, const std::optional<double>& v) {
    v ? void(bind_real(i, *v)) : void(bind_null(i));
  }
  void bind_any(int i, const std::optional<std::string>& v) {
    v ? void(bind(i, std::string_view(*v))) : void(bind_null(i));
  }

  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  void check(int code) const {
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) refuse();
  }
  [[noreturn]] void refuse() const;
  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace csatdb::warehouse

#include "warehouse/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "warehouse/examine.hpp"
#include "warehouse/migrations.hpp"
#include "warehouse/statement.hpp"

namespace csatdb::warehouse {
namespace {

using base::Error;
using base::Fault;

constexpr int kCacheKiB = 64 * 1024;  // reports scan; performance.md 6 measured with this

SQLite::Database open_file(const std::string& path) {
  std::error_code none;
  if (!std::filesystem::exists(path, none))
    throw Error(Fault::usage, fmt::format("there is no warehouse {}: run `csatdb sync` first, or "
                                          "name another file with --db",
                                          path));
  return open_to_read(path);
}

/// A statement of a text and what follows it.
class Prepared {
 public:
  /// Takes the first statement off `sql`; empty if only blanks and comments are left.
  Prepared(sqlite3* database, std::string_view& sql) : database_(database) {
    sqlite3_stmt* made = nullptr;
    const char* rest = nullptr;
    const int code =
        sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), 0, &made, &rest);
    statement_.reset(made);
    if (code != SQLITE_OK) fail();
    sql.remove_prefix(static_cast<std::size_t>(rest - sql.data()));
    if (made != nullptr && sqlite3_stmt_readonly(made) == 0)
      throw Error(Fault::internal, "a query would change the warehouse: it was not run");
  }
  explicit operator bool() const { return statement_ != nullptr; }

  void bind(const Parameters& parameters) {
    for (int i = 1; i <= sqlite3_bind_parameter_count(handle()); ++i) {
      const char* name = sqlite3_bind_parameter_name(handle(), i);
      const auto at =
          name != nullptr ? parameters.find(std::string_view(name + 1)) : parameters.end();
      if (at != parameters.end()) bind(i, at->second);
    }
  }
  bool step() {
    const int code = sqlite3_step(handle());
    if (code != SQLITE_ROW && code != SQLITE_DONE) fail();
    return code == SQLITE_ROW;
  }
  std::vector<Column> columns() const {
    std::vector<Column> out;
    for (int i = 0; i < sqlite3_column_count(handle()); ++i) {
      const auto text = [](const char* chars) {
        return std::string(chars != nullptr ? chars : "");
      };
      out.push_back({text(sqlite3_column_name(handle(), i)),
                     text(sqlite3_column_decltype(handle(), i)),
                     text(sqlite3_column_table_name(handle(), i)),
                     text(sqlite3_column_origin_name(handle(), i))});
    }
    return out;
  }
  Value value(int i) const {
    switch (sqlite3_column_type(handle(), i)) {
      case SQLITE_NULL:
        return {};
      case SQLITE_INTEGER:
        return static_cast<std::int64_t>(sqlite3_column_int64(handle(), i));
      case SQLITE_FLOAT:
        return sqlite3_column_double(handle(), i);
      default:
        break;
    }
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle(), i));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle(), i));
    return bytes != nullptr ? std::string(bytes, size) : std::string();
  }
  sqlite3_stmt* handle() const { return statement_.get(); }

 private:
  void bind(int i, const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      sqlite3_bind_int64(handle(), i, *integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
      sqlite3_bind_double(handle(), i, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      sqlite3_bind_text64(handle(), i, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
  }
  [[noreturn]] void fail() const {
    const int code = sqlite3_extended_errcode(database_);
    // A text that does not fit the schema is ours: files of other schemas were refused before.
    if ((code & 0xFF) == SQLITE_ERROR)
      throw Error(Fault::internal, fmt::format("a query failed: {}", sqlite3_errmsg(database_)));
    throw storage_error(code, sqlite3_errmsg(database_));
  }

  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// Calls `work` with each statement of a text.
template <class Work>
void for_each(sqlite3* database, std::string_view sql, Work work) {
  while (!sql.empty()) {
    Prepared statement(database, sql);
    if (statement) work(statement);
  }
}

}  // namespace

struct Reader::Impl {
  explicit Impl(const std::string& path) : database(open_file(path)) {
    require_current(database);
    Statement(database, fmt::format("PRAGMA cache_size = -{}", kCacheKiB)).run();
    Statement(database, "PRAGMA temp_store = MEMORY").run();
    Statement(database, "BEGIN").run();
  }
  sqlite3* handle() const { return database.getHandle(); }
  SQLite::Database database;
};

Reader::Reader(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
Reader::~Reader() = default;

std::vector<Result> Reader::run(std::string_view sql, const Parameters& parameters) const {
  std::vector<Result> results;
  for_each(impl_->handle(), sql, [&](Prepared& statement) {
    statement.bind(parameters);
    Result result{statement.columns(), {}};
    while (statement.step()) {
      auto& row = result.rows.emplace_back();
      for (int i = 0; i < static_cast<int>(result.columns.size()); ++i)
        row.push_back(statement.value(i));
    }
    results.push_back(std::move(result));
  });
  return results;
}

std::vector<Column> Reader::each(std::string_view sql, const Parameters& parameters,
                                 const Row& row) const {
  Prepared statement(impl_->handle(), sql);
  if (!statement) return {};
  statement.bind(parameters);
  const auto columns = statement.columns();
  std::vector<Value> values(columns.size());
  while (statement.step()) {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = statement.value(static_cast<int>(i));
    if (!row(values)) break;
  }
  return columns;
}

std::vector<Column> Reader::columns(std::string_view sql) const {
  const Prepared statement(impl_->handle(), sql);
  return statement ? statement.columns() : std::vector<Column>();
}

std::vector<std::string> Reader::parameters(std::string_view sql) const {
  std::set<std::string> names;
  for_each(impl_->handle(), sql, [&](const Prepared& statement) {
    for (int i = 1; i <= sqlite3_bind_parameter_count(statement.handle()); ++i)
      if (const char* name = sqlite3_bind_parameter_name(statement.handle(), i))
        names.insert(name + 1);
  });
  return {names.begin(), names.end()};
}

}  // namespace csatdb::warehouse

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace csatdb::warehouse {

/// A value of a result; a blob reads as text.
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

/// What a text's `:name` parameters stand for; one that is not named is NULL.
using Parameters = std::map<std::string, Value, std::less<>>;

struct Column {
  std::string name;
  std::string type;  ///< as declared where it is a table's column passed through, e.g. "TIMESTAMP";
                     ///< else empty
  std::string table, origin;  ///< that table and its name for the column; else empty
};

/// The rows of one statement.
struct Result {
  std::vector<Column> columns;
  std::vector<std::vector<Value>> rows;
};

/// A connection of its own to a warehouse file that changes nothing in it and leaves nothing beside
/// it. Everything it is asked sees the file as it was at the first question, while a writer goes
/// on. Throws Fault::usage if there is no file, Fault::storage if it is damaged, foreign, or of
/// another csatdb's schema.
class Reader {
 public:
  explicit Reader(const std::string& path);
  ~Reader();

  /// The results of all statements of `sql`, in order. Throws Fault::internal for one that would
  /// write or names no known thing.
  std::vector<Result> run(std::string_view sql, const Parameters& parameters = {}) const;

  /// Hands the rows of one statement to `row` one by one; false ends it.
  using Row = std::function<bool(const std::vector<Value>&)>;
  std::vector<Column> each(std::string_view sql, const Parameters& parameters,
                           const Row& row) const;

  /// The columns that one statement would give.
  std::vector<Column> columns(std::string_view sql) const;

  /// The `:name` parameters of all statements, without the colon, sorted, each once.
  std::vector<std::string> parameters(std::string_view sql) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace csatdb::warehouse

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace csatdb::publish {

/// A connection to a PostgreSQL server, opened the way libpq's URL, `service=…`, environment and
/// password file say. Nothing it throws or logs holds a password. Throws Fault::usage for a target
/// that is none, Fault::denied where the server refuses user or permission, Fault::unavailable
/// where it does not answer or goes away, Fault::storage where it refuses a statement or is full,
/// Fault::interrupted where a signal asked for the end.
class Connection {
 public:
  using Text = std::optional<std::string>;  ///< a value as text; nothing: NULL
  using Rows = std::vector<std::vector<Text>>;

  explicit Connection(const std::string& target);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// One statement; `$1`, `$2`, … stand for the parameters.
  Rows query(const std::string& sql, const std::vector<std::string>& parameters = {});
  /// One statement; the number of rows it touched.
  std::int64_t run(const std::string& sql, const std::vector<std::string>& parameters = {});
  /// Whether a query has a row.
  bool has(const std::string& sql, const std::vector<std::string>& parameters = {}) {
    return !query(sql, parameters).empty();
  }

  // COPY … FROM STDIN: begin, any number of pieces, end.
  void begin_copy(const std::string& sql);
  void copy(std::string_view bytes);
  std::int64_t end_copy();  ///< rows taken

  std::string quoted(std::string_view identifier) const;
  /// Database and server, for people: "warehouse on db.example.com:5432".
  std::string described() const;

 private:
  struct Close {
    void operator()(pg_conn* c) const;
  };
  struct Clear {
    void operator()(pg_result* r) const;
  };
  using Result = std::unique_ptr<pg_result, Clear>;

  Result execute(const std::string& sql, const std::vector<std::string>& parameters);
  Result next_result();
  void wait_until_ready();
  void check(const pg_result* result) const;

  std::unique_ptr<pg_conn, Close> connection_;
};

/// Texts as the parameter that `= ANY($1::text[])` takes.
std::string text_array(const std::vector<std::string>& texts);

}  // namespace csatdb::publish

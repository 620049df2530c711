#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/temp_folder.hpp"

struct pg_conn;

namespace csatdb::tests {

/// A PostgreSQL server of the machine's own packages, on a free loopback port, its files in a
/// folder of its own; it ends with the tests.
class Server {
 public:
  /// The one all tests share, started when first asked for; null, with a message, where PostgreSQL
  /// is not installed.
  static Server* shared();

  Server(std::filesystem::path binaries, const std::string& settings = "");
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string url(const std::string& database, const std::string& user = "postgres") const;
  /// Ends it as a crash would, and starts it again; or each alone. The thread that starts it must
  /// live as long as it does.
  void crash();
  void go_down();
  void start();
  int port() const { return port_; }

  static std::optional<std::filesystem::path> binaries();

 private:
  pid_t spawn(const std::vector<std::string>& words) const;
  void run(const std::vector<std::string>& words) const;

  std::filesystem::path binaries_;
  support::TempFolder folder_;
  int port_ = 0;
  pid_t process_ = -1;
};

/// A plain connection of a test's own.
class Client {
 public:
  explicit Client(const std::string& url);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// The rows of a statement, their values as text, "NULL" where there is none.
  std::vector<std::vector<std::string>> rows(const std::string& sql);
  std::string value(const std::string& sql) { return rows(sql).at(0).at(0); }
  /// Copies a table's binary form out of the server and in again; the bytes.
  std::string copy_out(const std::string& sql);
  void copy_in(const std::string& sql, const std::string& bytes);

 private:
  pg_conn* connection_;
};

/// The rows of every contract view of a warehouse file, one line a row, sorted; instants, dates,
/// numbers and booleans in one spelling for both sides.
std::map<std::string, std::vector<std::string>> warehouse_views(const std::filesystem::path& file);
std::map<std::string, std::vector<std::string>> target_views(Client& client,
                                                             const std::string& schema = "csatdb");

}  // namespace csatdb::tests

#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "http/transport.hpp"
#include "sim/clock.hpp"
#include "sim/service.hpp"
#include "sim/world.hpp"
#include "support/temp_folder.hpp"

namespace csatdb::support {

/// A user's machine, where command lines run against a simulated service, in process and in fake
/// time. The warehouse is csat.db in the current folder.
class Desk {
 public:
  /// 2025-06-01T06:00:00Z, when the last of the organisation's days has just closed.
  static constexpr base::Instant kNow{base::Millis{1748757600000}};
  static sim::Organisation organisation(int days = 5, std::int64_t conversations = 300);

  explicit Desk(const sim::Organisation& organisation = Desk::organisation());

  struct Result {
    int code;
    std::string out, err;
  };
  Result run(const std::vector<std::string>& arguments);
  /// The same, and it must end well.
  Result run_well(const std::vector<std::string>& arguments);

  /// What is done to the plain body of every answer.
  std::function<void(const http::Request&, std::string&)> alter;

  /// The rows of a query, their columns joined by "|".
  std::vector<std::string> rows(const std::string& sql, const std::string& file = "csat.db") const;
  /// The first of them.
  std::string value(const std::string& sql, const std::string& file = "csat.db") const;
  /// Every byte of a warehouse and of what SQLite keeps beside it.
  std::string bytes(const std::string& file = "csat.db") const;

  std::map<std::string, std::string> variables;
  std::string typed;  ///< what stands on stdin
  TempFolder home, folder;
  sim::World world;
  sim::FakeClock clock{kNow};
  sim::Service service;
};

}  // namespace csatdb::support

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/shell.hpp"
#include "http/transport.hpp"
#include "sim/clock.hpp"
#include "sim/service.hpp"
#include "sim/world.hpp"

namespace csatdb::support {

/// A user's machine, where command lines run against a simulated service, in process and in fake
/// time. The warehouse is csat.db in the current folder.
class Desk : public Shell {
 public:
  /// 2025-06-01T06:00:00Z, when the last of the organisation's days has just closed.
  static constexpr base::Instant kNow{base::Millis{1748757600000}};
  static sim::Organisation organisation(int days = 5, std::int64_t conversations = 300);

  /// The service limits nothing, whatever the options say.
  explicit Desk(const sim::Organisation& organisation = Desk::organisation(),
                sim::Options options = {});

  /// Runs a command line that must end well.
  Result run_well(const std::vector<std::string>& arguments);

  /// What is done to the plain body of every answer.
  std::function<void(const http::Request&, std::string&)> alter;

  /// The rows of a query, their columns joined by "|".
  std::vector<std::string> rows(const std::string& sql, const std::string& file = "csat.db") const;
  /// The first of them.
  std::string value(const std::string& sql, const std::string& file = "csat.db") const;
  /// Every byte of a warehouse and of what SQLite keeps beside it.
  std::string bytes(const std::string& file = "csat.db") const;

  sim::World world;
  sim::FakeClock now{kNow};  ///< of the machine and the service
  sim::Service service;
};

}  // namespace csatdb::support

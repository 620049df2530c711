#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/client.hpp"
#include "http/transport.hpp"
#include "sim/clock.hpp"
#include "sim/in_process.hpp"
#include "sim/service.hpp"
#include "sim/truth.hpp"
#include "sim/world.hpp"
#include "support/temp_folder.hpp"
#include "sync/engine.hpp"
#include "sync/forecast.hpp"

namespace csatdb::support {

/// What a process that dies leaves behind is what it had committed.
struct Killed {};

/// A request as it left, when by the service's clock, and what came back.
struct Asked {
  base::Instant at;
  http::Request request;
  int status = 0;
  std::string body;  ///< of the answer, plain

  bool is(http::Method method, std::string_view part) const;
};

/// A simulated service with a warehouse beside it. Each sync opens the warehouse and a client of
/// its own, as a process would.
class SyncRig {
 public:
  /// 2025-06-01T06:00:00Z, when the last of the organisation's days has just closed.
  static constexpr base::Instant kNow{base::Millis{1748757600000}};
  static base::Day today() { return base::day_of(kNow); }

  /// So many conversations over the days before `kNow`, nothing rare among them.
  static sim::Organisation quiet(int days, std::int64_t conversations);

  explicit SyncRig(const sim::Organisation& organisation, sim::Options options = unlimited());
  static sim::Options unlimited();

  sync::Report sync();
  /// The same, and it must end well.
  void sync_well();
  /// What the next sync would do, as `sync --plan` foretells it.
  sync::Forecast forecast();
  /// What one sync asked the API for, in order; the token's request left out.
  std::vector<Asked> asked;
  std::vector<Asked> asked_for(http::Method method, std::string_view part) const;
  std::size_t count(http::Method method, std::string_view part) const;
  /// The days, as YYYY-MM-DD, whose conversations the last sync asked for, by which call.
  std::vector<std::string> days_asked(model::Via via) const;

  /// Looks at every request before the service does, and may answer in its stead.
  std::function<std::optional<http::Response>(const http::Request&)> before;

  /// The first row of a query, its columns joined by "|".
  std::string value(const std::string& sql) const;
  std::vector<std::string> rows(const std::string& sql) const;
  void execute(const std::string& sql) const;
  std::string path() const { return (folder_ / "csat.db").string(); }
  /// All that is stored, as one canonical text.
  std::string logical() const;

  sim::World world;
  sim::FakeClock clock{kNow};
  sim::Service service;
  sync::Settings settings;
  api::Pacing pacing{0, 1};
  base::Millis latency{0};
  base::Millis local_error{0};  ///< by how much the local clock is wrong
  api::Stats stats;             ///< of the last sync

 private:
  TempFolder folder_;
};

/// A JSON answer.
http::Response answer_json(int status, std::string body);

}  // namespace csatdb::support

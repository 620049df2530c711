#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "base/time.hpp"
#include "sim/service.hpp"

namespace csatdb::sim {

/// The clock of a served world: its date stands still or runs, and can be turned while requests
/// come in. Ticks follow the machine's and every turn forward, so that limits and jobs, which
/// take time, come to their end under a date that stands still.
class ServedClock final : public base::Clock {
 public:
  ServedClock(base::Instant now, bool running);
  base::Instant now() const override;
  base::Millis ticks() const override;
  void set(base::Instant t);

 private:
  base::SystemClock machine_;
  bool running_;
  std::atomic<std::int64_t> date_;       ///< where it stands, or stood at the machine's tick 0
  std::atomic<std::int64_t> turned_{0};  ///< ms by which it was turned forward so far
};

/// The service on a loopback socket. Beside the service's own paths it serves the tester's:
/// POST /sim/clock {"now": …} or {"advance_s": …}; GET /sim/requests; POST /sim/faults
/// {"faults": ["what=…", …]} (replaces all); POST /sim/tokens (revokes all tokens).
class Server {
 public:
  Server(Service& service, ServedClock& clock, base::Millis latency);
  ~Server();

  /// Binds 127.0.0.1; 0 takes a free port. The port bound, or -1.
  int bind(int port);
  /// Serves until stop() and the end of the last connection; an idle one ends after 5 s.
  void run();
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace csatdb::sim

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "cli/process.hpp"
#include "sync/progress.hpp"

namespace csatdb::cli {

/// Whoever supervises the process, told by systemd's protocol (sd_notify(3): datagrams to
/// $NOTIFY_SOCKET, $WATCHDOG_USEC). Without one nothing is sent; nor does a lost message end
/// anything.
class ServiceManager {
 public:
  explicit ServiceManager(const Process& process);
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  /// The work has begun: what waits for this service may start.
  void ready() { send("READY=1"); }
  /// One line for `systemctl status`.
  void status(const std::string& text) { send("STATUS=" + text); }
  void stopping() { send("STOPPING=1"); }
  /// The process is not stuck; call it often, it is sent as often as asked for.
  void alive();

 private:
  void send(const std::string& message) const;

  const base::Clock& clock_;
  std::string address_;  ///< as in sun_path; empty: nobody supervises
  int socket_ = -1;
  std::optional<base::Millis> every_;  ///< nothing: no watchdog
  base::Millis told_at_ = base::Millis::min();
};

/// Shows a run as `shown` does, and tells the service manager that it is alive.
std::unique_ptr<sync::Progress> supervised(std::unique_ptr<sync::Progress> shown,
                                           ServiceManager& manager);

}  // namespace csatdb::cli

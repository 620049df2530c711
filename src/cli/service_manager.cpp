#include "cli/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstring>
#include <utility>

namespace csatdb::cli {
namespace {

/// How often to say that the process lives: twice in the time it is given (sd_watchdog_enabled(3)).
std::optional<base::Millis> watchdog(const Process& process) {
  const auto given = process.variable("WATCHDOG_USEC");
  const auto whose = process.variable("WATCHDOG_PID");
  if (!given || (whose && *whose != std::to_string(getpid()))) return std::nullopt;
  std::int64_t us = 0;
  const auto [end, problem] = std::from_chars(given->data(), given->data() + given->size(), us);
  if (problem != std::errc{} || end != given->data() + given->size() || us <= 0)
    return std::nullopt;
  return std::chrono::duration_cast<base::Millis>(std::chrono::microseconds(us)) / 2;
}

class Supervised final : public sync::Progress {
 public:
  Supervised(std::unique_ptr<sync::Progress> shown, ServiceManager& manager)
      : shown_(std::move(shown)), manager_(manager) {}
  void show(const sync::Status& status) override {
    manager_.alive();
    shown_->show(status);
  }
  void finish() override { shown_->finish(); }

 private:
  std::unique_ptr<sync::Progress> shown_;
  ServiceManager& manager_;
};

}  // namespace

ServiceManager::ServiceManager(const Process& process)
    : clock_(process.clock), every_(watchdog(process)) {
  const auto path = process.variable("NOTIFY_SOCKET");
  // Other transports than a path or an abstract name ("@…") are for virtual machines.
  if (!path || (path->front() != '/' && path->front() != '@') ||
      path->size() >= sizeof(sockaddr_un::sun_path))
    return;
  address_ = *path;
  if (address_.front() == '@') address_.front() = '\0';
  socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

ServiceManager::~ServiceManager() {
  if (socket_ >= 0) close(socket_);
}

void ServiceManager::alive() {
  const auto now = clock_.ticks();
  if (!every_ || (told_at_ != base::Millis::min() && now - told_at_ < *every_)) return;
  told_at_ = now;
  send("WATCHDOG=1");
}

void ServiceManager::send(const std::string& message) const {
  if (socket_ < 0) return;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  sendto(socket_, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
         reinterpret_cast<const sockaddr*>(&to), size);
}

std::unique_ptr<sync::Progress> supervised(std::unique_ptr<sync::Progress> shown,
                                           ServiceManager& manager) {
  return std::make_unique<Supervised>(std::move(shown), manager);
}

}  // namespace csatdb::cli

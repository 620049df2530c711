#pragma once

#include <map>
#include <utility>

#include "http/transport.hpp"
#include "sim/clock.hpp"
#include "sim/service.hpp"

namespace csatdb::sim {

/// The service without sockets: time passes inside wait(), and nobody sleeps.
class InProcess final : public http::Transport {
 public:
  /// `clock` is the one the service reads.
  InProcess(Service& service, FakeClock& clock, base::Millis latency = base::Millis{0})
      : service_(service), clock_(clock), latency_(latency) {}

  void start(http::Ticket ticket, http::Request request) override;
  std::vector<http::Answer> wait(base::Millis at_most) override;

  std::size_t in_flight() const { return due_.size(); }

 private:
  Service& service_;
  FakeClock& clock_;
  base::Millis latency_;
  std::uint64_t started_ = 0;
  /// By the tick of completion, then by order of start.
  std::map<std::pair<base::Millis, std::uint64_t>, http::Answer> due_;
};

}  // namespace csatdb::sim

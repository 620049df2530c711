#include "sim/in_process.hpp"

#include <algorithm>

namespace csatdb::sim {
namespace {

/// Longer than any client waits for an answer that trickles.
constexpr base::Millis kTrickle{120000};

}  // namespace

void InProcess::start(http::Ticket ticket, http::Request request) {
  auto reply = service_.answer(request);
  auto delay = latency_;
  const auto fail = [&](http::Failure failure, std::string detail) {
    reply.response = {};
    reply.response.failure = failure;
    reply.response.detail = std::move(detail);
  };
  switch (reply.wire) {
    case Wire::whole:
      break;
    case Wire::reset_before:
    case Wire::reset_within:
      fail(http::Failure::broken, "connection reset by peer");
      break;
    case Wire::endless:
      fail(http::Failure::too_large, "the body does not end");
      break;
    case Wire::bad_tls:
      fail(http::Failure::tls, "certificate verify failed");
      break;
    case Wire::slow:
      fail(http::Failure::timeout, "the answer came too slowly");
      delay += kTrickle;
      break;
  }
  due_.emplace(std::pair(clock_.ticks() + delay, started_++),
               http::Answer{ticket, std::move(reply.response)});
}

std::vector<http::Answer> InProcess::wait(base::Millis at_most) {
  const auto until = clock_.ticks() + at_most;
  if (due_.empty() || due_.begin()->first.first > until) {
    clock_.advance(at_most);
    return {};
  }
  clock_.advance(std::max(base::Millis{0}, due_.begin()->first.first - clock_.ticks()));
  std::vector<http::Answer> answers;
  while (!due_.empty() && due_.begin()->first.first <= clock_.ticks()) {
    answers.push_back(std::move(due_.begin()->second));
    due_.erase(due_.begin());
  }
  return answers;
}

}  // namespace csatdb::sim

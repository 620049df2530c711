#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "fake_clock.hpp"
#include "http/transport.hpp"

namespace csatdb::support {

/// A small world behind the transport's door: a test says in one function what a service answers
/// and how long it takes; time passes while somebody waits for it.
class FakeService final : public http::Transport {
 public:
  struct Seen {
    http::Request request;
    base::Millis at;
  };
  struct Reply {
    http::Response response;
    base::Millis takes = std::chrono::milliseconds(100);
  };
  using Answers = std::function<Reply(const http::Request&)>;

  FakeService(FakeClock& clock, Answers answers) : clock_(clock), answers_(std::move(answers)) {}

  void start(http::Ticket ticket, http::Request request) override {
    Reply reply = answers_(request);
    seen.push_back({std::move(request), clock_.ticks()});
    under_way_.push_back({clock_.ticks() + reply.takes, {ticket, std::move(reply.response)}});
  }

  std::vector<http::Answer> wait(base::Millis at_most) override {
    base::Millis until = clock_.ticks() + at_most;
    for (const auto& due : under_way_) until = std::min(until, due.first);
    if (until > clock_.ticks()) clock_.pass(until - clock_.ticks());
    std::vector<http::Answer> arrived;
    std::erase_if(under_way_, [&](auto& due) {
      if (due.first > clock_.ticks()) return false;
      arrived.push_back(std::move(due.second));
      return true;
    });
    return arrived;
  }

  std::size_t under_way() const { return under_way_.size(); }

  std::vector<Seen> seen;  ///< every request, in the order of sending

 private:
  FakeClock& clock_;
  Answers answers_;
  std::vector<std::pair<base::Millis, http::Answer>> under_way_;
};

/// An answer in one line: headers in pairs.
inline http::Response answer(int status, std::string body,
                             std::vector<std::pair<std::string, std::string>> headers = {}) {
  http::Response response;
  response.status = status;
  response.body = std::move(body);
  for (const auto& [name, value] : headers) response.headers.set(name, value);
  return response;
}

inline http::Response failure(http::Failure failure, std::string detail = "it broke") {
  http::Response response;
  response.failure = failure;
  response.detail = std::move(detail);
  return response;
}

}  // namespace csatdb::support

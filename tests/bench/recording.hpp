#pragma once

#include <map>
#include <string>
#include <vector>

#include "http/transport.hpp"

namespace csatdb::bench {

/// One request as it left and its answer as it came, still compressed.
struct Exchange {
  http::Request request;
  http::Response response;
};

/// A transport that keeps all that passes through it.
class Recording final : public http::Transport {
 public:
  explicit Recording(http::Transport& inner) : inner_(inner) {}

  void start(http::Ticket ticket, http::Request request) override {
    under_way_[ticket] = request;
    inner_.start(ticket, std::move(request));
  }
  std::vector<http::Answer> wait(base::Millis at_most) override {
    auto answers = inner_.wait(at_most);
    for (const auto& answer : answers) {
      auto sent = under_way_.extract(answer.ticket);
      exchanges.push_back({std::move(sent.mapped()), answer.response});
    }
    return answers;
  }

  std::vector<Exchange> exchanges;

 private:
  http::Transport& inner_;
  std::map<http::Ticket, http::Request> under_way_;
};

}  // namespace csatdb::bench

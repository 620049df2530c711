#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "http/message.hpp"
#include "sim/answers.hpp"
#include "sim/faults.hpp"
#include "sim/limiter.hpp"
#include "sim/world.hpp"

namespace csatdb::sim {

/// One request as the service saw it.
struct Seen {
  base::Instant at;
  http::Method method = http::Method::get;
  std::string host, target;  ///< path and query
  std::string endpoint;      ///< "POST /api/v2/…/{}", or "unknown"
  int status = 0;
  std::size_t bytes = 0;  ///< of the answer's body as sent
};

/// The service: answers requests about a world as of a clock. Safe to call from several threads.
class Service {
 public:
  Service(World& world, const base::Clock& clock, Options options);

  /// Never throws: what is wrong with a request is in the answer.
  Reply answer(const http::Request& request);

  World& world() { return world_; }
  const base::Clock& clock() const { return clock_; }
  Options& options() { return options_; }
  /// Replaces the planned mishaps.
  void plan(std::vector<Fault> faults);
  /// What the jobs resource answers as watermark now.
  base::Instant watermark_now() const { return watermark(options_, clock_.now()); }

  /// Requests in the order of arrival, and how many of each endpoint.
  std::vector<Seen> seen() const;
  std::map<std::string, int> counts() const;
  void forget_seen();
  /// Ends all tokens given so far, as an administrator or the idle rule can.
  void revoke_tokens();

 private:
  struct Token {
    base::Millis expires;
    Limiter limiter;
  };
  struct Kept {
    base::Instant at;
    http::Response response;
  };

  http::Response dispatch(const http::Request& request, Seen& note);
  http::Response give_token(const http::Request& request);
  Token& admit(const http::Request& request);
  void limit(Token& token, http::Response& response);
  http::Response call(const Endpoint& endpoint, Call call, const http::Request& request);
  http::Response refuse(const Refusal& refusal);
  void finish(http::Response& response);

  World& world_;
  const base::Clock& clock_;
  Options options_;
  Faults faults_;
  Selector selector_;
  Jobs jobs_;
  std::map<std::string, Token, std::less<>> tokens_;
  std::map<std::string, Kept> kept_;
  std::set<std::string> stumbled_;
  std::vector<Seen> seen_;
  std::uint32_t answered_ = 0;
  std::uint32_t tokens_given_ = 0;
  mutable std::mutex mutex_;
};

}  // namespace csatdb::sim

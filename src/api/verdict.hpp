#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "http/message.hpp"

namespace csatdb::api {

/// The longest wait that is waited for; the official SDKs stop at the same (genesys-api.md 2). A
/// longer one ends the run with its state kept, and the next run goes on.
inline constexpr base::Millis kLongestWait = std::chrono::seconds(180);

/// How often a request is sent before it is given up: a run sits out minutes of trouble; somebody
/// who sets csatdb up, or asks what is wrong, is told within seconds.
inline constexpr int kMostAttempts = 9, kFewAttempts = 3;

/// Which try of a request an answer belongs to.
struct Attempt {
  int number = 1;
  http::Method method = http::Method::get;
  bool reauthenticated = false;  ///< it was sent again with a new token already
  int most = kMostAttempts;      ///< the number of the last try
};

/// What to do about an answer.
struct Verdict {
  enum class Kind {
    accept,          ///< final, whatever its status: the caller decides
    retry,           ///< send it again in `delay`
    reauthenticate,  ///< send it again with a new token
    give_up,         ///< `fault` and `reason` are the end of it
  };
  Kind kind = Kind::accept;
  base::Millis delay{};
  bool for_all = false;  ///< the service named the delay: no request may leave before it is over
  base::Fault fault = base::Fault::internal;
  std::string reason;  ///< of all but accept, in words fit for the user
};

/// Judges an answer whose body is plain already. Query POSTs and job submissions may be repeated
/// like any GET (genesys-api.md 2). `now` is the service's time, for dates in Retry-After; `jitter`
/// lies in [0, 1).
Verdict judge(const http::Response& response, const Attempt& attempt, base::Instant now,
              double jitter);

/// How long the service asks to wait, in this order of belief: Retry-After as seconds or as a date,
/// the bracketed number in a 429's message, a 429's `inin-ratelimit-reset`. Nothing if it does not
/// say, or says no time at all.
std::optional<base::Millis> asked_wait(const http::Response& response, base::Instant now);

}  // namespace csatdb::api

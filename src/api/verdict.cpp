#include "api/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string_view>

#include "api/service_error.hpp"

namespace csatdb::api {
namespace {

using base::Fault;
using base::Instant;
using base::Millis;
using http::Failure;
using http::Response;
using std::chrono::seconds;
using Kind = Verdict::Kind;

/// With these the most attempts outlast the minutes of a restart behind the service's gateway: at
/// most 1 + 2 + 4 + … + 60 + 60 s, half of it on average.
constexpr Millis kFirstBackoff = seconds(1), kLongestBackoff = seconds(60);
/// Numbers above this in a Retry-After are as good as "never", and must not overflow.
constexpr std::int64_t kMostSeconds = 365 * 86'400;

std::optional<Millis> whole_seconds(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty() || text.front() == '-') return std::nullopt;
  if (problem == std::errc::result_out_of_range || value > kMostSeconds)
    value = kMostSeconds;
  else if (problem != std::errc{})
    return std::nullopt;
  return seconds(value);
}

/// "... Retry the request in [42] seconds"
std::optional<Millis> bracketed_seconds(std::string_view message) {
  for (auto open = message.find('['); open != std::string_view::npos;
       open = message.find('[', open + 1)) {
    const auto close = message.find(']', open);
    if (close == std::string_view::npos) return std::nullopt;
    if (const auto wait = whole_seconds(message.substr(open + 1, close - open - 1))) return wait;
  }
  return std::nullopt;
}

Millis backoff(int attempt, double jitter) {
  const int doublings = std::clamp(attempt - 1, 0, 16);
  const Millis most = std::min(kLongestBackoff, kFirstBackoff * (1 << doublings));
  return Millis(std::llround(static_cast<double>(most.count()) * jitter));
}

Verdict give_up(Fault fault, std::string reason) {
  return {Kind::give_up, Millis{}, false, fault, std::move(reason)};
}

/// Again after a back-off, while attempts are left; `last` is the fault of what ends here.
Verdict try_again(const Attempt& attempt, double jitter, Fault last, std::string reason) {
  if (attempt.number >= attempt.most)
    return give_up(last, fmt::format("given up after {} attempts: {}", attempt.number, reason));
  return {Kind::retry, backoff(attempt.number, jitter), false, last, std::move(reason)};
}

Verdict judge_failure(const Response& response, const Attempt& attempt, double jitter) {
  const std::string what = describe_error(response);
  switch (response.failure) {
    case Failure::tls:
      return give_up(Fault::unavailable, what);
    case Failure::too_large:
      return give_up(Fault::undecodable, what);
    case Failure::damaged:
      return try_again(attempt, jitter, Fault::undecodable, what);
    default:
      return try_again(attempt, jitter, Fault::unavailable, what);
  }
}

/// A cheap look at whether this can be the JSON that a success promises: the parser finds the rest.
bool may_be_json(const Response& response, http::Method method) {
  const auto first = response.body.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return response.status != 200 || method == http::Method::del;
  constexpr std::string_view kBegins = "{[\"-0123456789ntf";
  return kBegins.find(response.body[first]) != std::string_view::npos;
}

Verdict judge_busy(const Response& response, const Attempt& attempt, Instant now, double jitter) {
  Verdict verdict = try_again(attempt, jitter, Fault::unavailable, describe_error(response));
  const auto wait = asked_wait(response, now);
  if (!wait) return verdict;
  if (*wait > kLongestWait) {
    verdict = give_up(
        Fault::unavailable,
        fmt::format("the service asks to wait {}, longer than the {} that csatdb "
                    "waits: run it again later, what was fetched is kept ({})",
                    base::to_words(*wait), base::to_words(kLongestWait), describe_error(response)));
  }
  verdict.delay = *wait;
  verdict.for_all = true;
  return verdict;
}

}  // namespace

std::optional<Millis> asked_wait(const Response& response, Instant now) {
  std::optional<Millis> wait;
  if (const auto after = response.headers.get("Retry-After")) {
    wait = whole_seconds(*after);
    if (const auto date = base::parse_http_date(*after); !wait && date) wait = *date - now;
  }
  if (response.status == 429) {
    if (!wait) wait = bracketed_seconds(service_error(response).message);
    if (const auto reset = response.headers.get("inin-ratelimit-reset"); !wait && reset) {
      // The header's whole seconds may have been cut, and the window must be over.
      if (const auto rest = whole_seconds(*reset)) wait = *rest + seconds(1);
    }
  }
  return wait > Millis{0} ? wait : std::nullopt;
}

Verdict judge(const Response& response, const Attempt& attempt, Instant now, double jitter) {
  const int status = response.status;
  if (response.failure != Failure::none) return judge_failure(response, attempt, jitter);
  if (status >= 200 && status < 300) {
    if (may_be_json(response, attempt.method)) return {};
    return try_again(attempt, jitter, Fault::undecodable,
                     fmt::format("{} with a body that is no JSON", status));
  }
  if (status == 401) {
    if (!attempt.reauthenticated) return {Kind::reauthenticate, {}, false, Fault::denied, "401"};
    return give_up(Fault::denied, fmt::format("the service refuses a token it just issued: {}",
                                              describe_error(response)));
  }
  if (status == 408 || status == 429 || (status >= 500 && status < 600 && status != 501))
    return judge_busy(response, attempt, now, jitter);
  if (status == 501 || (status >= 400 && status < 500)) return {};
  return give_up(Fault::undecodable,
                 fmt::format("the service answers {} where the API never does: check the region or "
                             "the base URL (redirects are not followed)",
                             status));
}

}  // namespace csatdb::api

#include "api/client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "api/service_error.hpp"
#include "base/log.hpp"
#include "base/stop.hpp"
#include "base/version.hpp"
#include "http/url.hpp"

namespace csatdb::api {
namespace {

using base::Error;
using base::Fault;
using base::Millis;
using std::chrono::seconds;

/// The transport's ticket of the token request; others count from 1.
constexpr http::Ticket kTokenTicket = 0;
/// The largest plain body: thirty times the largest page in use, and far from exhausting memory.
constexpr std::size_t kMostBytes = std::size_t{256} << 20U;
/// A signal that comes just before the transport begins to wait is seen no later than this.
constexpr Millis kStopCheck = seconds(1);
/// The local clock counts as right while the service's is no farther off: Date headers have whole
/// seconds.
constexpr Millis kSmallSkew = seconds(2);
/// The service's time never steps back by less than this: so much is the noise of whole seconds and
/// of the way, and what is noted as due now must be due at the next look.
constexpr Millis kNoise = seconds(10);
/// While the old token works, the next try for a new one comes so long after the retries were used
/// up.
constexpr Millis kTokenPause = seconds(60);
/// What "as long as it takes" is cut to, so that sums do not overflow.
constexpr Millis kLongestStep = std::chrono::hours(24 * 365);
constexpr Millis kNever = Millis::max();

/// The target as an absolute URL on the API host, or nothing if it leads anywhere else.
std::optional<std::string> on_host(const std::string& api, const std::string& target) {
  const bool relative = target.starts_with('/') && !target.starts_with("//");
  const auto url = http::parse_url(relative ? api + target : target);
  if (!url) return std::nullopt;
  std::string absolute = fmt::format("{}://{}{}", url->scheme, url->authority, url->path);
  if (!absolute.starts_with(api + "/")) return std::nullopt;
  return absolute;
}

void require_allowed(const std::string& address) {
  const auto url = http::parse_url(address);
  if (!url || !http::is_allowed(*url))
    throw Error(Fault::usage, "the API and its token service need https addresses");
}

}  // namespace

Client::Client(http::Transport& transport, const base::Clock& clock, Hosts hosts,
               Credentials credentials, Pacing pacing, std::uint64_t seed)
    : transport_(transport),
      clock_(clock),
      hosts_(std::move(hosts)),
      credentials_(std::move(credentials)),
      pacer_(pacing),
      attempts_(pacing.attempts),
      random_(seed) {
  require_allowed(hosts_.api);
  require_allowed(hosts_.token_url);
  base::log::redact(credentials_.secret);
  base::log::redact(basic_authorization(credentials_));
  token_job_.request = token_request(hosts_.token_url, credentials_);
  // A 401 of the token service is final: there is no token to renew.
  token_job_.attempt = {1, http::Method::post, true, attempts_};
}

void Client::start(http::Ticket ticket, http::Request request) {
  auto absolute = on_host(hosts_.api, request.target);
  if (!absolute) {
    done_.push_back({ticket,
                     {},
                     Error(Fault::undecodable,
                           "the next request would leave the configured API host: "
                           "refused, so that the token goes nowhere else")});
    return;
  }
  request.target = *std::move(absolute);
  const Attempt first{1, request.method, false, attempts_};
  held_.push_back({ticket, std::move(request), first});
  send_what_may_leave();
}

std::vector<Outcome> Client::wait(Millis at_most) {
  const Millis deadline = clock_.ticks() + std::clamp(at_most, Millis{0}, kLongestStep);
  send_what_may_leave();
  bool leave = false;
  while (!leave) {
    const Millis now = clock_.ticks();
    const bool stopping = base::stop::requested();
    Millis until = now;
    if (done_.empty() && arrived_.empty() && !stopping)
      until = std::min({deadline, next_departure(now), now + kStopCheck});
    const bool idle = !held_.empty() && sent_.empty() && !fetching_token_;
    for (auto& answer : transport_.wait(std::max(until - now, Millis{0})))
      arrived_.push_back(std::move(answer));
    if (idle) stats_.waited += clock_.ticks() - now;
    // Bodies wait compressed: one is unpacked when the one before has been taken.
    while (done_.empty() && !arrived_.empty()) {
      receive(std::move(arrived_.front()));
      arrived_.pop_front();
    }
    send_what_may_leave();
    leave = !done_.empty() || stopping || clock_.ticks() >= deadline;
  }
  return std::exchange(done_, {});
}

void Client::abandon() {
  held_.clear();
  done_.clear();
  for (auto& [wire, job] : sent_) job.is_abandoned = true;
}

base::Instant Client::now() const {
  const bool wrong = skew_ > kSmallSkew || skew_ < -kSmallSkew;
  const base::Instant estimate = clock_.now() + (wrong ? skew_ : Millis{0});
  if (estimate > told_ || told_ - estimate > kNoise) told_ = estimate;
  return told_;
}

std::optional<Hold> Client::hold() const {
  if (held_.empty()) return std::nullopt;
  const Millis now = clock_.ticks();
  const Millis paused = pacer_.paused_until();
  if (paused > now) return Hold{Hold::Why::pause, paused - now, pause_reason_};
  if (!has_usable_token())
    return Hold{Hold::Why::token, std::max(token_job_.not_before, now) - now, token_job_.reason};
  const auto& job = *std::min_element(held_.begin(), held_.end(), [](const Job& a, const Job& b) {
    return a.not_before < b.not_before;
  });
  if (job.not_before > now) return Hold{Hold::Why::retry, job.not_before - now, job.reason};
  return Hold{Hold::Why::pacing, pacer_.next(now) - now, {}};
}

void Client::send_what_may_leave() {
  if (held_.empty() || base::stop::requested()) return;
  const Millis now = clock_.ticks();
  if (now < closed_until_) {
    fail_held(Error(Fault::unavailable, pause_reason_));
    return;
  }
  refresh_token(now);
  if (!has_usable_token()) return;
  for (std::size_t i = 0; i < held_.size() && pacer_.next(now) <= now;) {
    if (held_[i].not_before > now) {
      ++i;
      continue;
    }
    Job job = std::move(held_[i]);
    held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(i));
    http::Request request = job.request;
    request.headers.set("Authorization", "Bearer " + token_.value());
    if (request.method == http::Method::post && !request.headers.get("Content-Type"))
      request.headers.set("Content-Type", "application/json");
    job.token_generation = token_.generation();
    pacer_.sent(now);
    send(job, ++last_wire_ticket_, std::move(request));
    sent_.emplace(last_wire_ticket_, std::move(job));
  }
}

void Client::send(Job& job, http::Ticket wire, http::Request request) {
  request.headers.set("Accept", "application/json");
  request.headers.set("Accept-Encoding", "gzip");
  request.headers.set("User-Agent", fmt::format("csatdb/{}", base::version()));
  job.sent_at = clock_.ticks();
  ++stats_.requests;
  if (job.attempt.number > 1 || (job.attempt.reauthenticated && wire != kTokenTicket))
    ++stats_.retries;
  transport_.start(wire, std::move(request));
}

bool Client::has_usable_token() const {
  const auto state = token_.state(clock_.ticks());
  return state == Token::State::fresh || state == Token::State::ageing;
}

void Client::refresh_token(Millis now) {
  if (fetching_token_ || token_.state(now) == Token::State::fresh) return;
  if (now < std::max(token_job_.not_before, pacer_.paused_until())) return;
  fetching_token_ = true;
  send(token_job_, kTokenTicket, token_job_.request);
}

/// When a held request can leave at the earliest, as far as it depends on time alone.
Millis Client::next_departure(Millis now) const {
  if (held_.empty()) return kNever;
  if (!has_usable_token())
    return fetching_token_ ? kNever : std::max(token_job_.not_before, pacer_.paused_until());
  Millis ready = kNever;
  for (const auto& job : held_) ready = std::min(ready, job.not_before);
  return std::max(ready, pacer_.next(now));
}

void Client::receive(http::Answer answer) {
  const bool for_token = answer.ticket == kTokenTicket;
  const auto found = sent_.find(answer.ticket);
  if (!for_token && found == sent_.end()) return;
  http::Response& response = answer.response;
  learn_skew(response, for_token ? token_job_.sent_at : found->second.sent_at);
  stats_.bytes_received += response.body.size();
  http::unpack(response, kMostBytes);
  stats_.bytes_unpacked += response.body.size();
  if (response.status == 429) ++stats_.throttled;

  if (for_token) {
    settle_token(std::move(response));
  } else {
    Job job = std::move(found->second);
    sent_.erase(found);
    settle(std::move(job), std::move(response));
  }
}

void Client::settle(Job job, http::Response response) {
  const Millis ticks = clock_.ticks();
  pacer_.answered(response.headers, job.sent_at, ticks);
  if (response.status == 429) pacer_.throttled();
  const double jitter = std::uniform_real_distribution<double>(0, 1)(random_);
  const Verdict verdict = judge(response, job.attempt, now(), jitter);
  base::log::debug("{} {} {} {} bytes {}", http::name(job.request.method), job.request.target,
                   response.status, response.body.size(), base::to_words(ticks - job.sent_at));
  obey(verdict, response, ticks);
  if (job.is_abandoned) return;
  switch (verdict.kind) {
    case Verdict::Kind::accept:
      done_.push_back({job.ticket, std::move(response), std::nullopt});
      return;
    case Verdict::Kind::give_up:
      done_.push_back({job.ticket, std::move(response), Error(verdict.fault, verdict.reason)});
      return;
    case Verdict::Kind::reauthenticate:
      token_.refused(job.token_generation);
      job.attempt.reauthenticated = true;
      held_.push_front(std::move(job));
      return;
    case Verdict::Kind::retry:
      hold_again(std::move(job), verdict, ticks);
      return;
  }
}

void Client::hold_again(Job job, const Verdict& verdict, Millis now) {
  base::log::info("again in {}: {}", base::to_words(verdict.delay), verdict.reason);
  job.not_before = now + verdict.delay;
  job.reason = verdict.reason;
  ++job.attempt.number;
  held_.push_front(std::move(job));
}

/// A wait that the service asked for holds for every request; one that is too long ends them all.
void Client::obey(const Verdict& verdict, const http::Response& response, Millis now) {
  if (!verdict.for_all) return;
  if (verdict.delay <= kLongestWait) {
    pacer_.pause_until(now + verdict.delay);
    pause_reason_ = describe_error(response);
  } else {
    closed_until_ = now + verdict.delay;
    pause_reason_ = verdict.reason;
  }
}

void Client::settle_token(http::Response response) {
  fetching_token_ = false;
  const Millis ticks = clock_.ticks();
  const int status = response.status;
  if (response.failure == http::Failure::none && status >= 200 && status < 300) {
    try {
      Grant grant = read_grant(response.body);
      base::log::redact(grant.token);
      token_.accept(std::move(grant.token), grant.lifetime, ticks);
      token_job_.attempt.number = 1;
      token_job_.not_before = Millis::min();
      return;
    } catch (const Error& error) {
      response.failure = http::Failure::damaged;
      response.detail = fmt::format("the token service's answer: {}", error.what());
    }
  }
  if (status == 400 || status == 401 || status == 403) {
    token_failed(
        Error(Fault::denied, fmt::format("the token service refuses the client id or secret: {}",
                                         describe_error(response))));
    return;
  }
  const double jitter = std::uniform_real_distribution<double>(0, 1)(random_);
  const Verdict verdict = judge(response, token_job_.attempt, now(), jitter);
  obey(verdict, response, ticks);
  if (verdict.kind == Verdict::Kind::retry) {
    base::log::info("token again in {}: {}", base::to_words(verdict.delay), verdict.reason);
    token_job_.not_before = ticks + verdict.delay;
    token_job_.reason = verdict.reason;
    ++token_job_.attempt.number;
  } else if (verdict.kind == Verdict::Kind::accept) {
    token_failed(Error(Fault::usage, fmt::format("no token service answers at {} ({}): check the "
                                                 "region or the base URL",
                                                 hosts_.token_url, describe_error(response))));
  } else {
    token_failed(Error(verdict.fault, fmt::format("no token: {}", verdict.reason)));
  }
}

/// Fatal only where there is no token left to go on with.
void Client::token_failed(const Error& error) {
  token_job_.attempt.number = 1;
  token_job_.reason = error.what();
  if (has_usable_token()) {
    base::log::warning("the old token is still used: {}", error.what());
    token_job_.not_before = clock_.ticks() + kTokenPause;
  } else {
    fail_held(error);
  }
}

void Client::fail_held(const Error& error) {
  for (auto& job : std::exchange(held_, {})) done_.push_back({job.ticket, {}, error});
}

/// The service wrote its Date, cut to whole seconds, between our sending and now. The skew moves as
/// little as that needs.
void Client::learn_skew(const http::Response& response, Millis sent_at) {
  const auto text = response.headers.get("Date");
  const auto date = text ? base::parse_http_date(*text) : std::nullopt;
  if (!date) return;
  const base::Instant received = clock_.now();
  const base::Instant sent = received - std::max(clock_.ticks() - sent_at, Millis{0});
  skew_ = std::clamp(skew_, *date - received, *date + seconds(1) - sent);
}

}  // namespace csatdb::api

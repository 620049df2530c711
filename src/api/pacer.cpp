#include "api/pacer.hpp"

#include <charconv>
#include <chrono>
#include <cmath>

namespace csatdb::api {
namespace {

using base::Millis;
using std::chrono::seconds;

/// What "per minute" is counted over, by us and at least by the service: a second more and less
/// than it says, because requests do not all travel equally fast.
constexpr Millis kMinute = seconds(61), kShortMinute = seconds(59);
/// Leave at once before any header is seen: most increments are smaller than this, and a tenth of
/// the usual limit cannot exhaust it.
constexpr double kFirstBurst = 30;
/// Leave at once after a 429.
constexpr double kCautiousBurst = 2;
/// Left unused beside other clients: the service counts some of theirs before the answer that tells
/// us.
constexpr double kReserve = 2;
/// How far ahead others' requests are foreseen where only a 429 must be avoided: an answer's usual
/// journey.
constexpr Millis kForesight = seconds(1);
/// How much of others' pace in the last window is believed in this one: as if watched for so long.
constexpr double kMemoryMs = 15'000;
/// Where the rest of a window is left to others, one request so often tells whether they want it.
constexpr Millis kPoll = seconds(5);
/// Limit headers beyond these are no limits of requests.
constexpr double kMostRequests = 1e6, kMostSeconds = 3600;

/// So many requests, and twice the spread of a number of independent ones.
double with_spread(double requests) {
  return requests > 0 ? requests + 2 * std::sqrt(requests) + kReserve : 0;
}

double ms(Millis t) { return static_cast<double>(t.count()); }
Millis after(Millis t, double later_ms) {
  return t + Millis(static_cast<std::int64_t>(std::ceil(later_ms)));
}

std::optional<double> number(const http::Headers& headers, std::string_view name, double most) {
  const auto text = headers.get(name);
  if (!text) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (problem != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  const auto real = static_cast<double>(value);
  return real >= 0 && real <= most ? std::optional(real) : std::nullopt;
}

}  // namespace

Pacer::Pacer(Pacing pacing)
    : pacing_(pacing), allowed_(pacing.rate_per_minute), burst_(kFirstBurst), saved_(kFirstBurst) {}

Millis Pacer::next(Millis now) const {
  const Millis t = std::max(now, paused_until_);
  if (pacing_.rate_per_minute <= 0) return t;
  if (!window_ || shape_ == Shape::sliding) return smooth_next(t);
  if (shape_ == Shape::unknown)
    return t < window_->end_high && room(t + kForesight) < 1 ? window_->end_high : smooth_next(t);
  // Past a fixed window's end the next one is probed at the smooth pace until an answer shows it.
  if (t >= window_->end_high)
    return log_.empty() ? t : std::max(t, after(log_.back(), ms(kMinute) / budget()));
  if (room(t + kForesight) < 1) return window_->end_high;
  if (room(window_->end_high) >= 1) return t;
  return std::min(window_->end_high, log_.empty() ? t : std::max(t, log_.back() + kPoll));
}

void Pacer::sent(Millis now) {
  ++in_flight_;
  if (pacing_.rate_per_minute <= 0) return;
  saved_ = std::min(burst_, saved_ + ms(now - saved_at_) * budget() / ms(kMinute));
  saved_ = std::max(0.0, saved_ - 1);
  saved_at_ = now;
  while (!log_.empty() && log_.front() <= now - kMinute) log_.pop_front();
  log_.push_back(now);
  if (window_) ++window_->sent;
}

void Pacer::answered(const http::Headers& headers, Millis sent_at, Millis now) {
  in_flight_ = std::max(0.0, in_flight_ - 1);
  if (pacing_.rate_per_minute <= 0) return;
  if (const auto hint = read(headers, sent_at, now)) learn(*hint, sent_at, now);
}

void Pacer::throttled() {
  if (shape_ == Shape::fixed) shape_ = Shape::unknown;
  burst_ = kCautiousBurst;
  saved_ = 0;
}

std::optional<Pacer::Hint> Pacer::read(const http::Headers& headers, Millis sent_at, Millis now) {
  const auto allowed = number(headers, "inin-ratelimit-allowed", kMostRequests);
  if (!allowed || *allowed < 1) return std::nullopt;
  Hint hint{*allowed,
            number(headers, "inin-ratelimit-count", kMostRequests),
            number(headers, "inin-ratelimit-reset", kMostSeconds),
            {},
            {}};
  if (hint.reset_s) {
    // Whole seconds may be cut or rounded up, or one more for safety: 61 of 60 s has been seen
    // (genesys-api.md 2).
    hint.end_low = after(sent_at, (*hint.reset_s - 2) * 1000);
    hint.end_high = after(now, (*hint.reset_s + 1) * 1000);
  }
  return hint;
}

void Pacer::learn(const Hint& hint, Millis sent_at, Millis now) {
  allowed_ = hint.allowed;
  if (!hint.count) return;
  others_last_minute_ = std::max(0.0, *hint.count - sends_since(now - kShortMinute) + in_flight_);
  if (!hint.reset_s || shape_ == Shape::sliding) return;

  if (!window_) {
    begin_window(hint, now);
  } else if (hint.end_low <= window_->end_high && hint.end_high >= window_->end_low) {
    extend_window(hint, sent_at, now);
  } else if (is_next_window(hint, now)) {
    if (const auto pace = others_per_ms()) others_rate_ = pace;
    begin_window(hint, now);
  } else if (sent_at >= window_->begun_at) {
    shape_ = Shape::sliding;
  }  // else: a late answer out of the window before
}

/// Whether the window heard of is over and the hint begins another: in a fixed window the count
/// starts anew, while what only slides still counts most of the requests before.
bool Pacer::is_next_window(const Hint& hint, Millis now) const {
  const double ours_since_end = sends_since(window_->end_low);
  return hint.end_low > window_->end_high && now >= window_->end_low &&
         *hint.count <= window_->count / 2 + ours_since_end + kFirstBurst / 2;
}

void Pacer::begin_window(const Hint& hint, Millis now) {
  const double ours = window_ ? sends_since(window_->end_low) : sends_since(Millis::min());
  const double others = std::max(0.0, *hint.count - ours);
  window_ = Window{now,         now,  hint.end_low, hint.end_high, *hint.reset_s, *hint.count,
                   *hint.count, ours, others,       others,        false};
}

void Pacer::extend_window(const Hint& hint, Millis sent_at, Millis now) {
  Window& window = *window_;
  const bool counts_down = *hint.reset_s < window.first_reset_s;
  const bool counts_up = window.first_count < *hint.count;
  if (counts_down && counts_up && sent_at >= window.begun_at && burst_ > kCautiousBurst)
    shape_ = Shape::fixed;
  window.end_low = std::max(window.end_low, hint.end_low);
  window.end_high = std::min(window.end_high, hint.end_high);
  window.count = std::max(window.count, *hint.count);
  window.others = std::max(window.others, *hint.count - window.sent);
  window.is_measured = window.is_measured || in_flight_ == 0;
  window.heard_at = now;
}

/// What this run may use of a minute.
double Pacer::budget() const {
  const double mine = std::floor(pacing_.share * allowed_);
  return std::max(1.0, std::min(mine, allowed_ - with_spread(others_last_minute_)));
}

/// Other clients' requests per ms; nothing before they were told apart from ours.
std::optional<double> Pacer::others_per_ms() const {
  const double memory_ms = others_rate_ ? kMemoryMs : 0;
  if (!others_rate_ && !window_->is_measured) return std::nullopt;
  const double watched_ms = ms(window_->heard_at - window_->begun_at) + memory_ms;
  const double seen =
      window_->others - window_->first_others + others_rate_.value_or(0) * memory_ms;
  return watched_ms > 0 ? std::optional(seen / watched_ms) : std::nullopt;
}

/// How many requests the window admits, with what other clients will have sent until then if they
/// go on as before. One in flight may or may not be in the count: it is taken not to be.
double Pacer::room(Millis until) const {
  const double share_left = std::floor(pacing_.share * allowed_) - window_->sent;
  const auto pace = others_per_ms();
  const double others = pace ? with_spread(*pace * ms(until - window_->heard_at)) : allowed_ / 2;
  const double room = allowed_ - window_->count - in_flight_ - others;
  return shape_ == Shape::fixed ? std::min(room, share_left) : room;
}

Millis Pacer::smooth_next(Millis now) const {
  Millis t = now;
  const double per_ms = budget() / ms(kMinute);
  const double saved = std::min(burst_, saved_ + ms(now - saved_at_) * per_ms);
  if (saved < 1) t = after(now, (1 - saved) / per_ms);
  const auto most = static_cast<std::size_t>(budget());
  if (log_.size() >= most) t = std::max(t, log_[log_.size() - most] + kMinute);
  return t;
}

double Pacer::sends_since(Millis t) const {
  return static_cast<double>(log_.end() - std::lower_bound(log_.begin(), log_.end(), t));
}

}  // namespace csatdb::api

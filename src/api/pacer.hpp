#pragma once

#include <algorithm>
#include <deque>
#include <optional>

#include "api/verdict.hpp"
#include "base/time.hpp"
#include "http/message.hpp"

namespace csatdb::api {

/// How fast a run may ask, and how often. The service counts requests per token and minute
/// (genesys-api.md 2).
struct Pacing {
  double rate_per_minute =
      300;             ///< what the service admits until its headers say otherwise; 0: unlimited
  double share = 0.8;  ///< of it, what this run uses (`--budget`)
  int attempts = kMostAttempts;  ///< of one request before it is given up
};

/// Decides when the next request may leave, from what was sent and what the limit headers said;
/// earns no 429 of its own making. Pure: times are `Clock::ticks`, and nothing here sends or waits.
///
/// Requests leave smoothly, after a first handful at once. Where the headers show a fixed window
/// (their `reset` counts down to one and the same instant while `count` grows), what is left of the
/// window is used in a burst; after it a new window is believed when an answer shows it. An answer
/// that contradicts the fixed window makes the rest of the run smooth. What other clients of the
/// same token use is left to them.
class Pacer {
 public:
  explicit Pacer(Pacing pacing);

  /// The earliest time for one more request, as far as known; `<= now`: at once. An answer may
  /// bring it forward.
  base::Millis next(base::Millis now) const;
  /// One request leaves. Call only when `next(now) <= now`.
  void sent(base::Millis now);
  /// Its answer came, or it failed.
  void answered(const http::Headers& headers, base::Millis sent_at, base::Millis now);

  /// Nothing leaves before then.
  void pause_until(base::Millis until) { paused_until_ = std::max(paused_until_, until); }
  base::Millis paused_until() const { return paused_until_; }
  /// The service answered 429: no bursts from here on.
  void throttled();

 private:
  /// The limit headers of one answer. The window ends between the two bounds, which allow for whole
  /// seconds rounded either way and for the answer's journey.
  struct Hint {
    double allowed = 0;
    std::optional<double> count, reset_s;
    base::Millis end_low{}, end_high{};
  };
  /// The limit window that the service is in, as its answers describe it.
  struct Window {
    base::Millis begun_at{}, heard_at{};  ///< first and last answer out of it
    base::Millis end_low{}, end_high{};
    double first_reset_s = 0, first_count = 0, count = 0;  ///< `count` is the highest reported
    double sent = 0;                                       ///< our own requests
    double first_others = 0, others = 0;                   ///< at least so many were other clients'
    bool is_measured = false;  ///< an answer came with none of ours in flight: `others` is exact
  };
  enum class Shape { unknown, fixed, sliding };

  static std::optional<Hint> read(const http::Headers& headers, base::Millis sent_at,
                                  base::Millis now);
  void learn(const Hint& hint, base::Millis sent_at, base::Millis now);
  void begin_window(const Hint& hint, base::Millis now);
  void extend_window(const Hint& hint, base::Millis sent_at, base::Millis now);
  bool is_next_window(const Hint& hint, base::Millis now) const;

  double budget() const;
  std::optional<double> others_per_ms() const;
  double room(base::Millis until) const;
  base::Millis smooth_next(base::Millis now) const;
  double sends_since(base::Millis t) const;

  Pacing pacing_;
  double allowed_;
  Shape shape_ = Shape::unknown;
  std::optional<Window> window_;
  std::optional<double> others_rate_;  // per ms, in the window before this one
  double others_last_minute_ = 0;      // at least so many, at the last answer
  double in_flight_ = 0;
  std::deque<base::Millis> log_;  // our sends of the last minute, oldest first
  double burst_;                  // smooth: the most that may leave at once
  double saved_;                  // smooth: how many may leave at once, as of `saved_at_`
  base::Millis saved_at_{};
  base::Millis paused_until_ = base::Millis::min();
};

}  // namespace csatdb::api

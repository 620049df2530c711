#pragma once

#include "base/time.hpp"

namespace csatdb::sim {

/// A clock that is turned by hand. Where its date stands still, only ticks pass while somebody
/// waits, so that a run and its repetition see the same service.
class FakeClock final : public base::Clock {
 public:
  explicit FakeClock(base::Instant now, bool stands_still = false)
      : now_(now), stands_still_(stands_still) {}
  base::Instant now() const override { return now_; }
  base::Millis ticks() const override { return ticks_; }

  /// Time passes.
  void advance(base::Millis by) {
    if (!stands_still_) now_ += by;
    ticks_ += by;
  }
  /// Time passes until `t`, or the wall clock is set back to it.
  void set(base::Instant t) {
    if (t > now_) ticks_ += t - now_;
    now_ = t;
  }

 private:
  base::Instant now_;
  bool stands_still_;
  base::Millis ticks_{0};
};

}  // namespace csatdb::sim

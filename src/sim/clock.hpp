#pragma once

#include "base/time.hpp"

namespace csatdb::sim {

/// A clock that is turned by hand.
class FakeClock final : public base::Clock {
 public:
  explicit FakeClock(base::Instant now) : now_(now) {}
  base::Instant now() const override { return now_; }
  base::Millis ticks() const override { return ticks_; }

  /// Time passes.
  void advance(base::Millis by) {
    now_ += by;
    ticks_ += by;
  }
  /// Time passes until `t`, or the wall clock is set back to it.
  void set(base::Instant t) {
    if (t > now_) ticks_ += t - now_;
    now_ = t;
  }

 private:
  base::Instant now_;
  base::Millis ticks_{0};
};

}  // namespace csatdb::sim

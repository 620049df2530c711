#pragma once

#include "base/time.hpp"

namespace csatdb::support {

/// Time stands still until a test turns it. The wall clock may be set wrong, or jump, on its own.
class FakeClock final : public base::Clock {
 public:
  explicit FakeClock(base::Instant now = *base::parse_instant("2026-05-01T06:00:00Z"))
      : now_(now) {}

  base::Instant now() const override { return now_ + error_; }
  base::Millis ticks() const override { return ticks_; }

  void pass(base::Millis time) {
    now_ += time;
    ticks_ += time;
  }
  /// By how much the wall clock is wrong from here on.
  void set_error(base::Millis error) { error_ = error; }
  base::Instant true_now() const { return now_; }

 private:
  base::Instant now_;
  base::Millis ticks_ = std::chrono::hours(1);
  base::Millis error_{};
};

}  // namespace csatdb::support

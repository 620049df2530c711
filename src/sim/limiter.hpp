#pragma once

#include "base/time.hpp"

namespace csatdb::sim {

/// The service's limit per token: a window that opens with its first request.
class Limiter {
 public:
  struct State {
    bool admitted = true;
    int count = 0, allowed = 0;
    int reset_s = 0;  ///< seconds until the window closes, rounded up
  };
  static constexpr base::Millis kWindow{60000};

  /// Counts a request at a tick. `others_per_minute` is what another user of the same client takes
  /// from the same allowance meanwhile.
  State admit(base::Millis tick, int allowed, int others_per_minute);

 private:
  base::Millis opened_{0};
  bool open_ = false;
  int own_ = 0;
};

}  // namespace csatdb::sim

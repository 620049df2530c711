#include "sim/limiter.hpp"

#include <algorithm>

namespace csatdb::sim {

Limiter::State Limiter::admit(base::Millis tick, int allowed, int others_per_minute) {
  if (!open_ || tick >= opened_ + kWindow) {
    open_ = true;
    opened_ = tick;
    own_ = 0;
  }
  const auto elapsed = tick - opened_;
  const int others = static_cast<int>(others_per_minute * elapsed.count() / kWindow.count());
  State state;
  state.allowed = allowed;
  state.admitted = own_ + others < allowed;
  if (state.admitted) ++own_;
  state.count = std::min(own_ + others, allowed);
  state.reset_s = static_cast<int>((kWindow - elapsed + base::Millis{999}).count() / 1000);
  return state;
}

}  // namespace csatdb::sim

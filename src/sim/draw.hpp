#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

#include "base/time.hpp"

namespace csatdb::sim {

/// One 64-bit value spread over all bits (the finalizer of splitmix64).
constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) { return mix(mix(a) ^ b); }
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  return mix(mix(a, b), c);
}
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  return mix(mix(a, b, c), d);
}

/// A stream of draws that depends on its key alone and uses no library mathematics, so that a
/// seed gives the same world on every machine.
class Draw {
 public:
  explicit Draw(std::uint64_t key) : state_(key) {}

  std::uint64_t bits() { return mix(state_++ * 0xD1342543DE82EF95U); }
  /// 0 <= x < 1
  double unit() { return static_cast<double>(bits() >> 11U) * 0x1.0p-53; }
  bool chance(double probability) { return unit() < probability; }
  /// 0 <= x < n
  int below(int n) { return static_cast<int>(bits() % static_cast<std::uint64_t>(n)); }
  /// low <= x <= high
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(high - low + 1));
  }
  base::Millis ms(std::int64_t low, std::int64_t high) { return base::Millis{between(low, high)}; }
  /// Long-tailed lengths of time: half of them below `median`, all between a sixteenth and
  /// sixteen times of it.
  base::Millis around(std::int64_t median) {
    const double power = (unit() + unit() + unit() + unit() - 2.0) * 2.0;
    const int whole = static_cast<int>(power + 4.0) - 4;  // floor
    const double scale = (1.0 + (power - whole)) *
                         (whole >= 0 ? static_cast<double>(1 << whole) : 1.0 / (1 << -whole));
    return base::Millis{static_cast<std::int64_t>(static_cast<double>(median) * scale)};
  }
  template <class List>
  auto pick(const List& list) {
    return list[static_cast<std::size_t>(below(static_cast<int>(std::size(list))))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace csatdb::sim

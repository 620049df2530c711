#pragma once

#include <string>

#include "base/time.hpp"
#include "warehouse/health.hpp"

namespace csatdb::cli {

/// What a monitor watches for.
struct Bounds {
  base::Millis max_age = std::chrono::hours(26);  ///< a daily run, and two hours for it to end
  std::int64_t max_gaps = 0;
};

/// What a monitor is told: one line as Nagios and its kin read it, with performance data behind the
/// bar.
struct Check {
  int code = 0;  ///< 0 ok, 1 warning, 2 critical
  std::string line;
};

/// Critical: a bound is broken, or the disk is full within a day. Warning: the last sync did not
/// end well, there are gaps within the bound, or the disk is full within a week.
Check check(const warehouse::Health& health, const Bounds& bounds, base::Instant now);
/// Critical, for a warehouse that cannot be read.
Check unreadable(const std::string& why);

/// Scopes whose last read failed, without those of resources the service refuses and that the
/// warehouse is complete without.
std::vector<warehouse::FailedScope> gaps(const warehouse::Health& health);

}  // namespace csatdb::cli

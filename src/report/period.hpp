#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace csatdb::report {

/// Local dates, both ends inclusive.
struct Period {
  base::Day first, last;
  friend bool operator==(const Period&, const Period&) = default;
};

/// A period as users write it: a date (2026-07-31), month (2026-07), quarter (2026-Q3), ISO week
/// (2026-W31) or year (2026); `today`, `yesterday`, `last-7d`, `last-4w` (complete days and weeks
/// before today), `this-week`, `last-week` and so for month, quarter and year. A period that has
/// begun ends today. Nothing if it is none of these.
std::optional<Period> parse_period(std::string_view text, base::Day today);

}  // namespace csatdb::report

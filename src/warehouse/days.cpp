#include "warehouse/days.hpp"

#include <algorithm>

#include "warehouse/calendar.hpp"

namespace csatdb::warehouse {

Days::Days(SQLite::Database& database, const base::Zone& zone)
    : database_(database),
      zone_(&zone),
      add_(database, "INSERT INTO utc_days (utc_day) VALUES (?) ON CONFLICT DO NOTHING"),
      settle_(database,
              "INSERT INTO utc_days (utc_day, is_settled) VALUES (?, ?) "
              "ON CONFLICT (utc_day) DO UPDATE SET is_settled = excluded.is_settled") {}

void Days::forget() {
  days_.clear();
  first_.reset();
  last_.reset();
}

void Days::cover(base::Instant t) {
  const std::int64_t day = base::day_of(t).time_since_epoch().count();
  if (!days_.insert(day).second) return;
  add_.with(day).run();
  const base::Instant first = std::min(t, first_.value_or(t));
  const base::Instant last = std::max(t, last_.value_or(t));
  if (first_ != first || last_ != last) extend_calendar(database_, *zone_, first, last);
  first_ = first;
  last_ = last;
}

void Days::settle(base::Day day, bool is_settled) {
  settle_.with(day.time_since_epoch().count(), is_settled).run();
}

}  // namespace csatdb::warehouse

#include "base/time.hpp"

#include <string>

#include "fuzz/target.hpp"
#include "report/period.hpp"

namespace csatdb::fuzz {
namespace {

using base::Instant;

void instant(std::string_view text) {
  static const base::Zone zone("Europe/Berlin");
  const auto t = base::parse_instant(text);
  if (!t) return;
  require(base::parse_instant(base::to_iso(*t)) == t, "an instant is read as it was written");
  require(
      base::parse_http_date(base::to_http_date(*t)) == std::chrono::floor<std::chrono::seconds>(*t),
      "so is the date of a header, to the second");
  require(base::to_sql(*t).size() == 19, "an instant has one form in SQL");
  const auto local = zone.local(*t);
  require(local.hour >= 0 && local.hour < 24 && local.weekday >= 1 && local.weekday <= 7,
          "a local time lies in a day of a week");
  if (base::parse_day(local.date))
    require(zone.start_of(local.date) <= *t, "a local day begins before what lies in it");
}

void period(std::string_view text) {
  static const auto today = *base::parse_day("2026-05-01");
  const auto found = report::parse_period(text, today);
  if (!found) return;
  require(base::parse_day(base::to_date(found->first)).has_value() &&
              base::parse_day(base::to_date(found->last)).has_value(),
          "a period has days of the calendar");
}

}  // namespace

void time(std::string_view input) {
  instant(input);
  // An interval is two of them.
  const auto slash = std::min(input.find('/'), input.size());
  instant(input.substr(0, slash));
  instant(input.substr(std::min(slash + 1, input.size())));
  if (const auto day = base::parse_day(input))
    require(base::to_date(*day) == input, "a day is written as it was read");
  if (const auto duration = base::parse_duration(input)) {
    require(*duration >= base::Millis{0}, "a length of time is none below zero");
    require(!base::to_words(*duration).empty(), "it can be told");
  }
  if (const auto date = base::parse_http_date(input))
    require(base::parse_http_date(base::to_http_date(*date)) == date,
            "the date of a header is read as it was written");
  period(input);
}

}  // namespace csatdb::fuzz

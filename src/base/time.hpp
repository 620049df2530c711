#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace csatdb::base {

using Millis = std::chrono::milliseconds;
/// A point in UTC, to the millisecond: the resolution of the service and of every `_ms` column.
using Instant = std::chrono::sys_time<Millis>;
/// A UTC day, which is what the service's windows select by (genesys-api.md 3.3).
using Day = std::chrono::sys_days;

inline constexpr Instant kEpoch{};

/// Half open: begin <= t < end.
struct Interval {
  Instant begin, end;
  friend bool operator==(const Interval&, const Interval&) = default;
};

inline std::int64_t to_ms(Instant t) { return t.time_since_epoch().count(); }
inline Instant from_ms(std::int64_t ms) { return Instant{Millis{ms}}; }
inline Day day_of(Instant t) { return std::chrono::floor<std::chrono::days>(t); }

/// ISO-8601 with 0 to n decimals (cut at milliseconds), "Z" or an offset; nothing if it is not an instant of years 1970..9999.
std::optional<Instant> parse_instant(std::string_view text);
/// "2026-05-01"; nothing if it is not a calendar day of years 1970..9999.
std::optional<Day> parse_day(std::string_view text);
/// A length of time as users write it: "15m", "26h", "90d", "2y", "30s"; nothing if it is none. A year is 365 days.
std::optional<Millis> parse_duration(std::string_view text);
/// The date of an HTTP header (RFC 9110 IMF-fixdate, e.g. "Sun, 06 Nov 1994 08:49:37 GMT").
std::optional<Instant> parse_http_date(std::string_view text);

std::string to_iso(Instant t);              ///< 2026-05-01T00:00:00.000Z
std::string to_iso(const Interval& i);      ///< begin/end, as the service's `interval` wants it
std::string to_date(Day day);               ///< 2026-05-01
std::string to_sql(Instant t);              ///< 2026-05-01 00:00:00, the form every BI client reads (ecosystem.md 2)
std::string to_http_date(Instant t);        ///< Sun, 06 Nov 1994 08:49:37 GMT
std::string to_words(Millis duration);      ///< 1h 05m, 3m 20s, 850ms

/// The calendar place of an instant in a zone.
struct LocalTime {
  std::string date;  ///< YYYY-MM-DD
  int hour;          ///< 0..23
  int weekday;       ///< ISO: 1 Monday .. 7 Sunday
};

/// An IANA time zone.
class Zone {
 public:
  /// Throws Fault::usage, naming the zone, if the system's zone database does not know it.
  explicit Zone(const std::string& name);
  ~Zone();
  Zone(Zone&&) noexcept;
  Zone& operator=(Zone&&) noexcept;

  const std::string& name() const;
  LocalTime local(Instant t) const;
  /// What must be added to UTC there and then.
  std::chrono::seconds offset(Instant t) const;
  /// The first instant of a local date ("2026-03-29"), also where midnight does not exist.
  Instant start_of(const std::string& date) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What time it is, and how time passes; tests turn it by hand.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;    ///< the wall clock: may be wrong, may jump
  virtual Millis ticks() const = 0;   ///< never goes back; only differences mean anything
};

/// The machine's own clocks.
class SystemClock final : public Clock {
 public:
  Instant now() const override;
  Millis ticks() const override;
};

}  // namespace csatdb::base

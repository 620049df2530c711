#include "base/time.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <stdexcept>

#include "base/error.hpp"

namespace csatdb::base {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// Reads fixed-width numbers and literal characters off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool literal(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<int> digits(std::size_t width) {
    if (rest_.size() < width) return std::nullopt;
    int value = 0;
    for (char c : rest_.substr(0, width)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(width);
    return value;
  }

  /// Any number of decimals, as milliseconds.
  std::optional<Millis> decimals() {
    int ms = 0;
    int scale = 100;
    std::size_t n = 0;
    for (; n < rest_.size() && rest_[n] >= '0' && rest_[n] <= '9'; ++n) {
      ms += (rest_[n] - '0') * scale;
      scale /= 10;
    }
    if (n == 0) return std::nullopt;
    rest_.remove_prefix(n);
    return Millis{ms};
  }

  bool done() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

std::optional<Day> calendar_day(int y, int m, int d) {
  const std::chrono::year_month_day ymd{std::chrono::year{y},
                                        std::chrono::month{static_cast<unsigned>(m)},
                                        std::chrono::day{static_cast<unsigned>(d)}};
  if (!ymd.ok() || y < 1970) return std::nullopt;
  return Day{ymd};
}

std::optional<Day> scan_day(Scanner& scan) {
  const auto y = scan.digits(4);
  if (!y || !scan.literal('-')) return std::nullopt;
  const auto m = scan.digits(2);
  if (!m || !scan.literal('-')) return std::nullopt;
  const auto d = scan.digits(2);
  if (!d) return std::nullopt;
  return calendar_day(*y, *m, *d);
}

std::optional<Millis> scan_offset(Scanner& scan) {
  if (scan.literal('Z') || scan.literal('z')) return Millis{0};
  int sign = 0;
  if (scan.literal('+')) sign = 1;
  if (sign == 0 && scan.literal('-')) sign = -1;
  if (sign == 0) return std::nullopt;
  const auto h = scan.digits(2);
  scan.literal(':');
  const auto m = scan.digits(2);
  if (!h || !m || *h > 23 || *m > 59) return std::nullopt;
  return sign * (hours{*h} + minutes{*m});
}

/// The instant, if the texts written here can name its year. An offset or a leap second leads past the calendar's ends.
std::optional<Instant> nameable(Instant t) {
  constexpr Instant kEnd = std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1};
  return t >= kEpoch && t < kEnd ? std::optional(t) : std::nullopt;
}

struct Civil {
  int year, month, day, hour, minute, second, millis;
};

Civil civil(Instant t) {
  const Day day = day_of(t);
  const std::chrono::year_month_day ymd{day};
  const std::chrono::hh_mm_ss<Millis> time{t - day};
  return {int{ymd.year()},
          static_cast<int>(unsigned{ymd.month()}),
          static_cast<int>(unsigned{ymd.day()}),
          static_cast<int>(time.hours().count()),
          static_cast<int>(time.minutes().count()),
          static_cast<int>(time.seconds().count()),
          static_cast<int>(time.subseconds().count())};
}

constexpr std::array kWeekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::optional<Instant> parse_instant(std::string_view text) {
  Scanner scan(text);
  const auto day = scan_day(scan);
  if (!day || !(scan.literal('T') || scan.literal('t') || scan.literal(' '))) return std::nullopt;
  const auto h = scan.digits(2);
  if (!h || *h > 23 || !scan.literal(':')) return std::nullopt;
  const auto m = scan.digits(2);
  if (!m || *m > 59 || !scan.literal(':')) return std::nullopt;
  const auto s = scan.digits(2);
  if (!s || *s > 60) return std::nullopt;
  Millis fraction{0};
  if (scan.literal('.') || scan.literal(',')) {
    const auto decimals = scan.decimals();
    if (!decimals) return std::nullopt;
    fraction = *decimals;
  }
  const auto offset = scan_offset(scan);
  if (!offset || !scan.done()) return std::nullopt;
  return nameable(Instant{*day} + hours{*h} + minutes{*m} + seconds{*s} + fraction - *offset);
}

std::optional<Day> parse_day(std::string_view text) {
  Scanner scan(text);
  const auto day = scan_day(scan);
  return scan.done() ? day : std::nullopt;
}

std::optional<Millis> parse_duration(std::string_view text) {
  constexpr Millis kLongest = days{365 * 100};  // an age beyond that is a slip, not a wish
  std::int64_t count = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (problem != std::errc{} || count < 0 || count > 1'000'000) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  std::optional<Millis> length;
  if (unit == "ms") length = Millis{count};
  if (unit == "s") length = seconds{count};
  if (unit == "m" || unit == "min") length = minutes{count};
  if (unit == "h") length = hours{count};
  if (unit == "d") length = days{count};
  if (unit == "w") length = days{7 * count};
  if (unit == "y") length = days{365 * count};
  return length && *length <= kLongest ? length : std::nullopt;
}

std::optional<Instant> parse_http_date(std::string_view text) {
  const auto comma = text.find(", ");
  if (comma == std::string_view::npos) return std::nullopt;
  Scanner scan(text.substr(comma + 2));
  const auto d = scan.digits(2);
  if (!d || !scan.literal(' ')) return std::nullopt;
  int month = 0;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (scan.rest().starts_with(kMonths[i])) month = static_cast<int>(i) + 1;
  }
  if (month == 0) return std::nullopt;
  for (char c : std::string_view(kMonths[static_cast<std::size_t>(month - 1)])) scan.literal(c);
  if (!scan.literal(' ')) return std::nullopt;
  const auto y = scan.digits(4);
  if (!y || !scan.literal(' ')) return std::nullopt;
  const auto h = scan.digits(2);
  if (!h || !scan.literal(':')) return std::nullopt;
  const auto m = scan.digits(2);
  if (!m || !scan.literal(':')) return std::nullopt;
  const auto s = scan.digits(2);
  const auto day = calendar_day(*y, month, *d);
  if (!s || !day || *h > 23 || *m > 59 || *s > 60 || scan.rest() != " GMT") return std::nullopt;
  return nameable(Instant{*day} + hours{*h} + minutes{*m} + seconds{*s});
}

std::string to_iso(Instant t) {
  const Civil c = civil(t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", c.year, c.month, c.day, c.hour,
                     c.minute, c.second, c.millis);
}

std::string to_iso(const Interval& i) { return to_iso(i.begin) + "/" + to_iso(i.end); }

std::string to_date(Day day) { return to_iso(Instant{day}).substr(0, 10); }

std::string to_sql(Instant t) {
  const Civil c = civil(t);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour,
                     c.minute, c.second);
}

std::string to_http_date(Instant t) {
  const Civil c = civil(t);
  const auto weekday = std::chrono::weekday{day_of(t)}.c_encoding();
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kWeekdays[weekday], c.day,
                     kMonths[static_cast<std::size_t>(c.month - 1)], c.year, c.hour, c.minute,
                     c.second);
}

std::string to_words(Millis duration) {
  const auto ms = duration.count();
  if (ms < 1000) return fmt::format("{}ms", ms);
  const auto s = ms / 1000;
  if (s < 60) return fmt::format("{}s", s);
  if (s < 3600) return fmt::format("{}m {:02}s", s / 60, s % 60);
  if (s < 86400) return fmt::format("{}h {:02}m", s / 3600, s / 60 % 60);
  return fmt::format("{}d {:02}h", s / 86400, s / 3600 % 24);
}

struct Zone::Impl {
  std::string name;
  const date::time_zone* zone;
  date::sys_info cached{};  // the offset rule of the last instant asked for; most neighbours share it
};

Zone::Zone(const std::string& name) {
  try {
    // The machine's own zone: another one on the next machine.
    if (name == "localtime") throw std::invalid_argument(name);
    impl_ = std::make_unique<Impl>(Impl{name, date::locate_zone(name), {}});
  } catch (const std::exception&) {
    throw Error(Fault::usage, fmt::format("time zone '{}' is unknown: use an IANA name such as "
                                          "Europe/Berlin (and install tzdata)", name));
  }
}
Zone::~Zone() = default;
Zone::Zone(Zone&&) noexcept = default;
Zone& Zone::operator=(Zone&&) noexcept = default;

const std::string& Zone::name() const { return impl_->name; }

std::chrono::seconds Zone::offset(Instant t) const {
  auto& rule = impl_->cached;
  if (t < rule.begin || t >= rule.end) rule = impl_->zone->get_info(t);
  return rule.offset;
}

LocalTime Zone::local(Instant t) const {
  const Instant shifted = t + offset(t);
  const Day day = day_of(shifted);
  return {to_date(day), static_cast<int>(std::chrono::floor<hours>(shifted - day).count()),
          static_cast<int>(std::chrono::weekday{day}.iso_encoding())};
}

Instant Zone::start_of(const std::string& date) const {
  const auto day = parse_day(date);
  if (!day) throw Error(Fault::usage, fmt::format("'{}' is no date: write YYYY-MM-DD", date));
  const auto local = date::local_days{date::days{day->time_since_epoch().count()}};
  return date::floor<Millis>(impl_->zone->to_sys(local, date::choose::earliest));
}

Instant SystemClock::now() const {
  return std::chrono::floor<Millis>(std::chrono::system_clock::now());
}

Millis SystemClock::ticks() const {
  return std::chrono::floor<Millis>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace csatdb::base

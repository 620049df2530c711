#include "report/period.hpp"

#include <algorithm>
#include <charconv>

namespace csatdb::report {
namespace {

using base::Day;
using std::chrono::days;
using std::chrono::months;
using std::chrono::year_month;
using std::chrono::year_month_day;
using namespace std::chrono_literals;

constexpr int kLongest = 36600;  // days: a century
/// The days that a date can name (base/time.hpp).
constexpr Day kFirstDay{}, kLastDay{std::chrono::year(9999) / 12 / 31};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

Day monday(Day day) { return day - (std::chrono::weekday(day) - std::chrono::Monday); }

/// `count` months from the first of one.
Period span(year_month first, int count) {
  return {Day(first / 1), Day((first + months(count)) / 1) - days(1)};
}

/// "2026", "2026-07", "2026-Q3", "2026-W31" or a date.
std::optional<Period> calendar(std::string_view text) {
  if (const auto day = base::parse_day(text)) return Period{*day, *day};
  const auto year_no = number(text.substr(0, 4));
  if (!year_no || *year_no < 1970 || text.size() < 4) return std::nullopt;
  const std::chrono::year year(*year_no);
  if (text.size() == 4) return span(year / 1, 12);
  if (text.size() != 7 || text[4] != '-') return std::nullopt;
  if (text[5] == 'Q') {
    const auto quarter = number(text.substr(6));
    if (!quarter || *quarter < 1 || *quarter > 4) return std::nullopt;
    return span(year / (*quarter * 3 - 2), 3);
  }
  const auto month = number(text.substr(5));
  if (!month || *month < 1 || *month > 12) return std::nullopt;
  return span(year / *month, 1);
}

/// ISO 8601: week 1 holds the year's first Thursday.
std::optional<Period> iso_week(std::string_view text) {
  if (text.size() != 8 || text[4] != '-' || text[5] != 'W') return std::nullopt;
  const auto year = number(text.substr(0, 4));
  const auto week = number(text.substr(6));
  if (!year || *year < 1970 || !week || *week < 1 || *week > 53) return std::nullopt;
  const Day first = monday(Day(std::chrono::year(*year) / 1 / 4)) + days(7 * (*week - 1));
  if (year_month_day(first + days(3)).year() != std::chrono::year(*year)) return std::nullopt;
  return Period{first, first + days(6)};
}

/// The week, month, quarter or year that `day` is in, or the one `back` before it.
std::optional<Period> unit(std::string_view name, Day day, int back) {
  const year_month_day date(day);
  const year_month month = date.year() / date.month();
  if (name == "week") {
    const Day first = monday(day) - days(7 * back);
    return Period{first, first + days(6)};
  }
  if (name == "month") return span(month - months(back), 1);
  if (name == "quarter") {
    const auto into = months((static_cast<unsigned>(date.month()) - 1) % 3);
    return span(month - into - months(3 * back), 3);
  }
  if (name == "year") return span((date.year() - std::chrono::years(back)) / 1, 12);
  return std::nullopt;
}

/// "7d" or "4w" up to yesterday.
std::optional<Period> last(std::string_view length, Day today) {
  if (length.size() < 2) return std::nullopt;
  const auto count = number(length.substr(0, length.size() - 1));
  if (!count || *count < 1 || *count > kLongest) return std::nullopt;
  if (length.back() == 'd') return Period{today - days(*count), today - days(1)};
  if (length.back() != 'w' || *count > kLongest / 7) return std::nullopt;
  return Period{monday(today) - days(7 * *count), monday(today) - days(1)};
}

}  // namespace

std::optional<Period> parse_period(std::string_view text, Day today) {
  std::optional<Period> out;
  if (text == "today") {
    out = Period{today, today};
  } else if (text == "yesterday") {
    out = Period{today - days(1), today - days(1)};
  } else if (text.starts_with("this-")) {
    out = unit(text.substr(5), today, 0);
  } else if (text.starts_with("last-")) {
    out = unit(text.substr(5), today, 1);
    if (!out) out = last(text.substr(5), today);
  } else {
    out = calendar(text);
    if (!out) out = iso_week(text);
  }
  if (!out) return out;
  if (out->first <= today && !base::parse_day(text)) out->last = std::min(out->last, today);
  return Period{std::max(out->first, kFirstDay), std::min(out->last, kLastDay)};
}

}  // namespace csatdb::report

#include "report/figures.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/time.hpp"

namespace csatdb::report {
namespace {

constexpr const char* kNone = "–";
constexpr const char* kMinus = "−";
constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

std::string grouped(double count) {
  std::string digits = fmt::format("{:.0f}", std::abs(count));
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  return (count < 0 ? kMinus : "") + digits;
}

std::string decimal(std::optional<double> value, int places) {
  if (!value) return kNone;
  const std::string digits = fmt::format("{:.{}f}", std::abs(*value), places);
  const bool is_zero = digits.find_first_not_of("0.") == std::string::npos;
  return (*value < 0 && !is_zero ? kMinus : "") + digits;
}

std::string signed_decimal(std::optional<double> value) {
  return (value && *value > 0 ? "+" : "") + decimal(value);
}

std::string spoken_time(std::optional<double> seconds) {
  if (!seconds) return kNone;
  const double s = *seconds;
  if (s < 59.5) return fmt::format("{:.0f} s", s);
  const int whole = static_cast<int>(std::lround(s));
  if (s < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{:.1f} h", s / 3600);
}

std::string spoken_days(std::optional<double> days) {
  if (!days) return kNone;
  const double minutes = *days * 1440;
  if (std::abs(minutes) < 90) return decimal(minutes, 0) + " min";
  if (std::abs(*days) < 2) return decimal(*days * 24) + " h";
  return decimal(*days) + " days";
}

std::string spoken_date(std::string_view date, bool with_year) {
  const auto day = base::parse_day(date);
  if (!day) return std::string(date);
  const std::chrono::year_month_day parts{*day};
  std::string text = fmt::format("{} {}", static_cast<unsigned>(parts.day()),
                                 kMonths[static_cast<unsigned>(parts.month()) - 1]);
  if (with_year) text += fmt::format(" {}", static_cast<int>(parts.year()));
  return text;
}

std::string spoken_span(std::string_view first, std::string_view last) {
  if (first == last) return spoken_date(first);
  const bool is_year = first.substr(0, 4) == last.substr(0, 4);
  std::string begin = spoken_date(first, !is_year);
  if (first.substr(0, 7) == last.substr(0, 7)) begin = begin.substr(0, begin.find(' '));
  return fmt::format("{} to {}", begin, spoken_date(last));
}

}  // namespace csatdb::report

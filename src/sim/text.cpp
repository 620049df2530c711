#include "sim/text.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iterator>

namespace csatdb::sim {
namespace {

void two(std::string& out, unsigned value) {
  out += static_cast<char>('0' + value / 10);
  out += static_cast<char>('0' + value % 10);
}

/// The date part of the last day written: consecutive instants mostly share it.
struct DayText {
  base::Day day{};
  std::string text = "1970-01-01";
};

}  // namespace

Text& Text::key(std::string_view name) {
  separate();
  out_ += '"';
  out_ += name;
  out_ += "\":";
  return *this;
}

Text& Text::plain(std::string_view value) {
  separate();
  out_ += '"';
  out_ += value;
  out_ += '"';
  return *this;
}

Text& Text::text(std::string_view value) {
  separate();
  out_ += '"';
  std::size_t from = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto c = static_cast<unsigned char>(value[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out_ += value.substr(from, i - from);
    from = i + 1;
    if (c == '\n')
      out_ += "\\n";
    else if (c == '\t')
      out_ += "\\t";
    else if (c == '"' || c == '\\')
      (out_ += '\\') += static_cast<char>(c);
    else
      fmt::format_to(std::back_inserter(out_), "\\u{:04x}", c);
  }
  out_ += value.substr(from);
  out_ += '"';
  return *this;
}

Text& Text::integer(std::int64_t value) {
  separate();
  const fmt::format_int digits(value);
  out_.append(digits.data(), digits.size());
  return *this;
}

Text& Text::real(double value) {
  separate();
  if (value == std::floor(value) && std::fabs(value) < 1e15) {
    fmt::format_to(std::back_inserter(out_), "{:.1f}", value);
  } else {
    fmt::format_to(std::back_inserter(out_), "{}", value);
  }
  return *this;
}

Text& Text::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
  return *this;
}

Text& Text::instant(base::Instant value) {
  separate();
  static thread_local DayText known;
  const auto day = base::day_of(value);
  if (day != known.day) known = {day, base::to_date(day)};
  const auto ms = static_cast<unsigned>((value - day).count());
  out_ += '"';
  out_ += known.text;
  out_ += 'T';
  two(out_, ms / 3600000);
  out_ += ':';
  two(out_, ms / 60000 % 60);
  out_ += ':';
  two(out_, ms / 1000 % 60);
  const unsigned decimals = ms % 1000;
  const bool odd = base::to_ms(value) % 601 == 0;
  if (odd && decimals == 0) {
    out_ += "Z\"";
    return *this;
  }
  out_ += '.';
  out_ += static_cast<char>('0' + decimals / 100);
  if (!odd || decimals % 100 != 0) two(out_, decimals % 100);
  if (odd && decimals % 100 != 0) out_ += "000";
  out_ += "Z\"";
  return *this;
}

}  // namespace csatdb::sim

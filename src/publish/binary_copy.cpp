#include "publish/binary_copy.hpp"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <optional>

#include "base/error.hpp"
#include "base/time.hpp"

namespace csatdb::publish {
namespace {

using std::chrono::days;
using warehouse::Value;

constexpr base::Day kEpoch{days{10957}};  // PostgreSQL counts from 2000-01-01
constexpr std::size_t kDateLength = 10;   // YYYY-MM-DD
constexpr std::int64_t kSecondUs = 1'000'000;

/// Appends an integer in network order.
template <class Integer>
void append(std::string& out, Integer value) {
  auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
  char bytes[sizeof(bits)];
  for (std::size_t i = sizeof(bits); i-- > 0; bits = static_cast<decltype(bits)>(bits >> 8U))
    bytes[i] = static_cast<char>(bits & 0xFFU);
  out.append(bytes, sizeof(bytes));
}

/// A value of fixed size with its length before it.
template <class Integer>
void append_sized(std::string& out, Integer value) {
  append(out, static_cast<std::int32_t>(sizeof(value)));
  append(out, value);
}

void append_null(std::string& out) { append(out, std::int32_t{-1}); }

void append_text(std::string& out, const std::string& text) {
  if (text.find('\0') == std::string::npos) {
    append(out, static_cast<std::int32_t>(text.size()));
    out += text;
    return;
  }
  std::string clean;
  for (const char c : text) c == '\0' ? clean += "\uFFFD" : clean += c;
  append_text(out, clean);
}

std::int64_t digits(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

[[noreturn]] void refuse(std::string_view text) {
  throw base::Error(base::Fault::storage,
                    fmt::format("the warehouse holds '{}' where a date or time belongs: was it "
                                "changed by hand?",
                                text.substr(0, 30)));
}

/// Days since PostgreSQL's epoch.
std::int32_t date(std::string_view text) {
  const auto day = base::parse_day(text.substr(0, kDateLength));
  if (!day) refuse(text);
  return static_cast<std::int32_t>((*day - kEpoch).count());
}

/// "YYYY-MM-DD HH:MM:SS" in microseconds since PostgreSQL's epoch.
std::int64_t instant(std::string_view text) {
  if (text.size() < kDateLength + 9) refuse(text);
  const auto seconds = digits(text.substr(11, 2)) * 3600 + digits(text.substr(14, 2)) * 60 +
                       digits(text.substr(17, 2));
  return (std::int64_t{date(text)} * 86400 + seconds) * kSecondUs;
}

/// Texts of other types than the column's are what SQLite lets a column hold.
std::string as_text(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *integer);
  return fmt::format("{}", std::get<double>(value));
}

std::int64_t as_integer(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
  if (const auto* real = std::get_if<double>(&value)) return static_cast<std::int64_t>(*real);
  return digits(std::get<std::string>(value));
}

double as_real(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return static_cast<double>(as_integer(value));
}

void append_value(std::string& out, Type type, const Value& value) {
  if (std::holds_alternative<std::monostate>(value)) return append_null(out);
  switch (type) {
    case Type::text:
      if (const auto* text = std::get_if<std::string>(&value)) return append_text(out, *text);
      return append_text(out, as_text(value));
    case Type::bigint:
      return append_sized(out, as_integer(value));
    case Type::real:
      return append_sized(out, std::bit_cast<std::int64_t>(as_real(value)));
    case Type::boolean:
      return append_sized(out, static_cast<std::int8_t>(as_integer(value) != 0));
    case Type::date:
      return append_sized(out, date(as_text(value)));
    case Type::instant:
      return append_sized(out, instant(as_text(value)));
  }
}

}  // namespace

Type type_of(std::string_view declared) {
  if (declared.starts_with("VARCHAR") || declared == "TEXT") return Type::text;
  if (declared == "REAL") return Type::real;
  if (declared == "BOOLEAN") return Type::boolean;
  if (declared == "DATE") return Type::date;
  if (declared == "TIMESTAMP") return Type::instant;
  if (declared == "BIGINT" || declared == "INTEGER") return Type::bigint;
  throw base::Error(base::Fault::internal,
                    fmt::format("a published column is declared '{}'", declared));
}

std::string_view spelled(Type type) {
  switch (type) {
    case Type::text:
      return "text";
    case Type::bigint:
      return "bigint";
    case Type::real:
      return "double precision";
    case Type::boolean:
      return "boolean";
    case Type::date:
      return "date";
    case Type::instant:
      return "timestamptz";
  }
  return "text";
}

std::string_view copy_header() {
  using namespace std::string_view_literals;
  return "PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0"sv;  // signature, no flags, no extension
}

std::string_view copy_trailer() { return "\xff\xff"; }

void append_row(std::string& out, const std::vector<Type>& types,
                const std::vector<Value>& values) {
  append(out, static_cast<std::int16_t>(types.size()));
  for (std::size_t i = 0; i < types.size(); ++i) append_value(out, types[i], values[i]);
}

}  // namespace csatdb::publish

#include "report/script.hpp"

#include <fmt/format.h>

namespace csatdb::report {
namespace {

/// Text between single quotes, those in it doubled.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

/// A value as an SQL literal.
std::string literal(const warehouse::Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *integer);
  if (const auto* real = std::get_if<double>(&value)) return fmt::format("{}", *real);
  if (const auto* text = std::get_if<std::string>(&value)) return quoted(*text);
  return "NULL";
}

/// As psql reads a word: between quotes, where a backslash begins an escape and a line cannot end.
std::string word(std::string_view text) {
  std::string out;
  for (const char c : quoted(text)) {
    if (c == '\\') out += '\\';
    out += c == '\n' ? "\\n" : std::string(1, c);
  }
  return out;
}

}  // namespace

std::string psql_script(const Report& report, const warehouse::Parameters& parameters) {
  std::string out =
      "\\set QUIET on\n\\if :{?schema}\n\\else\n\\set schema csatdb\n\\endif\n"
      "SET search_path = :\"schema\", public;\nSET timezone = 'UTC';\n";
  for (const auto& parameter : report.parameters) {
    const auto at = parameters.find(parameter.name);
    const auto value = at == parameters.end() ? "NULL" : literal(at->second);
    out += fmt::format("\\set {} {}\n", parameter.name, word(value));
  }
  return out + report.sql;
}

}  // namespace csatdb::report

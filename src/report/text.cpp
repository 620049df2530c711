#include "report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "report/unicode.hpp"

namespace csatdb::report {
namespace {

constexpr std::string_view kReplacement = "\uFFFD";

/// Whether a character does something instead of being seen.
bool acts(char32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  const bool bidirectional = c == 0x061C || c == 0x200E || c == 0x200F ||
                             (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  const bool separator = c == 0x2028 || c == 0x2029;
  const bool tag = c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F);
  return control || bidirectional || separator || tag;
}

}  // namespace

std::string printable(std::string_view text, Lines lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto next = take(text);
    if (!next.valid) {
      out += kReplacement;
    } else if (next.code == '\r' && text.starts_with('\n')) {
      continue;  // the line break that follows stands for both
    } else if (next.code == '\n') {
      out += lines == Lines::keep ? "\n" : "⏎";
    } else if (next.code == '\t') {
      out += ' ';
    } else {
      out += acts(next.code) ? kReplacement : next.bytes;
    }
  }
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) width += column_width(take(text).code);
  return width;
}

std::string fitted(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    const auto next = take(text);
    used += column_width(next.code);
    if (used > width - 1) break;
    out += next.bytes;
  }
  return out + "…";
}

std::string csv_field(std::string_view text, bool safe) {
  std::string field = printable(text, Lines::keep);
  // OWASP's list of what begins a formula; a blank before it does not help.
  constexpr std::string_view kFormula = "=+-@";
  const auto first = field.find_first_not_of(" \n");
  if (safe && first != std::string::npos && kFormula.find(field[first]) != std::string_view::npos)
    field.insert(0, 1, '\'');
  if (field.find_first_of(",\"\n") == std::string::npos) return field;
  std::string quoted = "\"";
  for (const char c : field) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string markdown_cell(std::string_view text) {
  std::string out;
  const std::string shown = printable(text, Lines::mark);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (std::string_view("\\`*_[]|~!#").find(c) != std::string_view::npos) {
      out += '\\';
      out += c;
    } else if (shown.compare(i, 2, ":/") == 0 || c == '@' ||
               (c == '.' && i > 0 && (shown[i - 1] | 0x20) == 'w')) {
      // Addresses would become links by themselves.
      out += fmt::format("&#{};", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out;
}

std::string html_text(std::string_view text) {
  std::string out;
  for (const char c : printable(text, Lines::keep)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string json_shown(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  while (!json.empty()) {
    const auto next = take(json);
    if (next.code >= 0x7F && acts(next.code)) {
      if (next.code > 0xFFFF) {
        const auto rest = next.code - 0x10000;
        out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10), 0xDC00 + (rest & 0x3FF));
      } else {
        out += fmt::format("\\u{:04x}", static_cast<unsigned>(next.code));
      }
    } else {
      out += next.bytes;
    }
  }
  return out;
}

}  // namespace csatdb::report

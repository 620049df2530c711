#include "report/rows.hpp"

#include <fmt/format.h>

#include <ostream>
#include <utility>

#include "json/writer.hpp"
#include "report/text.hpp"

namespace csatdb::report {
namespace {

using warehouse::Value;

/// How many bytes a control character at `i` takes that is more than a line break or tab: ASCII's
/// (one byte) or Unicode's C1 (two). CSV has no way to escape them, and terminals obey them.
std::size_t control_at(std::string_view text, std::size_t i) {
  const auto c = static_cast<unsigned char>(text[i]);
  if (c == '\t' || c == '\n' || c == '\r') return 0;
  if (c < 0x20 || c == 0x7F) return 1;
  const bool is_c1 =
      c == 0xC2 && i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xE0) == 0x80;
  return is_c1 ? 2 : 0;
}

/// A text as it is, quoted where RFC 4180 asks for it; an empty one too, for NULL is not quoted.
void append_field(std::string& line, std::string_view text) {
  const bool is_quoted = text.empty() || text.find_first_of(",\"\r\n") != std::string_view::npos;
  if (is_quoted) line += '"';
  for (std::size_t i = 0; i < text.size();) {
    if (const auto bytes = control_at(text, i)) {
      line += "\xEF\xBF\xBD";  // U+FFFD
      i += bytes;
      continue;
    }
    if (text[i] == '"') line += '"';
    line += text[i++];
  }
  if (is_quoted) line += '"';
}

}  // namespace

RowWriter::RowWriter(std::ostream& out, RowFormat format, std::vector<warehouse::Column> columns)
    : out_(out), format_(format), columns_(std::move(columns)) {}

void RowWriter::head() {
  if (format_ == RowFormat::ndjson) return;
  std::vector<Value> names;
  for (const auto& column : columns_) names.emplace_back(column.name);
  csv(names);
}

void RowWriter::row(const std::vector<Value>& values) {
  format_ == RowFormat::ndjson ? ndjson(values) : csv(values);
}

void RowWriter::csv(const std::vector<Value>& values) {
  line_.clear();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) line_ += ',';
    if (const auto* integer = std::get_if<std::int64_t>(&values[i])) {
      fmt::format_to(std::back_inserter(line_), "{}", *integer);
    } else if (const auto* real = std::get_if<double>(&values[i])) {
      fmt::format_to(std::back_inserter(line_), "{}", *real);
    } else if (const auto* text = std::get_if<std::string>(&values[i])) {
      if (format_ == RowFormat::csv_safe && !text->empty())
        line_ += csv_field(*text, true);
      else
        append_field(line_, *text);
    }
  }
  out_ << line_ << "\r\n";
}

void RowWriter::ndjson(const std::vector<Value>& values) {
  json::Writer json;
  json.begin_object();
  for (std::size_t i = 0; i < values.size(); ++i) {
    json.key(columns_[i].name);
    if (const auto* integer = std::get_if<std::int64_t>(&values[i])) {
      columns_[i].type == "BOOLEAN" ? json.boolean(*integer != 0) : json.integer(*integer);
    } else if (const auto* real = std::get_if<double>(&values[i])) {
      json.real(*real);
    } else if (const auto* text = std::get_if<std::string>(&values[i])) {
      columns_[i].type == "JSON" ? json.raw(*text) : json.text(*text);
    } else {
      json.null();
    }
  }
  out_ << json_shown(json.end_object().str()) << '\n';
}

std::string rows_of(const std::vector<warehouse::Column>& columns, const std::string& relation,
                    const std::string& changed_after) {
  std::string list;
  for (const auto& column : columns) {
    if (!list.empty()) list += ", ";
    const auto name = fmt::format("\"{}\"", column.name);
    list += column.type == "BLOB" ? fmt::format("hex({0}) AS {0}", name) : name;
  }
  return fmt::format("SELECT {} FROM \"{}\"{}{}", list, relation,
                     changed_after.empty() ? "" : " WHERE ", changed_after);
}

}  // namespace csatdb::report

#include "report/render.hpp"

#include <fmt/format.h>

#include <ostream>

#include "json/writer.hpp"
#include "report/grid.hpp"
#include "report/table.hpp"
#include "report/text.hpp"

namespace csatdb::report {
namespace {

using warehouse::Value;

void write_csv(std::ostream& out, const warehouse::Result& result, bool safe) {
  const auto line = [&](const auto& items, auto field) {
    const char* comma = "";
    for (const auto& item : items) {
      out << comma << field(item);
      comma = ",";
    }
    out << "\r\n";
  };
  line(result.columns, [&](const auto& column) { return csv_field(column.name, safe); });
  for (const auto& row : result.rows)
    line(row, [&](const Value& value) {
      // A negative number is no formula.
      return csv_field(plain(value), safe && std::holds_alternative<std::string>(value));
    });
}

void write_value(json::Writer& json, const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    json.integer(*integer);
  } else if (const auto* real = std::get_if<double>(&value)) {
    json.real(*real);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    json.text(*text);
  } else {
    json.null();
  }
}

void write_row(json::Writer& json, const warehouse::Result& result, const std::vector<Value>& row) {
  json.begin_object();
  for (std::size_t i = 0; i < row.size(); ++i)
    write_value(json.key(result.columns[i].name), row[i]);
  json.end_object();
}

void write_ndjson(std::ostream& out, const warehouse::Result& result) {
  for (const auto& row : result.rows) {
    json::Writer json;
    write_row(json, result, row);
    out << json_shown(json.str()) << '\n';
  }
}

void write_json(std::ostream& out, const Outcome& outcome) {
  json::Writer json(json::Writer::Style::pretty);
  json.begin_object();
  json.member("format_version", kFormatVersion);
  json.member("report", outcome.report->name).member("title", outcome.report->title);
  json.key("parameters").begin_object();
  for (const auto& [name, value] : outcome.parameters) write_value(json.key(name), value);
  json.end_object();
  json.key("columns").begin_array();
  for (const auto& column : outcome.result.columns) json.text(column.name);
  json.end_array();
  json.key("rows").begin_array();
  for (const auto& row : outcome.result.rows) write_row(json, outcome.result, row);
  json.end_array();
  json.key("footer").begin_array();
  for (const auto& line : outcome.footer) json.text(line);
  json.end_array();
  out << json_shown(json.end_object().str()) << '\n';
}

void write_markdown(std::ostream& out, const Outcome& outcome) {
  const auto& result = outcome.result;
  out << "## " << markdown_cell(outcome.report->title) << "\n\n";
  if (result.rows.empty()) {
    out << nothing_found(outcome) << "\n";
  } else {
    for (const auto& column : result.columns)
      out << "| " << markdown_cell(heading(column.name)) << ' ';
    out << "|\n";
    for (std::size_t i = 0; i < result.columns.size(); ++i)
      out << (is_numeric(result, i) ? "| ---: " : "| --- ");
    out << "|\n";
    for (const auto& row : result.rows) {
      for (const auto& value : row)
        out << "| "
            << (std::holds_alternative<std::monostate>(value) ? "–" : markdown_cell(plain(value)))
            << ' ';
      out << "|\n";
    }
  }
  out << '\n';
  for (const auto& line : outcome.footer) out << "- " << markdown_cell(line) << '\n';
}

}  // namespace

std::string plain(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* real = std::get_if<double>(&value)) {
    std::string digits = fmt::format("{:.15g}", *real);
    if (digits.find_first_not_of("-0123456789") == std::string::npos) digits += ".0";
    return digits;
  }
  return {};
}

std::string nothing_found(const Outcome& outcome) {
  const auto date = [&](const char* name) {
    const auto at = outcome.parameters.find(name);
    return at != outcome.parameters.end() ? plain(at->second) : std::string();
  };
  std::string text = fmt::format("no data for {}", outcome.report->name);
  if (const auto from = date("from"); !from.empty()) text += fmt::format(" from {}", from);
  if (const auto to = date("to"); !to.empty()) text += fmt::format(" to {}", to);
  return text;
}

std::string footer_text(const Outcome& outcome) {
  std::string text;
  for (const auto& line : outcome.footer) text += printable(line, Lines::mark) + '\n';
  return text;
}

void render(std::ostream& out, const Outcome& outcome, const Style& style) {
  switch (style.format) {
    case Format::csv:
      return write_csv(out, outcome.result, style.is_csv_safe);
    case Format::json:
      return write_json(out, outcome);
    case Format::ndjson:
      return write_ndjson(out, outcome.result);
    case Format::markdown:
      return write_markdown(out, outcome);
    case Format::table:
      return write_table(out, outcome, style);
  }
}

}  // namespace csatdb::report

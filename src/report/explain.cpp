#include "report/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "json/writer.hpp"
#include "report/render.hpp"

namespace csatdb::report {
namespace {

constexpr std::string_view kSqlite = "sqlite";
constexpr std::size_t kWidth = 100;  // columns of a paragraph
constexpr std::pair<const char*, const char*> kRhythms[] = {
    {"daily", "Daily"}, {"weekly", "Weekly"}, {"audit", "Audit"}};

/// A paragraph of at most kWidth columns, all its lines but the first set in by `indent`.
std::string paragraph(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t used = indent;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (used > indent && used + word.size() + 1 > kWidth) {
      out += '\n' + std::string(indent, ' ');
      used = indent;
    } else if (used > indent) {
      out += ' ';
      ++used;
    }
    out += word;
    used += word.size();
  }
  return out;
}

/// The rhythm's first word; "exploratory" may follow it.
bool is_of(const Report& report, std::string_view rhythm) {
  return std::string_view(report.rhythm).substr(0, report.rhythm.find(',')) == rhythm;
}

}  // namespace

std::string listing(std::string_view dialect) {
  std::size_t width = 0;
  for (const auto& report : reports()) width = std::max(width, report.name.size());
  std::string out;
  for (const auto& [rhythm, heading] : kRhythms) {
    out += fmt::format("{}{}\n", out.empty() ? "" : "\n", heading);
    for (const auto& report : reports())
      if (is_of(report, rhythm) && report.runs_on(dialect))
        out += fmt::format("  {:<{}}  {}\n", report.name, width, report.title);
  }
  if (dialect != kSqlite)
    return out +
           fmt::format(
               "\nThese run unchanged on what `csatdb publish` made; the others need tables or "
               "SQL of the warehouse.\n"
               "Run one with `csatdb report NAME --dialect {} | psql TARGET`.\n",
               dialect);
  return out +
         "\nRun one with `csatdb report NAME`; `csatdb report NAME --explain` says what it "
         "counts.\n";
}

std::string listing_json(std::string_view dialect) {
  json::Writer json(json::Writer::Style::pretty);
  json.begin_object().member("format_version", kFormatVersion).key("reports").begin_array();
  for (const auto& report : reports()) {
    if (!report.runs_on(dialect)) continue;
    json.begin_object();
    json.member("name", report.name).member("title", report.title).member("rhythm", report.rhythm);
    json.member("description", report.description).key("parameters").begin_array();
    for (const auto& parameter : report.parameters) {
      json.begin_object().member("name", parameter.name).member("type", parameter.type);
      json.member("required", parameter.is_required).member("text", parameter.text).end_object();
    }
    json.end_array().end_object();
  }
  return json.end_array().end_object().str() + '\n';
}

std::string explanation(const Report& report) {
  std::string out =
      fmt::format("{}\n{}\n\n{}\n\n", report.name, report.title, paragraph(report.description, 0));
  const std::pair<const char*, const std::string*> parts[] = {
      {"Rhythm", &report.rhythm},           {"Date basis", &report.basis},
      {"Denominator", &report.denominator}, {"Left out", &report.exclusions},
      {"In Genesys", &report.genesys},      {"Dialects", &report.dialect}};
  for (const auto& [label, text] : parts)
    out += fmt::format("{:<13}{}\n", label, paragraph(*text, 13));
  std::size_t width = 0;
  for (const auto& parameter : report.parameters) width = std::max(width, parameter.name.size());
  if (!report.parameters.empty()) out += "\nParameters\n";
  for (const auto& parameter : report.parameters) {
    std::string option = parameter.name;
    std::ranges::replace(option, '_', '-');
    out +=
        fmt::format("  --{:<{}}  {}{}\n", option, width, parameter.is_required ? "(required) " : "",
                    paragraph(parameter.text, width + 6));
  }
  return out + "\nSQL\n\n" + report.sql;
}

}  // namespace csatdb::report

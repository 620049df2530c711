#include "cli/report_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "cli/nearest.hpp"
#include "report/period.hpp"
#include "report/run.hpp"
#include "resources/enumerations.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;
using warehouse::Parameters;
using warehouse::Reader;
using warehouse::Value;

/// An option of reports: its parameter, what it takes, and its help.
struct Choice {
  const char* parameter;
  const char* type;                ///< PERIOD, NAME, NUMBER, or "" for a flag
  std::vector<std::string> words;  ///< the only values, if not empty
  const char* help;
};

const std::vector<Choice>& choices() {
  static const std::vector<Choice> all = {
      {"from", "PERIOD", {}, "first date, or a period such as last-7d, this-month, 2026-Q3"},
      {"to",
       "PERIOD",
       {},
       "last date, inclusive; default the end of --from, else the last complete day"},
      {"queue", "NAME", {}, "this queue alone, by name or id"},
      {"agent", "NAME", {}, "this agent alone, by name or id"},
      {"team", "NAME", {}, "this team alone, by name"},
      {"division", "NAME", {}, "this division alone, by name or id"},
      {"form", "NAME", {}, "this survey form alone, by name, id or context id"},
      {"channel", "NAME", {}, "this medium alone: voice, chat, email, message, callback, …"},
      {"by", "WORD", {}, "what the rows are: see --explain"},
      {"min_n", "NUMBER", {}, "hide rows with fewer responses"},
      {"agent_basis",
       "",
       {"survey", "last", "any"},
       "whose a survey is: its own agent, the last, or every agent"},
      {"days", "NUMBER", {}, "days to look back or ahead: see --explain"},
      {"score", "WORD", {}, "which scores: see --explain"},
      {"limit", "NUMBER", {}, "at most so many rows"},
      {"settled", "", {}, "settled days alone, whose data no longer change"},
      {"immature", "", {}, "compare cohorts that are still being answered, too"},
      {"sl_flowouts",
       "",
       {"yes", "no"},
       "count flow-outs in the service level, as the org's setting does"},
      {"sl_short_abandons", "", {"yes", "no"}, "count short abandons in the service level"},
      {"sl_abandons", "", {"yes", "no"}, "count abandons in the service level"}};
  return all;
}

std::string option_of(std::string_view parameter) {
  std::string name = fmt::format("--{}", parameter);
  std::ranges::replace(name, '_', '-');
  return name;
}

/// Where the names of a parameter's kind stand.
struct Names {
  const char* parameter;
  const char* sql;  ///< gives the names, then whatever else is accepted
};
constexpr Names kNames[] = {
    {"queue", "SELECT queue_name, queue_id FROM dim_queues"},
    {"agent", "SELECT agent_name, agent_id FROM dim_agents"},
    {"team", "SELECT name FROM teams"},
    {"division", "SELECT division_name, division_id FROM dim_divisions"},
    {"form", "SELECT form_name, form_id, form_context_id FROM dim_survey_forms"},
    {"channel", "SELECT DISTINCT channel FROM interactions"}};

bool same(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// Refuses a name that nothing in the warehouse has: a report on it would be empty without a
/// reason.
void check_name(const Reader& reader, const std::string& parameter, const std::string& name) {
  const auto* names = std::ranges::find(kNames, parameter, &Names::parameter);
  if (names == std::end(kNames)) return;
  std::vector<std::string> known;
  if (parameter == "channel") {
    // One of the service's may well have no contact yet.
    known.assign(std::begin(resources::kMediaTypes), std::end(resources::kMediaTypes));
    if (std::ranges::any_of(known, [&](const auto& medium) { return same(medium, name); })) return;
  }
  const auto results = reader.run(names->sql);
  for (const auto& row : results.at(0).rows) {
    for (const auto& value : row) {
      const auto* text = std::get_if<std::string>(&value);
      if (text == nullptr) continue;
      if (same(*text, name)) return;
      known.push_back(*text);
    }
  }
  throw Error(Fault::usage, fmt::format("{}: the warehouse has no {} '{}'{}", option_of(parameter),
                                        parameter, name, did_you_mean(name, known)));
}

report::Period period_of(const std::string& option, const std::string& text, base::Day today) {
  if (const auto period = report::parse_period(text, today)) return *period;
  throw Error(Fault::usage, fmt::format("{}: '{}' is no date and no period such as last-7d, "
                                        "this-month, 2026-07, 2026-Q3",
                                        option, text));
}

Value number(const std::string& option, const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0)
    throw Error(Fault::usage, fmt::format("{}: '{}' is no whole number from 0 on", option, text));
  return value;
}

void refuse_unknown(const ReportOptions& options, const report::Report& report) {
  for (const auto& [name, text] : options) {
    if (report.parameter(name) != nullptr) continue;
    std::vector<std::string> taken;
    for (const auto& parameter : report.parameters) taken.push_back(option_of(parameter.name));
    throw Error(Fault::usage,
                fmt::format("the report {} has no {}; it takes {}", report.name, option_of(name),
                            taken.empty() ? "none" : fmt::format("{}", fmt::join(taken, " "))));
  }
}

/// Refuses a word that the report does not know, and would pass over.
void refuse_unknown_words(const ReportOptions& options, const report::Report& report) {
  for (const auto& choice : choices()) {
    const auto asked = options.find(choice.parameter);
    if (std::string_view(choice.type) != "WORD" || asked == options.end()) continue;
    const auto words = report.parameter(choice.parameter)->words();
    if (std::ranges::find(words, asked->second) != words.end()) continue;
    throw Error(
        Fault::usage,
        fmt::format("{}: '{}' is not one of {}{}", option_of(choice.parameter), asked->second,
                    fmt::join(words, ", "), did_you_mean(asked->second, words)));
  }
}

/// A parameter has the same type in every report that has it.
std::string_view type_of(std::string_view name) {
  for (const auto& report : report::reports())
    if (const auto* parameter = report.parameter(name)) return parameter->type;
  return "text";
}

bool is_among(const std::vector<std::string>& only, std::string_view parameter) {
  return only.empty() || std::ranges::find(only, parameter) != only.end();
}

/// `from` and `to` as dates; what is not asked for is left out.
Parameters bound_period(const ReportOptions& options, const Reader& reader) {
  Parameters out;
  const auto from = options.find("from"), to = options.find("to");
  if (from == options.end() && to == options.end()) return out;
  // "Today" is the day after the last complete one, so that last-7d means seven days that are all
  // there.
  const auto last = base::parse_day(report::calendar(reader).last_complete);
  if (!last) return out;
  const auto today = *last + std::chrono::days(1);
  if (from != options.end()) {
    const auto period = period_of("--from", from->second, today);
    out["from"] = base::to_date(period.first);
    const bool is_date = base::parse_day(from->second).has_value();
    if (to == options.end() && !is_date) out["to"] = base::to_date(period.last);
  }
  if (to != options.end()) out["to"] = base::to_date(period_of("--to", to->second, today).last);
  if (out.contains("from") && out.contains("to") &&
      std::get<std::string>(out["from"]) > std::get<std::string>(out["to"]))
    throw Error(Fault::usage,
                fmt::format("the period ends on {}, before it begins on {}",
                            std::get<std::string>(out["to"]), std::get<std::string>(out["from"])));
  return out;
}

}  // namespace

void add_report_options(CLI::App& app, ReportOptions& options,
                        const std::vector<std::string>& only) {
  for (const auto& choice : choices()) {
    const std::string parameter = choice.parameter;
    if (!is_among(only, parameter)) continue;
    const auto name = option_of(parameter);
    if (*choice.type == '\0' && choice.words.empty()) {
      app.add_flag_callback(
          name, [&options, parameter] { options[parameter] = "yes"; }, choice.help);
      continue;
    }
    auto* option = app.add_option_function<std::string>(
        name, [&options, parameter](const std::string& text) { options[parameter] = text; },
        choice.help);
    if (choice.words.empty())
      option->type_name(choice.type);
    else
      one_of(option, choice.words);
  }
}

std::vector<std::pair<std::string, Words>> report_words(const std::vector<std::string>& only) {
  std::vector<std::pair<std::string, Words>> out;
  for (const auto& names : kNames) {
    if (!is_among(only, names.parameter)) continue;
    out.emplace_back(option_of(names.parameter), [sql = names.sql](Session& session) {
      const auto& path = session.options().database.value;
      const Reader reader(session.process().resolve(path.string()).string());
      std::vector<std::string> words;
      const auto results = reader.run(sql);
      for (const auto& row : results.at(0).rows)
        if (const auto* text = std::get_if<std::string>(&row.at(0))) words.push_back(*text);
      return words;
    });
  }
  return out;
}

Parameters bound(const ReportOptions& options, const report::Report& report, const Reader& reader) {
  refuse_unknown(options, report);
  refuse_unknown_words(options, report);
  return bound(options, reader);
}

Parameters bound(const ReportOptions& options, const Reader& reader) {
  Parameters out = bound_period(options, reader);
  for (const auto& [name, text] : options) {
    const auto type = type_of(name);
    if (type == "date") continue;
    if (type == "integer") {
      out[name] = number(option_of(name), text);
    } else if (type == "flag") {
      out[name] = std::int64_t{text == "yes" ? 1 : 0};
    } else {
      check_name(reader, name, text);
      out[name] = text;
    }
  }
  return out;
}

}  // namespace csatdb::cli

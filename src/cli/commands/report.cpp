#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <ostream>

#include "base/log.hpp"
#include "cli/commands/commands.hpp"
#include "cli/nearest.hpp"
#include "cli/report_options.hpp"
#include "report/explain.hpp"
#include "report/render.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;

const std::map<std::string, report::Format> kFormats = {{"table", report::Format::table},
                                                        {"csv", report::Format::csv},
                                                        {"json", report::Format::json},
                                                        {"markdown", report::Format::markdown}};

/// What the command line says.
struct Asked {
  std::string name, format, output;
  ReportOptions options;
  bool explains = false, is_csv_safe = false;
};

std::vector<std::string> report_names() {
  std::vector<std::string> names;
  for (const auto& each : report::reports()) names.push_back(each.name);
  return names;
}

/// The flag, else what the output file's name says, else a table for people and CSV for programs.
report::Format format_of(const Asked& asked, const Process& process) {
  if (!asked.format.empty()) return kFormats.at(asked.format);
  const auto suffix = std::filesystem::path(asked.output).extension();
  if (suffix == ".csv") return report::Format::csv;
  if (suffix == ".json") return report::Format::json;
  if (suffix == ".md") return report::Format::markdown;
  return asked.output.empty() && !process.terminal.out ? report::Format::csv
                                                       : report::Format::table;
}

int list(Session& session, const Asked& asked) {
  session.out() << (asked.format == "json" ? report::listing_json() : report::listing());
  return 0;
}

void print(Session& session, const Asked& asked, const report::Outcome& outcome) {
  auto& process = session.process();
  report::Style style{format_of(asked, process), 0, false, asked.is_csv_safe};
  const bool has_footer = style.format != report::Format::csv;
  if (asked.output.empty()) {
    style.colour = process.terminal.colour;
    if (process.terminal.out) style.width = static_cast<std::size_t>(process.terminal.width);
    report::render(session.out(), outcome, style);
  } else {
    std::ofstream file(process.resolve(asked.output), std::ios::binary);
    if (file) report::render(file, outcome, style);
    file.close();
    if (!file)
      throw Error(Fault::storage, fmt::format("{} could not be written: is the folder there, and "
                                              "is there room on the disk?",
                                              asked.output));
  }
  // CSV has no place for remarks: they go where people see them and programs do not.
  if (has_footer || !base::log::enabled(base::log::Level::info)) return;
  if (outcome.result.rows.empty()) session.err() << report::nothing_found(outcome) << '\n';
  session.err() << report::footer_text(outcome);
}

int run_report(Session& session, const Asked& asked) {
  if (asked.name.empty()) return list(session, asked);
  const auto* wanted = report::find_report(asked.name);
  if (wanted == nullptr)
    throw Error(Fault::usage,
                fmt::format("there is no report '{}'{}: `csatdb report` lists them all", asked.name,
                            did_you_mean(asked.name, report_names())));
  if (asked.explains) {
    session.out() << report::explanation(*wanted);
    return 0;
  }
  const auto& path = session.options().database.value;
  const warehouse::Reader reader(session.process().resolve(path.string()).string());
  print(session, asked, report::run(reader, *wanted, bound(asked.options, *wanted, reader)));
  return 0;
}

}  // namespace

Command report_command() {
  Command command;
  command.name = "report";
  command.group = "Reading";
  command.summary = "Lists, explains and runs the canned reports";
  command.description =
      "Without a name: all reports, grouped by how often they are read. Dates are local to the\n"
      "warehouse's time zone, both ends inclusive; the default is the last 28 complete days.\n"
      "A period is a date or one of 2026-07, 2026-Q3, 2026-W31, 2026, today, yesterday, last-7d,\n"
      "last-4w, this-week, last-month, this-quarter, last-year.\n"
      "Without --format: a table on a terminal, CSV elsewhere (the remarks then go to stderr).";
  command.examples = {
      {"csatdb report", "what there is"},
      {"csatdb report csat-trend --from last-month", "satisfaction by week of the last month"},
      {"csatdb report agent-scorecard --from 2026-Q2 --team Alpha --format csv",
       "a team's quarter for a spreadsheet"},
      {"csatdb report survey-funnel --explain", "what the funnel counts, and how Genesys does"}};
  command.faults = {Fault::storage};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<Asked>();
    app.add_option("NAME", asked->name, "the report");
    add_report_options(app, asked->options);
    one_of(app.add_option("--format", asked->format, "how to print it"),
           {"table", "csv", "json", "markdown"});
    app.add_option("--output", asked->output, "write to this file; its suffix chooses the format")
        ->type_name("FILE");
    app.add_flag("--explain", asked->explains, "say what the report counts, with its SQL");
    app.add_flag("--csv-safe", asked->is_csv_safe,
                 "CSV: keep spreadsheets from calculating texts that look like formulas");
    return [asked](Session& session) { return run_report(session, *asked); };
  };
  command.words = report_words();
  command.words.emplace_back("NAME", [](Session&) { return report_names(); });
  return command;
}

}  // namespace csatdb::cli

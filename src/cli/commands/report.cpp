#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "cli/commands/commands.hpp"
#include "cli/nearest.hpp"
#include "cli/output_file.hpp"
#include "cli/report_options.hpp"
#include "cli/report_output.hpp"
#include "report/explain.hpp"
#include "report/script.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;

/// What the command line says.
struct Asked {
  std::string name, dialect = "sqlite";
  ReportOptions options;
  ReportOutput output;
  bool explains = false;
};

std::vector<std::string> report_names() {
  std::vector<std::string> names;
  for (const auto& each : report::reports()) names.push_back(each.name);
  return names;
}

int list(Session& session, const Asked& asked) {
  session.out() << (asked.output.format == "json" ? report::listing_json(asked.dialect)
                                                  : report::listing(asked.dialect));
  return 0;
}

/// Refuses a report that the dialect has not, and ways of printing rows that are not fetched here.
void check_dialect(const Asked& asked, const report::Report& report) {
  if (!report.runs_on(asked.dialect))
    throw Error(Fault::usage,
                fmt::format("the report {} runs on a warehouse alone: `csatdb report --dialect {}` "
                            "lists those that run there",
                            report.name, asked.dialect));
  if (!asked.output.format.empty() || !asked.output.file.empty())
    throw Error(Fault::usage,
                fmt::format("--dialect {} prints a script for psql: it goes to stdout, and psql "
                            "formats what it gives (--csv, --html)",
                            asked.dialect));
}

int run_report(Session& session, const Asked& asked) {
  if (asked.name.empty()) {
    if (!is_stdout(asked.output.file))
      throw Error(Fault::usage, "--output needs a report: `csatdb report` lists them all");
    return list(session, asked);
  }
  const auto* wanted = report::find_report(asked.name);
  if (wanted == nullptr)
    throw Error(Fault::usage,
                fmt::format("there is no report '{}'{}: `csatdb report` lists them all", asked.name,
                            did_you_mean(asked.name, report_names())));
  if (asked.explains) {
    if (!is_stdout(asked.output.file))
      throw Error(Fault::usage, "--explain prints to stdout: leave --output out, or use > FILE");
    session.out() << report::explanation(*wanted);
    return 0;
  }
  const bool is_elsewhere = asked.dialect != "sqlite";
  if (is_elsewhere) check_dialect(asked, *wanted);
  const auto& path = session.options().database.value;
  const warehouse::Reader reader(session.process().resolve(path.string()).string());
  auto parameters = bound(asked.options, *wanted, reader);
  if (is_elsewhere)
    session.out() << report::psql_script(*wanted, parameters);
  else
    print(session, asked.output, report::run(reader, *wanted, std::move(parameters)));
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
      {"csatdb report agent-scorecard --from 2026-Q2 --team North --format csv",
       "a team's quarter for a spreadsheet"},
      {"csatdb report nps-trend --by month --dialect postgresql",
       "a script: `| psql service=bi` prints the same rows from what `csatdb publish` made"},
      {"csatdb report survey-funnel --explain", "what the funnel counts, and how Genesys does"}};
  command.faults = {Fault::storage};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<Asked>();
    app.add_option("NAME", asked->name, "the report");
    add_report_options(app, asked->options);
    add_output_options(app, asked->output, {"table", "csv", "json", "markdown"});
    one_of(app.add_option("--dialect", asked->dialect,
                          "postgresql: list the reports whose SQL runs unchanged on a published "
                          "target, or print one as a script for psql"),
           {"sqlite", "postgresql"});
    app.add_flag("--explain", asked->explains, "say what the report counts, with its SQL");
    return [asked](Session& session) { return run_report(session, *asked); };
  };
  command.words = report_words();
  command.words.emplace_back("NAME", [](Session&) { return report_names(); });
  return command;
}

}  // namespace csatdb::cli

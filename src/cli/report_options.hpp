#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "report/catalogue.hpp"
#include "warehouse/query.hpp"

namespace csatdb::cli {

/// What a command line says to a report, by the name of the parameter ("min_n" for --min-n), as
/// written.
using ReportOptions = std::map<std::string, std::string>;

/// Adds one option per parameter that any report has; with `only`, those of these names.
void add_report_options(CLI::App& app, ReportOptions& options,
                        const std::vector<std::string>& only = {});
/// The names to offer where a queue, agent, team, division or form is asked for.
std::vector<std::pair<std::string, Words>> report_words(const std::vector<std::string>& only = {});

/// The parameters to bind: periods as dates, numbers as numbers, names checked against the
/// warehouse. Throws Fault::usage for an option the report does not have, a value that is none, or
/// a name that the warehouse does not know.
warehouse::Parameters bound(const ReportOptions& options, const report::Report& report,
                            const warehouse::Reader& reader);
/// The same for several reports, each of which takes what it has.
warehouse::Parameters bound(const ReportOptions& options, const warehouse::Reader& reader);

}  // namespace csatdb::cli

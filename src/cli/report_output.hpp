#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"
#include "report/render.hpp"

namespace csatdb::cli {

/// What a command line says of where and how to print a result.
struct ReportOutput {
  std::string format, file;
  bool is_csv_safe = false;
};

/// Adds --format with these words, --output and --csv-safe.
void add_output_options(CLI::App& app, ReportOutput& output, std::vector<std::string> formats);

/// The flag, else what the output file's name says, else a table for people and CSV for programs.
report::Format format_of(const ReportOutput& output, const Process& process);

/// Prints the outcome where it is asked for; what CSV and NDJSON have no place for goes to stderr.
void print(Session& session, const ReportOutput& output, const report::Outcome& outcome);

}  // namespace csatdb::cli

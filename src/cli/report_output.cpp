#include "cli/report_output.hpp"

#include <CLI/CLI.hpp>
#include <map>
#include <ostream>

#include "base/log.hpp"
#include "cli/output_file.hpp"

namespace csatdb::cli {
namespace {

using report::Format;

const std::map<std::string, Format> kFormats = {{"table", Format::table},
                                                {"csv", Format::csv},
                                                {"json", Format::json},
                                                {"ndjson", Format::ndjson},
                                                {"markdown", Format::markdown}};
const std::map<std::string, Format> kSuffixes = {{".csv", Format::csv},
                                                 {".json", Format::json},
                                                 {".ndjson", Format::ndjson},
                                                 {".md", Format::markdown}};

constexpr auto kMode = static_cast<std::filesystem::perms>(0666);  // less the umask

}  // namespace

void add_output_options(CLI::App& app, ReportOutput& output, std::vector<std::string> formats) {
  one_of(app.add_option("--format", output.format, "how to print it"), std::move(formats));
  app.add_option("--output", output.file,
                 "write to this file; its suffix chooses the format; -: stdout")
      ->type_name("FILE");
  app.add_flag("--csv-safe", output.is_csv_safe,
               "CSV: keep spreadsheets from calculating texts that look like formulas");
}

Format format_of(const ReportOutput& output, const Process& process) {
  if (!output.format.empty()) return kFormats.at(output.format);
  const auto suffix = kSuffixes.find(std::filesystem::path(output.file).extension().string());
  if (suffix != kSuffixes.end()) return suffix->second;
  return is_stdout(output.file) && !process.terminal.out ? Format::csv : Format::table;
}

void print(Session& session, const ReportOutput& output, const report::Outcome& outcome) {
  auto& process = session.process();
  report::Style style{format_of(output, process), 0, false, output.is_csv_safe};
  if (is_stdout(output.file)) {
    style.colour = process.terminal.colour;
    if (process.terminal.out) style.width = static_cast<std::size_t>(process.terminal.width);
    report::render(session.out(), outcome, style);
  } else {
    write_file(process.resolve(output.file), kMode,
               [&](std::ostream& out) { report::render(out, outcome, style); });
  }
  const bool has_footer = style.format != Format::csv && style.format != Format::ndjson;
  if (has_footer || !base::log::enabled(base::log::Level::info)) return;
  if (outcome.result.rows.empty()) session.err() << report::nothing_found(outcome) << '\n';
  session.err() << report::footer_text(outcome);
}

}  // namespace csatdb::cli

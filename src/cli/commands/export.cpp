#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "cli/commands/commands.hpp"
#include "cli/dictionary.hpp"
#include "cli/export_rows.hpp"
#include "cli/gzip_stream.hpp"
#include "cli/output_file.hpp"
#include "cli/snapshot.hpp"
#include "warehouse/logical.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;

/// What the command line says.
struct Asked {
  RowOrder rows;
  SnapshotWish snapshot;
  std::int64_t since_run = 0;
  bool logical = false;
};

void export_logical(Session& session, const RowOrder& order) {
  auto& process = session.process();
  const auto& path = session.options().database.value;
  const warehouse::Reader reader(process.resolve(path.string()).string());
  const bool is_zipped = order.gzip || order.output.ends_with(".gz");
  const auto write = [&](std::ostream& out) {
    write_maybe_zipped(out, is_zipped,
                       [&](std::ostream& to) { warehouse::write_logical(reader, to); });
  };
  if (is_stdout(order.output)) return write(session.out());
  write_file(process.resolve(order.output),
             std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, write);
}

int run_export(Session& session, Asked& asked) {
  auto& rows = asked.rows;
  const int wanted =
      int{!rows.names.empty()} + int{asked.logical} + int{!asked.snapshot.file.empty()};
  if (wanted != 1)
    throw Error(Fault::usage,
                "say what to export: tables or views such as fact_surveys (`csatdb schema` lists "
                "them), --logical, or --snapshot FILE");
  if (asked.logical) {
    export_logical(session, rows);
  } else if (!asked.snapshot.file.empty()) {
    take_snapshot(session, asked.snapshot);
  } else {
    if (asked.since_run != 0) rows.since_run = asked.since_run;
    export_rows(session, rows);
  }
  return 0;
}

std::vector<std::string> known_names() {
  std::vector<std::string> names;
  for (auto& relation : dictionary()) names.push_back(std::move(relation.name));
  return names;
}

}  // namespace

Command export_command() {
  Command command;
  command.name = "export";
  command.group = "Reading";
  command.summary = "Writes the warehouse's content for other programs";
  command.description =
      "Tables and views as CSV (RFC 4180; NULL is nothing, an empty text is \"\") or NDJSON (an\n"
      "object a line), as they are stored, but for control characters in CSV; the default is what\n"
      "the output's suffix says, else CSV. Files are replaced whole and made readable by their\n"
      "owner alone.\n"
      "--since-run N writes the rows that run N of sync_runs or a later one changed; it cannot\n"
      "tell of rows that were erased.\n"
      "--logical is one canonical, sorted text of everything but bookkeeping: two warehouses of\n"
      "equal content give equal bytes, in whatever order the content came.\n"
      "--snapshot is a consistent copy for BI tools, without a write-ahead log: it opens from a\n"
      "folder or drive where nothing may be written, and replaces an older one in one step.";
  command.examples = {
      {"csatdb export fact_surveys --output surveys.csv", "one view, for a spreadsheet or loader"},
      {"csatdb export fact_interactions fact_surveys dim_queues --format ndjson --gzip --output "
       "out",
       "a file each in the folder out"},
      {"csatdb export fact_surveys --since-run 2 --format ndjson", "what is new, to a pipe"},
      {"csatdb export --snapshot managers.db --audience managers",
       "a copy without customers' data"},
      {"csatdb export --logical --output before.txt", "to compare with another day or file"}};
  command.faults = {Fault::storage, Fault::interrupted};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<Asked>();
    app.add_option("NAME", asked->rows.names, "tables and views")->type_name("TABLE|VIEW");
    auto* format = one_of(app.add_option("--format", asked->rows.format, "how to write rows"),
                          {"csv", "ndjson"});
    auto* output = app.add_option("--output", asked->rows.output,
                                  "write to this file, or a file each into this folder; -: stdout");
    output->type_name("PATH");
    auto* gzip =
        app.add_flag("--gzip", asked->rows.gzip, "compress; so does a file name that ends in .gz");
    auto* since = app.add_option("--since-run", asked->since_run,
                                 "only what this run and later ones changed");
    whole_from(since->type_name("N"), 1);
    auto* safe =
        app.add_flag("--csv-safe", asked->rows.is_csv_safe,
                     "CSV: keep spreadsheets from calculating texts that look like formulas");
    add_snapshot_options(app, asked->snapshot, "write a copy for readers into this file");
    auto* logical =
        app.add_flag("--logical", asked->logical, "one canonical, sorted text of all content");
    for (auto* of_rows : {format, since, safe}) logical->excludes(of_rows);
    for (auto* other : {format, since, safe, output, gzip, logical})
      app.get_option("--snapshot")->excludes(other);
    return [asked](Session& session) { return run_export(session, *asked); };
  };
  command.words = {{"NAME", [](Session&) { return known_names(); }}};
  return command;
}

}  // namespace csatdb::cli

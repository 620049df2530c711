#include "cli/export_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <ostream>

#include "base/log.hpp"
#include "base/stop.hpp"
#include "cli/gzip_stream.hpp"
#include "cli/nearest.hpp"
#include "cli/output_file.hpp"
#include "cli/progress.hpp"
#include "report/rows.hpp"
#include "warehouse/changes.hpp"

namespace csatdb::cli {
namespace fs = std::filesystem;
namespace {

using base::Error;
using base::Fault;

constexpr auto kMode = fs::perms::owner_read | fs::perms::owner_write;  // as private as the source

/// An order whose questions are answered.
struct Export {
  Session& session;
  const warehouse::Reader& reader;
  report::RowFormat format;
  bool gzip;
  std::optional<std::int64_t> version;  ///< the change counter before the run named
};

/// The last suffix of a file's name, after that of its compression.
std::string suffix_of(fs::path path) {
  if (path.extension() == ".gz") path = path.stem();
  return path.extension().string();
}

report::RowFormat format_of(const RowOrder& order) {
  const auto suffix = suffix_of(order.output);
  const bool is_ndjson =
      order.format.empty() ? suffix == ".ndjson" || suffix == ".jsonl" : order.format == "ndjson";
  if (is_ndjson) return report::RowFormat::ndjson;
  return order.is_csv_safe ? report::RowFormat::csv_safe : report::RowFormat::csv;
}

void check_names(const warehouse::Reader& reader, const std::vector<std::string>& names) {
  const auto known = relation_names(reader);
  for (const auto& name : names) {
    if (std::ranges::find(known, name) == known.end())
      throw Error(Fault::usage,
                  fmt::format("the warehouse has no table or view '{}'{}: `csatdb schema` lists "
                              "them with their columns",
                              name, did_you_mean(name, known)));
  }
}

std::string progress_text(const std::string& name, std::int64_t rows, std::int64_t all,
                          base::Millis took) {
  auto text = fmt::format("{}: {} of {} rows", name, rows, all);
  if (rows > 0 && rows < all)
    text += fmt::format(", about {} left", base::to_words(took * (all - rows) / rows));
  return text;
}

void write_relation(const Export& job, const std::string& name, Ticker& ticker, std::ostream& out) {
  const auto changed = job.version ? warehouse::changed_after(job.reader, name) : std::string();
  if (job.version && changed.empty())
    base::log::info("{} keeps no record of changes: all of it is written", name);
  const auto columns = job.reader.columns(fmt::format("SELECT * FROM \"{}\"", name));
  const auto sql = report::rows_of(columns, name, changed);
  const warehouse::Parameters parameters{{"version", job.version.value_or(0)}};
  report::RowWriter writer(out, job.format, columns);
  writer.head();
  const auto& clock = job.session.process().clock;
  const auto began = clock.ticks();
  std::int64_t rows = 0;
  std::optional<std::int64_t> all;
  job.reader.each(sql, parameters, [&](const std::vector<warehouse::Value>& values) {
    if (base::stop::requested()) throw Error(Fault::interrupted, "interrupted");
    if (ticker.is_due()) {
      if (!all)
        all = std::get<std::int64_t>(
            job.reader.run(fmt::format("SELECT count(*) FROM ({})", sql), parameters)[0]
                .rows[0][0]);
      ticker.show(progress_text(name, rows, *all, clock.ticks() - began));
    }
    writer.row(values);
    ++rows;
    return static_cast<bool>(out);
  });
  ticker.finish();
}

void write_stream(const Export& job, const std::string& name, std::ostream& out) {
  auto& process = job.session.process();
  const auto shown = ticker(process.err, process.terminal, process.clock,
                            !base::log::enabled(base::log::Level::info));
  write_maybe_zipped(out, job.gzip,
                     [&](std::ostream& to) { write_relation(job, name, *shown, to); });
}

void write_to(const Export& job, const std::string& name, const fs::path& path) {
  write_file(path, kMode, [&](std::ostream& out) { write_stream(job, name, out); });
}

}  // namespace

std::vector<std::string> relation_names(const warehouse::Reader& reader) {
  std::vector<std::string> names;
  reader.each(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view') "
      "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
      {}, [&](const std::vector<warehouse::Value>& row) {
        names.push_back(std::get<std::string>(row[0]));
        return true;
      });
  return names;
}

void export_rows(Session& session, const RowOrder& order) {
  auto& process = session.process();
  const auto path = process.resolve(session.options().database.value.string()).string();
  const warehouse::Reader reader(path);
  check_names(reader, order.names);
  Export job{session, reader, format_of(order), order.gzip || order.output.ends_with(".gz"), {}};
  if (order.since_run) {
    job.version = warehouse::version_before(reader, *order.since_run);
    if (!job.version)
      throw Error(Fault::usage, fmt::format("--since-run: there was no run {}: `csatdb status` and "
                                            "the table sync_runs list them",
                                            *order.since_run));
  }
  if (is_stdout(order.output)) {
    if (order.names.size() > 1)
      throw Error(Fault::usage, "several tables need a file each: name a folder with --output");
    // What acts on a terminal must not come out of a customer's comment.
    if (process.terminal.out && job.format == report::RowFormat::csv)
      job.format = report::RowFormat::csv_safe;
    return write_stream(job, order.names.front(), session.out());
  }
  const auto target = process.resolve(order.output);
  if (order.names.size() == 1 && !fs::is_directory(target) && !order.output.ends_with('/'))
    return write_to(job, order.names.front(), target);
  std::error_code failed;
  fs::create_directories(target, failed);
  if (!fs::is_directory(target))
    throw Error(Fault::usage, fmt::format("--output: {} is no folder, and several tables need one",
                                          process.shown(target)));
  const std::string suffix = fmt::format(
      ".{}{}", job.format == report::RowFormat::ndjson ? "ndjson" : "csv", job.gzip ? ".gz" : "");
  for (const auto& name : order.names) write_to(job, name, target / (name + suffix));
}

}  // namespace csatdb::cli

#include "sync/import.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>
#include <vector>

#include "cli/body_file.hpp"
#include "cli/commands/commands.hpp"
#include "cli/progress.hpp"
#include "cli/writing.hpp"
#include "warehouse/run_record.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;

struct Asked {
  std::vector<std::string> files;
  FillFlags fill;
};

/// What came of all files.
struct Total {
  std::int64_t seen = 0, changed = 0;
  std::size_t loaded = 0;
  std::vector<Error> failed;

  int exit_code() const {
    if (failed.empty()) return 0;
    return base::exit_code(loaded == 0 ? failed.front().fault() : Fault::gaps);
  }
};

std::string words(const sync::Imported& found) {
  std::string text;
  const auto count = [&](std::int64_t number, const char* one, const char* many) {
    if (number == 0) return;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number, number == 1 ? one : many);
  };
  count(found.conversations, "conversation", "conversations");
  count(found.surveys, "survey", "surveys");
  count(found.others, "listed row", "listed rows");
  if (text.empty()) return "nothing in it";
  text += fmt::format("; {} new or changed", found.changed);
  if (found.older > 0)
    text += fmt::format(", {} older than what is stored and left alone", found.older);
  return text;
}

/// Loads one file; a broken one is told of and leaves nothing behind.
void import_file(Session& session, warehouse::Warehouse& store, const std::string& name,
                 sync::Progress& shown, Total& total) {
  auto& process = session.process();
  const std::string called = name == "-" ? "stdin" : name;
  const auto began = process.clock.ticks();
  try {
    BodyFile file(process, name);
    sync::Importing how{store.attributes(), process.clock.now(), [&](const sync::Imported& so_far) {
                          sync::Status status;
                          status.doing = called;
                          status.rows_seen = total.seen + so_far.all();
                          status.rows_changed = total.changed + so_far.changed;
                          status.elapsed = process.clock.ticks() - began;
                          shown.show(status);
                        }};
    const auto found = sync::import_text(
        store, [&](char* to, std::size_t room) { return file.read(to, room); }, how);
    total.seen += found.all();
    total.changed += found.changed;
    ++total.loaded;
    shown.finish();
    session.out() << fmt::format("{}: {}\n", called, words(found));
  } catch (const Error& error) {
    shown.finish();
    if (error.fault() == Fault::interrupted || error.fault() == Fault::storage ||
        error.fault() == Fault::internal)
      throw;
    session.err() << fmt::format("csatdb: {}: {}; nothing of this file is stored\n", called,
                                 error.what());
    total.failed.emplace_back(error);
  }
}

int run_import(Session& session, const Asked& asked) {
  auto& process = session.process();
  // A name that is misspelt shows before anything is loaded.
  for (const auto& name : asked.files) {
    if (name != "-") BodyFile(process, name);
  }
  const auto opened = open_to_fill(session, "csatdb import", asked.fill);
  auto& store = *opened;
  warehouse::RunRecord record(store, "import", process.clock.now());
  const auto began = process.clock.now();
  const auto shown = progress(process);
  Total total;
  warehouse::RunSummary summary;
  const auto finish = [&] {
    summary.rows_seen = total.seen;
    summary.rows_changed = total.changed;
    record.finish(summary, began, process.clock.now());
  };
  try {
    for (const auto& name : asked.files) import_file(session, store, name, *shown, total);
  } catch (const Error& error) {
    end_by(summary, error);
    finish();
    throw;
  }
  summary.exit_code = total.exit_code();
  if (!total.failed.empty()) {
    summary.outcome = total.loaded > 0 ? "gaps" : base::name(total.failed.front().fault());
    summary.message = total.failed.front().what();
  }
  finish();
  return summary.exit_code;
}

}  // namespace

Command import_command() {
  Command command;
  command.name = "import";
  command.group = "Data";
  command.summary = "Loads saved API answers, as sync would have stored them";
  command.description =
      "Takes pages of the details query and of job results, single conversations of the analytics\n"
      "details, surveys alone or in arrays, listings (forms, queues, users, …), as JSON or "
      "NDJSON,\n"
      "gzip or not: what the official gc CLI and curl write. A file is stored as a whole or, if "
      "it\n"
      "is broken, not at all; the others are loaded all the same. No day becomes complete by it,\n"
      "nothing is marked gone, and what is older than the warehouse is left alone.";
  command.examples = {
      {"csatdb import job-results-page.json", "one saved page"},
      {"csatdb import pages/day-1.ndjson.gz surveys.json", "several files, packed or not"}};
  command.faults = {Fault::gaps, Fault::storage, Fault::undecodable, Fault::busy,
                    Fault::interrupted};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<Asked>();
    app.add_option("FILE", asked->files,
                   "files to load; - is standard input, e.g. of gc … | csatdb import -")
        ->required();
    add_fill_flags(app, asked->fill);
    return [asked](Session& session) { return run_import(session, *asked); };
  };
  return command;
}

}  // namespace csatdb::cli

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <memory>
#include <ostream>

#include "cli/body_file.hpp"
#include "cli/commands/commands.hpp"
#include "cli/extract_output.hpp"
#include "cli/extract_records.hpp"
#include "cli/progress.hpp"
#include "cli/writing.hpp"
#include "sync/extraction.hpp"
#include "warehouse/chase.hpp"
#include "warehouse/erased.hpp"
#include "warehouse/run_record.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;

/// What the command line says.
struct Asked {
  std::vector<std::string> ids;
  std::string file, format;
  bool raw = false, is_csv_safe = false;
  FillFlags fill;
};

constexpr std::size_t kMostListBytes = std::size_t{256} << 20U;  // some six million ids

std::vector<std::string> listed(Session& session, const std::string& name) {
  BodyFile file(session.process(), name);
  std::string text;
  for (std::size_t got = 1; got > 0;) {
    const std::size_t size = text.size();
    text.resize(size + (std::size_t{64} << 10U));
    got = file.read(text.data() + size, text.size() - size);
    text.resize(size + got);
    if (text.size() > kMostListBytes)
      throw Error(Fault::usage,
                  fmt::format("{} is larger than 256 MB: that is no list of ids", name));
  }
  return ids_of_text(text);
}

std::vector<AskedId> asked_ids(Session& session, const Asked& asked) {
  std::vector<std::string> written;
  for (const auto& id : asked.ids) {
    if (id != "-")
      written.push_back(id);
    else
      std::ranges::copy(listed(session, "-"), std::back_inserter(written));
  }
  if (!asked.file.empty())
    std::ranges::copy(listed(session, asked.file), std::back_inserter(written));
  if (written.empty())
    throw Error(Fault::usage,
                "no conversation is named: give ids, --ids FILE, or - to read them from a pipe");
  return checked_ids(written);
}

/// Reads what is asked for from the service.
sync::Report fetch(Session& session, warehouse::Warehouse& store, sync::Extraction& extraction) {
  auto& process = session.process();
  auto& client = session.client();
  sync::Settings settings;
  settings.parallel = static_cast<std::size_t>(session.options().parallel.value);
  settings.horizon = session.options().horizon.value;
  settings.attributes = store.attributes();
  const auto began = process.clock.ticks();
  warehouse::RunRecord record(store, "extract", client.now());
  const auto shown = progress(process);
  sync::Engine engine(store, client, process.clock, *shown, extraction.over(std::move(settings)));
  auto report = engine.run();
  if (!report.ended_by) extraction.finish(client.now());
  record.finish(summary(report, client.stats()), client.now() - (process.clock.ticks() - began),
                client.now());
  return report;
}

bool is_denied(const sync::Report& report, std::string_view resource) {
  return std::ranges::any_of(report.gaps, [&](const sync::Gap& gap) {
    return gap.resource == resource && gap.fault == Fault::denied;
  });
}

void print(Session& session, const Asked& asked, const std::vector<AskedId>& ids,
           const ExtractNotes& notes) {
  auto& process = session.process();
  std::string format = asked.format;
  if (format.empty()) format = process.terminal.out ? "table" : "json";
  const warehouse::Reader reader(session.options().database.value.string());
  const ExtractRecords records(reader, notes);
  const auto output = record_output(session.out(), format, asked.is_csv_safe, process.terminal,
                                    record_columns(notes));
  for (const auto& id : ids) {
    for (const auto& row : records.of(id)) output->row(row);
  }
  output->finish();
}

int run_extract(Session& session, const Asked& asked) {
  const auto ids = asked_ids(session, asked);
  session.client();  // who has yet to say who they are gets no warehouse
  const auto opened = open_to_fill(session, "csatdb extract", asked.fill);
  const auto is_erased = [&](const std::string& id) {
    return opened->erased().covers(warehouse::Erased::Kind::conversation, id);
  };
  std::vector<std::string> wanted;
  for (const auto& id : ids) {
    if (id.is_asked_for() && !is_erased(id.text)) wanted.push_back(id.text);
  }
  sync::Extraction extraction(*opened, wanted, asked.raw);
  sync::Report report;
  if (!wanted.empty()) report = fetch(session, *opened, extraction);
  for (const auto& gap : report.gaps)
    session.err() << fmt::format("csatdb: {}: {}\n", gap.resource, gap.message);
  // Nothing was asked of the service yet, or the user wants no answer any more.
  if (report.ended_by &&
      (report.scopes_done == 0 || report.ended_by->fault() == Fault::interrupted))
    throw Error(*report.ended_by);

  ExtractNotes notes{is_denied(report, warehouse::kFollowUps),
                     is_denied(report, warehouse::kSurveys),
                     [&](const std::string& id) {
                       return is_erased(id) ? "it was erased from this warehouse for good"
                                            : extraction.failure(id);
                     },
                     {}};
  if (asked.raw) notes.body = [&](const std::string& survey) { return extraction.body(survey); };
  print(session, asked, ids, notes);
  if (report.ended_by) session.err() << fmt::format("csatdb: {}\n", report.ended_by->what());
  return report.exit_code();
}

}  // namespace

Command extract_command() {
  Command command;
  command.name = "extract";
  command.group = "Data";
  command.summary = "Fetches the named conversations and prints them with their surveys";
  command.description =
      "One record a survey, one where there is none, in the order of the ids: who handled it, how\n"
      "long it took, the survey's status, scores, comments and completion, and where there is no\n"
      "answer a note that says why (not found, no survey, sent and unanswered, error and its "
      "reason,\n"
      "no permission, not yet visible). What is fetched is stored, as sync would. A hundred ids\n"
      "share a request; surveys are asked for only where the conversation's record names one that\n"
      "has answers or failed. Agents and queues are listed for their names, unless they were ever\n"
      "before: a request for a hundred of them. Without --format: a table on a terminal, JSON\n"
      "elsewhere. Ids that do not exist are no error: their note says so.";
  command.examples = {
      {"csatdb extract 6e1f1c2a-3b6d-4c56-9a3e-0d5b9f0a1c77", "one conversation"},
      {"csatdb extract --ids calls.csv --format csv", "the first column of a list"},
      {"csatdb extract - --format ndjson --raw", "ids from a pipe, each survey as delivered too"}};
  command.faults = {Fault::gaps,        Fault::denied, Fault::unavailable, Fault::storage,
                    Fault::undecodable, Fault::busy,   Fault::interrupted};
  command.add = [](CLI::App& app, Layer& flags) -> Run {
    auto asked = std::make_shared<Asked>();
    app.add_option("ID", asked->ids, "conversations; - reads a list from standard input");
    app.add_option("--ids", asked->file, "file with one id a line, or in its first column")
        ->type_name("FILE");
    one_of(app.add_option("--format", asked->format, "form of the output"),
           {"json", "ndjson", "csv", "table"});
    app.add_flag("--raw", asked->raw, "add each survey as the service delivers it");
    app.add_flag("--csv-safe", asked->is_csv_safe,
                 "CSV: keep spreadsheets from calculating texts that look like formulas");
    add_fill_flags(app, asked->fill);
    setting_flag(app, flags, "--budget", "budget");
    setting_flag(app, flags, "--parallel", "parallel");
    return [asked](Session& session) { return run_extract(session, *asked); };
  };
  return command;
}

}  // namespace csatdb::cli

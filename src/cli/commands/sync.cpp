#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/log.hpp"
#include "cli/commands/commands.hpp"
#include "cli/nearest.hpp"
#include "cli/privacy.hpp"
#include "cli/progress.hpp"
#include "cli/snapshot.hpp"
#include "cli/writing.hpp"
#include "resources/catalogue.hpp"
#include "sync/engine.hpp"
#include "warehouse/run_record.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;

/// What the command line says, as written.
struct Asked {
  std::string until, via, wait_lock, max_time;
  SnapshotWish snapshot;
  bool yes = false;
  std::shared_ptr<std::optional<bool>> keep_raw;
};

base::Day day(const std::string& text, const char* flag) {
  const auto parsed = base::parse_day(text);
  if (!parsed)
    throw Error(Fault::usage, fmt::format("{}: '{}' is no date: write YYYY-MM-DD", flag, text));
  return *parsed;
}

std::vector<std::string> resource_names() {
  std::vector<std::string> names;
  for (const auto* resource : resources::catalogue()) names.emplace_back(resource->name);
  return names;
}

sync::Settings settings(const Options& options, const Asked& words) {
  sync::Settings s;
  s.only = options.only.value;
  for (const auto& name : s.only) {
    if (resources::find(name) == nullptr)
      throw Error(Fault::usage,
                  fmt::format("only ({}): there is no resource '{}'{}: they are {}",
                              options.only.origin, name, did_you_mean(name, resource_names()),
                              fmt::join(resource_names(), ", ")));
  }
  if (!words.until.empty()) s.until = day(words.until, "--until");
  if (words.via == "job") s.via = model::Via::job;
  if (words.via == "query") s.via = model::Via::query;
  if (!words.max_time.empty()) s.max_time = duration(words.max_time, "--max-time");
  s.parallel = static_cast<std::size_t>(options.parallel.value);
  s.horizon = options.horizon.value;
  return s;
}

void tell(Session& session, const sync::Report& report, const warehouse::RunSummary& s,
          base::Millis took) {
  if (base::log::enabled(base::log::Level::info))
    session.out() << fmt::format("{} rows seen, {} changed; {} requests in {}\n", s.rows_seen,
                                 s.rows_changed, s.requests, base::to_words(took));
  for (const auto& gap : report.gaps)
    session.err() << fmt::format("csatdb: left due: {} {}: {}\n", gap.resource, gap.scope,
                                 gap.message);
  if (report.is_out_of_time) session.err() << "csatdb: --max-time is over; the rest stays due\n";
  if (report.ended_by) session.err() << fmt::format("csatdb: {}\n", report.ended_by->what());
}

int run_sync(Session& session, const Asked& words) {
  const auto& options = session.options();
  auto& process = session.process();
  auto s = settings(options, words);
  const auto opened = open_warehouse(session, "csatdb sync", words.wait_lock);
  auto& store = *opened;
  use_privacy(session, store, words.yes);
  keep_raw(store, *words.keep_raw);
  s.attributes = store.attributes();
  auto& client = session.client();
  const auto began = process.clock.ticks();
  if (!options.since.is_default()) {
    s.look_back = options.since.value.ago;
    if (!s.look_back) s.since = base::day_of(store.zone().start_of(options.since.value.date));
  }
  warehouse::RunRecord record(store, "sync", client.now());
  raise_retention_floor(session, store, client.now());
  const auto shown = progress(process.err, process.terminal, process.clock,
                              !base::log::enabled(base::log::Level::info));
  sync::Engine engine(store, client, process.clock, *shown, std::move(s));
  const auto report = engine.run();
  apply_retention(session, store, client.now());
  const auto sum = summary(report, client.stats());
  record.finish(sum, client.now() - (process.clock.ticks() - began), client.now());
  tell(session, report, sum, process.clock.ticks() - began);
  // Gaps are shown by what is stored; a run that was cut short has nothing new to show yet.
  const bool is_done = sum.exit_code == 0 || sum.exit_code == base::exit_code(Fault::gaps);
  if (is_done && !words.snapshot.file.empty()) take_snapshot(session, words.snapshot);
  return sum.exit_code;
}

}  // namespace

Command sync_command() {
  Command command;
  command.name = "sync";
  command.group = "Data";
  command.summary = "Brings the warehouse up to date with Genesys Cloud";
  command.description =
      "Run it again at any time, from cron or by hand: it fetches what is new, reads again what "
      "the\n"
      "service may have corrected, and goes on where an interrupted run stopped.";
  command.examples = {
      {"csatdb sync", "first run: the last 90 days; later: what is due"},
      {"csatdb sync --since 2y", "more history; the older days are added"},
      {"csatdb sync --max-time 2h", "stop cleanly after two hours; the rest stays due"},
      {"csatdb sync --snapshot bi.db", "then replace the copy that BI tools read"}};
  command.faults = {Fault::gaps,        Fault::denied, Fault::unavailable, Fault::storage,
                    Fault::undecodable, Fault::busy,   Fault::interrupted};
  command.add = [](CLI::App& app, Layer& flags) -> Run {
    auto words = std::make_shared<Asked>();
    setting_flag(app, flags, "--since", "since");
    app.add_option("--until", words->until, "last UTC day to fetch in this run (YYYY-MM-DD)");
    setting_flag(app, flags, "--only", "only");
    one_of(app.add_option("--via", words->via,
                          "how conversations are read: job or query; default: the cheaper"),
           {"job", "query"});
    app.add_option("--max-time", words->max_time, "stop cleanly after so long, e.g. 2h");
    app.add_option("--wait-lock", words->wait_lock,
                   "wait so long for another run to end, e.g. 10m");
    add_snapshot_options(app, words->snapshot, "when done, also write a copy for readers");
    words->keep_raw = keep_raw_flag(app);
    app.add_flag("--yes", words->yes, "confirm privacy 'none' for a new warehouse");
    setting_flag(app, flags, "--budget", "budget");
    setting_flag(app, flags, "--parallel", "parallel");
    return [words](Session& session) { return run_sync(session, *words); };
  };
  command.words = {{"--only", [](Session&) { return resource_names(); }}};
  return command;
}

}  // namespace csatdb::cli

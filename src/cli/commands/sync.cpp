#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <filesystem>
#include <memory>
#include <ostream>

#include "base/log.hpp"
#include "cli/columns.hpp"
#include "cli/commands/commands.hpp"
#include "cli/nearest.hpp"
#include "cli/privacy.hpp"
#include "cli/progress.hpp"
#include "cli/service_manager.hpp"
#include "cli/snapshot.hpp"
#include "cli/watch.hpp"
#include "cli/writing.hpp"
#include "json/writer.hpp"
#include "resources/catalogue.hpp"
#include "sync/engine.hpp"
#include "sync/forecast.hpp"
#include "warehouse/erased.hpp"
#include "warehouse/erasure.hpp"
#include "warehouse/raw_bodies.hpp"
#include "warehouse/run_record.hpp"
#include "warehouse/scratch.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;

constexpr base::Millis kShortestWatch = std::chrono::minutes(1);  // the open day moves no faster

/// What the command line says, as written.
struct Asked {
  std::string until, via, max_time, watch;
  bool plans = false, as_json = false;
  SnapshotWish snapshot;
  FillFlags fill;
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

std::string counts(const warehouse::RunSummary& s, base::Millis took) {
  return fmt::format("{} rows seen, {} changed; {} requests in {}", s.rows_seen, s.rows_changed,
                     s.requests, base::to_words(took));
}

/// What a run did, with everything that it left, on lines of their own.
void tell(Session& session, const sync::Report& report, const warehouse::RunSummary& s,
          base::Millis took) {
  if (base::log::enabled(base::log::Level::info)) session.out() << counts(s, took) << '\n';
  for (const auto& gap : report.gaps)
    session.err() << fmt::format("csatdb: left due: {} {}: {}\n", gap.resource, gap.scope,
                                 gap.message);
  if (report.is_out_of_time) session.err() << "csatdb: --max-time is over; the rest stays due\n";
  if (report.ended_by) session.err() << fmt::format("csatdb: {}\n", report.ended_by->what());
}

/// What a run did, in one line.
std::string told(const sync::Report& report, const warehouse::RunSummary& s, base::Millis took) {
  auto text = counts(s, took);
  if (!report.gaps.empty())
    text += fmt::format("; left due: {} (`csatdb status` lists them)", report.gaps.size());
  if (report.is_out_of_time) text += "; --max-time is over, the rest stays due";
  if (report.ended_by) text += fmt::format("; {}", report.ended_by->what());
  return text;
}

/// The first day that the settings name, in the warehouse's zone.
void set_since(sync::Settings& s, const Options& options, const base::Zone& zone) {
  if (options.since.is_default()) return;
  s.look_back = options.since.value.ago;
  if (!s.look_back) s.since = base::day_of(zone.start_of(options.since.value.date));
  if (s.since && s.until && *s.until < *s.since)
    throw Error(
        Fault::usage,
        fmt::format("--until {} lies before since {} ({}): nothing would be fetched",
                    base::to_date(*s.until), options.since.value.date, options.since.origin));
}

Round run_once(Session& session, const Asked& words, ServiceManager& manager) {
  const auto& options = session.options();
  auto& process = session.process();
  auto s = settings(options, words);
  auto& client = session.client();  // nothing is made for a user who has yet to say who they are
  const auto opened = open_to_fill(session, "csatdb sync", words.fill);
  auto& store = *opened;
  s.attributes = store.attributes();
  const auto before = client.stats();
  const auto began = process.clock.ticks();
  set_since(s, options, store.zone());
  warehouse::RunRecord record(store, "sync", client.now());
  raise_retention_floor(session, store, client.now());
  const auto shown = supervised(progress(process), manager);
  sync::Engine engine(store, client, process.clock, *shown, std::move(s));
  record.follow([&] { return summary(engine.so_far(), client.stats(), before); });
  const auto report = engine.run();
  apply_retention(session, store, client.now());
  const auto sum = summary(report, client.stats(), before);
  const auto took = process.clock.ticks() - began;
  record.finish(sum, client.now() - took, client.now());
  // Whoever reads JSON lines, or watches, gets one line and no other ones.
  if (words.watch.empty() && base::log::format() != base::log::Format::json)
    tell(session, report, sum, took);
  // Gaps are shown by what is stored; a run that was cut short has nothing new to show yet.
  const bool is_done = sum.exit_code == 0 || sum.exit_code == base::exit_code(Fault::gaps);
  if (is_done && !words.snapshot.file.empty()) take_snapshot(session, words.snapshot);
  return {sum.exit_code, told(report, sum, took)};
}

double mib(std::int64_t bytes) { return static_cast<double>(bytes) / (1024.0 * 1024); }

void print(std::ostream& out, const sync::Forecast& found, base::Millis takes) {
  std::vector<std::vector<std::string>> rows{{"WHAT", "", "DUE", "REQUESTS"}};
  for (const auto& item : found.items)
    rows.push_back({item.resource, item.what, item.scopes > 0 ? std::to_string(item.scopes) : "",
                    std::to_string(item.requests)});
  out << columns(rows)
      << fmt::format("\nAbout {} requests, {}, {:.1f} MiB to receive. Nothing was changed.\n",
                     found.requests,
                     takes.count() > 0 ? base::to_words(takes) + " at the rate set" : "no rate set",
                     mib(found.bytes));
}

void print_json(std::ostream& out, const sync::Forecast& found, base::Millis takes) {
  json::Writer w(json::Writer::Style::pretty);
  w.begin_object().key("due").begin_array();
  for (const auto& item : found.items)
    w.begin_object()
        .member("resource", item.resource)
        .member("what", item.what)
        .member("scopes", item.scopes)
        .member("requests", item.requests)
        .end_object();
  w.end_array().member("requests", found.requests).member("bytes", found.bytes);
  takes.count() > 0 ? w.member("duration_ms", std::int64_t{takes.count()})
                    : w.key("duration_ms").null();
  out << w.end_object().str() << '\n';
}

int run_plan(Session& session, const Asked& words) {
  const auto& options = session.options();
  auto s = settings(options, words);
  warehouse::Scratch scratch(options.database.value.string());
  const auto zone = scratch.meta("timezone").value_or(options.timezone.value.value_or("UTC"));
  set_since(s, options, base::Zone(zone));
  // What the sync would make of the warehouse first.
  s.attributes = options.attributes.is_default() ? scratch.attributes() : options.attributes.value;
  if (const auto keep = words.fill.keep_raw)
    scratch.set_meta(warehouse::RawBodies::kMeta, warehouse::RawBodies::said(*keep));
  if (const auto& age = options.retention.value)
    warehouse::Erased(scratch.database())
        .raise_floor(warehouse::floor_of(*age, session.process().clock.now()));
  const auto found = sync::forecast(scratch, session.client(), s);
  // At the rate that the pacer keeps to; 0 is no limit.
  const double per_minute = options.rate.value * options.budget.value;
  const base::Millis takes{
      per_minute > 0 ? std::llround(60'000.0 * static_cast<double>(found.requests) / per_minute)
                     : 0};
  words.as_json ? print_json(session.out(), found, takes) : print(session.out(), found, takes);
  return 0;
}

int run_sync(Session& session, const Asked& words) {
  check(words.snapshot);
  if (words.plans) return run_plan(session, words);
  ServiceManager manager(session.process());
  const auto round = [&] { return run_once(session, words, manager); };
  if (!words.watch.empty()) {
    const auto every = duration(words.watch, "--watch");
    if (every < kShortestWatch)
      throw Error(
          Fault::usage,
          fmt::format("--watch {}: a round is worth a minute at least: write 15m", words.watch));
    return watch(session, every, manager, round);
  }
  const auto [code, text] = round();
  if (base::log::format() == base::log::Format::json) base::log::info("{}", text);
  return code;
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
      "service may have corrected, and goes on where an interrupted run stopped.\n"
      "With --watch it stays and logs a line a round. Whatever network, service, disk or another "
      "run\n"
      "do to a round, the next one tries again; credentials refused are read again. It ends with "
      "the\n"
      "code of a round that no repetition mends: 2 configuration, 4 credentials refused in the "
      "first\n"
      "round, 6 a file of a newer csatdb or of another program, 1 a defect. A signal ends it with "
      "0.";
  command.examples = {
      {"csatdb sync", "first run: the last 90 days; later: what is due"},
      {"csatdb sync --since 2y", "more history; the older days are added"},
      {"csatdb sync --max-time 2h", "stop cleanly after two hours; the rest stays due"},
      {"csatdb sync --plan", "what it would do, and what that takes"},
      {"csatdb sync --watch 15m", "stay, and bring it up to date every quarter of an hour"},
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
    auto* watch =
        app.add_option("--watch", words->watch, "stay, and repeat every so often, e.g. 15m");
    auto* plan = app.add_flag("--plan", words->plans,
                              "only say what is due, and what it takes; changes nothing");
    plan->excludes(watch);
    app.add_flag("--json", words->as_json, "the plan as JSON")->needs(plan);
    add_snapshot_options(app, words->snapshot, "when done, also write a copy for readers");
    add_fill_flags(app, words->fill);
    setting_flag(app, flags, "--budget", "budget");
    setting_flag(app, flags, "--parallel", "parallel");
    return [words](Session& session) { return run_sync(session, *words); };
  };
  command.words = {{"--only", [](Session&) { return resource_names(); }}};
  return command;
}

}  // namespace csatdb::cli

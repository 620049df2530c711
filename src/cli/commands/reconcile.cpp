#include "sync/reconcile.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <ostream>

#include "cli/ask.hpp"
#include "cli/columns.hpp"
#include "cli/commands/commands.hpp"
#include "cli/privacy.hpp"
#include "cli/progress.hpp"
#include "cli/writing.hpp"
#include "json/writer.hpp"
#include "warehouse/run_record.hpp"

namespace csatdb::cli {
namespace {

using base::Day;
using base::Error;
using base::Fault;
using std::chrono::days;
using sync::Cause;
using sync::Comparison;

constexpr std::size_t kListed = 20;  // differences of a kind; --json lists all

/// What the command line says.
struct Asked {
  std::string from, to, wait_lock;
  bool heals = false, metrics = false, as_json = false;
};

/// A local date of the user's as the UTC day of its begin.
std::optional<Day> utc_day(const warehouse::Warehouse& store, const std::string& date,
                           const char* flag, days later) {
  if (date.empty()) return std::nullopt;
  const auto day = base::parse_day(date);
  if (!day)
    throw Error(Fault::usage, fmt::format("{}: '{}' is no date: write YYYY-MM-DD", flag, date));
  return base::day_of(store.zone().start_of(base::to_date(*day + later)) -
                      base::Millis{later.count() > 0 ? 1 : 0});
}

sync::Extent extent(warehouse::Warehouse& store, const Asked& asked) {
  const auto known = store.ledger().all("conversations");
  if (known.empty())
    throw Error(Fault::usage, "the warehouse holds nothing yet: run `csatdb sync` first");
  sync::Extent extent{*base::parse_day(known.front().scope), *base::parse_day(known.back().scope),
                      asked.metrics, asked.heals};
  extent.first = utc_day(store, asked.from, "--from", days(0)).value_or(extent.first);
  extent.last =
      std::min(extent.last, utc_day(store, asked.to, "--to", days(1)).value_or(extent.last));
  if (extent.last < extent.first)
    throw Error(Fault::usage, fmt::format("no day lies between {} and {} (UTC)",
                                          base::to_date(extent.first), base::to_date(extent.last)));
  return extent;
}

/// How many differ, by cause, the gravest first: "; 3 unexplained, 1 provisional".
template <class Rows>
std::string tally(const Rows& rows) {
  std::map<Cause, std::size_t, std::greater<>> counts;
  for (const auto& row : rows)
    if (row.cause != Cause::agrees) ++counts[row.cause];
  std::string text;
  for (const auto& [cause, count] : counts)
    text += fmt::format("{} {} {}", text.empty() ? ";" : ",", count, name(cause));
  return text;
}

/// The same rows, the gravest first.
template <class Rows>
Rows by_gravity(Rows rows) {
  std::ranges::stable_sort(rows, std::greater{}, [](const auto& row) { return row.cause; });
  return rows;
}

std::string number(double value) { return fmt::format("{:.0f}", value); }

void print_table(std::ostream& out, std::vector<std::vector<std::string>> rows) {
  if (rows.size() == 1) return;
  const auto all = rows.size();
  rows.resize(std::min(rows.size(), kListed + 1));
  out << '\n' << columns(rows);
  if (all > rows.size()) out << fmt::format("… and {} more: --json lists all\n", all - rows.size());
}

void print_days(std::ostream& out, const Comparison& found) {
  std::int64_t stored = 0, counted = 0, differing = 0;
  std::vector<std::vector<std::string>> rows{{"DAY (UTC)", "STORED", "GENESYS", "WHY"}};
  for (const auto& day : by_gravity(found.days)) {
    stored += day.stored;
    counted += day.counted;
    if (day.cause == Cause::agrees) continue;
    ++differing;
    std::string why(name(day.cause));
    if (!day.conversations.empty()) {
      why.clear();
      for (const auto& [cause, ids] : day.conversations)
        why += fmt::format("{}{} {}", why.empty() ? "" : ", ", ids.size(), name(cause));
    }
    rows.push_back(
        {base::to_date(day.day), std::to_string(day.stored), std::to_string(day.counted), why});
  }
  out << fmt::format("Conversations: {} of {} days agree ({} stored, {} at Genesys Cloud){}\n",
                     static_cast<std::int64_t>(found.days.size()) - differing, found.days.size(),
                     stored, counted, tally(found.days));
  print_table(out, std::move(rows));
}

void print(std::ostream& out, const Comparison& found, const Asked& asked) {
  print_days(out, found);

  out << fmt::format("\nSurveys: {} of {} agree{}\n",
                     found.surveys - static_cast<std::int64_t>(found.survey_differences.size()),
                     found.surveys, tally(found.survey_differences));
  std::vector<std::vector<std::string>> rows{
      {"SURVEY", "CONVERSATION", "WHAT", "STORED", "GENESYS", "WHY"}};
  const auto or_dash = [](const std::string& text) { return text.empty() ? "-" : text; };
  for (const auto& s : by_gravity(found.survey_differences))
    rows.push_back({s.survey_id, s.conversation_id, s.what, or_dash(s.stored), or_dash(s.counted),
                    std::string(name(s.cause))});
  print_table(out, std::move(rows));

  if (asked.metrics) {
    out << fmt::format("\nQueues: {} of {} measures agree (queue, day, measure){}\n",
                       found.metrics - static_cast<std::int64_t>(found.metric_differences.size()),
                       found.metrics, tally(found.metric_differences));
    rows = {{"DAY", "QUEUE", "MEASURE", "STORED", "GENESYS", "WHY"}};
    for (const auto& m : by_gravity(found.metric_differences))
      rows.push_back({m.date, or_dash(m.queue_id), m.metric, number(m.stored), number(m.counted),
                      std::string(name(m.cause))});
    print_table(out, std::move(rows));
  }

  for (const auto& what : found.not_compared) out << fmt::format("\nNot compared: {}\n", what);
  if (found.marked_gone > 0)
    out << fmt::format("\n{} erased at the source: marked as gone\n", found.marked_gone);
  if (asked.heals)
    out << fmt::format("\n{} scopes made due: `csatdb sync` reads them again\n", found.made_due);
  else if (!found.is_explained())
    out << "\n`csatdb reconcile --heal`, then `csatdb sync`, reads again what differs\n";
}

std::string as_json(const Comparison& found) {
  json::Writer w(json::Writer::Style::pretty);
  w.begin_object().member("is_explained", found.is_explained()).key("days").begin_array();
  for (const auto& day : found.days) {
    w.begin_object().member("day", base::to_date(day.day)).member("stored", day.stored);
    w.member("genesys", day.counted).member("cause", name(day.cause));
    w.key("conversations").begin_object();
    for (const auto& [cause, ids] : day.conversations) {
      w.key(name(cause)).begin_array();
      for (const auto& id : ids) w.text(id);
      w.end_array();
    }
    w.end_object().end_object();
  }
  w.end_array().member("surveys_compared", found.surveys);
  w.key("surveys").begin_array();
  const auto or_null = [&](std::string_view key, const std::string& text) {
    text.empty() ? w.key(key).null() : w.member(key, text);
  };
  for (const auto& s : found.survey_differences) {
    w.begin_object().member("survey_id", s.survey_id).member("conversation_id", s.conversation_id);
    w.member("what", s.what);
    or_null("stored", s.stored);
    or_null("genesys", s.counted);
    w.member("cause", name(s.cause)).end_object();
  }
  w.end_array().member("metrics_compared", found.metrics).key("metrics").begin_array();
  for (const auto& m : found.metric_differences) {
    w.begin_object().member("date", m.date);
    or_null("queue_id", m.queue_id);
    w.member("measure", m.metric).member("stored", m.stored).member("genesys", m.counted);
    w.member("cause", name(m.cause)).end_object();
  }
  w.end_array().key("not_compared").begin_array();
  for (const auto& what : found.not_compared) w.text(what);
  w.end_array().member("marked_gone", found.marked_gone).member("made_due", found.made_due);
  return w.end_object().str() + "\n";
}

int run_reconcile(Session& session, const Asked& asked) {
  auto& process = session.process();
  warehouse::Warehouse store(existing_warehouse(session, asked.wait_lock, "csatdb reconcile"));
  use_privacy(session, store, false);  // what was erased on purpose is told from what is missing
  const auto what = extent(store, asked);
  auto& client = session.client();
  const auto began = process.clock.ticks();
  warehouse::RunRecord record(store, "reconcile", client.now());
  warehouse::RunSummary summary;
  const auto finish = [&] {
    add_requests(summary, client.stats());
    record.finish(summary, client.now() - (process.clock.ticks() - began), client.now());
  };
  const auto shown = progress(process);
  try {
    // The first answer brings the service's time, too.
    if (ask_organisation(client).id != store.meta("organization_id"))
      throw Error(Fault::usage,
                  "the warehouse belongs to another organisation than these credentials: compare "
                  "it under its own (--profile)");
    const auto found = sync::reconcile(store, client, what, *shown);
    summary.exit_code = found.is_explained() ? 0 : base::exit_code(Fault::gaps);
    if (!found.is_explained()) summary.outcome = base::name(Fault::gaps);
    finish();
    if (asked.as_json)
      session.out() << as_json(found);
    else
      print(session.out(), found, asked);
  } catch (const Error& error) {
    shown->finish();
    store.rollback();
    end_by(summary, error);
    finish();
    throw;
  }
  return summary.exit_code;
}

}  // namespace

Command reconcile_command() {
  Command command;
  command.name = "reconcile";
  command.group = "Data";
  command.summary = "Compares the warehouse with Genesys Cloud, and says where they differ and why";
  command.description =
      "Per UTC day the number of conversations (one request a day), per survey whether it is "
      "there,\n"
      "its status and score, and with --metrics offered, answered, abandoned and handle time per\n"
      "queue and day. Each difference has a cause: provisional (to be read again anyway), erased\n"
      "there (marked as gone here), erased here, division not covered, permission, recorded gap,\n"
      "or unexplained. --heal makes due what reading again can mend, and nothing else. Dates are\n"
      "local to the warehouse's zone; the default is all days it has.";
  command.examples = {
      {"csatdb reconcile", "every day and survey"},
      {"csatdb reconcile --from 2025-05-01 --to 2025-05-31 --metrics", "a month, with its queues"},
      {"csatdb reconcile --heal", "what differs is read again by the next sync"},
      {"csatdb reconcile --json", "all days and differences, for programs"}};
  command.faults = {Fault::gaps,        Fault::denied, Fault::unavailable, Fault::storage,
                    Fault::undecodable, Fault::busy,   Fault::interrupted};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<Asked>();
    app.add_option("--from", asked->from, "first local date")->type_name("DATE");
    app.add_option("--to", asked->to, "last local date")->type_name("DATE");
    app.add_flag("--heal", asked->heals, "make what differs due again");
    app.add_flag("--metrics", asked->metrics, "compare queues too");
    app.add_flag("--json", asked->as_json, "everything, as JSON");
    wait_lock_flag(app, asked->wait_lock);
    return [asked](Session& session) { return run_reconcile(session, *asked); };
  };
  return command;
}

}  // namespace csatdb::cli

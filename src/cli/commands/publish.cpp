#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <ostream>

#include "base/log.hpp"
#include "cli/commands/commands.hpp"
#include "cli/nearest.hpp"
#include "cli/progress.hpp"
#include "cli/writing.hpp"
#include "json/writer.hpp"
#include "publish/postgres.hpp"
#include "publish/tables.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;

constexpr int kFormatVersion = 1;  // of the JSON
constexpr double kMegabyte = 1e6;

/// What the command line says.
struct Asked {
  publish::Order order;
  std::string wait_lock;
  bool plans = false, as_json = false;
};

std::vector<std::string> view_names() {
  std::vector<std::string> names;
  for (const auto& view : publish::views()) names.emplace_back(view.name);
  return names;
}

publish::Order order_of(Session& session, const Asked& asked) {
  auto order = asked.order;
  order.warehouse = session.process().resolve(session.options().database.value.string()).string();
  if (order.target.empty())
    throw Error(Fault::usage,
                "--to: it is empty: write postgresql://HOST/DATABASE or service=NAME");
  if (order.schema.empty()) throw Error(Fault::usage, "--schema: it needs a name");
  for (const auto& view : order.views)
    if (publish::find_view(view) == nullptr)
      throw Error(Fault::usage, fmt::format("--tables: there is no view '{}'{}", view,
                                            did_you_mean(view, view_names())));
  order.wait = lock_wait(asked.wait_lock);
  return order;
}

std::string json_of(const publish::Summary& summary, bool is_plan, base::Millis took) {
  json::Writer json(json::Writer::Style::pretty);
  json.begin_object().member("format_version", kFormatVersion).member("planned", is_plan);
  json.member("target", summary.target).member("schema", summary.schema);
  json.member("distributed", summary.is_distributed).member("first", summary.is_first);
  json.member("version_before", summary.before).member("version", summary.version);
  json.key("tables").begin_array();
  for (const auto& table : summary.tables) {
    json.begin_object().member("table", table.table).member("rows", table.rows);
    json.member("removed", table.removed);
    if (!is_plan) json.member("bytes", table.bytes);
    json.end_object();
  }
  json.end_array().member("rows", summary.rows()).member("removed", summary.removed());
  if (!is_plan) {
    json.member("bytes", summary.bytes());
    json.member("seconds", static_cast<double>(took.count()) / 1000);
  }
  return json.end_object().str() + '\n';
}

std::string text_of(const publish::Summary& summary, bool is_plan, base::Millis took) {
  const auto place = fmt::format("{}, schema {}", summary.target, summary.schema);
  if (summary.tables.empty()) return fmt::format("{} holds everything already\n", place);
  std::string out;
  for (const auto& table : summary.tables) {
    out += fmt::format("  {:<16}{:>12} rows", table.table, table.rows);
    if (table.removed > 0) out += fmt::format(", {} removed", table.removed);
    out += '\n';
  }
  if (is_plan)
    return fmt::format(
        "{}would be sent to {}: {} rows{}\n", out, place, summary.rows(),
        summary.removed() > 0 ? fmt::format(", and {} taken out there", summary.removed()) : "");
  return fmt::format("{}sent to {}: {} rows, {:.1f} MB in {}; it holds version {} now\n", out,
                     place, summary.rows(), static_cast<double>(summary.bytes()) / kMegabyte,
                     base::to_words(took), summary.version);
}

/// How far a publish is, by the rows sent in the time since the first of them.
std::string text_of(const publish::Step& step, base::Millis sending, base::Millis elapsed) {
  auto text = fmt::format("{}{}", step.is_merging ? "merging " : "", step.doing);
  if (step.of_rows > 0) text += fmt::format(": {} of {} rows", step.rows, step.of_rows);
  if (step.rows > 0 && sending.count() > 0) {
    if (step.rows < step.of_rows)
      text += fmt::format(", about {} left",
                          base::to_words(sending * (step.of_rows - step.rows) / step.rows));
    text +=
        fmt::format(" | {:.0f} rows/s, {:.1f} MB",
                    1000.0 * static_cast<double>(step.rows) / static_cast<double>(sending.count()),
                    static_cast<double>(step.bytes) / kMegabyte);
  }
  return text + fmt::format(" in {}", base::to_words(elapsed));
}

int run_publish(Session& session, const Asked& asked) {
  auto& process = session.process();
  const auto order = order_of(session, asked);
  const auto began = process.clock.ticks();
  const auto shown = ticker(process.err, process.terminal, process.clock,
                            asked.as_json || !base::log::enabled(base::log::Level::info));
  std::optional<base::Millis> first_row;
  const auto show = [&](const publish::Step& step) {
    const auto now = process.clock.ticks();
    if (step.of_rows > 0 && !first_row) first_row = now;
    if (shown->is_due()) shown->show(text_of(step, now - first_row.value_or(now), now - began));
  };
  const auto summary =
      asked.plans ? publish::plan(order) : publish::publish(order, process.clock, show);
  shown->finish();
  const auto took = process.clock.ticks() - began;
  session.out() << (asked.as_json ? json_of(summary, asked.plans, took)
                                  : text_of(summary, asked.plans, took));
  return 0;
}

}  // namespace

Command publish_command() {
  Command command;
  command.name = "publish";
  command.group = "Data";
  command.summary = "Copies what changed into PostgreSQL, as one transaction";
  command.description =
      "The target then holds the contract views fact_*, dim_* and sync_freshness with the same "
      "rows.\n"
      "What it holds is recorded there, in the same transaction: killed at any moment, run it "
      "again.\n"
      "User, password and TLS are libpq's: ~/.pgpass, PGPASSFILE, PGSERVICE, sslmode=verify-full.";
  command.examples = {
      {"csatdb publish --to postgresql://loader@db.example.com/warehouse",
       "first all rows, later those that changed"},
      {"csatdb publish --to service=warehouse --plan", "what would be sent; nothing changes"},
      {"csatdb publish --to postgresql://db.example.com/bi --tables fact_surveys,dim_agents",
       "some views alone, with the tables they need"},
      {"csatdb publish --to postgresql://db.example.com/bi --distribute",
       "spread over a Citus cluster by conversation_id"}};
  command.faults = {Fault::denied, Fault::unavailable, Fault::storage, Fault::busy,
                    Fault::interrupted};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<Asked>();
    app.add_option("--to", asked->order.target, "postgresql://HOST/DATABASE or service=NAME")
        ->required()
        ->type_name("TARGET");
    app.add_option("--schema", asked->order.schema, "schema of the target; default csatdb")
        ->type_name("NAME");
    app.add_option("--tables", asked->order.views,
                   "these contract views; default those the target has, at first all")
        ->delimiter(',')
        ->type_name("VIEW,…");
    app.add_flag("--distribute", asked->order.distributes,
                 "make the tables of a new target distributed ones (Citus)");
    app.add_flag("--full", asked->order.sends_all,
                 "send everything, whatever the target holds: after restoring a backup");
    app.add_flag("--plan", asked->plans, "say what would be sent; change nothing");
    app.add_flag("--json", asked->as_json, "print the result as JSON");
    wait_lock_flag(app, asked->wait_lock);
    return [asked](Session& session) { return run_publish(session, *asked); };
  };
  command.words = {{"--tables", [](Session&) { return view_names(); }}};
  return command;
}

}  // namespace csatdb::cli

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>

#include "cli/columns.hpp"
#include "cli/commands/commands.hpp"
#include "cli/writing.hpp"
#include "json/writer.hpp"
#include "report/run.hpp"

namespace csatdb::cli {
namespace {

/// One line of `config show`.
struct Row {
  std::string key, value, origin;
};

constexpr auto kIdentityKeys = {"client_id",      "client_secret", "secret_file",
                                "secret_command", "region",        "base_url"};

/// The identity comes from one layer as a whole; the first that speaks of it is shown, complete or
/// not.
std::vector<Row> identity_rows(const Options& options) {
  std::vector<Row> rows;
  const auto layer = std::ranges::find_if(options.layers, speaks_of_identity);
  if (layer == options.layers.end()) return {{"client_id", "", "not set: run `csatdb init`"}};
  for (const auto key : kIdentityKeys) {
    const auto* entry = layer->find(key);
    if (entry == nullptr) continue;
    // A command line may well contain the secret itself.
    const std::string_view name = key;
    const bool masked = name == "client_secret" || name == "secret_command";
    rows.push_back({key, masked ? "***" : entry->items.front(), entry->origin});
  }
  return rows;
}

std::vector<Row> setting_rows(const Options& options) {
  std::vector<Row> rows;
  for (const auto& setting : settings()) {
    if (std::ranges::find(kIdentityKeys, setting.key) != std::end(kIdentityKeys)) continue;
    Row row{std::string(setting.key), std::string(setting.fallback), "default"};
    for (const auto& layer : options.layers) {
      const auto* entry = layer.find(setting.key);
      if (entry == nullptr) continue;
      row.value = fmt::format("{}", fmt::join(entry->items, ", "));
      row.origin = entry->origin;
      break;
    }
    rows.push_back(std::move(row));
  }
  for (const auto& measure : options.measures) {
    const bool by_id = !measure.question_context_id.empty();
    rows.push_back({"measure " + measure.name,
                    by_id ? measure.question_context_id : measure.question, measure.origin});
  }
  return rows;
}

int run_show(Session& session, bool as_json) {
  const auto& options = session.options();
  auto rows = identity_rows(options);
  for (auto& row : setting_rows(options)) rows.push_back(std::move(row));
  if (as_json) {
    json::Writer list(json::Writer::Style::pretty);
    list.begin_array();
    for (const auto& row : rows) {
      list.begin_object().member("key", row.key).member("value", row.value);
      list.member("origin", row.origin).end_object();
    }
    session.out() << list.end_array().str() << '\n';
  } else {
    std::vector<std::vector<std::string>> lines{{"SETTING", "VALUE", "FROM"}};
    for (const auto& row : rows)
      lines.push_back({row.key, row.value.empty() ? "-" : row.value, row.origin});
    session.out() << columns(lines);
  }
  // Whoever looks for the reason why nothing can log in finds it below the table.
  if (std::ranges::any_of(options.layers, speaks_of_identity)) hosts(session.identity());
  return 0;
}

Command show_command() {
  Command command;
  command.name = "show";
  command.summary = "Every setting, its value, and where it comes from";
  command.description = "Secrets are masked. Ends with 2 if what is set cannot be used.";
  command.examples = {
      {"csatdb config show", "what is set, and by what"},
      {"csatdb config show --profile emea --json", "the same for a profile, as JSON"}};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto as_json = std::make_shared<bool>(false);
    app.add_flag("--json", *as_json, "as JSON");
    return [as_json](Session& session) { return run_show(session, *as_json); };
  };
  return command;
}

struct ZoneAsked {
  std::string zone, wait_lock;
};

int run_timezone(Session& session, const ZoneAsked& asked) {
  const auto& configured = session.options().timezone;
  const auto& path = session.options().database.value;
  if (asked.zone.empty()) {
    const warehouse::Reader reader(path.string());
    const auto zone = report::calendar(reader).zone;
    session.out() << zone << '\n';
    if (configured.value && *configured.value != zone)
      session.err() << fmt::format(
          "csatdb: {} says {}: the next sync changes the warehouse to it\n", configured.origin,
          *configured.value);
    return 0;
  }
  const base::Zone wanted(asked.zone);
  if (configured.value && *configured.value != wanted.name())
    throw base::Error(
        base::Fault::usage,
        fmt::format("timezone is set to {} ({}), which the next sync would go back to: "
                    "change it there",
                    *configured.value, configured.origin));
  const auto store = open_warehouse(session, "csatdb config timezone", asked.wait_lock);
  const auto before = store->zone().name();
  if (store->set_zone(wanted.name(), session.process().clock.now()))
    session.out() << fmt::format("{} -> {}: local dates and hours are rewritten\n", before,
                                 wanted.name());
  else
    session.out() << fmt::format("{} it is already\n", wanted.name());
  return 0;
}

Command timezone_command() {
  Command command;
  command.name = "timezone";
  command.summary = "Shows or sets the time zone of the warehouse's local dates";
  command.description =
      "One IANA zone per warehouse. Setting another rewrites every local date and hour in one\n"
      "transaction; instants stay as they are. A zone in the configuration is applied by itself "
      "at\n"
      "the next sync. Genesys Cloud's API does not tell the organisation's reporting zone: take "
      "the\n"
      "one its administrators see in their reports.";
  command.examples = {{"csatdb config timezone", "the warehouse's zone"},
                      {"csatdb config timezone UTC", "local dates are UTC's from now on"}};
  command.faults = {base::Fault::storage, base::Fault::busy};
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<ZoneAsked>();
    app.add_option("ZONE", asked->zone, "IANA name of a zone, e.g. Europe/Berlin");
    wait_lock_flag(app, asked->wait_lock);
    return [asked](Session& session) { return run_timezone(session, *asked); };
  };
  return command;
}

}  // namespace

Command config_command() {
  Command command;
  command.name = "config";
  command.group = "Setup";
  command.summary = "Shows the configuration and where each value comes from";
  command.description =
      "Flags win over the environment, that over .env in the current folder, that over the\n"
      "configuration file, that over the official CLI's ~/.gc/config.toml.";
  command.commands = {show_command(), timezone_command()};
  return command;
}

}  // namespace csatdb::cli

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "base/log.hpp"
#include "cli/check.hpp"
#include "cli/columns.hpp"
#include "cli/commands/commands.hpp"
#include "cli/writing.hpp"
#include "json/writer.hpp"
#include "report/text.hpp"

namespace csatdb::cli {
namespace {

using base::Error;
using base::Fault;
using base::Instant;
using warehouse::DayRange;
using warehouse::Health;

constexpr std::size_t kListed = 10;  // of failures and given-up keys; --json lists all

/// What the command line says.
struct Asked {
  bool as_json = false, checks = false;
  std::string max_age;
  std::int64_t max_gaps = Bounds{}.max_gaps;
};

std::string words(const std::vector<DayRange>& ranges) {
  constexpr std::size_t kSpelled = 4;
  if (ranges.size() > kSpelled)
    return fmt::format("{} to {} in {} pieces", base::to_date(ranges.front().first),
                       base::to_date(ranges.back().last), ranges.size());
  std::vector<std::string> texts;
  for (const auto& range : ranges)
    texts.push_back(range.first == range.last ? base::to_date(range.first)
                                              : fmt::format("{} to {}", base::to_date(range.first),
                                                            base::to_date(range.last)));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string size(double bytes) {
  constexpr std::array kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  for (; std::abs(bytes) >= 1024 && unit + 1 < kUnits.size(); ++unit) bytes /= 1024;
  return fmt::format("{:.{}f} {}", bytes, unit == 0 ? 0 : 1, kUnits.at(unit));
}

std::string minute(const std::optional<Instant>& t) {
  return t ? base::to_sql(*t).substr(0, 16) : "-";
}

std::string settlement(const Health& health) {
  std::vector<std::string> parts;
  if (!health.settled.empty()) parts.push_back("settled " + words(health.settled));
  if (!health.provisional.empty()) parts.push_back("provisional " + words(health.provisional));
  if (!health.unread.empty()) parts.push_back("not read yet " + words(health.unread));
  if (parts.empty()) return "none yet: run `csatdb sync`";
  return fmt::format("{} (UTC days)", fmt::join(parts, "; "));
}

std::string open_work(const Health& health) {
  std::int64_t given_up = 0;
  for (const auto& resource : health.resources) given_up += resource.given_up;
  std::vector<std::string> surveys;
  for (const auto& [status, count] : health.open_surveys)
    surveys.push_back(fmt::format("{} {}", count, status));
  return fmt::format(
      "{} conversations running, surveys: {}; {} keys given up", health.open_conversations,
      surveys.empty() ? "none" : fmt::format("{}", fmt::join(surveys, ", ")), given_up);
}

std::string disk(const Health& health) {
  auto text = size(static_cast<double>(health.bytes));
  if (!health.growth) {
    text += ", growth not known before two runs lie a day apart";
  } else {
    text += fmt::format(", {} a day", size(*health.growth));
  }
  text += fmt::format(", {} free", size(static_cast<double>(health.free_bytes)));
  if (const auto left = health.days_left()) text += fmt::format(": full in {:.0f} days", *left);
  return text;
}

/// The first rows of a list, and how many more there are.
void print_listed(std::ostream& out, const std::string& title,
                  std::vector<std::vector<std::string>> rows, std::size_t all) {
  if (all == 0) return;
  out << '\n' << title << '\n' << columns(rows);
  if (all > rows.size()) out << fmt::format("… and {} more: --json lists all\n", all - rows.size());
}

void print(std::ostream& out, const Health& health, const std::string& path, Instant now) {
  const auto failed = gaps(health);
  std::vector<std::vector<std::string>> facts{
      {"Warehouse", fmt::format("{}, {}, time zone {}", path,
                                health.organization.empty()
                                    ? "no organisation yet"
                                    : report::printable(health.organization, report::Lines::mark),
                                health.zone)},
      {"Conversations", settlement(health)},
      {"Gaps", failed.empty() ? "none" : fmt::format("{}, listed below", failed.size())},
      {"Still open", open_work(health)},
      {"Size", disk(health)},
      {"At work now", health.running.empty() ? "nobody" : health.running}};
  out << columns(facts);

  std::vector<std::vector<std::string>> rows{
      {"RESOURCE", "READ THROUGH (UTC)", "AGE", "WAITING", "DUE NOW", "GIVEN UP"}};
  for (const auto& r : health.resources)
    rows.push_back(
        {r.name, minute(r.fresh_through),
         r.fresh_through ? base::to_words(std::max(now - *r.fresh_through, base::Millis{0})) : "-",
         std::to_string(r.waiting), std::to_string(r.due), std::to_string(r.given_up)});
  out << '\n' << columns(rows);

  rows = {{"RUN", "COMMAND", "BEGAN (UTC)", "TOOK", "OUTCOME", "REQUESTS", "ROWS", "CHANGED"}};
  for (const auto& run : health.runs)
    rows.push_back({std::to_string(run.id), run.command, minute(run.began),
                    run.ended ? base::to_words(*run.ended - run.began) : "-",
                    run.ended                                           ? run.outcome
                    : &run != &health.runs[0] || health.running.empty() ? "killed"
                                                                        : "running",
                    std::to_string(run.requests), std::to_string(run.rows_seen),
                    std::to_string(run.rows_changed)});
  if (rows.size() > 1) out << '\n' << columns(rows);

  rows.clear();
  for (const auto& scope : failed)
    if (rows.size() < kListed)
      rows.push_back({scope.resource, scope.scope, scope.outcome,
                      report::printable(scope.message, report::Lines::mark)});
  print_listed(out, "Not read (the next sync tries again):", rows, failed.size());
  rows.clear();
  for (const auto& [resource, key] : health.given_up)
    if (rows.size() < kListed) rows.push_back({resource, key});
  print_listed(out, "Given up (past the horizon, never came to their end):", rows,
               health.given_up.size());
}

void write(json::Writer& w, std::string_view name, const std::optional<Instant>& t) {
  t ? w.member(name, base::to_iso(*t)) : w.key(name).null();
}

void write(json::Writer& w, std::string_view name, const std::vector<DayRange>& ranges) {
  w.key(name).begin_array();
  for (const auto& range : ranges)
    w.begin_object()
        .member("from", base::to_date(range.first))
        .member("to", base::to_date(range.last))
        .end_object();
  w.end_array();
}

void write_lists(json::Writer& w, const Health& health) {
  w.key("gaps").begin_array();
  for (const auto& scope : gaps(health)) {
    w.begin_object().member("resource", scope.resource).member("scope", scope.scope);
    w.member("outcome", scope.outcome).member("message", scope.message);
    w.member("attempts", scope.attempts).end_object();
  }
  w.end_array().key("given_up").begin_array();
  for (const auto& [resource, key] : health.given_up)
    w.begin_object().member("resource", resource).member("key", key).end_object();
  w.end_array().key("runs").begin_array();
  for (const auto& run : health.runs) {
    w.begin_object().member("run_id", run.id).member("command", run.command);
    write(w, "began", std::optional(run.began));
    write(w, "ended", run.ended);
    run.outcome.empty() ? w.key("outcome").null() : w.member("outcome", run.outcome);
    run.message.empty() ? w.key("message").null() : w.member("message", run.message);
    w.member("requests", run.requests).member("retries", run.retries);
    w.member("waited_ms", std::int64_t{run.waited.count()});
    w.member("rows_seen", run.rows_seen).member("rows_changed", run.rows_changed);
    w.member("bytes_received", run.bytes_received).end_object();
  }
  w.end_array();
}

std::string as_json(const Health& health, const std::string& path, Instant now) {
  json::Writer w(json::Writer::Style::pretty);
  w.begin_object().member("database", path).member("organization", health.organization);
  w.member("timezone", health.zone).member("at", base::to_iso(now));
  w.key("resources").begin_array();
  for (const auto& r : health.resources) {
    w.begin_object().member("resource", r.name);
    write(w, "fresh_through", r.fresh_through);
    write(w, "settled_through", r.settled_through);
    w.member("waiting", r.waiting).member("due", r.due).member("given_up", r.given_up).end_object();
  }
  w.end_array().key("days").begin_object();
  write(w, "settled", health.settled);
  write(w, "provisional", health.provisional);
  write(w, "unread", health.unread);
  w.end_object().member("open_conversations", health.open_conversations);
  w.key("open_surveys").begin_object();
  for (const auto& [status, count] : health.open_surveys) w.member(status, count);
  w.end_object();
  write_lists(w, health);
  health.running.empty() ? w.key("running").null() : w.member("running", health.running);
  w.member("bytes", health.bytes).member("free_bytes", health.free_bytes);
  const auto real = [&](std::string_view name, const std::optional<double>& value) {
    value ? w.member(name, *value) : w.key(name).null();
  };
  real("growth_bytes_per_day", health.growth);
  real("days_until_full", health.days_left());
  return w.end_object().str();
}

Health read(Session& session, Instant now) {
  const auto& path = session.options().database.value.string();
  return warehouse::health(warehouse::Reader(path), path, now);
}

int run_check(Session& session, const Asked& asked) {
  Bounds bounds;
  bounds.max_gaps = asked.max_gaps;
  if (!asked.max_age.empty())
    bounds.max_age = duration(asked.max_age, "--max-age", "90m, 26h or 2d");
  Check found;
  try {
    const auto now = session.process().clock.now();
    found = check(read(session, now), bounds, now);
  } catch (const Error& error) {
    found = unreadable(base::log::redacted(session.process().told(error.what())));
  }
  session.out() << found.line << '\n';
  return found.code;
}

int run_status(Session& session, const Asked& asked) {
  if (asked.checks) return run_check(session, asked);
  const auto now = session.process().clock.now();
  const auto health = read(session, now);
  const auto path = session.process().shown(session.options().database.value);
  if (asked.as_json)
    session.out() << as_json(health, path, now) << '\n';
  else
    print(session.out(), health, path, now);
  return 0;
}

}  // namespace

Command status_command() {
  Command command;
  command.name = "status";
  command.group = "Reading";
  command.summary = "How fresh, complete and large the warehouse is";
  command.description =
      "Asks nothing of the service and disturbs no run that is under way. A day is settled once "
      "it\n"
      "was read after the service's last corrections (its end + 96 h), provisional before that.\n"
      "--check prints one line for monitors: critical where something required was not read for\n"
      "--max-age, there are more than --max-gaps gaps, or the disk is full within a day; a "
      "warning\n"
      "where the last sync did not end well, there are fewer gaps, or the disk is full in a week.";
  command.examples = {
      {"csatdb status", "what there is, what is missing, and the last runs"},
      {"csatdb status --json", "the same, complete, for programs"},
      {"csatdb status --check --max-age 26h --max-gaps 0", "for Nagios, Icinga and their kin"}};
  command.faults = {Fault::storage};
  command.exit_note = "With --check: 0 ok, 1 warning, 2 critical";
  command.add = [](CLI::App& app, Layer&) -> Run {
    auto asked = std::make_shared<Asked>();
    auto* json = app.add_flag("--json", asked->as_json, "everything, as JSON");
    auto* checks = app.add_flag("--check", asked->checks, "one line for monitors");
    checks->excludes(json);
    app.add_option("--max-age", asked->max_age, "oldest age that is no trouble; default 26h")
        ->type_name("AGE")
        ->needs(checks);
    auto* gaps =
        app.add_option("--max-gaps", asked->max_gaps, "most gaps that are no trouble; default 0");
    whole_from(gaps->type_name("NUMBER"), 0)->needs(checks);
    return [asked](Session& session) { return run_status(session, *asked); };
  };
  return command;
}

}  // namespace csatdb::cli

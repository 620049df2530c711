#include "cli/writing.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "base/log.hpp"
#include "cli/privacy.hpp"
#include "warehouse/measures.hpp"
#include "warehouse/raw_bodies.hpp"

namespace csatdb::cli {
namespace {

void keep_zone(Session& session, warehouse::Warehouse& store) {
  const auto& wanted = session.options().timezone;
  const bool is_new = !store.meta("timezone");
  if (!wanted.value && !is_new) return;
  const std::string before = store.zone().name();
  const std::string name = wanted.value.value_or("UTC");
  if (!store.set_zone(name, session.process().clock.now())) return;
  if (!is_new)
    base::log::info("local dates are now those of {} (before: {}), as {} says", name, before,
                    wanted.origin);
  if (is_new && !wanted.value)
    base::log::info(
        "local dates are UTC's: set another zone with `csatdb config timezone "
        "Europe/Berlin`, or timezone in the configuration");
}

void keep_raw(warehouse::Warehouse& store, std::optional<bool> wanted) {
  warehouse::RawBodies bodies(store);
  if (!wanted || *wanted == bodies.are_kept()) return;
  bodies.keep(*wanted);
  base::log::info("payloads are {}; what is stored is read once more",
                  *wanted ? "kept from now on, until --no-keep-raw" : "kept no more");
}

}  // namespace

void wait_lock_flag(CLI::App& app, std::string& wait_lock) {
  app.add_option("--wait-lock", wait_lock, "wait so long for another run to end, e.g. 10m");
}

base::Millis lock_wait(const std::string& wait_lock) {
  return wait_lock.empty() ? base::Millis{0} : duration(wait_lock, "--wait-lock");
}

warehouse::Opening existing_warehouse(Session& session, const std::string& wait_lock,
                                      const std::string& command) {
  const auto& path = session.options().database.value;
  if (!std::filesystem::exists(path))
    throw base::Error(base::Fault::usage,
                      fmt::format("there is no warehouse {}: run `csatdb sync` first, or "
                                  "name another file with --db",
                                  session.process().shown(path)));
  return {path.string(), lock_wait(wait_lock), command};
}

std::unique_ptr<warehouse::Warehouse> open_warehouse(Session& session, const std::string& command,
                                                     const std::string& wait_lock) {
  auto store = std::make_unique<warehouse::Warehouse>(
      warehouse::Opening{session.options().database.value.string(), lock_wait(wait_lock), command});
  keep_zone(session, *store);
  keep_measures(session, *store);
  return store;
}

void add_fill_flags(CLI::App& app, FillFlags& flags) {
  wait_lock_flag(app, flags.wait_lock);
  auto* keep = app.add_flag_callback(
      "--keep-raw", [&flags] { flags.keep_raw = true; },
      "keep the payloads of conversations and surveys too, packed, from now on");
  app.add_flag_callback(
         "--no-keep-raw", [&flags] { flags.keep_raw = false; },
         "keep no payloads any more, and remove those kept")
      ->excludes(keep);
  app.add_flag("--yes", flags.yes, "confirm privacy 'none' for a new warehouse");
}

std::unique_ptr<warehouse::Warehouse> open_to_fill(Session& session, const std::string& command,
                                                   const FillFlags& flags) {
  auto store = open_warehouse(session, command, flags.wait_lock);
  use_privacy(session, *store, flags.yes);
  keep_raw(*store, flags.keep_raw);
  return store;
}

bool keep_measures(Session& session, warehouse::Warehouse& store) {
  const auto& options = session.options();
  if (!options.has_file) return false;
  std::vector<warehouse::Measure> measures;
  for (const auto& m : options.measures)
    measures.push_back(
        {m.name, m.form_context_id, m.question_context_id, m.question, m.positive, m.scale});
  const bool is_changed = store.set_measures(measures);
  if (is_changed) base::log::info("the measures changed: stored surveys are derived again");
  return is_changed;
}

void add_requests(warehouse::RunSummary& summary, const api::Stats& stats,
                  const api::Stats& before) {
  summary.requests += static_cast<std::int64_t>(stats.requests - before.requests);
  summary.retries += static_cast<std::int64_t>(stats.retries - before.retries);
  summary.throttled += static_cast<std::int64_t>(stats.throttled - before.throttled);
  summary.bytes_received += static_cast<std::int64_t>(stats.bytes_received - before.bytes_received);
  summary.waited += stats.waited - before.waited;
}

void end_by(warehouse::RunSummary& summary, const base::Error& error) {
  summary.outcome = base::name(error.fault());
  summary.exit_code = base::exit_code(error.fault());
  summary.message = error.what();
}

warehouse::RunSummary summary(const sync::Report& report, const api::Stats& stats,
                              const api::Stats& before) {
  warehouse::RunSummary s;
  if (report.ended_by) {
    end_by(s, *report.ended_by);
  } else if (!report.gaps.empty()) {
    s.outcome = "gaps";
    s.message = report.gaps.front().message;
  }
  s.exit_code = report.exit_code();
  add_requests(s, stats, before);
  s.rows_seen = report.rows_seen;
  s.rows_changed = report.rows_changed;
  return s;
}

base::Millis duration(const std::string& text, const char* flag, const char* examples) {
  const auto parsed = base::parse_duration(text);
  if (!parsed)
    throw base::Error(base::Fault::usage,
                      fmt::format("{}: '{}' is no length of time: write {}", flag, text, examples));
  return *parsed;
}

}  // namespace csatdb::cli

#include "cli/writing.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/log.hpp"
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

}  // namespace

std::unique_ptr<warehouse::Warehouse> open_warehouse(Session& session, const std::string& command,
                                                     const std::string& wait_lock) {
  const auto wait = wait_lock.empty() ? base::Millis{0} : duration(wait_lock, "--wait-lock");
  auto store = std::make_unique<warehouse::Warehouse>(
      warehouse::Opening{session.options().database.value.string(), wait, command});
  keep_zone(session, *store);
  keep_measures(session, *store);
  return store;
}

std::shared_ptr<std::optional<bool>> keep_raw_flag(CLI::App& app) {
  auto wish = std::make_shared<std::optional<bool>>();
  app.add_flag_callback(
      "--keep-raw", [wish] { *wish = true; },
      "keep the payloads of conversations and surveys too, packed, from now on");
  app.add_flag_callback(
      "--no-keep-raw", [wish] { *wish = false; },
      "keep no payloads any more, and remove those kept");
  return wish;
}

void keep_raw(warehouse::Warehouse& store, std::optional<bool> wanted) {
  warehouse::RawBodies bodies(store);
  if (!wanted || *wanted == bodies.are_kept()) return;
  bodies.keep(*wanted);
  base::log::info("payloads are {}; what is stored is read once more",
                  *wanted ? "kept from now on, until --no-keep-raw" : "kept no more");
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

warehouse::RunSummary summary(const sync::Report& report, const api::Stats& stats,
                              const api::Stats& before) {
  warehouse::RunSummary s;
  s.exit_code = report.exit_code();
  if (report.ended_by) {
    s.outcome = base::name(report.ended_by->fault());
    s.message = report.ended_by->what();
  } else if (!report.gaps.empty()) {
    s.outcome = "gaps";
    s.message = report.gaps.front().message;
  }
  s.requests = static_cast<std::int64_t>(stats.requests - before.requests);
  s.retries = static_cast<std::int64_t>(stats.retries - before.retries);
  s.throttled = static_cast<std::int64_t>(stats.throttled - before.throttled);
  s.bytes_received = static_cast<std::int64_t>(stats.bytes_received - before.bytes_received);
  s.waited = stats.waited - before.waited;
  s.rows_seen = report.rows_seen;
  s.rows_changed = report.rows_changed;
  return s;
}

base::Millis duration(const std::string& text, const char* flag) {
  const auto parsed = base::parse_duration(text);
  if (!parsed)
    throw base::Error(
        base::Fault::usage,
        fmt::format("{}: '{}' is no length of time: write 90s, 15m or 2h", flag, text));
  return *parsed;
}

}  // namespace csatdb::cli

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "cli/session.hpp"
#include "sync/engine.hpp"
#include "warehouse/run_record.hpp"
#include "warehouse/warehouse.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace csatdb::cli {

/// Opens the session's warehouse to write to it, and keeps in it what the configuration says of its
/// contents: time zone and measures. `command` is told to whoever finds it held, `wait_lock` says
/// how long to wait for another run ("": not at all).
std::unique_ptr<warehouse::Warehouse> open_warehouse(Session& session, const std::string& command,
                                                     const std::string& wait_lock);

/// Adds --keep-raw and --no-keep-raw; what it returns is empty where neither is given.
std::shared_ptr<std::optional<bool>> keep_raw_flag(CLI::App& app);
/// Has the warehouse keep raw payloads from now on, or no more; without a wish it stays as it is.
void keep_raw(warehouse::Warehouse& store, std::optional<bool> wanted);

/// Puts the configured measures in the place of the warehouse's; says whether that changed them.
/// Without a configuration file the warehouse keeps its own.
bool keep_measures(Session& session, warehouse::Warehouse& store);

/// A run of the engine as `sync_runs` keeps it; `before`: what the client had done before it.
warehouse::RunSummary summary(const sync::Report& report, const api::Stats& stats,
                              const api::Stats& before = {});

/// A length of time as a flag's value. Throws Fault::usage naming the flag.
base::Millis duration(const std::string& text, const char* flag);

}  // namespace csatdb::cli

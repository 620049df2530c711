#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "cli/session.hpp"
#include "sync/engine.hpp"
#include "warehouse/run_record.hpp"
#include "warehouse/warehouse.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace csatdb::cli {

/// Adds --wait-lock: how long to wait for another run to end; "": not at all.
void wait_lock_flag(CLI::App& app, std::string& wait_lock);
/// Its value. Throws Fault::usage.
base::Millis lock_wait(const std::string& wait_lock);

/// How to open the session's warehouse for an act upon what it holds. Throws Fault::usage if there
/// is none.
warehouse::Opening existing_warehouse(Session& session, const std::string& wait_lock,
                                      const std::string& command);

/// How a command that brings new rows may open the warehouse, as written.
struct FillFlags {
  std::string wait_lock;
  std::optional<bool> keep_raw;  ///< payloads from now on, or no more; nothing: as it is
  bool yes = false;              ///< confirms privacy 'none'
};
void add_fill_flags(CLI::App& app, FillFlags& flags);
/// Opens the session's warehouse as below to bring new rows, with the privacy they are stored by.
std::unique_ptr<warehouse::Warehouse> open_to_fill(Session& session, const std::string& command,
                                                   const FillFlags& flags);

/// Opens the session's warehouse to write to it, and keeps in it what the configuration says of its
/// contents: time zone and measures. `command` is told to whoever finds it held.
std::unique_ptr<warehouse::Warehouse> open_warehouse(Session& session, const std::string& command,
                                                     const std::string& wait_lock);

/// Puts the configured measures in the place of the warehouse's; says whether that changed them.
/// Without a configuration file the warehouse keeps its own.
bool keep_measures(Session& session, warehouse::Warehouse& store);

/// Adds what the client has done since `before` to a run's summary.
void add_requests(warehouse::RunSummary& summary, const api::Stats& stats,
                  const api::Stats& before = {});
/// Has a run's summary say that this ended it.
void end_by(warehouse::RunSummary& summary, const base::Error& error);

/// A run of the engine as `sync_runs` keeps it; `before`: what the client had done before it.
warehouse::RunSummary summary(const sync::Report& report, const api::Stats& stats,
                              const api::Stats& before = {});

/// A length of time as a flag's value. Throws Fault::usage naming the flag, with examples.
base::Millis duration(const std::string& text, const char* flag,
                      const char* examples = "90s, 15m or 2h");

}  // namespace csatdb::cli

#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/scope.hpp"
#include "sync/intake.hpp"

namespace csatdb::sync {

/// What a run is asked to do.
struct Settings {
  std::optional<base::Day> since;  ///< first day wanted, or
  std::optional<base::Millis>
      look_back;  ///< how long before now it lies; neither: as before, 90 days on a first run
  std::optional<base::Day> until;  ///< last day wanted in this run
  std::vector<std::string> only;   ///< resources; empty: all
  std::optional<model::Via> via;   ///< forces one kind of call for conversations
  std::size_t parallel =
      8;  ///< requests in flight: Little's law for 5 a second up to 1.6 s latency
  std::optional<base::Millis> max_time;  ///< ends the run between pages
  base::Millis horizon = std::chrono::days(120);
  std::vector<std::string> attributes;  ///< participant attributes to keep
  /// Of the chased resources these alone are read, and then the listings; empty: all due.
  std::vector<std::string> keys;
  std::function<void(base::Instant)> before_plan;  ///< may add keys to the ledger
  Intake::Watch watch;                             ///< sees every element delivered
};

}  // namespace csatdb::sync

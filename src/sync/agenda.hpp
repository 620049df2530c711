#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "resources/resource.hpp"
#include "sync/plan.hpp"
#include "sync/settings.hpp"
#include "warehouse/ledger.hpp"

// What a run finds due: the planner's rules over a ledger. The engine does it, a forecast counts
// it.

namespace csatdb::sync {

/// How a resource's own rows are stored from now on, and how they were before.
struct Way {
  const resources::Resource* resource;
  std::string place, now;             ///< where sync_meta keeps it, and what it is
  std::optional<std::string> before;  ///< nothing: none were stored

  /// What is stored must be read again.
  bool is_other() const { return before && *before != now; }
};
std::vector<Way> ways_of_storing(const Meta& meta, const Settings& settings);

/// The first day to read, never below the retention floor: nothing there is stored.
base::Day first_day(const Meta& meta, const Settings& settings, std::optional<base::Instant> floor,
                    base::Instant now);
/// Which calls may read conversations.
Calls calls(const Meta& meta, const Settings& settings, std::optional<base::Instant> watermark);

/// Adds the days from the first one to now.
void add_days(warehouse::Ledger& ledger, std::string_view resource, base::Day first,
              base::Instant now);
/// Whether how far the lake reaches decides anything: a closed day is due, or the lake is not yet
/// known to hold it.
bool needs_watermark(warehouse::Ledger& ledger, std::string_view resource, const Settings& settings,
                     base::Instant now);
/// Days that the lake is seen to hold for the first time are due once more.
void note_watermark(warehouse::Ledger& ledger, std::string_view resource, base::Instant watermark,
                    base::Instant now);
std::vector<DueDay> due_days(warehouse::Ledger& ledger, std::string_view resource,
                             const Settings& settings, base::Instant now);

/// Adds the one scope of a list of events. On a first run the days have just been read as far as
/// the lake goes: a stand-in, which reads the whole horizon, waits a day.
void add_events(warehouse::Ledger& ledger, const resources::Resource& resource, base::Instant now);
/// What of the events a due scope covers, given the first day of conversations, in windows whose
/// answers stay small however busy the organisation is.
model::Span span_of_events(warehouse::Ledger& ledger, const resources::Resource& resource,
                           const warehouse::Scope& scope, const Settings& settings, base::Day first,
                           std::optional<base::Instant> watermark, base::Instant now);

}  // namespace csatdb::sync

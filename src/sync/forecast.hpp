#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/client.hpp"
#include "sync/settings.hpp"
#include "warehouse/scratch.hpp"

namespace csatdb::sync {

/// What a sync would do if it began now.
struct Forecast {
  struct Item {
    std::string resource;
    std::string what;           ///< which scopes, in words
    std::int64_t scopes = 0;    ///< due
    std::int64_t requests = 0;  ///< retries and the token aside
  };
  std::vector<Item> items;    ///< what is due, in the order of fetching
  std::int64_t requests = 0;  ///< of all, with token and organisation
  std::int64_t bytes = 0;     ///< on the wire, by the size of samples
};

/// Foretells it from the ledger and the planner's own rules, of which the scratch is left as they
/// leave a ledger. Asks the service only how much there is: one request per span of days, listing
/// never read, and page of events. Throws as `ask` does.
Forecast forecast(warehouse::Scratch& scratch, api::Client& client, const Settings& settings);

}  // namespace csatdb::sync

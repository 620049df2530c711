#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"

namespace csatdb::model {

/// How often a resource's scopes come due.
enum class Cadence {
  snapshot,  ///< one scope "all": a complete listing, due again every so often
  windowed,  ///< one scope per UTC day, read until it is settled
  chase,     ///< one scope per key, read until it is final or past the horizon
  events,    ///< one scope "all": what happened since the last read, with look-back
};

/// How a span of days is asked for.
enum class Via { query, job };

/// The scopes that one request series covers: consecutive UTC days, some keys, or "all".
struct Span {
  std::vector<std::string> scopes;  ///< days as YYYY-MM-DD in order; keys; or {"all"}
  base::Interval interval{};        ///< of days: what to ask for; never ends in the future
  Via via = Via::query;
  int page_size = 100;  ///< results to a page at most; of events, days
};

}  // namespace csatdb::model

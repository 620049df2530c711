#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/time.hpp"

namespace csatdb::warehouse {

/// Makes `dates` cover whole years from the first instant to the last, in this zone; dates it has
/// already stay.
void extend_calendar(SQLite::Database& db, const base::Zone& zone, base::Instant first,
                     base::Instant last);

/// Rewrites every local date and hour for another zone: interactions, legs, visits, survey facts
/// and the calendar. Call it in the transaction that records the zone.
void relocate(SQLite::Database& db, const base::Zone& zone);

}  // namespace csatdb::warehouse

#pragma once

#include "base/time.hpp"
#include "cli/session.hpp"
#include "warehouse/warehouse.hpp"

namespace csatdb::cli {

/// Puts the configured privacy profile, key and attributes in force for what is written from here
/// on; the first time it makes the key. `confirmed`: `--yes`, which a new warehouse with profile
/// `none` needs. Throws Fault::usage where file, key and configuration do not agree.
void use_privacy(Session& session, warehouse::Warehouse& store, bool confirmed);

/// Raises the retention floor to what the configuration says, so that nothing below it is fetched.
void raise_retention_floor(Session& session, warehouse::Warehouse& store, base::Instant now);
/// Erases what lies below the floor that retention raised, and clears the file of what an erasure
/// that was cut short left in it.
void apply_retention(Session& session, warehouse::Warehouse& store, base::Instant now);

}  // namespace csatdb::cli

#pragma once

#include "model/batch.hpp"
#include "resources/resource.hpp"

namespace csatdb::resources {

/// Adds to the batch's last root, a conversation just read, what is derived from it: its row of
/// `interactions`, one of `agent_legs` per session of an agent or user, one of `queue_visits` per
/// acd session. The definitions stand beside the columns in schema/tables.sql. "Earliest" and
/// "latest" compare segment starts (a segment without one counts as the earliest); ties go by
/// position in the payload, the lower for "earliest", the higher for "latest".
void derive_interaction(const Context& context, model::Batch& batch);

}  // namespace csatdb::resources

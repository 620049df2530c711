#pragma once

#include "resources/resource.hpp"

namespace csatdb::resources {

/// The rows of one conversation of the analytics details, whichever call delivered it: what was
/// delivered, and the interaction, agent legs and queue visits derived from it.
void rows_of_conversation(const json::Value& element, const Context& context, model::Digest digest,
                          model::Batch& batch);

}  // namespace csatdb::resources

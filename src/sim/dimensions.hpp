#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/world.hpp"

namespace csatdb::sim {

/// The values that filters and groups see, as text; instants as ISO-8601. Empty where the world
/// has no value (or knows no such dimension).
using Values = std::vector<std::string>;

Values conversation_values(const World& world, const Conversation& c, base::Instant t,
                           std::string_view dimension);
/// Of a survey in its state at t.
Values survey_values(const World& world, const Conversation& c, const Survey& s, base::Instant t,
                     std::string_view dimension);
Values evaluation_values(const World& world, const Conversation& c, const Evaluation& e,
                         base::Instant t, std::string_view dimension);
/// Of a participant's session; `segment` may be null, then all its segments count.
Values session_values(const World& world, const Conversation& c, const Participant& p,
                      const Session& s, const Segment* segment, base::Instant t,
                      std::string_view dimension);

}  // namespace csatdb::sim

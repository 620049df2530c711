#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "sim/world.hpp"

namespace csatdb::sim {

/// A survey as it stands.
struct TrueSurvey {
  std::string id, conversation_id;
  std::string status;  ///< as the quality API spells it
  base::Instant event_time;
  std::optional<Answers> answers;  ///< of a finished one
  std::string body;                ///< as GET /quality/surveys/{id} answers
};

/// A conversation as it stands.
struct TrueConversation {
  std::string id;
  base::Instant start;
  std::optional<base::Instant> end;
  std::string body;  ///< as the details query delivers it, without attributes
  std::vector<TrueSurvey> surveys;
};

/// Whether surveys come with their bodies, which hold whole forms.
enum class Bodies { all, of_conversations };

/// What the service shows of conversations that started on the days [first, last) at instant t
/// to a client with every permission and division: the oracle of tests.
std::vector<TrueConversation> truth(World& world, base::Day first, base::Day last, base::Instant t,
                                    Bodies bodies = Bodies::all);
/// The same of one conversation; nothing where the service would answer 404.
std::optional<TrueConversation> truth(World& world, std::string_view id, base::Instant t);

}  // namespace csatdb::sim

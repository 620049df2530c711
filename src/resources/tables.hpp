#pragma once

#include "model/table.hpp"

/// The tables that payloads and derivations fill, declared beside the resource that delivers them.
namespace csatdb::resources {

extern const model::Table kDivisions, kUsers, kTeams, kQueues, kWrapupCodes, kSkills, kLanguages;
extern const model::Table kSurveyForms, kSurveys, kConversations;

// Owned by a conversation.
extern const model::Table kConversationDivisions, kParticipants, kParticipantAttributes, kSessions,
    kSegments, kSessionMetrics, kFlowOutcomes, kMediaStats, kConversationSurveys, kEvaluations,
    kResolutions;
// Owned by a conversation and derived from the others.
extern const model::Table kInteractions, kAgentLegs, kQueueVisits;

}  // namespace csatdb::resources

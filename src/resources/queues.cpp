#include "resources/catalogue.hpp"
#include "resources/enumerations.hpp"
#include "resources/extract.hpp"
#include "resources/paging.hpp"
#include "resources/tables.hpp"

namespace csatdb::resources {
namespace {

using model::Column;
using model::Ignored;
using model::Personal;
using model::Table;
using model::Type;

constexpr Column kQueuesColumns[] = {
    {"name", "name"},
    {"division.id", "division_key", Type::text, &kDivisions},
    {"description", "description"},
    {"dateCreated", "created_ms", Type::instant},
    {"dateModified", "modified_ms", Type::instant},
    {"createdBy", "created_by_key", Type::text, &kUsers},
    {"modifiedBy", "modified_by_key", Type::text, &kUsers},
    {"memberCount", "member_count", Type::integer},
    {"userMemberCount", "user_member_count", Type::integer},
    {"joinedMemberCount", "joined_member_count", Type::integer},
    {"mediaSettings.call.serviceLevel.percentage", "call_service_level_pct", Type::real},
    {"mediaSettings.call.serviceLevel.durationMs", "call_service_level_ms", Type::integer},
    {"mediaSettings.callback.serviceLevel.percentage", "callback_service_level_pct", Type::real},
    {"mediaSettings.callback.serviceLevel.durationMs", "callback_service_level_ms", Type::integer},
    {"mediaSettings.chat.serviceLevel.percentage", "chat_service_level_pct", Type::real},
    {"mediaSettings.chat.serviceLevel.durationMs", "chat_service_level_ms", Type::integer},
    {"mediaSettings.email.serviceLevel.percentage", "email_service_level_pct", Type::real},
    {"mediaSettings.email.serviceLevel.durationMs", "email_service_level_ms", Type::integer},
    {"mediaSettings.message.serviceLevel.percentage", "message_service_level_pct", Type::real},
    {"mediaSettings.message.serviceLevel.durationMs", "message_service_level_ms", Type::integer},
    {"skillEvaluationMethod", "skill_evaluation_method", Type::text, nullptr, Personal::none,
     kSkillEvaluations},
    {"scoringMethod", "scoring_method", Type::text, nullptr, Personal::none, kScoringMethods},
    {"lastAgentRoutingMode", "last_agent_routing_mode", Type::text, nullptr, Personal::none,
     kLastAgentModes},
    {"acwSettings", "acw_settings", Type::list},
    {"autoAnswerOnly", "is_auto_answer_only", Type::boolean},
    {"enableTranscription", "has_transcription", Type::boolean},
    {"enableAudioMonitoring", "has_audio_monitoring", Type::boolean},
    {"enableManualAssignment", "has_manual_assignment", Type::boolean},
    {"suppressInQueueCallRecording", "is_in_queue_recording_suppressed", Type::boolean},
    {"peerId", "peer_id"},
};
constexpr Ignored kQueuesIgnored[] = {
    {"division.name", "stands in divisions"},
    {"division.selfUri", "the object's own address, made from its id"},
    {"division.homeDivision", "stands in divisions"},
    {"mediaSettings.*", "alerting and dialling configuration: no report reads it"},
    {"mediaSettings.call.*", "alerting configuration: no report reads it"},
    {"mediaSettings.call.serviceLevel.*", "no further members are documented"},
    {"mediaSettings.callback.*", "alerting and dialling configuration: no report reads it"},
    {"mediaSettings.callback.serviceLevel.*", "no further members are documented"},
    {"mediaSettings.chat.*", "alerting configuration: no report reads it"},
    {"mediaSettings.chat.serviceLevel.*", "no further members are documented"},
    {"mediaSettings.email.*", "alerting configuration: no report reads it"},
    {"mediaSettings.email.serviceLevel.*", "no further members are documented"},
    {"mediaSettings.message.*", "alerting configuration: no report reads it"},
    {"mediaSettings.message.serviceLevel.*", "no further members are documented"},
    {"routingRules", "routing configuration: no report reads it"},
    {"conditionalGroupRouting", "routing configuration: no report reads it"},
    {"conditionalGroupActivation", "routing configuration: no report reads it"},
    {"bullseye", "routing configuration: no report reads it"},
    {"memberGroups", "routing configuration: no report reads it"},
    {"queueFlow", "flow configuration: the flow a contact met stands on its sessions"},
    {"emailInQueueFlow", "flow configuration"},
    {"messageInQueueFlow", "flow configuration"},
    {"whisperPrompt", "announcement configuration"},
    {"onHoldPrompt", "announcement configuration"},
    {"cannedResponseLibraries", "agent tools configuration"},
    {"agentOwnedRouting", "routing configuration: no report reads it"},
    {"directRouting", "routing configuration: no report reads it"},
    {"callingPartyName", "outbound caller identification, configuration"},
    {"callingPartyNumber", "outbound caller identification, configuration"},
    {"defaultScripts", "agent tools configuration"},
    {"outboundMessagingAddresses", "outbound configuration"},
    {"outboundEmailAddress", "outbound configuration"},
    {"selfUri", "the object's own address, made from its id"},
};
}  // namespace

constinit const model::Table kQueues{"queues",       "queue_key", "queue_id",    {},
                                     kQueuesColumns, {},          kQueuesIgnored};

namespace {

http::Request first(const model::Span& /*span*/) {
  return first_page("/api/v2/routing/queues", kEntityPageSize);
}

Step step(const model::Span& /*span*/, const http::Request& sent, const http::Response& got) {
  return next_page(kQueuesResource, sent, got);
}

void rows(const json::Value& element, const Context& context, model::Digest digest,
          model::Batch& batch) {
  extract(element, kQueues, context, digest, batch);
}

}  // namespace

constinit const Resource kQueuesResource{.name = "queues",
                                         .cadence = model::Cadence::snapshot,
                                         .permission = "routing:queue:view",
                                         .table = &kQueues,
                                         .array = "entities",
                                         .first = first,
                                         .step = step,
                                         .rows = rows};

}  // namespace csatdb::resources

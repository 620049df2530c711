#include "resources/enumerations.hpp"
#include "resources/tables.hpp"

namespace csatdb::resources {
namespace {

using model::Child;
using model::Column;
using model::Personal;
using model::Table;
using model::Type;

constexpr Column kParticipantAttributesColumns[] = {
    {"", "name"},
    {"", "value", Type::text, nullptr, Personal::attribute},
};
constexpr std::string_view kParticipantAttributesOrdinals[] = {"participant_no", "attribute_no"};

constexpr Column kSegmentsColumns[] = {
    {"segmentStart", "started_ms", Type::instant},
    {"segmentEnd", "ended_ms", Type::instant},
    {"segmentType", "segment_type", Type::text, nullptr, Personal::none, kSegmentTypes},
    {"queueId", "queue_key", Type::text, &kQueues},
    {"wrapUpCode", "wrapup_code_key", Type::text, &kWrapupCodes},
    {"wrapUpNote", "wrapup_note", Type::text, nullptr, Personal::note},
    {"wrapUpTags", "wrapup_tags", Type::list},
    {"disconnectType", "disconnect_type", Type::text, nullptr, Personal::none, kDisconnectTypes},
    {"errorCode", "error_code"},
    {"conference", "is_conference", Type::boolean},
    {"audioMuted", "is_audio_muted", Type::boolean},
    {"videoMuted", "is_video_muted", Type::boolean},
    {"groupId", "group_id"},
    {"subject", "subject", Type::text, nullptr, Personal::subject},
    {"requestedLanguageId", "requested_language_key", Type::text, &kLanguages},
    {"requestedRoutingSkillIds", "requested_skill_ids", Type::list},
    {"requestedRoutingUserIds", "requested_user_ids", Type::list},
    {"q850ResponseCodes", "q850_response_codes", Type::list},
    {"sipResponseCodes", "sip_response_codes", Type::list},
    {"sourceConversationId", "source_conversation_id"},
    {"sourceSessionId", "source_session_id"},
    {"destinationConversationId", "destination_conversation_id"},
    {"destinationSessionId", "destination_session_id"},
    {"scoredAgents", "scored_agents", Type::list},
    {"properties", "properties", Type::list, nullptr, Personal::note},
};
constexpr std::string_view kSegmentsOrdinals[] = {"participant_no", "session_no", "segment_no"};

constexpr Column kSessionMetricsColumns[] = {
    {"name", "name"},
    {"value", "value", Type::integer},
    {"emitDate", "emitted_ms", Type::instant},
};
constexpr std::string_view kSessionMetricsOrdinals[] = {"participant_no", "session_no",
                                                        "metric_no"};

constexpr Column kFlowOutcomesColumns[] = {
    {"flowOutcomeId", "flow_outcome_id"},
    {"flowOutcome", "flow_outcome"},
    {"flowOutcomeValue", "flow_outcome_value"},
    {"flowOutcomeStartTimestamp", "started_ms", Type::instant},
    {"flowOutcomeEndTimestamp", "ended_ms", Type::instant},
};
constexpr std::string_view kFlowOutcomesOrdinals[] = {"participant_no", "session_no", "outcome_no"};

constexpr Column kMediaStatsColumns[] = {
    {"eventTime", "event_ms", Type::instant},
    {"codecs", "codecs", Type::list},
    {"minMos", "min_mos", Type::real},
    {"minRFactor", "min_r_factor", Type::real},
    {"maxLatencyMs", "max_latency_ms", Type::integer},
    {"receivedPackets", "received_packets", Type::integer},
    {"discardedPackets", "discarded_packets", Type::integer},
    {"duplicatePackets", "duplicate_packets", Type::integer},
    {"invalidPackets", "invalid_packets", Type::integer},
    {"overrunPackets", "overrun_packets", Type::integer},
    {"underrunPackets", "underrun_packets", Type::integer},
};
constexpr std::string_view kMediaStatsOrdinals[] = {"participant_no", "session_no", "stat_no"};

constexpr Column kSessionsColumns[] = {
    {"sessionId", "session_id"},
    {"peerId", "peer_id"},
    {"mediaType", "media_type", Type::text, nullptr, Personal::none, kMediaTypes},
    {"messageType", "message_type"},
    {"direction", "direction", Type::text, nullptr, Personal::none, kDirections},
    {"provider", "provider"},
    {"edgeId", "edge_id"},
    {"protocolCallId", "protocol_call_id"},
    {"mediaBridgeId", "media_bridge_id"},
    {"roomId", "room_id"},
    {"scriptId", "script_id"},
    {"ani", "ani", Type::text, nullptr, Personal::address},
    {"dnis", "dnis", Type::text, nullptr, Personal::address},
    {"sessionDnis", "session_dnis", Type::text, nullptr, Personal::address},
    {"remote", "remote", Type::text, nullptr, Personal::address},
    {"remoteNameDisplayable", "remote_name", Type::text, nullptr, Personal::party_name},
    {"addressFrom", "address_from", Type::text, nullptr, Personal::address},
    {"addressTo", "address_to", Type::text, nullptr, Personal::address},
    {"addressSelf", "address_self", Type::text, nullptr, Personal::address},
    {"addressOther", "address_other", Type::text, nullptr, Personal::address},
    {"destinationAddresses", "destination_addresses", Type::list, nullptr, Personal::addresses},
    {"cc", "cc", Type::list, nullptr, Personal::addresses},
    {"bcc", "bcc", Type::list, nullptr, Personal::addresses},
    {"videoAddressSelf", "video_address_self", Type::text, nullptr, Personal::address},
    {"screenShareAddressSelf", "screen_share_address_self", Type::text, nullptr, Personal::address},
    {"usedRouting", "used_routing", Type::text, nullptr, Personal::none, kRoutings},
    {"requestedRoutings", "requested_routings", Type::list},
    {"selectedAgentId", "selected_agent_key", Type::text, &kUsers},
    {"selectedAgentRank", "selected_agent_rank", Type::integer},
    {"agentBullseyeRing", "agent_bullseye_ring", Type::integer},
    {"routingRing", "routing_ring", Type::integer},
    {"routingRule", "routing_rule"},
    {"routingRuleType", "routing_rule_type", Type::text, nullptr, Personal::none,
     kRoutingRuleTypes},
    {"activeSkillIds", "active_skill_ids", Type::list},
    {"removedSkillIds", "removed_skill_ids", Type::list},
    {"skillExpressionId", "skill_expression_id"},
    {"agentOwned", "is_agent_owned", Type::boolean},
    {"assignerId", "assigner_key", Type::text, &kUsers},
    {"eligibleAgentCounts", "eligible_agent_counts", Type::list},
    {"waitingInteractionCounts", "waiting_interaction_counts", Type::list},
    {"agentGroups", "agent_groups", Type::list},
    {"proposedAgents", "proposed_agents", Type::list},
    {"callbackNumbers", "callback_numbers", Type::list, nullptr, Personal::addresses},
    {"callbackScheduledTime", "callback_scheduled_ms", Type::instant},
    {"callbackUserName", "callback_user_name", Type::text, nullptr, Personal::party_name},
    {"skipEnabled", "is_skip_enabled", Type::boolean},
    {"timeoutSeconds", "timeout_s", Type::integer},
    {"outboundCampaignId", "outbound_campaign_id"},
    {"outboundContactId", "outbound_contact_id"},
    {"outboundContactListId", "outbound_contact_list_id"},
    {"dispositionAnalyzer", "disposition_analyzer"},
    {"dispositionName", "disposition_name"},
    {"detectedSpeechStart", "detected_speech_started_ms", Type::instant},
    {"detectedSpeechEnd", "detected_speech_ended_ms", Type::instant},
    {"deliveryStatus", "delivery_status", Type::text, nullptr, Personal::none, kDeliveryStatuses},
    {"deliveryStatusChangeDate", "delivery_status_changed_ms", Type::instant},
    {"extendedDeliveryStatus", "extended_delivery_status"},
    {"deliveryPushed", "is_delivery_pushed", Type::boolean},
    {"engagementSource", "engagement_source", Type::text, nullptr, Personal::none,
     kEngagementSources},
    {"mediaCount", "media_count", Type::integer},
    {"authenticated", "is_authenticated", Type::boolean},
    {"cleared", "is_cleared", Type::boolean},
    {"coachedParticipantId", "coached_participant_id"},
    {"monitoredParticipantId", "monitored_participant_id"},
    {"bargedParticipantId", "barged_participant_id"},
    {"screenMonitoredUserId", "screen_monitored_user_key", Type::text, &kUsers},
    {"journeyActionId", "journey_action_id"},
    {"journeyActionMapId", "journey_action_map_id"},
    {"journeyActionMapVersion", "journey_action_map_version", Type::integer},
    {"journeyCustomerId", "journey_customer_id", Type::text, nullptr, Personal::address},
    {"journeyCustomerIdType", "journey_customer_id_type"},
    {"journeyCustomerSessionId", "journey_customer_session_id"},
    {"journeyCustomerSessionIdType", "journey_customer_session_id_type"},
    {"flowInType", "flow_in_type"},
    {"flowOutType", "flow_out_type"},
    {"flow.flowId", "flow_id"},
    {"flow.flowName", "flow_name"},
    {"flow.flowType", "flow_type", Type::text, nullptr, Personal::none, kFlowTypes},
    {"flow.flowVersion", "flow_version"},
    {"flow.entryType", "flow_entry_type", Type::text, nullptr, Personal::none, kFlowEntryTypes},
    {"flow.entryReason", "flow_entry_reason", Type::text, nullptr, Personal::address},
    {"flow.exitReason", "flow_exit_reason"},
    {"flow.startingLanguage", "flow_starting_language"},
    {"flow.endingLanguage", "flow_ending_language"},
    {"flow.issuedCallback", "has_flow_issued_callback", Type::boolean},
    {"flow.recognitionFailureReason", "flow_recognition_failure_reason"},
    {"flow.transferTargetAddress", "flow_transfer_target_address", Type::text, nullptr,
     Personal::address},
    {"flow.transferTargetName", "flow_transfer_target_name", Type::text, nullptr,
     Personal::party_name},
    {"flow.transferType", "flow_transfer_type"},
    {"recording", "has_recording", Type::boolean},
    {"snippetRecording", "has_snippet_recording", Type::boolean},
    {"sharingScreen", "is_sharing_screen", Type::boolean},
    {"acwSkipped", "is_acw_skipped", Type::boolean},
    {"agentAssistantId", "agent_assistant_id"},
    {"cobrowseRole", "cobrowse_role"},
    {"cobrowseRoomId", "cobrowse_room_id"},
    {"videoRoomId", "video_room_id"},
    {"screenShareRoomId", "screen_share_room_id"},
    {"errorCodeDescription", "error_code_description"},
};
constexpr Child kSessionsChildren[] = {
    {"flow.outcomes", &kFlowOutcomes},
    {"segments", &kSegments},
    {"metrics", &kSessionMetrics},
    {"mediaEndpointStats", &kMediaStats},
};
constexpr std::string_view kSessionsOrdinals[] = {"participant_no", "session_no"};

constexpr Column kParticipantsColumns[] = {
    {"participantId", "participant_id"},
    {"participantName", "name", Type::text, nullptr, Personal::party_name},
    {"purpose", "purpose", Type::text, nullptr, Personal::none, kPurposes},
    {"userId", "user_key", Type::text, &kUsers},
    {"teamId", "team_key", Type::text, &kTeams},
    {"externalContactId", "external_contact_id"},
    {"externalOrganizationId", "external_organization_id"},
    {"flaggedReason", "flagged_reason", Type::text, nullptr, Personal::none, kFlaggedReasons},
    {"screenRecording", "has_screen_recording", Type::boolean},
};
constexpr Child kParticipantsChildren[] = {
    {"sessions", &kSessions},
    {"attributes", &kParticipantAttributes, Child::Shape::members},
};
constexpr std::string_view kParticipantsOrdinals[] = {"participant_no"};

}  // namespace

constinit const Table kParticipantAttributes{"participant_attributes", "", "",
                                             kParticipantAttributesOrdinals,
                                             kParticipantAttributesColumns};
constinit const Table kSegments{"segments", "", "", kSegmentsOrdinals, kSegmentsColumns};
constinit const Table kSessionMetrics{"session_metrics", "", "", kSessionMetricsOrdinals,
                                      kSessionMetricsColumns};
constinit const Table kFlowOutcomes{"flow_outcomes", "", "", kFlowOutcomesOrdinals,
                                    kFlowOutcomesColumns};
constinit const Table kMediaStats{"media_stats", "", "", kMediaStatsOrdinals, kMediaStatsColumns};
constinit const Table kSessions{"sessions",       "", "", kSessionsOrdinals, kSessionsColumns,
                                kSessionsChildren};
constinit const Table kParticipants{
    "participants", "", "", kParticipantsOrdinals, kParticipantsColumns, kParticipantsChildren};

}  // namespace csatdb::resources

#include "resources/conversations.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "json/writer.hpp"
#include "resources/catalogue.hpp"
#include "resources/enumerations.hpp"
#include "resources/extract.hpp"
#include "resources/interactions.hpp"
#include "resources/paging.hpp"
#include "resources/tables.hpp"

namespace csatdb::resources {
namespace {

using model::Child;
using model::Column;
using model::Personal;
using model::Table;
using model::Type;

constexpr Column kConversationDivisionsColumns[] = {
    {".", "division_key", Type::text, &kDivisions},
};
constexpr std::string_view kConversationDivisionsOrdinals[] = {"division_no"};

constexpr Column kConversationSurveysColumns[] = {
    {"surveyId", "survey_key", Type::text, &kSurveys},
    {"surveyStatus", "status", Type::text, nullptr, Personal::none, kSurveyStatuses},
    {"surveyType", "survey_type", Type::text, nullptr, Personal::none, kSurveyTypes},
    {"surveyFormId", "form_key", Type::text, &kSurveyForms},
    {"surveyFormContextId", "form_context_id"},
    {"surveyFormName", "form_name"},
    {"surveyPromoterScore", "nps_score", Type::integer},
    {"oSurveyTotalScore", "total_score", Type::integer},
    {"surveyPartialResponse", "is_partial", Type::boolean},
    {"surveyCompletedDate", "completed_ms", Type::instant},
    {"eventTime", "event_ms", Type::instant},
    {"queueId", "queue_key", Type::text, &kQueues},
    {"userId", "user_key", Type::text, &kUsers},
};
constexpr std::string_view kConversationSurveysOrdinals[] = {"survey_no"};

constexpr Column kEvaluationsColumns[] = {
    {"evaluationId", "evaluation_id"},
    {"evaluationStatus", "status", Type::text, nullptr, Personal::none, kEvaluationStatuses},
    {"formId", "form_id"},
    {"contextId", "context_id"},
    {"formName", "form_name"},
    {"evaluatorId", "evaluator_key", Type::text, &kUsers},
    {"userId", "user_key", Type::text, &kUsers},
    {"assigneeId", "assignee_key", Type::text, &kUsers},
    {"assigneeApplicable", "is_assignee_applicable", Type::boolean},
    {"queueId", "queue_key", Type::text, &kQueues},
    {"calibrationId", "calibration_id"},
    {"eventTime", "event_ms", Type::instant},
    {"oTotalScore", "total_score", Type::integer},
    {"oTotalCriticalScore", "total_critical_score", Type::integer},
    {"released", "is_released", Type::boolean},
    {"rescored", "is_rescored", Type::boolean},
    {"deleted", "is_deleted", Type::boolean},
    {"systemSubmitted", "is_system_submitted", Type::boolean},
};
constexpr std::string_view kEvaluationsOrdinals[] = {"evaluation_no"};

constexpr Column kResolutionsColumns[] = {
    {"eventTime", "event_ms", Type::instant},
    {"queueId", "queue_key", Type::text, &kQueues},
    {"userId", "user_key", Type::text, &kUsers},
    {"nNextContactAvoided", "next_contacts_avoided", Type::integer},
};
constexpr std::string_view kResolutionsOrdinals[] = {"resolution_no"};

constexpr Column kConversationsColumns[] = {
    {"conversationStart", "started_ms", Type::instant},
    {"conversationEnd", "ended_ms", Type::instant},
    {"conferenceStart", "conference_started_ms", Type::instant},
    {"inactivityTimeout", "inactivity_timeout_ms", Type::instant},
    {"originatingDirection", "originating_direction", Type::text, nullptr, Personal::none,
     kDirections},
    {"conversationInitiator", "conversation_initiator", Type::text, nullptr, Personal::none,
     kPurposes},
    {"customerParticipation", "has_customer_participation", Type::boolean},
    {"externalTag", "external_tag"},
    {"associatedConversationId", "associated_conversation_id"},
    {"consultationConversationIds", "consultation_conversation_ids", Type::list},
    {"knowledgeBaseIds", "knowledge_base_ids", Type::list},
    {"accessAttributes", "access_attributes", Type::list},
    {"mediaStatsMinConversationMos", "min_mos", Type::real},
    {"mediaStatsMinConversationRFactor", "min_r_factor", Type::real},
    {"originatingSocialMediaPublic", "is_social_media_public", Type::boolean},
    {"selfServed", "is_self_served", Type::boolean},
};
constexpr Child kConversationsChildren[] = {
    {"divisionIds", &kConversationDivisions},
    {"participants", &kParticipants},
    {"surveys", &kConversationSurveys},
    {"evaluations", &kEvaluations},
    {"resolutions", &kResolutions},
    {"", &kInteractions},
    {"", &kAgentLegs},
    {"", &kQueueVisits},
};

// An unfiltered query may span 7 days (genesys-api.md 2).
constexpr std::size_t kDaysPerQuery = 7;
// Past this many hits the service refuses to page on (genesys-api.md 2): what lies beyond stays
// due.
constexpr std::int64_t kReachableHits = 100'000;

struct Paging {
  std::int64_t size, number;
};

http::Request query(const std::string& interval, Paging paging) {
  json::Writer body;
  body.begin_object();
  body.member("interval", interval).member("order", "asc").member("orderBy", "conversationStart");
  body.key("paging").begin_object();
  body.member("pageSize", paging.size).member("pageNumber", paging.number);
  body.end_object().end_object();
  return {http::Method::post, "/api/v2/analytics/conversations/details/query", {}, body.str()};
}

http::Request first(const model::Span& span) {
  return query(base::to_iso(span.interval), {span.page_size, 1});
}

/// Pages are in order of conversationStart; a page past the end omits its array
/// (genesys-api.md 3.4).
Step step(const model::Span& /*span*/, const http::Request& sent, const http::Response& got) {
  Step step = page_of(kConversationsResource, got);
  json::Document beside;
  step.total = beside.parse(step.page.envelope)["totalHits"].maybe_integer();

  json::Document asked;
  const json::Value request = asked.parse(sent.body, "$request");
  const Paging paging{request["paging"]["pageSize"].integer(),
                      request["paging"]["pageNumber"].integer()};
  const std::int64_t seen = paging.size * paging.number;
  // The count of hits is approximate and a page may come short of its size: only an empty one, or
  // one past the count, is the last.
  if (step.page.elements.empty() || seen >= step.total.value_or(seen + 1) || seen >= kReachableHits)
    return step;
  step.next = query(std::string(request["interval"].text()), {paging.size, paging.number + 1});
  return step;
}

}  // namespace

constinit const Table kConversationDivisions{"conversation_divisions", "", "",
                                             kConversationDivisionsOrdinals,
                                             kConversationDivisionsColumns};
constinit const Table kConversationSurveys{
    "conversation_surveys", "", "", kConversationSurveysOrdinals, kConversationSurveysColumns};
constinit const Table kEvaluations{"evaluations", "", "", kEvaluationsOrdinals,
                                   kEvaluationsColumns};
constinit const Table kResolutions{"resolutions", "", "", kResolutionsOrdinals,
                                   kResolutionsColumns};
constinit const Table kConversations{"conversations",
                                     "conversation_key",
                                     "conversation_id",
                                     {},
                                     kConversationsColumns,
                                     kConversationsChildren,
                                     {},
                                     "conversationId"};

void rows_of_conversation(const json::Value& element, const Context& context, model::Digest digest,
                          model::Batch& batch) {
  extract(element, kConversations, context, digest, batch);
  derive_interaction(context, batch);
}

constinit const Resource kConversationsResource{.name = "conversations",
                                                .cadence = model::Cadence::windowed,
                                                .permission = "analytics:conversationDetail:view",
                                                .table = &kConversations,
                                                .array = "conversations",
                                                .scopes_per_request = kDaysPerQuery,
                                                .first = first,
                                                .step = step,
                                                .rows = rows_of_conversation};

}  // namespace csatdb::resources

#include <algorithm>
#include <charconv>

#include "sim/answers.hpp"

namespace csatdb::sim {
namespace {

constexpr auto kGet = http::Method::get;
constexpr auto kPost = http::Method::post;
constexpr auto kDelete = http::Method::del;
constexpr std::string_view kDetails =
    "analytics:conversationDetail:view analytics:agentConversationDetail:view";

bool match(std::string_view pattern, std::string_view path, std::vector<std::string>& parts) {
  parts.clear();
  while (!pattern.empty() && !path.empty()) {
    pattern.remove_prefix(1);
    path.remove_prefix(1);
    const auto want = pattern.substr(0, pattern.find('/'));
    const auto have = path.substr(0, path.find('/'));
    if (want == "{}" && !have.empty())
      parts.push_back(http::percent_decode(have));
    else if (want != have)
      return false;
    pattern.remove_prefix(want.size());
    path.remove_prefix(have.size());
  }
  return pattern.empty() && path.empty();
}

}  // namespace

// Paths and permissions of genesys-schema.json.
const std::vector<Endpoint>& endpoints() {
  static const std::vector<Endpoint> all = {
      {kGet, "/api/v2/organizations/me", answer_organisation, "", ""},
      {kGet, "/api/v2/organizations/limits/namespaces/{}", answer_limits, "", ""},
      {kGet, "/api/v2/tokens/me", answer_token_info, "", ""},
      {kGet, "/api/v2/analytics/dataretention/settings", answer_retention,
       "analytics:dataRetention:view", ""},
      {kGet, "/api/v2/users", answer_users, "", ""},
      {kGet, "/api/v2/users/{}", answer_user, "", ""},
      {kGet, "/api/v2/routing/queues", answer_queues, "routing:queue:view", ""},
      {kGet, "/api/v2/routing/queues/{}", answer_queue, "routing:queue:view", ""},
      {kGet, "/api/v2/routing/wrapupcodes", answer_wrapup_codes, "routing:wrapupCode:view", ""},
      {kGet, "/api/v2/routing/skills", answer_skills, "routing:skill:view", ""},
      {kGet, "/api/v2/routing/languages", answer_languages, "", ""},
      {kGet, "/api/v2/authorization/divisions", answer_divisions, "", ""},
      {kGet, "/api/v2/authorization/divisions/query", answer_divisions_by_cursor, "", ""},
      {kGet, "/api/v2/teams", answer_teams, "groups:team:view", ""},
      {kGet, "/api/v2/flows", answer_flows, "architect:flow:view", ""},
      {kPost, "/api/v2/analytics/conversations/details/query", answer_details_query, kDetails,
       "ConversationQuery"},
      {kGet, "/api/v2/analytics/conversations/details", answer_details_by_ids, kDetails, ""},
      {kPost, "/api/v2/analytics/conversations/details/jobs", answer_job_submission, kDetails,
       "AsyncConversationQuery"},
      {kGet, "/api/v2/analytics/conversations/details/jobs/availability", answer_availability,
       "analytics:conversationDetail:view", ""},
      {kGet, "/api/v2/analytics/conversations/details/jobs/{}", answer_job_status, kDetails, ""},
      {kDelete, "/api/v2/analytics/conversations/details/jobs/{}", answer_job_deletion, kDetails,
       ""},
      {kGet, "/api/v2/analytics/conversations/details/jobs/{}/results", answer_job_results,
       kDetails, ""},
      {kGet, "/api/v2/analytics/conversations/{}/details", answer_details_by_id, kDetails, ""},
      {kPost, "/api/v2/analytics/conversations/aggregates/query", answer_conversation_aggregates,
       "analytics:conversationAggregate:view", "ConversationAggregationQuery"},
      {kPost, "/api/v2/analytics/surveys/aggregates/query", answer_survey_aggregates,
       "analytics:surveyAggregate:view", "SurveyAggregationQuery"},
      {kPost, "/api/v2/analytics/evaluations/aggregates/query", answer_evaluation_aggregates,
       "analytics:evaluationAggregate:view", "EvaluationAggregationQuery"},
      {kPost, "/api/v2/analytics/resolutions/aggregates/query", answer_resolution_aggregates,
       "analytics:resolutionAggregate:view", "ResolutionAggregationQuery"},
      {kGet, "/api/v2/quality/conversations/{}/surveys", answer_surveys_of_conversation,
       "quality:survey:view", ""},
      {kGet, "/api/v2/quality/surveys/{}", answer_survey, "quality:survey:view", ""},
      {kGet, "/api/v2/quality/forms/surveys", answer_forms, "quality:surveyForm:view", ""},
      {kGet, "/api/v2/quality/forms/surveys/bulk", answer_forms_in_bulk, "quality:surveyForm:view",
       ""},
      {kGet, "/api/v2/quality/forms/surveys/bulk/contexts", answer_forms_by_context,
       "quality:surveyForm:view", ""},
      {kGet, "/api/v2/quality/forms/surveys/{}", answer_form, "quality:surveyForm:view", ""},
      {kGet, "/api/v2/quality/forms/surveys/{}/versions", answer_form_versions,
       "quality:surveyForm:view", ""},
      {kGet, "/api/v2/quality/publishedforms/surveys", answer_published_forms,
       "quality:surveyForm:view", ""},
      {kGet, "/api/v2/quality/publishedforms/surveys/{}", answer_published_forms,
       "quality:surveyForm:view", ""},
  };
  return all;
}

const Endpoint* find_endpoint(http::Method method, const std::string& path,
                              std::vector<std::string>& parts, bool& wrong_method) {
  const Endpoint* best = nullptr;
  std::vector<std::string> found;
  wrong_method = false;
  for (const auto& endpoint : endpoints()) {
    if (!match(endpoint.path, path, found)) continue;
    if (endpoint.method != method) {
      wrong_method = true;
      continue;
    }
    if (best != nullptr && found.size() >= parts.size()) continue;
    best = &endpoint;
    parts = found;
  }
  return best;
}

void check_permissions(const Endpoint& endpoint, const std::set<std::string>& missing) {
  if (endpoint.permissions.empty()) return;
  std::string lacking;
  std::string_view rest = endpoint.permissions;
  int wanted = 0;
  while (!rest.empty()) {
    const auto blank = std::min(rest.find(' '), rest.size());
    const std::string permission(rest.substr(0, blank));
    rest.remove_prefix(std::min(rest.size(), blank + 1));
    if (!missing.contains(permission)) return;
    lacking += (lacking.empty() ? "" : ", ") + permission;
    ++wanted;
  }
  Refusal refusal(403, wanted > 1 ? "missing.any.permissions" : "missing.permissions",
                  "Unable to perform the requested action. You are missing the following "
                  "permission(s): " +
                      lacking);
  refusal.parameter = "permissions";
  refusal.parameter_value = lacking;
  throw refusal;
}

std::string Call::text(std::string_view name, std::string_view otherwise) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::string(otherwise);
}

int Call::number(std::string_view name, int otherwise, int low, int high) const {
  const auto value = text(name);
  if (value.empty()) return otherwise;
  int result = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
  if (error != std::errc{} || end != value.data() + value.size())
    throw Refusal(400, "invalid.value", std::string(name) + " is not a number");
  if (result < low || result > high) {
    Refusal refusal(400, "invalid.value",
                    std::string(name) + " must be between " + std::to_string(low) + " and " +
                        std::to_string(high));
    if (result > high) refusal.limit = NamedLimit{std::string(name), "platform.api", high};
    throw refusal;
  }
  return result;
}

bool Call::flag(std::string_view name, bool otherwise) const {
  const auto value = text(name);
  return value.empty() ? otherwise : value == "true" || value == "True";
}

std::vector<std::string> Call::list(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, joined] : query) {
    if (key != name) continue;
    std::size_t from = 0;
    for (;;) {
      const auto comma = joined.find(',', from);
      const auto value = joined.substr(from, comma - from);
      if (!value.empty()) values.push_back(value);
      if (comma == std::string::npos) break;
      from = comma + 1;
    }
  }
  return values;
}

}  // namespace csatdb::sim

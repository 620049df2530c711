#include <algorithm>

#include "publish/tables.hpp"

namespace csatdb::publish {
namespace {

// What schema/views.sql says, on the tables of the target: names are joined, and most of what follows
// from other columns of a row is computed here instead of sent.

constexpr auto kFactInteractions = R"(
SELECT i.conversation_key AS conversation_id, i.started_at, i.ended_at,
  (i.started_at AT TIME ZONE 'UTC') + i.utc_offset_s * interval '1 second' AS local_started_at, i.local_date,
  i.local_hour, i.local_weekday,
  i.ended_ms - i.started_ms AS duration_ms, (i.ended_ms - i.started_ms) / 1000::double precision AS duration_s,
  i.last_agent_end_at, i.channel, i.direction, i.agent_key AS agent_id, u.name AS agent_name,
  t.name AS team_name, i.queue_key AS queue_id, q.name AS queue_name, i.wrapup_code_key AS wrapup_code_id,
  w.name AS wrapup_code_name, i.division_key AS division_id, d.name AS division_name,
  i.handle_ms, i.handle_ms / 1000::double precision AS handle_s, i.talk_ms, i.talk_ms / 1000::double precision AS talk_s,
  i.hold_ms, i.hold_ms / 1000::double precision AS hold_s, i.acw_ms, i.acw_ms / 1000::double precision AS acw_s,
  i.wait_ms, i.wait_ms / 1000::double precision AS wait_s, i.answer_ms,
  i.answer_ms / 1000::double precision AS answer_s, i.transfers, i.agent_count, i.is_abandoned,
  i.is_open, y.is_settled, i.has_survey, i.has_response, i.survey_count, i.started_ms, i.ended_ms,
  i.utc_day
FROM interactions i
LEFT JOIN users u ON u.user_key = i.agent_key
LEFT JOIN teams t ON t.team_key = i.team_key
LEFT JOIN queues q ON q.queue_key = i.queue_key
LEFT JOIN wrapup_codes w ON w.wrapup_code_key = i.wrapup_code_key
LEFT JOIN divisions d ON d.division_key = i.division_key
LEFT JOIN utc_days y ON y.utc_day = i.utc_day
WHERE i.survey_count IS NOT NULL)";  // a conversation that was only heard of has none

constexpr auto kFactSurveys = R"(
SELECT x.survey_key AS survey_id, x.conversation_key AS conversation_id, x.form_key AS form_id, x.form_context_id,
  x.form_name, x.status, x.survey_type, x.total_score, x.score_points, x.score_max,
  100::double precision * x.score_points / nullif(x.score_max, 0) AS score_pct, x.nps_score, x.nps_class,
  x.csat_score, x.csat_is_positive, x.ces_score, x.fcr_resolved, x.is_sent, x.is_response, x.is_partial, x.is_gone,
  x.completed_at, x.completed_local_date, x.response_delay_ms / 1000::double precision AS response_delay_s,
  x.agent_key AS agent_id, u.name AS agent_name, t.name AS team_name, x.queue_key AS queue_id, q.name AS queue_name,
  i.channel, i.agent_count, x.comments, x.error_reason, i.started_at, i.local_date, y.is_settled, x.completed_ms,
  x.response_delay_ms, i.started_ms, i.division_key AS division_id, d.name AS division_name
FROM survey_facts x
LEFT JOIN interactions i ON i.conversation_key = x.conversation_key
LEFT JOIN users u ON u.user_key = x.agent_key
LEFT JOIN teams t ON t.team_key = x.team_key
LEFT JOIN queues q ON q.queue_key = x.queue_key
LEFT JOIN divisions d ON d.division_key = i.division_key
LEFT JOIN utc_days y ON y.utc_day = i.utc_day)";

constexpr auto kFactSurveyAnswers = R"(
SELECT a.survey_key AS survey_id, a.group_no, a.question_no, a.group_name, a.question_id, a.question_context_id, a.question_text,
  a.question_type, a.answer_id, a.answer_text, a.score, a.max_score, a.nps_score, a.free_text,
  a.is_marked_na AS marked_na, x.form_context_id, x.completed_local_date, x.agent_key AS agent_id,
  x.queue_key AS queue_id,
  a.is_system_marked_na AS system_marked_na
FROM survey_answers a
JOIN survey_facts x ON x.conversation_key = a.conversation_key AND x.survey_key = a.survey_key)";

constexpr auto kFactAgentLegs = R"(
SELECT l.conversation_key AS conversation_id, l.participant_no, l.session_no, l.agent_key AS agent_id, u.name AS agent_name, t.name AS team_name,
  l.queue_key AS queue_id, q.name AS queue_name, l.channel, l.direction, l.started_at, l.local_date,
  l.handle_ms, l.handle_ms / 1000::double precision AS handle_s, l.talk_ms, l.talk_ms / 1000::double precision AS talk_s,
  l.hold_ms, l.hold_ms / 1000::double precision AS hold_s, l.acw_ms, l.acw_ms / 1000::double precision AS acw_s,
  l.alert_ms, l.alert_ms / 1000::double precision AS alert_s, l.answer_ms,
  l.answer_ms / 1000::double precision AS answer_s, l.is_handled, l.transfers, l.consults,
  l.is_last_agent, l.wrapup_code_key AS wrapup_code_id, w.name AS wrapup_code_name, l.started_ms
FROM agent_legs l
LEFT JOIN users u ON u.user_key = l.agent_key
LEFT JOIN teams t ON t.team_key = l.team_key
LEFT JOIN queues q ON q.queue_key = l.queue_key
LEFT JOIN wrapup_codes w ON w.wrapup_code_key = l.wrapup_code_key)";

constexpr auto kFactQueueVisits = R"(
SELECT v.conversation_key AS conversation_id, v.participant_no, v.session_no, v.queue_key AS queue_id, q.name AS queue_name, v.channel, v.entered_at,
  v.local_date, v.wait_ms, v.wait_ms / 1000::double precision AS wait_s, v.outcome, v.over_sla, v.entered_ms
FROM queue_visits v
LEFT JOIN queues q ON q.queue_key = v.queue_key)";

constexpr auto kDimAgents = R"(
SELECT u.user_id AS agent_id, u.name AS agent_name, u.email, u.state, u.department, u.title, m.name AS manager_name,
  t.name AS team_name, u.manager_key AS manager_id, d.name AS division_name, u.is_inferred
FROM users u
LEFT JOIN users m ON m.user_key = u.manager_key
LEFT JOIN teams t ON t.team_key = u.team_key
LEFT JOIN divisions d ON d.division_key = u.division_key)";

constexpr auto kDimQueues = R"(
SELECT q.queue_id, q.name AS queue_name, d.name AS division_name, q.call_service_level_ms, q.call_service_level_pct,
  q.callback_service_level_ms, q.callback_service_level_pct, q.chat_service_level_ms, q.chat_service_level_pct,
  q.email_service_level_ms, q.email_service_level_pct, q.message_service_level_ms, q.message_service_level_pct,
  q.division_key AS division_id, q.is_inferred
FROM queues q
LEFT JOIN divisions d ON d.division_key = q.division_key)";

constexpr auto kDimWrapupCodes =
    "SELECT wrapup_code_id, name AS wrapup_code_name, is_inferred FROM wrapup_codes";

constexpr auto kDimDivisions =
    "SELECT division_id, name AS division_name, is_inferred FROM divisions";

constexpr auto kDimSurveyForms = R"(
SELECT form_id, context_id AS form_context_id, name AS form_name, language, is_published, is_disabled, modified_at,
  is_inferred
FROM survey_forms)";

constexpr auto kDimDates = R"(
SELECT local_date, year, quarter, month, day, iso_year, iso_week, weekday, is_weekend, week_start, month_start,
  starts_at, starts_ms, hours
FROM dates)";

constexpr auto kFreshness = R"(
SELECT resource, fresh_through, settled_through, fresh_through_ms, settled_through_ms FROM sync_resources)";

}  // namespace

std::span<const View> views() {
  static const std::vector<View> all{
      {"fact_interactions",
       {"interactions", "users", "teams", "queues", "wrapup_codes", "divisions", "utc_days"},
       kFactInteractions},
      {"fact_surveys",
       {"survey_facts", "interactions", "users", "teams", "queues", "divisions", "utc_days"},
       kFactSurveys},
      {"fact_survey_answers",
       {"survey_answers", "survey_facts", "interactions"},
       kFactSurveyAnswers},
      {"fact_agent_legs",
       {"agent_legs", "interactions", "users", "teams", "queues", "wrapup_codes"},
       kFactAgentLegs},
      {"fact_queue_visits", {"queue_visits", "interactions", "queues"}, kFactQueueVisits},
      {"dim_agents", {"users", "teams", "divisions"}, kDimAgents},
      {"dim_queues", {"queues", "divisions"}, kDimQueues},
      {"dim_wrapup_codes", {"wrapup_codes"}, kDimWrapupCodes},
      {"dim_divisions", {"divisions"}, kDimDivisions},
      {"dim_survey_forms", {"survey_forms"}, kDimSurveyForms},
      {"dim_dates", {"dates"}, kDimDates},
      {"sync_freshness", {"sync_resources"}, kFreshness},
  };
  return all;
}

/// Whether a table is there for reports, which name more than the contract views.
bool is_shared(const Table& table) {
  return table.name.starts_with("report_") || table.name == "sync_meta" ||
         table.name == "survey_questions";
}

bool is_needed(const Table& table, const std::vector<std::string>& by) {
  return is_shared(table) || std::ranges::any_of(by, [&](const std::string& name) {
           const auto* view = find_view(name);
           return view != nullptr &&
                  std::ranges::find(view->needs, table.name) != view->needs.end();
         });
}

const View* find_view(std::string_view name) {
  const auto all = views();
  const auto at = std::ranges::find(all, name, &View::name);
  return at == all.end() ? nullptr : &*at;
}

}  // namespace csatdb::publish

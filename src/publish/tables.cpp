#include "publish/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace csatdb::publish {
namespace {

using Kind = Table::Kind;

constexpr auto kInteractions = R"(
SELECT c.conversation_id, i.started_at, i.ended_at, i.started_ms, i.ended_ms, i.utc_offset_s, i.local_date,
  i.last_agent_end_at, i.channel, i.direction, u.user_id AS agent_id, t.team_id, q.queue_id, w.wrapup_code_id,
  d.division_id, i.handle_ms, i.talk_ms, i.hold_ms, i.acw_ms, i.wait_ms, i.answer_ms, i.transfers, i.agent_count,
  i.is_abandoned, i.has_survey, i.has_response, i.survey_count, c.gone_at, c.version
FROM conversations c
LEFT JOIN interactions i ON i.conversation_key = c.conversation_key
LEFT JOIN users u ON u.user_key = i.agent_key
LEFT JOIN teams t ON t.team_key = i.team_key
LEFT JOIN queues q ON q.queue_key = i.queue_key
LEFT JOIN wrapup_codes w ON w.wrapup_code_key = i.wrapup_code_key
LEFT JOIN divisions d ON d.division_key = i.division_key
WHERE c.version > :since)";

constexpr auto kAgentLegs = R"(
SELECT c.conversation_id, l.participant_no, l.session_no, u.user_id AS agent_id, t.team_id, q.queue_id, l.channel,
  l.direction, l.started_at, l.started_ms, l.local_date, l.handle_ms, l.talk_ms, l.hold_ms, l.acw_ms, l.alert_ms,
  l.answer_ms, l.transfers, l.consults, l.is_last_agent, w.wrapup_code_id
FROM conversations c
JOIN agent_legs l ON l.conversation_key = c.conversation_key
LEFT JOIN users u ON u.user_key = l.agent_key
LEFT JOIN teams t ON t.team_key = l.team_key
LEFT JOIN queues q ON q.queue_key = l.queue_key
LEFT JOIN wrapup_codes w ON w.wrapup_code_key = l.wrapup_code_key
WHERE c.version > :since)";

constexpr auto kQueueVisits = R"(
SELECT c.conversation_id, v.participant_no, v.session_no, q.queue_id, v.channel, v.entered_at, v.entered_ms,
  v.local_date, v.wait_ms, v.outcome, v.over_sla
FROM conversations c
JOIN queue_visits v ON v.conversation_key = c.conversation_key
LEFT JOIN queues q ON q.queue_key = v.queue_key
WHERE c.version > :since)";

constexpr auto kSurveys = R"(
SELECT c.conversation_id, s.survey_id, f.form_id, x.form_context_id, x.form_name, x.status, x.survey_type,
  x.total_score, x.score_points, x.score_max, x.nps_score, x.csat_score, x.csat_is_positive, x.ces_score,
  x.fcr_resolved, x.is_partial, x.is_gone, x.completed_at, x.completed_ms, x.completed_local_date,
  x.response_delay_ms, u.user_id AS agent_id, t.team_id, q.queue_id, x.comments, x.error_reason
FROM conversations c
JOIN survey_facts x ON x.conversation_key = c.conversation_key
JOIN surveys s ON s.survey_key = x.survey_key
LEFT JOIN survey_forms f ON f.form_key = x.form_key
LEFT JOIN users u ON u.user_key = x.agent_key
LEFT JOIN teams t ON t.team_key = x.team_key
LEFT JOIN queues q ON q.queue_key = x.queue_key
WHERE c.version > :since)";

constexpr auto kSurveyAnswers = R"(
SELECT c.conversation_id, s.survey_id, a.group_no, a.question_no, a.group_name, a.question_id, a.question_context_id,
  a.question_text, a.question_type, a.answer_id, a.answer_text, a.score, a.max_score, a.nps_score, a.free_text,
  a.is_marked_na, a.is_system_marked_na
FROM conversations c
JOIN survey_facts x ON x.conversation_key = c.conversation_key
JOIN surveys s ON s.survey_key = x.survey_key
JOIN survey_answers a ON a.survey_key = x.survey_key
WHERE c.version > :since)";

constexpr auto kUsers = R"(
SELECT u.user_id, u.name, u.email, u.state, u.department, u.title, m.user_id AS manager_id, t.team_id, d.division_id,
  u.is_inferred, u.gone_at, u.version
FROM users u
LEFT JOIN users m ON m.user_key = u.manager_key
LEFT JOIN teams t ON t.team_key = u.team_key
LEFT JOIN divisions d ON d.division_key = u.division_key
WHERE u.version > :since)";

constexpr auto kTeams =
    "SELECT team_id, name, is_inferred, gone_at, version FROM teams WHERE version > :since";

constexpr auto kDivisions =
    "SELECT division_id, name, is_inferred, gone_at, version FROM divisions WHERE version > :since";

constexpr auto kQueues = R"(
SELECT q.queue_id, q.name, d.division_id, q.call_service_level_ms, q.call_service_level_pct,
  q.callback_service_level_ms, q.callback_service_level_pct, q.chat_service_level_ms, q.chat_service_level_pct,
  q.email_service_level_ms, q.email_service_level_pct, q.message_service_level_ms, q.message_service_level_pct,
  q.is_inferred, q.gone_at, q.version
FROM queues q
LEFT JOIN divisions d ON d.division_key = q.division_key
WHERE q.version > :since)";

constexpr auto kWrapupCodes = R"(
SELECT wrapup_code_id, name, is_inferred, gone_at, version FROM wrapup_codes WHERE version > :since)";

constexpr auto kSurveyForms = R"(
SELECT form_id, context_id, name, language, is_published, is_disabled, modified_at, is_inferred, gone_at, version
FROM survey_forms WHERE version > :since)";

constexpr auto kDates = R"(
SELECT local_date, year, quarter, month, day, iso_year, iso_week, weekday, is_weekend, week_start, month_start,
  starts_at, starts_ms, hours
FROM dates ORDER BY local_date)";

constexpr auto kUtcDays = "SELECT utc_day, is_settled FROM utc_days ORDER BY utc_day";

constexpr auto kResources = R"(
SELECT resource, fresh_through, settled_through, fresh_through_ms, settled_through_ms
FROM sync_resources ORDER BY resource)";

constexpr std::string_view kOf = "conversation_id";

constexpr std::array kTables{
    Table{"divisions", Kind::dimension, "division_id", "division_id", kDivisions},
    Table{"users", Kind::dimension, "user_id", "user_id", kUsers},
    Table{"teams", Kind::dimension, "team_id", "team_id", kTeams},
    Table{"queues", Kind::dimension, "queue_id", "queue_id", kQueues},
    Table{"wrapup_codes", Kind::dimension, "wrapup_code_id", "wrapup_code_id", kWrapupCodes},
    Table{"survey_forms", Kind::dimension, "form_id", "form_id", kSurveyForms},
    Table{"dates", Kind::whole, "", "local_date", kDates},
    Table{"utc_days", Kind::whole, "", "utc_day", kUtcDays},
    Table{"sync_resources", Kind::whole, "", "resource", kResources},
    Table{"interactions", Kind::root, kOf, kOf, kInteractions},
    Table{"agent_legs", Kind::owned, kOf, "conversation_id, participant_no, session_no",
          kAgentLegs},
    Table{"queue_visits", Kind::owned, kOf, "conversation_id, participant_no, session_no",
          kQueueVisits},
    Table{"surveys", Kind::owned, kOf, "conversation_id, survey_id", kSurveys},
    Table{"survey_answers", Kind::owned, kOf, "conversation_id, survey_id, group_no, question_no",
          kSurveyAnswers},
};

}  // namespace

std::span<const Table> tables() { return kTables; }

const Table& table(std::string_view name) {
  return *std::ranges::find(kTables, name, &Table::name);
}

bool is_fact(const Table& table) { return table.kind == Kind::root || table.kind == Kind::owned; }

Parts parts(const Table& table) {
  if (table.kind == Kind::dimension)
    return {fmt::format("SELECT 0, count(*) FROM {} WHERE version <= :since", table.name),
            fmt::format("SELECT 0, {} FROM {} WHERE version <= :since", table.key, table.name),
            "0"};
  // By the UTC day they began on, which is what retention removes; -1 where that is not known.
  constexpr auto kFrom =
      "FROM conversations c LEFT JOIN interactions i ON i.conversation_key = c.conversation_key "
      "WHERE c.version <= :since";
  return {fmt::format("SELECT coalesce(i.utc_day, -1), count(*) {} GROUP BY 1", kFrom),
          fmt::format("SELECT coalesce(i.utc_day, -1), c.conversation_id {}", kFrom),
          "coalesce(started_ms / 86400000, -1)"};
}

}  // namespace csatdb::publish

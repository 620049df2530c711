#include "publish/tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace csatdb::publish {
namespace {

using Kind = Table::Kind;

// The tables have the warehouse's names and columns, but for those nobody reads there. Where the
// warehouse has a surrogate key the target has the Genesys id, so that the SQL of queries/ joins
// here as it does there.

constexpr auto kInteractions = R"(
SELECT c.conversation_id AS conversation_key, i.started_at, i.ended_at, i.started_ms, i.ended_ms, i.is_open, i.utc_day,
  i.utc_offset_s, i.local_date, i.local_hour, i.local_weekday, i.last_agent_end_at, i.channel, i.direction,
  u.user_id AS agent_key, t.team_id AS team_key, q.queue_id AS queue_key, w.wrapup_code_id AS wrapup_code_key,
  d.division_id AS division_key, i.handle_ms, i.talk_ms, i.hold_ms, i.acw_ms, i.wait_ms, i.answer_ms, i.transfers,
  i.agent_count, i.is_abandoned, i.has_survey, i.has_response, i.survey_count, c.gone_at, c.version
FROM conversations c
LEFT JOIN interactions i ON i.conversation_key = c.conversation_key
LEFT JOIN users u ON u.user_key = i.agent_key
LEFT JOIN teams t ON t.team_key = i.team_key
LEFT JOIN queues q ON q.queue_key = i.queue_key
LEFT JOIN wrapup_codes w ON w.wrapup_code_key = i.wrapup_code_key
LEFT JOIN divisions d ON d.division_key = i.division_key
WHERE c.version > :since)";

constexpr auto kAgentLegs = R"(
SELECT c.conversation_id AS conversation_key, l.participant_no, l.session_no, u.user_id AS agent_key,
  t.team_id AS team_key, q.queue_id AS queue_key, l.channel, l.direction, l.started_at, l.started_ms, l.local_date,
  l.handle_ms, l.is_handled, l.talk_ms, l.hold_ms, l.acw_ms, l.alert_ms, l.answer_ms, l.transfers, l.consults,
  l.is_last_agent, w.wrapup_code_id AS wrapup_code_key
FROM conversations c
JOIN agent_legs l ON l.conversation_key = c.conversation_key
LEFT JOIN users u ON u.user_key = l.agent_key
LEFT JOIN teams t ON t.team_key = l.team_key
LEFT JOIN queues q ON q.queue_key = l.queue_key
LEFT JOIN wrapup_codes w ON w.wrapup_code_key = l.wrapup_code_key
WHERE c.version > :since)";

constexpr auto kQueueVisits = R"(
SELECT c.conversation_id AS conversation_key, v.participant_no, v.session_no, q.queue_id AS queue_key, v.channel,
  v.entered_at, v.entered_ms, v.local_date, v.wait_ms, v.outcome, v.over_sla
FROM conversations c
JOIN queue_visits v ON v.conversation_key = c.conversation_key
LEFT JOIN queues q ON q.queue_key = v.queue_key
WHERE c.version > :since)";

constexpr auto kSurveyFacts = R"(
SELECT c.conversation_id AS conversation_key, s.survey_id AS survey_key, f.form_id AS form_key, x.form_context_id,
  x.form_name, x.status, x.survey_type, x.total_score, x.score_points, x.score_max, x.nps_score, x.nps_class,
  x.csat_score, x.csat_is_positive, x.ces_score, x.fcr_resolved, x.is_sent, x.is_response, x.is_partial, x.is_gone, x.completed_at,
  x.completed_ms, x.completed_local_date, x.response_delay_ms, u.user_id AS agent_key, t.team_id AS team_key,
  q.queue_id AS queue_key, x.comments, x.error_reason
FROM conversations c
JOIN survey_facts x ON x.conversation_key = c.conversation_key
JOIN surveys s ON s.survey_key = x.survey_key
LEFT JOIN survey_forms f ON f.form_key = x.form_key
LEFT JOIN users u ON u.user_key = x.agent_key
LEFT JOIN teams t ON t.team_key = x.team_key
LEFT JOIN queues q ON q.queue_key = x.queue_key
WHERE c.version > :since)";

constexpr auto kSurveyAnswers = R"(
SELECT c.conversation_id AS conversation_key, s.survey_id AS survey_key, a.group_no, a.question_no, a.group_name,
  a.question_id, a.question_context_id, a.question_text, a.question_type, a.answer_id, a.answer_text, a.score,
  a.max_score, a.nps_score, a.free_text, a.is_marked_na, a.is_system_marked_na
FROM conversations c
JOIN survey_facts x ON x.conversation_key = c.conversation_key
JOIN surveys s ON s.survey_key = x.survey_key
JOIN survey_answers a ON a.survey_key = x.survey_key
WHERE c.version > :since)";

constexpr auto kUsers = R"(
SELECT u.user_id AS user_key, u.user_id, u.name, u.email, u.state, u.department, u.title, m.user_id AS manager_key,
  t.team_id AS team_key, d.division_id AS division_key, u.is_inferred, u.gone_at, u.version
FROM users u
LEFT JOIN users m ON m.user_key = u.manager_key
LEFT JOIN teams t ON t.team_key = u.team_key
LEFT JOIN divisions d ON d.division_key = u.division_key
WHERE u.version > :since)";

constexpr auto kTeams = R"(
SELECT team_id AS team_key, team_id, name, is_inferred, gone_at, version FROM teams WHERE version > :since)";

constexpr auto kDivisions = R"(
SELECT division_id AS division_key, division_id, name, is_inferred, gone_at, version FROM divisions
WHERE version > :since)";

constexpr auto kQueues = R"(
SELECT q.queue_id AS queue_key, q.queue_id, q.name, d.division_id AS division_key, q.call_service_level_ms,
  q.call_service_level_pct, q.callback_service_level_ms, q.callback_service_level_pct, q.chat_service_level_ms,
  q.chat_service_level_pct, q.email_service_level_ms, q.email_service_level_pct, q.message_service_level_ms,
  q.message_service_level_pct, q.is_inferred, q.gone_at, q.version
FROM queues q
LEFT JOIN divisions d ON d.division_key = q.division_key
WHERE q.version > :since)";

constexpr auto kWrapupCodes = R"(
SELECT wrapup_code_id AS wrapup_code_key, wrapup_code_id, name, is_inferred, gone_at, version FROM wrapup_codes
WHERE version > :since)";

constexpr auto kSurveyForms = R"(
SELECT form_id AS form_key, form_id, context_id, name, language, is_published, is_disabled, modified_at, is_inferred,
  gone_at, version
FROM survey_forms WHERE version > :since)";

constexpr auto kSurveyQuestions = R"(
SELECT f.form_id AS form_key, q.group_no, q.question_no, q.question_id, q.context_id, q.question_type, q.text
FROM survey_questions q JOIN survey_forms f ON f.form_key = q.form_key
ORDER BY 1, 2, 3)";

constexpr auto kDates = R"(
SELECT local_date, year, quarter, month, day, iso_year, iso_week, weekday, is_weekend, week_start, month_start,
  starts_at, starts_ms, hours
FROM dates ORDER BY local_date)";

constexpr auto kUtcDays = "SELECT utc_day, is_settled FROM utc_days ORDER BY utc_day";

constexpr auto kResources = R"(
SELECT resource, fresh_through, settled_through, fresh_through_ms, settled_through_ms
FROM sync_resources ORDER BY resource)";

constexpr auto kMeta =
    "SELECT key, value FROM sync_meta WHERE key IN ('privacy', 'timezone') ORDER BY key";

// What the reports share: computed in the warehouse, where the rows are that the target lacks.
constexpr auto kReportCalendar = R"(
SELECT zone AS "zone TEXT", last_complete_date AS "last_complete_date DATE",
  settled_through_date AS "settled_through_date DATE", settlement AS "settlement TEXT"
FROM report_calendar)";

constexpr auto kReportMaturity = R"(
SELECT p95_days AS "p95_days REAL", mature_through AS "mature_through DATE", maturity AS "maturity TEXT"
FROM report_maturity)";

constexpr auto kReportMeasures = R"(
SELECT form_id, form_id AS form_key, measure, question_text AS "question_text TEXT",
  top_score AS "top_score REAL"
FROM report_measures ORDER BY form_id, measure)";

constexpr auto kReportUnmapped = R"(
SELECT measure AS "measure TEXT", note AS "note TEXT" FROM report_unmapped ORDER BY measure)";

constexpr auto kReportOptions = R"(
SELECT form_id, form_id AS form_key, question_id, option_no, option_id, option_text, value, from_top AS "from_top BIGINT",
  from_bottom AS "from_bottom BIGINT"
FROM report_options ORDER BY form_id, question_id, option_no)";

constexpr std::string_view kOf = "conversation_key";

constexpr std::array kTables{
    Table{"divisions", Kind::dimension, "division_key", "division_key", kDivisions},
    Table{"users", Kind::dimension, "user_key", "user_key", kUsers},
    Table{"teams", Kind::dimension, "team_key", "team_key", kTeams},
    Table{"queues", Kind::dimension, "queue_key", "queue_key", kQueues},
    Table{"wrapup_codes", Kind::dimension, "wrapup_code_key", "wrapup_code_key", kWrapupCodes},
    Table{"survey_forms", Kind::dimension, "form_key", "form_key", kSurveyForms},
    Table{"dates", Kind::whole, "", "local_date", kDates},
    Table{"utc_days", Kind::whole, "", "utc_day", kUtcDays},
    Table{"sync_resources", Kind::whole, "", "resource", kResources},
    Table{"sync_meta", Kind::whole, "", "key", kMeta},
    Table{"survey_questions", Kind::whole, "", "form_key, group_no, question_no", kSurveyQuestions},
    Table{"report_calendar", Kind::whole, "", "zone", kReportCalendar},
    Table{"report_maturity", Kind::whole, "", "", kReportMaturity},
    Table{"report_measures", Kind::whole, "", "form_key, measure", kReportMeasures},
    Table{"report_unmapped", Kind::whole, "", "measure", kReportUnmapped},
    Table{"report_options", Kind::whole, "", "", kReportOptions},
    Table{"interactions", Kind::root, kOf, kOf, kInteractions},
    Table{"agent_legs", Kind::owned, kOf, "conversation_key, participant_no, session_no",
          kAgentLegs},
    Table{"queue_visits", Kind::owned, kOf, "conversation_key, participant_no, session_no",
          kQueueVisits},
    Table{"survey_facts", Kind::owned, kOf, "conversation_key, survey_key", kSurveyFacts},
    Table{"survey_answers", Kind::owned, kOf, "conversation_key, survey_key, group_no, question_no",
          kSurveyAnswers},
};

}  // namespace

std::span<const Table> tables() { return kTables; }

const Table& table(std::string_view name) {
  return *std::ranges::find(kTables, name, &Table::name);
}

bool is_fact(const Table& table) { return table.kind == Kind::root || table.kind == Kind::owned; }

Parts parts(const Table& table) {
  if (table.kind == Kind::dimension) {
    const auto name = table.key.substr(0, table.key.rfind("_key"));
    return {fmt::format("SELECT 0, count(*) FROM {} WHERE version <= :since", table.name),
            fmt::format("SELECT 0, {}_id FROM {} WHERE version <= :since", name, table.name), "0"};
  }
  // By the UTC day they began on, which is what retention removes; -1 where that is not known.
  constexpr auto kFrom =
      "FROM conversations c LEFT JOIN interactions i ON i.conversation_key = c.conversation_key "
      "WHERE c.version <= :since";
  return {fmt::format("SELECT coalesce(i.utc_day, -1), count(*) {} GROUP BY 1", kFrom),
          fmt::format("SELECT coalesce(i.utc_day, -1), c.conversation_id {}", kFrom),
          "coalesce(utc_day, -1)"};
}

}  // namespace csatdb::publish

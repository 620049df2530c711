#pragma once

/// The statements of derive.cpp.
namespace csatdb::warehouse {

// A survey belongs to the conversation that the quality API names, else to the first by id whose
// record names it.
inline constexpr auto kSources = R"(
  WITH named AS (
    SELECT survey_key FROM conversation_surveys WHERE conversation_key = ?1 AND survey_key IS NOT NULL
    UNION SELECT survey_key FROM surveys WHERE conversation_key = ?1)
  SELECT s.survey_key, s.conversation_key, s.payload_hash IS NOT NULL, r.survey_key IS NOT NULL,
    (SELECT conversation_key FROM conversations WHERE conversation_id =
      (SELECT min(c.conversation_id) FROM conversation_surveys x JOIN conversations c USING (conversation_key)
       WHERE x.survey_key = s.survey_key)),
    coalesce(s.form_key, r.form_key), coalesce(s.form_context_id, r.form_context_id, f.context_id),
    coalesce(s.form_name, r.form_name, f.name), s.status, r.status, coalesce(s.survey_type, r.survey_type),
    coalesce(s.is_partial, r.is_partial), s.gone_ms IS NOT NULL, coalesce(s.total_score, r.total_score),
    coalesce(s.nps_score, r.nps_score), coalesce(s.completed_ms, r.completed_ms),
    coalesce(s.agent_key, r.user_key), s.team_key, coalesce(s.queue_key, r.queue_key), s.error_reason
  FROM named JOIN surveys s USING (survey_key)
  LEFT JOIN conversation_surveys r ON r.conversation_key = ?1 AND r.survey_no =
    (SELECT max(survey_no) FROM conversation_surveys WHERE conversation_key = ?1 AND survey_key = s.survey_key)
  LEFT JOIN survey_forms f ON f.form_key = coalesce(s.form_key, r.form_key))";

inline constexpr auto kInteraction = R"(
  SELECT ended_ms, last_agent_end_ms, agent_key, team_key, queue_key FROM interactions WHERE conversation_key = ?)";

inline constexpr auto kTeam = R"(
  SELECT team_key FROM participants WHERE conversation_key = ? AND user_key = ? AND team_key IS NOT NULL
  ORDER BY participant_no DESC LIMIT 1)";

inline constexpr auto kClaim =
    "UPDATE surveys SET conversation_key = ?2 WHERE survey_key = ?1 AND conversation_key IS NOT ?2";

inline constexpr auto kIncomplete = R"(
  SELECT EXISTS (SELECT 1 FROM survey_answers WHERE survey_key = ? AND question_type IS NULL AND question_text IS NULL))";

inline constexpr auto kComplete = R"(
  UPDATE survey_answers AS a SET
    group_name = coalesce(a.group_name, g.name), question_context_id = q.context_id, question_text = q.text,
    question_type = q.question_type,
    answer_text = (SELECT o.text FROM survey_answer_options o WHERE o.form_key = q.form_key AND o.group_no = q.group_no
                   AND o.question_no = q.question_no AND o.option_id = a.answer_id),
    max_score = CASE q.question_type WHEN 'npsQuestion' THEN 10 ELSE
      (SELECT max(o.value) FROM survey_answer_options o WHERE o.form_key = q.form_key AND o.group_no = q.group_no
       AND o.question_no = q.question_no) END
  FROM survey_questions q JOIN survey_question_groups g USING (form_key, group_no)
  WHERE a.survey_key = ? AND q.form_key = ? AND q.question_id = a.question_id
    AND a.question_type IS NULL AND a.question_text IS NULL)";

inline constexpr auto kAnswers = R"(
  SELECT question_context_id, question_text, answer_text, nps_text_answer, free_text_answer,
    coalesce(score, nps_score), coalesce(is_marked_na, 0) OR coalesce(is_system_marked_na, 0)
  FROM survey_answers WHERE survey_key = ? ORDER BY group_no, question_no)";

inline constexpr auto kScores = R"(
  SELECT sum(total_score), sum(max_total_score) FROM survey_group_scores
  WHERE survey_key = ? AND NOT coalesce(is_marked_na, 0) AND NOT coalesce(is_system_marked_na, 0))";

inline constexpr auto kOwner = "SELECT conversation_key FROM survey_facts WHERE survey_key = ?";

inline constexpr auto kWrite = R"(
  INSERT INTO survey_facts (survey_key, conversation_key, form_key, form_context_id, form_name, status, survey_type,
    is_partial, is_gone, total_score, score_points, score_max, nps_score, csat_score, csat_is_positive, ces_score,
    fcr_resolved, completed_ms, completed_local_date, response_delay_ms, agent_key, team_key, queue_key, comments,
    error_reason)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)
  ON CONFLICT (survey_key) DO UPDATE SET conversation_key = ?2, form_key = ?3, form_context_id = ?4, form_name = ?5,
    status = ?6, survey_type = ?7, is_partial = ?8, is_gone = ?9, total_score = ?10, score_points = ?11, score_max = ?12,
    nps_score = ?13, csat_score = ?14, csat_is_positive = ?15, ces_score = ?16, fcr_resolved = ?17, completed_ms = ?18,
    completed_local_date = ?19, response_delay_ms = ?20, agent_key = ?21, team_key = ?22, queue_key = ?23, comments = ?24,
    error_reason = ?25
  WHERE (conversation_key, form_key, form_context_id, form_name, status, survey_type, is_partial, is_gone, total_score,
    score_points, score_max, nps_score, csat_score, csat_is_positive, ces_score, fcr_resolved, completed_ms,
    completed_local_date, response_delay_ms, agent_key, team_key, queue_key, comments, error_reason) IS NOT
    (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25))";

inline constexpr auto kFacts = "SELECT survey_key FROM survey_facts WHERE conversation_key = ?";
inline constexpr auto kRemove = "DELETE FROM survey_facts WHERE survey_key = ?";

inline constexpr auto kCount = R"(
  SELECT coalesce(max(status IS NOT 'Error'), 0), coalesce(max(status IS 'Finished'), 0), count(*)
  FROM survey_facts WHERE conversation_key = ?)";
inline constexpr auto kSetCounts = R"(
  UPDATE interactions SET has_survey = ?2, has_response = ?3, survey_count = ?4
  WHERE conversation_key = ?1 AND (has_survey, has_response, survey_count) IS NOT (?2, ?3, ?4))";

}  // namespace csatdb::warehouse

-- title: Detractor follow-up list, by completion
-- rhythm: daily
-- description: Who gave 6 or less as a recommendation, or 2 or less on the mapped satisfaction question, in the
--   last days, newest first, with the age of the answer, the contact to call and what was written.
-- param: days integer optional How many days back from the last one read, that one included; default 7.
-- param: limit integer optional At most so many rows; default 200.
-- param: queue text optional Name or id of a queue.
-- param: agent text optional Name or id of the agent the survey is about.
-- param: team text optional Name of that agent's team at the time.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- basis: Local date of completion; the list reaches to the latest answer, incomplete days included.
-- denominator: None: answers are listed.
-- exclusions: Surveys not finished or gone, or without either answer.
-- genesys: surveyPromoterScore up to 6 as in nSurveyNpsDetractors; the satisfaction part has no counterpart.
WITH period AS MATERIALIZED (
  SELECT date(last_complete_date, '+1 day', '-' || (coalesce(:days, 7) - 1) || ' days') AS from_date,
         last_complete_date
  FROM report_calendar
)
SELECT s.completed_at, cast(julianday(p.last_complete_date, '+1 day') - julianday(s.completed_local_date) AS INTEGER) AS age_days,
       s.nps_score, s.csat_score, s.agent_name, s.queue_name, s.channel, s.comments,
       (SELECT min(x.external_contact_id) FROM conversations c JOIN participants x USING (conversation_key)
        WHERE c.conversation_id = s.conversation_id) AS contact_id,
       s.conversation_id, s.survey_id
FROM period p
JOIN fact_surveys s ON s.completed_local_date >= p.from_date
WHERE s.is_response AND NOT s.is_gone AND (s.nps_score <= 6 OR s.csat_score <= 2)
    AND (:queue IS NULL OR s.queue_id = :queue OR s.queue_name = :queue COLLATE NOCASE)
    AND (:agent IS NULL OR s.agent_id = :agent OR s.agent_name = :agent COLLATE NOCASE)
    AND (:team IS NULL OR s.team_name = :team COLLATE NOCASE)
    AND (:division IS NULL OR s.division_id = :division OR s.division_name = :division COLLATE NOCASE)
    AND (:form IS NULL OR s.form_id = :form OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE)
    AND (:channel IS NULL OR s.channel = :channel COLLATE NOCASE)
ORDER BY s.completed_ms DESC, s.survey_id
LIMIT coalesce(:limit, 200);

-- footer
WITH period AS MATERIALIZED (
  SELECT date(last_complete_date, '+1 day', '-' || (coalesce(:days, 7) - 1) || ' days') AS from_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS responses, sum(coalesce(s.nps_score <= 6, 0) OR coalesce(s.csat_score <= 2, 0)) AS n
  FROM period p
  JOIN survey_facts s ON s.completed_local_date >= p.from_date
  LEFT JOIN interactions i USING (conversation_key)
  WHERE s.is_response AND NOT s.is_gone
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:agent IS NULL OR s.agent_key IN (
      SELECT user_key FROM users WHERE user_id = :agent OR name = :agent COLLATE NOCASE))
    AND (:team IS NULL OR s.team_key IN (SELECT team_key FROM teams WHERE name = :team COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
)
SELECT 'Completed since ' || from_date || ': n = ' || coalesce(n, 0) || ' of ' || responses || ' responses; shown: at most '
         || coalesce(:limit, 200) || '.' AS footer
FROM period, scope
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

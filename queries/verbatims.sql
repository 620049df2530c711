-- title: Verbatims, by completion
-- rhythm: daily
-- description: What customers wrote, newest first, with the scores beside it, the agent, the queue and the
--   conversation to look at. One row per text.
-- param: from date optional First local date of completion; default 28 complete days up to the last one.
-- param: to date optional Last local date of completion, inclusive; default the last complete day.
-- param: score text optional promoter, passive, detractor (of the recommendation), positive or negative (of the
--   mapped satisfaction question); default all.
-- param: limit integer optional At most so many rows; default 200.
-- param: queue text optional Name or id of a queue.
-- param: agent text optional Name or id of the agent the survey is about.
-- param: team text optional Name of that agent's team at the time.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of completion.
-- denominator: None: texts are listed.
-- exclusions: Surveys not finished or gone; blank texts. Under the privacy profile strict no text is kept;
--   texts of forms that Genesys redacts for this client never arrive.
-- genesys: The free texts and NPS reasons of a survey's answers.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
)
SELECT s.completed_at, s.nps_score, s.csat_score, a.free_text AS text, a.question_text AS question, s.agent_name, s.queue_name,
       s.channel, s.conversation_id, s.survey_id
FROM period p
JOIN fact_surveys s ON s.completed_local_date BETWEEN p.from_date AND p.to_date
JOIN fact_survey_answers a ON a.survey_id = s.survey_id
WHERE s.is_response AND NOT s.is_gone AND s.comments IS NOT NULL AND trim(a.free_text) <> ''
  AND (:score IS NULL OR s.nps_class = :score
       OR :score = 'positive' AND s.csat_is_positive OR :score = 'negative' AND NOT s.csat_is_positive)
    AND (:queue IS NULL OR s.queue_id = :queue OR s.queue_name = :queue COLLATE NOCASE)
    AND (:agent IS NULL OR s.agent_id = :agent OR s.agent_name = :agent COLLATE NOCASE)
    AND (:team IS NULL OR s.team_name = :team COLLATE NOCASE)
    AND (:division IS NULL OR s.division_id = :division OR s.division_name = :division COLLATE NOCASE)
    AND (:form IS NULL OR s.form_id = :form OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE)
    AND (:channel IS NULL OR s.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR s.is_settled)
ORDER BY s.completed_ms DESC, s.survey_id, a.group_no, a.question_no
LIMIT coalesce(:limit, 200);

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS responses, count(s.comments) AS commented
  FROM period p
  JOIN survey_facts s ON s.completed_local_date BETWEEN p.from_date AND p.to_date
  LEFT JOIN interactions i USING (conversation_key)
  WHERE s.is_response AND NOT s.is_gone
    AND (:score IS NULL OR s.nps_class = :score
         OR :score = 'positive' AND s.csat_is_positive OR :score = 'negative' AND NOT s.csat_is_positive)
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
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
)
SELECT 'Completed ' || from_date || ' to ' || to_date || ': n = ' || commented || ' of ' || responses
         || ' responses have a text; shown: at most ' || coalesce(:limit, 200) || ' texts.' AS footer
FROM period, scope
UNION ALL SELECT 'The privacy profile of this warehouse is strict: texts are not kept.' FROM sync_meta
          WHERE key = 'privacy' AND value = 'strict'
UNION ALL SELECT settlement FROM report_calendar;

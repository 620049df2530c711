-- title: CSAT by time to answer, by conversation
-- rhythm: weekly
-- description: Satisfaction by how long the customer waited for an answer. Callbacks, where nobody waits on the
--   line, stand apart.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: queue text optional Name or id of a queue.
-- param: agent text optional Name or id of the agent the survey is about.
-- param: team text optional Name of that agent's team at the time.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of the contact.
-- denominator: n, the finished surveys that answered the mapped question, partial ones included.
-- exclusions: Surveys not finished, gone, or without an answer to the mapped question; contacts whose answer
--   time is unknown stand in a row of their own.
-- genesys: The wait is the conversation's earliest tAnswered; the crossing has no counterpart.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
answers AS (
  SELECT CASE WHEN i.channel = 'callback' THEN 7 WHEN i.answer_ms IS NULL THEN 8 WHEN i.answer_ms < 10000 THEN 1
           WHEN i.answer_ms < 30000 THEN 2 WHEN i.answer_ms < 60000 THEN 3 WHEN i.answer_ms < 180000 THEN 4 ELSE 5 END AS bucket,
         s.csat_is_positive, s.csat_score, i.answer_ms
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE i.has_response AND s.is_response AND NOT s.is_gone AND s.csat_is_positive IS NOT NULL
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
),
groups AS (
  SELECT bucket, count(*) AS n, sum(csat_is_positive) AS positive, avg(csat_score) AS mean_score, avg(answer_ms) AS answer_ms
  FROM answers GROUP BY bucket
)
SELECT CASE bucket WHEN 1 THEN '0-10 s' WHEN 2 THEN '10-30 s' WHEN 3 THEN '30-60 s' WHEN 4 THEN '60-180 s'
         WHEN 5 THEN 'over 180 s' WHEN 7 THEN 'callback' ELSE 'not known' END AS answered_in,
       n, round(100.0 * n / sum(n) OVER (), 1) AS share_pct, round(100.0 * positive / n, 1) AS csat_pct,
       round(100 * (positive + 1.9208 - 1.96 * sqrt(1.0 * positive * (n - positive) / n + 0.9604))
             / (n + 3.8416), 1) AS csat_low_pct,
       round(100 * (positive + 1.9208 + 1.96 * sqrt(1.0 * positive * (n - positive) / n + 0.9604))
             / (n + 3.8416), 1) AS csat_high_pct,
       round(mean_score, 2) AS mean_score, round(answer_ms / 1000.0, 1) AS mean_answer_s,
       CASE WHEN n < 30 THEN 'indicative' END AS note
FROM groups
ORDER BY bucket;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS responses, count(s.csat_is_positive) AS n
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE i.has_response AND s.is_response AND NOT s.is_gone
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
SELECT 'Contacts ' || from_date || ' to ' || to_date || ': n = ' || n || ' of ' || responses || ' responses; left out: '
         || (responses - n) || ' without an answer to the mapped question.' AS footer
FROM period, scope
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

-- title: First contact resolution by survey, by completion
-- rhythm: weekly
-- description: How many customers say that their matter was settled, and what that does to satisfaction: the
--   share of positive answers among the settled and the others, with the interval of the difference (Newcombe).
-- param: from date optional First local date of completion; default 28 complete days up to the last one.
-- param: to date optional Last local date of completion, inclusive; default the last complete day.
-- param: by text optional total, queue, channel, form or team; default queue.
-- param: queue text optional Name or id of a queue.
-- param: agent text optional Name or id of the agent the survey is about.
-- param: team text optional Name of that agent's team at the time.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: min_n integer optional Hide rows with fewer answers; default 5.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of completion.
-- denominator: n, the finished surveys that answered the question mapped as fcr; for satisfaction those that
--   answered both.
-- exclusions: Surveys not finished, gone, or without an answer to the mapped question; rows with fewer than
--   min_n answers.
-- genesys: None: resolution as the customer says it. nNextContactAvoided of Genesys is a prediction;
--   repeat-contacts counts returns.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
answers AS (
  SELECT CASE coalesce(:by, 'queue') WHEN 'total' THEN 'all' WHEN 'channel' THEN i.channel WHEN 'form' THEN s.form_name
           WHEN 'team' THEN (SELECT name FROM teams WHERE team_key = s.team_key)
           ELSE (SELECT name FROM queues WHERE queue_key = s.queue_key) END AS grp,
         s.fcr_resolved, s.csat_is_positive
  FROM period p
  JOIN survey_facts s ON s.completed_local_date BETWEEN p.from_date AND p.to_date
  LEFT JOIN interactions i USING (conversation_key)
  WHERE s.is_response AND NOT s.is_gone AND s.fcr_resolved IS NOT NULL
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
  SELECT coalesce(grp, '(none)') AS grp, count(*) AS n, sum(fcr_resolved) AS resolved,
         sum(fcr_resolved AND csat_is_positive IS NOT NULL) AS n1, sum(fcr_resolved AND csat_is_positive) AS k1,
         sum(NOT fcr_resolved AND csat_is_positive IS NOT NULL) AS n0, sum(NOT fcr_resolved AND csat_is_positive) AS k0
  FROM answers GROUP BY 1
),
shares AS (
  SELECT *, 1.0 * k1 / nullif(n1, 0) AS p1, 1.0 * k0 / nullif(n0, 0) AS p0,
         (k1 + 1.9208 - 1.96 * sqrt(1.0 * k1 * (n1 - k1) / nullif(n1, 0) + 0.9604)) / (n1 + 3.8416) AS low1,
         (k1 + 1.9208 + 1.96 * sqrt(1.0 * k1 * (n1 - k1) / nullif(n1, 0) + 0.9604)) / (n1 + 3.8416) AS high1,
         (k0 + 1.9208 - 1.96 * sqrt(1.0 * k0 * (n0 - k0) / nullif(n0, 0) + 0.9604)) / (n0 + 3.8416) AS low0,
         (k0 + 1.9208 + 1.96 * sqrt(1.0 * k0 * (n0 - k0) / nullif(n0, 0) + 0.9604)) / (n0 + 3.8416) AS high0
  FROM groups WHERE n >= coalesce(:min_n, 5)
)
SELECT grp AS "group", n, resolved, round(100.0 * resolved / n, 1) AS fcr_pct,
       round(100 * (resolved + 1.9208 - 1.96 * sqrt(1.0 * resolved * (n - resolved) / n + 0.9604))
             / (n + 3.8416), 1) AS fcr_low_pct,
       round(100 * (resolved + 1.9208 + 1.96 * sqrt(1.0 * resolved * (n - resolved) / n + 0.9604))
             / (n + 3.8416), 1) AS fcr_high_pct,
       n1 AS resolved_n, round(100 * p1, 1) AS resolved_csat_pct, n0 AS unresolved_n, round(100 * p0, 1) AS unresolved_csat_pct,
       round(100 * (p1 - p0), 1) AS difference_points,
       round(100 * (p1 - p0 - sqrt((p1 - low1) * (p1 - low1) + (high0 - p0) * (high0 - p0))), 1) AS difference_low,
       round(100 * (p1 - p0 + sqrt((high1 - p1) * (high1 - p1) + (p0 - low0) * (p0 - low0))), 1) AS difference_high,
       CASE WHEN n < 30 THEN 'indicative' END AS note
FROM shares
ORDER BY 1.0 * resolved / n DESC, n DESC, grp;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS responses, count(s.fcr_resolved) AS n
  FROM period p
  JOIN survey_facts s ON s.completed_local_date BETWEEN p.from_date AND p.to_date
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
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
)
SELECT 'Completed ' || from_date || ' to ' || to_date || ': n = ' || n || ' of ' || responses || ' responses; left out: '
         || (responses - n) || ' without an answer to the mapped question.' AS footer
FROM period, scope
UNION ALL SELECT note FROM report_unmapped WHERE measure IN ('fcr', 'csat')
UNION ALL SELECT settlement FROM report_calendar;

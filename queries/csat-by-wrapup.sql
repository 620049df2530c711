-- title: CSAT by wrap-up code, by conversation
-- rhythm: weekly
-- description: Satisfaction by what agents filed the contact under, best reason first, each beside all the
--   rest: versus_rest says whether the two intervals separate.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: limit integer optional So many reasons from the top and as many from the bottom; default 10.
-- param: queue text optional Name or id of a queue.
-- param: agent text optional Name or id of the agent the survey is about.
-- param: team text optional Name of that agent's team at the time.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: min_n integer optional Hide reasons with fewer answers; default 5.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of the contact.
-- denominator: n, the finished surveys that answered the mapped question, partial ones included.
-- exclusions: Surveys not finished, gone, or without an answer to the mapped question; reasons with fewer than
--   min_n answers are hidden, yet part of every other reason's rest (counted in the footer).
-- genesys: The wrap-up code is that of the interaction's agent, else of any agent; the crossing has no
--   counterpart.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
groups AS (
  SELECT coalesce(w.name, w.wrapup_code_id, '(none)') AS wrapup_code, count(*) AS n,
         sum(s.csat_is_positive) AS positive, avg(s.csat_score) AS mean_score,
         sum(count(*)) OVER () - count(*) AS rest_n,
         sum(sum(s.csat_is_positive)) OVER () - sum(s.csat_is_positive) AS rest_positive
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  LEFT JOIN wrapup_codes w ON w.wrapup_code_key = i.wrapup_code_key
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
  GROUP BY 1
),
intervals AS (
  SELECT *,
         (positive + 1.9208 - 1.96 * sqrt(1.0 * positive * (n - positive) / n + 0.9604)) / (n + 3.8416) AS low,
         (positive + 1.9208 + 1.96 * sqrt(1.0 * positive * (n - positive) / n + 0.9604)) / (n + 3.8416) AS high,
         (rest_positive + 1.9208 - 1.96 * sqrt(1.0 * rest_positive * (rest_n - rest_positive) / rest_n + 0.9604))
           / (rest_n + 3.8416) AS rest_low,
         (rest_positive + 1.9208 + 1.96 * sqrt(1.0 * rest_positive * (rest_n - rest_positive) / rest_n + 0.9604))
           / (rest_n + 3.8416) AS rest_high,
         row_number() OVER (ORDER BY 1.0 * positive / n DESC, n DESC, wrapup_code) AS from_top,
         row_number() OVER (ORDER BY 1.0 * positive / n, n, wrapup_code DESC) AS from_bottom
  FROM groups WHERE n >= coalesce(:min_n, 5)
)
SELECT wrapup_code, n, round(100.0 * positive / n, 1) AS csat_pct,
       round(100 * low, 1) AS csat_low_pct, round(100 * high, 1) AS csat_high_pct, round(mean_score, 2) AS mean_score,
       round(100.0 * rest_positive / rest_n, 1) AS rest_csat_pct,
       round(100.0 * positive / n - 100.0 * rest_positive / rest_n, 1) AS difference_points,
       CASE WHEN low > rest_high THEN 'above' WHEN high < rest_low THEN 'below'
         WHEN rest_n > 0 THEN 'overlaps' END AS versus_rest,
       CASE WHEN n < 30 THEN 'indicative' END AS note
FROM intervals
WHERE from_top <= coalesce(:limit, 10) OR from_bottom <= coalesce(:limit, 10)
ORDER BY from_top;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
groups AS (
  SELECT count(*) AS responses, count(s.csat_is_positive) AS n
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  LEFT JOIN wrapup_codes w ON w.wrapup_code_key = i.wrapup_code_key
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
  GROUP BY coalesce(w.name, w.wrapup_code_id, '(none)')
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ': n = ' || coalesce(sum(n), 0) || ' of '
         || coalesce(sum(responses), 0) || ' responses; left out: ' || coalesce(sum(responses - n), 0)
         || ' without an answer to the mapped question; hidden: ' || coalesce(sum(n BETWEEN 1 AND coalesce(:min_n, 5) - 1), 0)
         || ' reasons with fewer than ' || coalesce(:min_n, 5) || ' answers.' AS footer
FROM period LEFT JOIN groups ON true
GROUP BY from_date, to_date
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

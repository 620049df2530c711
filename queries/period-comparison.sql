-- title: Period comparison, by completion
-- rhythm: weekly
-- description: This period beside the one of equal length before it: each measure, the change and its interval.
--   A change counts as moved only where 0 lies outside the interval. Shares are compared by Newcombe's method
--   (from Wilson intervals), NPS by the adjusted Wald variances, means by their standard errors.
-- param: from date optional First local date of completion; default 28 complete days up to the last one.
-- param: to date optional Last local date of completion, inclusive; default the last complete day.
-- param: queue text optional Name or id of a queue.
-- param: agent text optional Name or id of the agent the survey is about.
-- param: team text optional Name of that agent's team at the time.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: settled flag optional 1: contacts of settled days alone.
-- param: immature flag optional 1: keep cohorts that are still being answered.
-- basis: Local date of completion; the response rate alone by the local date of the contact.
-- denominator: n of each measure: the finished surveys with an answer to its question; for the response rate
--   the surveys sent.
-- exclusions: Surveys not finished, gone, or without the answer; the response rate of a period that is not
--   mature yet, unless immature is set.
-- genesys: Counts as in its survey aggregates, by completion; intervals are csatdb's.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
spans AS (
  SELECT 1 AS is_this, from_date, to_date FROM period
  UNION ALL
  SELECT 0, date(from_date, '-' || cast(julianday(to_date) - julianday(from_date) + 1 AS INTEGER) || ' days'),
         date(from_date, '-1 day') FROM period
),
answers AS (
  SELECT p.is_this, count(*) AS responses, count(s.csat_is_positive) AS csat_n, sum(s.csat_is_positive) AS positive,
         count(s.fcr_resolved) AS fcr_n, sum(s.fcr_resolved) AS resolved,
         count(s.nps_score) AS nps_n, sum(s.nps_score >= 9) AS promoters, sum(s.nps_score <= 6) AS detractors,
         count(s.total_score) AS total_n, sum(s.total_score) AS total, sum(s.total_score * s.total_score) AS total_squares,
         count(s.ces_score) AS ces_n, sum(s.ces_score) AS ces, sum(s.ces_score * s.ces_score) AS ces_squares
  FROM spans p
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
  GROUP BY p.is_this
),
cohorts AS (
  SELECT p.is_this, count(*) AS sent, sum(s.is_response) AS responses,
         max(p.to_date) <= (SELECT mature_through FROM report_maturity) OR coalesce(:immature, 0) = 1 AS is_mature
  FROM spans p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE s.is_sent AND NOT s.is_gone
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
  GROUP BY p.is_this
),
-- Shares: n, hits and the Wilson interval.
shares AS (
  SELECT place, measure, is_this, n, 1.0 * k / n AS p,
         (k + 1.9208 - 1.96 * sqrt(1.0 * k * (n - k) / n + 0.9604)) / (n + 3.8416) AS low,
         (k + 1.9208 + 1.96 * sqrt(1.0 * k * (n - k) / n + 0.9604)) / (n + 3.8416) AS high
  FROM (SELECT 2 AS place, 'csat_pct' AS measure, is_this, csat_n AS n, positive AS k FROM answers
        UNION ALL SELECT 4, 'fcr_pct', is_this, fcr_n, resolved FROM answers
        UNION ALL SELECT 7, 'response_pct', is_this, sent, CASE WHEN is_mature THEN responses END FROM cohorts) counted
),
-- What has a value and a variance.
means AS (
  SELECT 3 AS place, 'nps' AS measure, is_this, nps_n AS n, 100.0 * (promoters - detractors) / nullif(nps_n, 0) AS value,
         100.0 * (promoters - detractors) / (nps_n + 3) AS middle,
         10000.0 * ((promoters + detractors + 1.5) / (nps_n + 3)
           - 1.0 * (promoters - detractors) * (promoters - detractors) / ((nps_n + 3) * (nps_n + 3))) / (nps_n + 3) AS variance
  FROM answers WHERE nps_n > 0
  UNION ALL
  SELECT 5, 'genesys_score', is_this, total_n, total / total_n, total / total_n,
         max(0, total_squares - total * total / total_n) / nullif(total_n - 1, 0) / total_n
  FROM answers WHERE total_n > 0
  UNION ALL
  SELECT 6, 'ces_score', is_this, ces_n, ces / ces_n, ces / ces_n,
         max(0, ces_squares - ces * ces / ces_n) / nullif(ces_n - 1, 0) / ces_n
  FROM answers WHERE ces_n > 0
),
changes AS (
  SELECT 1 AS place, 'responses' AS measure, a.responses AS this_n, b.responses AS previous_n,
         1.0 * a.responses AS this, 1.0 * b.responses AS previous, NULL AS low, NULL AS high
  FROM answers a LEFT JOIN answers b ON b.is_this = 0 WHERE a.is_this = 1
  UNION ALL
  SELECT a.place, a.measure, a.n, b.n, 100 * a.p, 100 * b.p,
         100 * (a.p - b.p - sqrt((a.p - a.low) * (a.p - a.low) + (b.high - b.p) * (b.high - b.p))),
         100 * (a.p - b.p + sqrt((a.high - a.p) * (a.high - a.p) + (b.p - b.low) * (b.p - b.low)))
  FROM shares a LEFT JOIN shares b ON b.measure = a.measure AND b.is_this = 0 WHERE a.is_this = 1
  UNION ALL
  SELECT a.place, a.measure, a.n, b.n, a.value, b.value,
         a.middle - b.middle - 1.96 * sqrt(a.variance + b.variance), a.middle - b.middle + 1.96 * sqrt(a.variance + b.variance)
  FROM means a LEFT JOIN means b ON b.measure = a.measure AND b.is_this = 0 WHERE a.is_this = 1
)
SELECT measure, this_n, round(this, 1) AS this, previous_n, round(previous, 1) AS previous,
       round(this - previous, 1) AS change, round(low, 1) AS change_low, round(high, 1) AS change_high,
       CASE WHEN low > 0 THEN 'moved up' WHEN high < 0 THEN 'moved down' WHEN low IS NOT NULL THEN 'not clear' END AS verdict,
       CASE WHEN measure = 'response_pct' AND this IS NULL AND this_n > 0 THEN 'immature'
         WHEN min(this_n, previous_n) < 30 THEN 'indicative' END AS note
FROM changes
WHERE coalesce(this_n, 0) + coalesce(previous_n, 0) > 0
ORDER BY place;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS n
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
SELECT 'Completed ' || from_date || ' to ' || to_date || ': n = ' || n || ' responses, compared with '
         || date(from_date, '-' || cast(julianday(to_date) - julianday(from_date) + 1 AS INTEGER) || ' days') || ' to '
         || date(from_date, '-1 day') || '; the n of each measure stands beside it.' AS footer
FROM period, scope
UNION ALL SELECT maturity FROM report_maturity
UNION ALL SELECT note FROM report_unmapped
UNION ALL SELECT settlement FROM report_calendar;

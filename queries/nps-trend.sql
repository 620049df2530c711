-- title: NPS trend and split, by completion
-- rhythm: daily
-- description: Recommendation over time: promoters (9-10), passives (7-8) and detractors (0-6), the Net
--   Promoter Score with its interval (adjusted Wald, Rocks 2016), and the score of the 28 days up to the end of
--   each row.
-- param: from date optional First local date of completion; default 28 complete days up to the last one.
-- param: to date optional Last local date of completion, inclusive; default the last complete day.
-- param: by text optional day, week (from Monday), month or total; default week.
-- param: queue text optional Name or id of a queue.
-- param: agent text optional Name or id of the agent the survey is about.
-- param: team text optional Name of that agent's team at the time.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of completion.
-- denominator: n, the finished surveys with an answer to the recommendation question, partial ones included.
-- exclusions: Surveys not finished, gone, or without that answer (counted in the footer).
-- genesys: From nSurveyNpsPromoters, nSurveyNpsDetractors and nSurveyNpsResponses, which Genesys counts by
--   event date; the interval is csatdb's.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
answers AS (
  SELECT coalesce(s.completed_local_date, s.completed_local_date) AS local_date, count(*) AS n, sum(s.nps_score >= 9) AS promoters,
         sum(s.nps_score <= 6) AS detractors
  FROM period p
  JOIN survey_facts s ON s.completed_local_date BETWEEN date(p.from_date, '-27 days') AND p.to_date
  LEFT JOIN interactions i USING (conversation_key)
  WHERE s.is_response AND NOT s.is_gone AND s.nps_score IS NOT NULL
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
  GROUP BY 1  -- coalesce keeps SQLite from reading all dates in order
),
days AS (
  SELECT d.local_date, a.n, a.promoters, a.detractors, sum(a.n) OVER last28 AS moving_n,
         sum(a.promoters - a.detractors) OVER last28 AS moving_net,
         CASE coalesce(:by, 'week') WHEN 'day' THEN d.local_date WHEN 'month' THEN d.month_start
           WHEN 'total' THEN p.from_date ELSE d.week_start END AS bucket
  FROM period p
  JOIN dim_dates d ON d.local_date BETWEEN date(p.from_date, '-27 days') AND p.to_date
  LEFT JOIN answers a ON a.local_date = d.local_date
  WINDOW last28 AS (ORDER BY d.local_date ROWS 27 PRECEDING)
),
sums AS (
  SELECT max(bucket, p.from_date) AS period_from, max(local_date) AS period_to, coalesce(sum(n), 0) AS n,
         coalesce(sum(promoters), 0) AS promoters, coalesce(sum(detractors), 0) AS detractors
  FROM period p
  JOIN days d ON d.local_date BETWEEN p.from_date AND p.to_date
  GROUP BY bucket, p.from_date
),
buckets AS (
  SELECT s.*, d.moving_n, d.moving_net FROM sums s JOIN days d ON d.local_date = s.period_to
),
scores AS (
  SELECT *, CASE WHEN n > 0 THEN 1.0 * (promoters - detractors) / (n + 3) END AS nps_mid,
         1.96 * sqrt(promoters + detractors + 1.5 - 1.0 * (promoters - detractors) * (promoters - detractors) / (n + 3))
           / (n + 3) AS nps_half
  FROM buckets
)
SELECT period_from, period_to, n, promoters, n - promoters - detractors AS passives, detractors,
       round(100.0 * promoters / nullif(n, 0), 1) AS promoters_pct,
       round(100.0 * (n - promoters - detractors) / nullif(n, 0), 1) AS passives_pct,
       round(100.0 * detractors / nullif(n, 0), 1) AS detractors_pct,
       round(100.0 * (promoters - detractors) / nullif(n, 0), 1) AS nps,
       round(100 * max(-1, nps_mid - nps_half), 1) AS nps_low,
       round(100 * min(1, nps_mid + nps_half), 1) AS nps_high,
       round(100.0 * moving_net / nullif(moving_n, 0), 1) AS last_28d_nps, moving_n AS last_28d_n,
       CASE WHEN n = 0 THEN 'no answers' WHEN n < 30 THEN 'indicative' END AS note
FROM scores
WHERE (SELECT sum(n) FROM buckets) > 0
ORDER BY period_from;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS responses, count(s.nps_score) AS n
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
         || (responses - n) || ' without an answer to the recommendation question.' AS footer
FROM period, scope
UNION ALL SELECT settlement FROM report_calendar;

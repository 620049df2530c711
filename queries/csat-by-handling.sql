-- title: CSAT by handling, by conversation
-- rhythm: weekly
-- description: Satisfaction by handle time, hold time and transfers of the contact. versus_none compares with
--   the contacts without hold or transfer: the difference in points with its interval (Newcombe), "moved" only
--   where 0 lies outside.
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
-- exclusions: Surveys not finished, gone, or without an answer to the mapped question; contacts without handle
--   time, from the rows of handle and hold.
-- genesys: Sums of tHandle, tHeldComplete (else tHeld) and nTransferred over the conversation; the crossing has
--   no counterpart.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
answers AS (
  SELECT s.csat_is_positive, s.csat_score, i.handle_ms, i.hold_ms, i.transfers
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
marks AS (
  SELECT 1 AS part, CASE WHEN handle_ms < 120000 THEN 1 WHEN handle_ms < 300000 THEN 2 WHEN handle_ms < 600000 THEN 3
           WHEN handle_ms < 1200000 THEN 4 ELSE 5 END AS bucket, csat_is_positive, csat_score
  FROM answers WHERE handle_ms IS NOT NULL
  UNION ALL
  SELECT 2, CASE WHEN hold_ms = 0 THEN 0 WHEN hold_ms < 30000 THEN 1 WHEN hold_ms < 120000 THEN 2 ELSE 3 END,
         csat_is_positive, csat_score
  FROM answers WHERE hold_ms IS NOT NULL
  UNION ALL
  SELECT 3, min(transfers, 2), csat_is_positive, csat_score FROM answers
  UNION ALL
  SELECT 4, CASE WHEN transfers > 0 THEN 1 ELSE 0 END, csat_is_positive, csat_score FROM answers
),
groups AS (
  SELECT part, bucket, count(*) AS n, sum(csat_is_positive) AS positive, avg(csat_score) AS mean_score
  FROM marks GROUP BY part, bucket
),
intervals AS (
  SELECT *, 1.0 * positive / n AS p,
         (positive + 1.9208 - 1.96 * sqrt(1.0 * positive * (n - positive) / n + 0.9604)) / (n + 3.8416) AS low,
         (positive + 1.9208 + 1.96 * sqrt(1.0 * positive * (n - positive) / n + 0.9604)) / (n + 3.8416) AS high
  FROM groups
)
SELECT CASE g.part WHEN 1 THEN 'handle time' WHEN 2 THEN 'hold time' WHEN 3 THEN 'transfers' ELSE 'any transfer' END AS part,
       CASE g.part
         WHEN 1 THEN CASE g.bucket WHEN 1 THEN 'under 2 min' WHEN 2 THEN '2-5 min' WHEN 3 THEN '5-10 min' WHEN 4 THEN '10-20 min'
                       ELSE 'over 20 min' END
         WHEN 2 THEN CASE g.bucket WHEN 0 THEN 'none' WHEN 1 THEN 'under 30 s' WHEN 2 THEN '30-120 s' ELSE 'over 120 s' END
         WHEN 3 THEN CASE g.bucket WHEN 2 THEN '2 or more' ELSE cast(g.bucket AS TEXT) END
         ELSE CASE g.bucket WHEN 0 THEN 'none' ELSE '1 or more' END END AS bucket,
       g.n, round(100 * g.p, 1) AS csat_pct, round(100 * g.low, 1) AS csat_low_pct, round(100 * g.high, 1) AS csat_high_pct,
       round(g.mean_score, 2) AS mean_score,
       round(100 * (g.p - o.p), 1) AS versus_none_points,
       round(100 * (g.p - o.p - sqrt((g.p - g.low) * (g.p - g.low) + (o.high - o.p) * (o.high - o.p))), 1) AS versus_none_low,
       round(100 * (g.p - o.p + sqrt((g.high - g.p) * (g.high - g.p) + (o.p - o.low) * (o.p - o.low))), 1) AS versus_none_high,
       CASE WHEN g.p - o.p - sqrt((g.p - g.low) * (g.p - g.low) + (o.high - o.p) * (o.high - o.p)) > 0
              OR g.p - o.p + sqrt((g.high - g.p) * (g.high - g.p) + (o.p - o.low) * (o.p - o.low)) < 0 THEN 'moved' END AS moved,
       CASE WHEN g.n < 30 THEN 'indicative' END AS note
FROM intervals g
LEFT JOIN intervals o ON o.part = g.part AND o.bucket = 0 AND g.bucket > 0 AND g.part > 1
ORDER BY g.part, g.bucket;

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

-- title: Evaluations beside surveys, by conversation
-- rhythm: weekly, exploratory
-- description: How evaluators and customers judge the same agents: mean quality score beside satisfaction, and
--   who stands out either way: scored in the upper half of the agents while the satisfaction interval lies
--   below everybody's, or the reverse.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: agent text optional Name or id of an agent.
-- param: team text optional Name of the agent's current team.
-- param: min_n integer optional Hide rows with fewer answers; default 5.
-- basis: Local date of the contact judged, for both.
-- denominator: evaluations = finished ones, the newest scoring of each form on each contact; csat_n = finished
--   surveys that answered the mapped question.
-- exclusions: Calibrations, deleted and unfinished evaluations, older scorings; agents with fewer than min_n
--   answers or without an evaluation. Evaluations are as of the last read of their conversation: a later one is
--   missing until it is read again.
-- genesys: quality_score is oTotalScore of the evaluations of the conversation record; the comparison has no
--   counterpart.
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scored AS (
  SELECT e.user_key, e.total_score,
         row_number() OVER (PARTITION BY e.conversation_key, e.user_key, e.context_id
                            ORDER BY e.event_ms DESC, e.evaluation_no DESC) AS age
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN evaluations e ON e.conversation_key = i.conversation_key
  WHERE e.status = 'Finished' AND e.calibration_id IS NULL AND NOT coalesce(e.is_deleted, 0) AND e.total_score IS NOT NULL
),
quality AS (
  SELECT user_key AS agent_key, count(*) AS evaluations, avg(total_score) AS quality
  FROM scored WHERE age = 1 AND user_key IS NOT NULL GROUP BY user_key
),
answers AS (
  SELECT s.agent_key, count(*) AS n, sum(s.csat_is_positive) AS positive
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE i.has_response AND s.is_response AND NOT s.is_gone AND s.csat_is_positive IS NOT NULL
  GROUP BY s.agent_key
),
agents AS (
  SELECT u.user_id AS agent_id, u.name AS agent_name, t.name AS team_name, q.evaluations, q.quality, a.n, a.positive,
         percent_rank() OVER (ORDER BY q.quality) AS quality_rank,
         1.0 * sum(a.positive) OVER () / sum(a.n) OVER () AS everybody,
         (a.positive + 1.9208 - 1.96 * sqrt(1.0 * a.positive * (a.n - a.positive) / a.n + 0.9604)) / (a.n + 3.8416) AS low,
         (a.positive + 1.9208 + 1.96 * sqrt(1.0 * a.positive * (a.n - a.positive) / a.n + 0.9604)) / (a.n + 3.8416) AS high
  FROM answers a JOIN quality q USING (agent_key)
  JOIN users u ON u.user_key = a.agent_key LEFT JOIN teams t ON t.team_key = u.team_key
  WHERE a.n >= coalesce(:min_n, 5)
)
SELECT a.agent_name, a.team_name, a.evaluations, round(a.quality, 1) AS quality_score, a.n AS csat_n,
       round(100.0 * a.positive / a.n, 1) AS csat_pct,
       round(100 * a.low, 1) AS csat_low_pct, round(100 * a.high, 1) AS csat_high_pct,
       CASE WHEN a.quality_rank >= 0.5 AND a.high < a.everybody THEN 'quality high, customers not satisfied'
         WHEN a.quality_rank < 0.5 AND a.low > a.everybody THEN 'quality low, customers satisfied' END AS outlier,
       CASE WHEN a.n < 30 OR a.evaluations < 5 THEN 'indicative' END AS note,
       a.agent_id
FROM agents a
WHERE true
    AND (:agent IS NULL OR a.agent_id = :agent OR a.agent_name = :agent COLLATE NOCASE)
    AND (:team IS NULL OR a.team_name = :team COLLATE NOCASE)
ORDER BY a.quality DESC, a.agent_name;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scored AS (
  SELECT e.user_key, e.total_score,
         row_number() OVER (PARTITION BY e.conversation_key, e.user_key, e.context_id
                            ORDER BY e.event_ms DESC, e.evaluation_no DESC) AS age
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN evaluations e ON e.conversation_key = i.conversation_key
  WHERE e.status = 'Finished' AND e.calibration_id IS NULL AND NOT coalesce(e.is_deleted, 0) AND e.total_score IS NOT NULL
),
quality AS (
  SELECT user_key AS agent_key, count(*) AS evaluations, avg(total_score) AS x
  FROM scored WHERE age = 1 AND user_key IS NOT NULL GROUP BY user_key
),
answers AS (
  SELECT s.agent_key, count(*) AS n, avg(s.csat_is_positive) AS y
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE i.has_response AND s.is_response AND NOT s.is_gone AND s.csat_is_positive IS NOT NULL
  GROUP BY s.agent_key
),
pairs AS (
  SELECT count(*) AS agents, sum(evaluations) AS evaluations, sum(n) AS n,
         (count(*) * sum(x * y) - sum(x) * sum(y)) / nullif(sqrt(max(0, count(*) * sum(x * x) - sum(x) * sum(x)))
           * sqrt(max(0, count(*) * sum(y * y) - sum(y) * sum(y))), 0) AS r
  FROM answers a JOIN quality q USING (agent_key)
  WHERE a.n >= coalesce(:min_n, 5)
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ': n = ' || agents || ' agents with at least ' || coalesce(:min_n, 5)
         || ' answers and an evaluation; ' || coalesce(n, 0) || ' answers, ' || coalesce(evaluations, 0) || ' evaluations.' AS footer
FROM period, pairs
UNION ALL
SELECT CASE WHEN agents >= 10 AND r IS NOT NULL THEN 'Correlation of quality score and CSAT over agents: ' || round(r, 2) || '.'
         ELSE 'Too few agents to correlate quality score and CSAT.' END FROM pairs
UNION ALL SELECT 'Evaluations are as of the last read of their conversation.'
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

-- title: Distribution of NPS and CSAT answers, by completion
-- rhythm: weekly
-- description: How often each value was chosen: recommendation 0 to 10 and the mapped satisfaction question,
--   with mean, median and standard deviation. Values nobody chose stand with 0.
-- param: from date optional First local date of completion; default 28 complete days up to the last one.
-- param: to date optional Last local date of completion, inclusive; default the last complete day.
-- param: queue text optional Name or id of a queue.
-- param: agent text optional Name or id of the agent the survey is about.
-- param: team text optional Name of that agent's team at the time.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of completion.
-- denominator: answers, the finished surveys that answered the question.
-- exclusions: Surveys not finished, gone, or without an answer to the question.
-- genesys: The counts by surveyPromoterScore; Genesys has neither median nor deviation.
-- dialect: sqlite postgresql
WITH RECURSIVE period AS (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
answers AS (
  SELECT s.nps_score, s.csat_score
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
),
marks AS (
  SELECT 'nps' AS measure, nps_score AS score FROM answers WHERE nps_score IS NOT NULL
  UNION ALL
  SELECT 'csat', csat_score FROM answers WHERE csat_score IS NOT NULL
),
placed AS (
  SELECT measure, score, row_number() OVER (PARTITION BY measure ORDER BY score) AS place,
         count(*) OVER (PARTITION BY measure) AS n
  FROM marks
),
totals AS (
  SELECT measure, n, avg(score) AS mean, avg(CASE WHEN place IN ((n + 1) / 2, (n + 2) / 2) THEN score END) AS median,
         sqrt(max(0, sum(score * score) - sum(score) * sum(score) * 1.0 / n) / nullif(n - 1, 0)) AS deviation,
         min(score) AS least, max(score) AS most
  FROM placed GROUP BY measure, n
),
steps(measure, score, most) AS (
  SELECT measure, CASE measure WHEN 'nps' THEN 0 ELSE min(1, least) END, CASE measure WHEN 'nps' THEN 10 ELSE most END FROM totals
  UNION ALL
  SELECT measure, score + 1, most FROM steps WHERE score + 1 <= most
)
SELECT t.measure, s.score, count(m.score) AS answers, round(100.0 * count(m.score) / t.n, 1) AS share_pct,
       round(100.0 * sum(count(m.score)) OVER (PARTITION BY t.measure ORDER BY s.score) / t.n, 1) AS up_to_pct,
       t.n, round(t.mean, 2) AS mean, t.median, round(t.deviation, 2) AS deviation
FROM (SELECT measure, score FROM steps UNION SELECT measure, score FROM marks) s
JOIN totals t ON t.measure = s.measure
LEFT JOIN marks m ON m.measure = s.measure AND m.score = s.score
GROUP BY t.measure, s.score, t.n, t.mean, t.median, t.deviation
ORDER BY t.measure DESC, s.score;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS responses, count(s.nps_score) AS nps_n, count(s.csat_score) AS csat_n
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
SELECT 'Completed ' || from_date || ' to ' || to_date || ': n = ' || responses || ' responses; without an answer: '
         || (responses - nps_n) || ' to the recommendation question, ' || (responses - csat_n)
         || ' to the satisfaction question.' AS footer
FROM period, scope
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

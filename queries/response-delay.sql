-- title: Response delay, by completion
-- rhythm: weekly
-- description: How long after the contact answers arrive, in days: percentiles (nearest rank), the longest, and
--   the share that was in after 1, 3, 7, 14 and 30 days. What arrives late must still be looked for: the
--   horizon to configure is past the longest delay seen.
-- param: from date optional First local date of completion; default 28 complete days up to the last one.
-- param: to date optional Last local date of completion, inclusive; default the last complete day.
-- param: by text optional total, channel, form, queue or type (Web, Voice); default total.
-- param: queue text optional Name or id of a queue.
-- param: team text optional Name of that agent's team at the time.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of completion, so that late answers to old contacts are in.
-- denominator: n, the finished surveys whose delay is known: completion minus the last agent's end, else minus
--   the contact's end.
-- exclusions: Surveys not finished, gone, or without a known delay (counted in the footer); negative delays, of
--   voice surveys answered before the agent's leg ended, count as they are and are numbered apart.
-- genesys: None: the API has no date of sending, so the delay runs from the contact.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
delays AS (
  SELECT CASE coalesce(:by, 'total') WHEN 'channel' THEN i.channel WHEN 'form' THEN s.form_name
           WHEN 'queue' THEN (SELECT name FROM queues WHERE queue_key = s.queue_key)
           WHEN 'type' THEN s.survey_type ELSE 'all' END AS grp,
         s.response_delay_ms / 86400000.0 AS days
  FROM period p
  JOIN survey_facts s ON s.completed_local_date BETWEEN p.from_date AND p.to_date
  LEFT JOIN interactions i USING (conversation_key)
  WHERE s.is_response AND NOT s.is_gone AND s.response_delay_ms IS NOT NULL
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:team IS NULL OR s.team_key IN (SELECT team_key FROM teams WHERE name = :team COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
),
placed AS (
  SELECT grp, days, row_number() OVER (PARTITION BY grp ORDER BY days) AS place, count(*) OVER (PARTITION BY grp) AS n
  FROM delays
)
SELECT coalesce(grp, '(none)') AS "group", n,
       round(min(CASE WHEN place >= 0.5 * n THEN days END), 3) AS p50_days,
       round(min(CASE WHEN place >= 0.75 * n THEN days END), 3) AS p75_days,
       round(min(CASE WHEN place >= 0.9 * n THEN days END), 3) AS p90_days,
       round(min(CASE WHEN place >= 0.95 * n THEN days END), 3) AS p95_days,
       round(max(days), 3) AS longest_days,
       round(100.0 * sum(days <= 1) / n, 1) AS within_1d_pct, round(100.0 * sum(days <= 3) / n, 1) AS within_3d_pct,
       round(100.0 * sum(days <= 7) / n, 1) AS within_7d_pct, round(100.0 * sum(days <= 14) / n, 1) AS within_14d_pct,
       round(100.0 * sum(days <= 30) / n, 1) AS within_30d_pct, sum(days < 0) AS negative,
       CASE WHEN n < 30 THEN 'indicative' END AS note
FROM placed
GROUP BY grp, n
ORDER BY n DESC, grp;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS responses, count(s.response_delay_ms) AS n,
         (max(s.response_delay_ms) + 86313600) / 86400000 AS longest
  FROM period p
  JOIN survey_facts s ON s.completed_local_date BETWEEN p.from_date AND p.to_date
  LEFT JOIN interactions i USING (conversation_key)
  WHERE s.is_response AND NOT s.is_gone
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:team IS NULL OR s.team_key IN (SELECT team_key FROM teams WHERE name = :team COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
)
SELECT 'Completed ' || from_date || ' to ' || to_date || ': n = ' || n || ' of ' || responses || ' responses; left out: '
         || (responses - n) || ' without a known delay.' AS footer
FROM period, scope
UNION ALL SELECT 'The longest took ' || longest || ' days: a shorter horizon of follow-up would have missed it.'
          FROM scope WHERE longest > 0
UNION ALL SELECT maturity FROM report_maturity
UNION ALL SELECT settlement FROM report_calendar;

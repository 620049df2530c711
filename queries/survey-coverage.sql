-- title: Survey coverage, by conversation
-- rhythm: weekly
-- description: How much of what could be surveyed was: conversations with a survey among those that ended and
--   were answered by an agent, in every queue, medium and week that surveys at all. Where the share among the
--   surveyed departs from the share among contacts, the sample is biased by as many points.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: by text optional cell (queue, medium and week), week, queue, channel or total; default cell.
-- param: queue text optional Name or id of a queue.
-- param: division text optional Name or id of the interaction's division.
-- param: channel text optional Medium of the interaction.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of the contact.
-- denominator: conversations that ended and were answered by an agent, of the same queue, medium and week.
-- exclusions: Cells of queue, medium and week without any survey (counted in the footer); conversations whose
--   surveys are all in Error count as not surveyed.
-- genesys: None equals it; Genesys counts surveys, not the contacts that had none.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
days AS (
  SELECT i.local_date, i.queue_key, i.channel, count(*) AS conversations, sum(i.survey_count) AS surveys,
         sum(i.has_survey) AS surveyed, sum(i.has_response) AS answered
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  WHERE NOT i.is_open AND i.agent_count > 0
    AND (:queue IS NULL OR i.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
  GROUP BY i.local_date, i.queue_key, i.channel
),
contacts AS (
  SELECT d.week_start AS week, c.queue_key, c.channel, sum(c.conversations) AS conversations, sum(c.surveyed) AS surveyed,
         sum(c.answered) AS answered
  FROM days c
  JOIN dates d ON d.local_date = c.local_date
  GROUP BY 1, 2, 3
  HAVING sum(c.surveys) > 0
),
cells AS (
  SELECT CASE WHEN coalesce(:by, 'cell') IN ('cell', 'week') THEN week END AS week,
         CASE WHEN coalesce(:by, 'cell') IN ('cell', 'queue') THEN name END AS queue_name,
         CASE WHEN coalesce(:by, 'cell') IN ('cell', 'channel') THEN channel END AS channel,
         sum(conversations) AS conversations, sum(surveyed) AS surveyed, sum(answered) AS answered
  FROM contacts LEFT JOIN queues USING (queue_key) GROUP BY 1, 2, 3
),
shares AS (
  SELECT *, sum(conversations) OVER () AS all_conversations, sum(surveyed) OVER () AS all_surveyed,
         sum(answered) OVER () AS all_answered
  FROM cells
)
SELECT week, queue_name, channel, conversations, surveyed,
       round(100.0 * surveyed / conversations, 1) AS coverage_pct,
       round(100 * (surveyed + 1.9208 - 1.96 * sqrt(1.0 * surveyed * (conversations - surveyed) / conversations + 0.9604))
             / (conversations + 3.8416), 1) AS coverage_low_pct,
       round(100 * (surveyed + 1.9208 + 1.96 * sqrt(1.0 * surveyed * (conversations - surveyed) / conversations + 0.9604))
             / (conversations + 3.8416), 1) AS coverage_high_pct,
       round(100.0 * conversations / all_conversations, 1) AS share_of_contacts_pct,
       round(100.0 * surveyed / nullif(all_surveyed, 0), 1) AS share_of_surveyed_pct,
       round(100.0 * answered / nullif(all_answered, 0), 1) AS share_of_answers_pct,
       round(100.0 * answered / nullif(all_answered, 0) - 100.0 * conversations / all_conversations, 1) AS bias_points
FROM shares
ORDER BY week, queue_name, channel;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
days AS (
  SELECT i.local_date, i.queue_key, i.channel, count(*) AS conversations, sum(i.survey_count) AS surveys
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  WHERE NOT i.is_open AND i.agent_count > 0
    AND (:queue IS NULL OR i.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
  GROUP BY i.local_date, i.queue_key, i.channel
),
cells AS (
  SELECT sum(c.conversations) AS conversations, sum(c.surveys) AS surveys
  FROM days c
  JOIN dates d ON d.local_date = c.local_date
  GROUP BY d.week_start, c.queue_key, c.channel
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ': n = '
         || coalesce(sum(CASE WHEN surveys > 0 THEN conversations END), 0) || ' conversations; left out: '
         || coalesce(sum(CASE WHEN surveys = 0 THEN conversations END), 0)
         || ' of queues, media and weeks without any survey.' AS footer
FROM period LEFT JOIN cells ON true
GROUP BY from_date, to_date
UNION ALL SELECT settlement FROM report_calendar;

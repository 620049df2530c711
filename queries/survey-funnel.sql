-- title: Survey funnel, by conversation
-- rhythm: daily
-- description: From contacts to answers: conversations that ended and were answered by an agent, surveys
--   invited, sent and answered, with the rate of each step. One row per queue, medium and week; by rolls up.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: by text optional cell (queue, medium and week), week, queue, channel or total; default cell.
-- param: queue text optional Name or id of a queue.
-- param: division text optional Name or id of the interaction's division.
-- param: channel text optional Medium of the interaction.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of the contact: each row is a cohort by its surveys' current status, since the API keeps
--   neither the date of sending nor past statuses.
-- denominator: invited_pct of conversations; sent_pct of invited; response_pct and expired_pct of sent;
--   full_pct of responses.
-- exclusions: Surveys gone; Error and OptOut stand in columns of their own and in no denominator; cells of
--   queue, medium and week without any survey (counted in the footer); conversations without end or agent.
-- genesys: sent, responses, full, partial and expired stand for nSurveysSent, nSurveyResponses,
--   nSurveyFullResponses, nSurveyPartialResponses and nSurveysExpired, which Genesys counts by the date of the
--   event, not of the contact. Started (nSurveysStarted) exists in its aggregates alone.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
days AS (
  SELECT i.local_date, i.queue_key, i.channel, sum(NOT i.is_open AND i.agent_count > 0) AS conversations,
         sum(i.survey_count) AS surveys
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  WHERE true
    AND (:queue IS NULL OR i.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
  GROUP BY i.local_date, i.queue_key, i.channel
),
contacts AS (
  SELECT d.week_start AS week, c.queue_key, c.channel, sum(c.conversations) AS conversations, max(c.local_date) AS last_date
  FROM days c
  JOIN dates d ON d.local_date = c.local_date
  GROUP BY 1, 2, 3
  HAVING sum(c.surveys) > 0
),
asked AS (
  SELECT d.week_start AS week, i.queue_key, i.channel,
         sum(s.status <> 'Error') AS invited, sum(s.is_sent) AS sent, sum(s.is_response) AS responses,
         sum(s.is_response AND s.is_partial IS TRUE) AS partial,
         sum(s.status = 'OptOut') AS opt_out, sum(s.status = 'Expired') AS expired, sum(s.status = 'Error') AS error
  FROM period p
  JOIN dates d ON d.local_date BETWEEN p.from_date AND p.to_date
  JOIN interactions i ON i.local_date = d.local_date
  JOIN survey_facts s USING (conversation_key)
  WHERE i.survey_count > 0 AND NOT s.is_gone
    AND (:queue IS NULL OR i.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
  GROUP BY 1, 2, 3
),
cells AS (
  SELECT CASE WHEN coalesce(:by, 'cell') IN ('cell', 'week') THEN c.week END AS week,
         CASE WHEN coalesce(:by, 'cell') IN ('cell', 'queue') THEN q.name END AS queue_name,
         CASE WHEN coalesce(:by, 'cell') IN ('cell', 'channel') THEN c.channel END AS channel,
         sum(c.conversations) AS conversations, max(c.last_date) AS last_date, sum(a.invited) AS invited, sum(a.sent) AS sent,
         sum(a.responses) AS responses, sum(a.partial) AS partial, sum(a.opt_out) AS opt_out, sum(a.expired) AS expired,
         sum(a.error) AS error
  FROM contacts c
  LEFT JOIN asked a ON a.week = c.week AND a.queue_key IS NOT DISTINCT FROM c.queue_key AND a.channel IS NOT DISTINCT FROM c.channel
  LEFT JOIN queues q ON q.queue_key = c.queue_key
  GROUP BY 1, 2, 3
)
SELECT week, queue_name, channel, conversations, invited,
       round(100.0 * invited / nullif(conversations, 0), 1) AS invited_pct,
       sent, round(100.0 * sent / nullif(invited, 0), 1) AS sent_pct,
       responses, round(100.0 * responses / nullif(sent, 0), 1) AS response_pct,
       round(100 * (responses + 1.9208 - 1.96 * sqrt(1.0 * responses * (nullif(sent, 0) - responses) / nullif(sent, 0) + 0.9604))
             / (nullif(sent, 0) + 3.8416), 1) AS response_low_pct,
       round(100 * (responses + 1.9208 + 1.96 * sqrt(1.0 * responses * (nullif(sent, 0) - responses) / nullif(sent, 0) + 0.9604))
             / (nullif(sent, 0) + 3.8416), 1) AS response_high_pct,
       responses - partial AS full, partial, round(100.0 * (responses - partial) / nullif(responses, 0), 1) AS full_pct,
       opt_out, expired, round(100.0 * expired / nullif(sent, 0), 1) AS expired_pct, error,
       CASE WHEN last_date > (SELECT mature_through FROM report_maturity) THEN 'immature' END AS note
FROM cells
ORDER BY week, queue_name, channel;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
days AS (
  SELECT i.local_date, i.queue_key, i.channel, sum(NOT i.is_open AND i.agent_count > 0) AS conversations,
         sum(i.survey_count) AS surveys
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  WHERE true
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
UNION ALL SELECT maturity || ' Rows marked immature are still being answered.' FROM report_maturity
UNION ALL SELECT settlement FROM report_calendar;

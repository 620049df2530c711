-- title: Interaction volume and mix, by conversation
-- rhythm: daily
-- description: How many conversations there were, of which media and directions or at which times, how many
--   were abandoned or reached an agent, and how long agents spent on each.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: by text optional mix (medium and direction), channel, direction, queue, division, day, week, month,
--   weekday or hour; default mix.
-- param: queue text optional Name or id of a queue.
-- param: agent text optional Name or id of the agent the survey is about.
-- param: team text optional Name of that agent's team at the time.
-- param: division text optional Name or id of the interaction's division.
-- param: channel text optional Medium of the interaction.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of the contact.
-- denominator: conversations; handle times of those with handle time, so per conversation, not per leg.
-- exclusions: Conversations without handle time, from the handle times; over_4h counts what is too long to be
--   work (forgotten callbacks and hung legs): it stays out of the mean and is in the median.
-- genesys: nConversations by mediaType, originatingDirection and time; AHT by leg, as Genesys has it, stands in
--   queue-performance and agent-scorecard.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
contacts AS MATERIALIZED (
  SELECT CASE coalesce(:by, 'mix')
           WHEN 'queue' THEN (SELECT name FROM queues WHERE queue_key = i.queue_key)
           WHEN 'division' THEN (SELECT name FROM divisions WHERE division_key = i.division_key)
           WHEN 'channel' THEN i.channel WHEN 'direction' THEN i.direction WHEN 'day' THEN i.local_date || ''
           WHEN 'week' THEN date(i.local_date, 'weekday 0', '-6 days') || '' WHEN 'month' THEN substr(i.local_date, 1, 7)
           WHEN 'weekday' THEN i.local_weekday || '' WHEN 'hour' THEN i.local_hour || ''
           ELSE i.channel || ' ' || i.direction END AS grp,
         i.is_abandoned, i.agent_count, i.is_open, i.handle_ms
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  WHERE true
    AND (:queue IS NULL OR i.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:agent IS NULL OR i.agent_key IN (
      SELECT user_key FROM users WHERE user_id = :agent OR name = :agent COLLATE NOCASE))
    AND (:team IS NULL OR i.team_key IN (SELECT team_key FROM teams WHERE name = :team COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
),
groups AS MATERIALIZED (
  SELECT grp, count(*) AS conversations, sum(agent_count > 0) AS with_agent, coalesce(sum(is_abandoned), 0) AS abandoned,
         sum(is_open) AS open, count(handle_ms) AS handled,
         avg(CASE WHEN handle_ms <= 14400000 THEN handle_ms END) AS mean_ms, coalesce(sum(handle_ms > 14400000), 0) AS over_4h
  FROM contacts GROUP BY grp
),
placed AS (
  SELECT grp, handle_ms, row_number() OVER (PARTITION BY grp ORDER BY handle_ms) AS place
  FROM contacts WHERE handle_ms IS NOT NULL
),
-- The median is the mean of the one or two in the middle.
medians AS (
  SELECT g.grp, avg(p.handle_ms) AS median_ms
  FROM placed p JOIN groups g ON g.grp IS NOT DISTINCT FROM p.grp AND p.place IN ((g.handled + 1) / 2, (g.handled + 2) / 2)
  GROUP BY g.grp
)
SELECT coalesce(g.grp, '(none)') AS "group", g.conversations,
       round(100.0 * g.conversations / sum(g.conversations) OVER (), 1) AS share_pct, g.with_agent, g.abandoned,
       round(100.0 * g.abandoned / g.conversations, 1) AS abandoned_pct, g.open, g.handled,
       round(g.mean_ms / 1000.0, 1) AS mean_handle_s, round(m.median_ms / 1000.0, 1) AS median_handle_s, g.over_4h
FROM groups g
LEFT JOIN medians m ON m.grp IS NOT DISTINCT FROM g.grp
ORDER BY CASE WHEN :by IN ('weekday', 'hour') THEN length(g.grp) END,
  CASE WHEN :by IN ('day', 'week', 'month', 'weekday', 'hour') THEN g.grp END, g.conversations DESC, g.grp;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS conversations, count(i.handle_ms) AS handled
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  WHERE true
    AND (:queue IS NULL OR i.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:agent IS NULL OR i.agent_key IN (
      SELECT user_key FROM users WHERE user_id = :agent OR name = :agent COLLATE NOCASE))
    AND (:team IS NULL OR i.team_key IN (SELECT team_key FROM teams WHERE name = :team COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ': n = ' || conversations || ' conversations; without handle time: '
         || (conversations - handled) || '.' AS footer
FROM period, scope
UNION ALL SELECT settlement FROM report_calendar;

-- title: CSAT by weekday and hour, by conversation
-- rhythm: weekly
-- description: A heat map as rows: for every weekday and hour of the contact's local start the contacts,
--   responses and satisfaction.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: queue text optional Name or id of a queue.
-- param: division text optional Name or id of the interaction's division.
-- param: channel text optional Medium of the interaction.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date, weekday (1 Monday to 7 Sunday) and hour of the contact.
-- denominator: n, the finished surveys that answered the mapped question, partial ones included.
-- exclusions: Surveys not finished, gone, or without an answer to the mapped question; hours without contacts.
-- genesys: Contacts by conversationStart; the crossing has no counterpart.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
contacts AS (
  SELECT i.local_weekday AS weekday, i.local_hour AS hour, count(*) AS contacts
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  WHERE true
    AND (:queue IS NULL OR i.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
  GROUP BY 1, 2
),
answers AS (
  SELECT i.local_weekday AS weekday, i.local_hour AS hour, count(*) AS responses, count(s.csat_is_positive) AS n,
         sum(s.csat_is_positive) AS positive
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE i.has_response AND s.is_response AND NOT s.is_gone
    AND (:queue IS NULL OR i.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
  GROUP BY 1, 2
)
SELECT c.weekday, c.hour, c.contacts, coalesce(a.responses, 0) AS responses, coalesce(a.n, 0) AS n,
       round(100.0 * a.positive / a.n, 1) AS csat_pct,
       round(100 * (a.positive + 1.9208 - 1.96 * sqrt(1.0 * a.positive * (a.n - a.positive) / a.n + 0.9604))
             / (a.n + 3.8416), 1) AS csat_low_pct,
       round(100 * (a.positive + 1.9208 + 1.96 * sqrt(1.0 * a.positive * (a.n - a.positive) / a.n + 0.9604))
             / (a.n + 3.8416), 1) AS csat_high_pct,
       CASE WHEN coalesce(a.n, 0) < 30 THEN 'indicative' END AS note
FROM contacts c
LEFT JOIN answers a ON a.weekday = c.weekday AND a.hour = c.hour
ORDER BY c.weekday, c.hour;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS contacts, sum(i.has_response) AS answered
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  WHERE true
    AND (:queue IS NULL OR i.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ', hours of ' || zone || ': n = ' || contacts || ' contacts, '
         || coalesce(answered, 0) || ' with a response.' AS footer
FROM period, scope, report_calendar
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

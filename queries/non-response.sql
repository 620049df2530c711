-- title: Non-response check, by conversation
-- rhythm: weekly, exploratory
-- description: Whether those who answer resemble those who were asked: the mix of both by medium, queue, wait
--   and handle time, with the difference in points. The footer gives CSAT as observed and re-weighted to the
--   mix of all surveyed contacts by queue and medium: if the two differ, the answers do not stand for the
--   customers.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: queue text optional Name or id of a queue.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: settled flag optional 1: contacts of settled days alone.
-- param: immature flag optional 1: keep cohorts that are still being answered.
-- basis: Local date of the contact.
-- denominator: share_of_responders_pct of all responses, share_of_others_pct of all surveys sent without a
--   response.
-- exclusions: Surveys gone, in Error, opted out or pending; contacts too young to have their answers, unless
--   immature is set; cells of queue and medium without any answer, from the re-weighting (counted in the
--   footer).
-- genesys: None: Genesys shows scores of those who answered.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
asked AS (
  SELECT s.is_response, i.channel, (SELECT name FROM queues WHERE queue_key = s.queue_key) AS queue_name,
         CASE WHEN i.answer_ms IS NULL THEN 'not known' WHEN i.answer_ms < 10000 THEN '1: 0-10 s'
           WHEN i.answer_ms < 30000 THEN '2: 10-30 s' WHEN i.answer_ms < 60000 THEN '3: 30-60 s'
           WHEN i.answer_ms < 180000 THEN '4: 60-180 s' ELSE '5: over 180 s' END AS wait,
         CASE WHEN i.handle_ms IS NULL THEN 'not known' WHEN i.handle_ms < 120000 THEN '1: under 2 min'
           WHEN i.handle_ms < 300000 THEN '2: 2-5 min' WHEN i.handle_ms < 600000 THEN '3: 5-10 min'
           WHEN i.handle_ms < 1200000 THEN '4: 10-20 min' ELSE '5: over 20 min' END AS handling
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE s.is_sent AND NOT s.is_gone
    AND (coalesce(:immature, 0) = 1 OR i.local_date <= (SELECT mature_through FROM report_maturity))
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
),
levels AS (
  SELECT 1 AS place, 'medium' AS trait, coalesce(channel, '(none)') AS level, is_response FROM asked
  UNION ALL SELECT 2, 'queue', coalesce(queue_name, '(none)'), is_response FROM asked
  UNION ALL SELECT 3, 'wait', wait, is_response FROM asked
  UNION ALL SELECT 4, 'handle time', handling, is_response FROM asked
),
groups AS (
  SELECT place, trait, level, count(*) AS sent, sum(is_response) AS responders,
         sum(sum(is_response)) OVER traits AS all_responders,
         sum(count(*) - sum(is_response)) OVER traits AS all_others
  FROM levels GROUP BY place, trait, level
  WINDOW traits AS (PARTITION BY place)
)
SELECT trait, level, sent, responders, round(100.0 * responders / sent, 1) AS response_pct,
       round(100 * (responders + 1.9208 - 1.96 * sqrt(1.0 * responders * (sent - responders) / sent + 0.9604))
             / (sent + 3.8416), 1) AS response_low_pct,
       round(100 * (responders + 1.9208 + 1.96 * sqrt(1.0 * responders * (sent - responders) / sent + 0.9604))
             / (sent + 3.8416), 1) AS response_high_pct,
       round(100.0 * responders / nullif(all_responders, 0), 1) AS share_of_responders_pct,
       round(100.0 * (sent - responders) / nullif(all_others, 0), 1) AS share_of_others_pct,
       round(100.0 * responders / nullif(all_responders, 0)
             - 100.0 * (sent - responders) / nullif(all_others, 0), 1) AS difference_points,
       CASE WHEN sent < 30 THEN 'indicative' END AS note
FROM groups
ORDER BY place, level;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
cells AS (
  SELECT count(*) AS sent, sum(s.is_response) AS responses, count(CASE WHEN s.is_response THEN s.csat_is_positive END) AS n,
         sum(CASE WHEN s.is_response THEN s.csat_is_positive END) AS positive
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE s.is_sent AND NOT s.is_gone
    AND (coalesce(:immature, 0) = 1 OR i.local_date <= (SELECT mature_through FROM report_maturity))
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
  GROUP BY s.queue_key, i.channel
),
scope AS (
  SELECT sum(sent) AS sent, sum(responses) AS responses, sum(n) AS n, 1.0 * sum(positive) / sum(n) AS observed,
         sum(CASE WHEN n > 0 THEN 1.0 * sent * positive / n END) / sum(CASE WHEN n > 0 THEN sent END) AS weighted,
         sum(CASE WHEN n = 0 THEN sent ELSE 0 END) AS silent
  FROM cells
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ': n = ' || coalesce(sent, 0) || ' surveys sent, '
         || coalesce(responses, 0) || ' answered.' AS footer
FROM period, scope
UNION ALL
SELECT 'CSAT as observed ' || round(100 * observed, 1) || ' %, re-weighted to the mix of surveyed contacts '
         || round(100 * weighted, 1) || ' % (n = ' || n || '); left out of it: ' || silent
         || ' surveys in cells of queue and medium without an answer.' FROM scope WHERE n > 0
UNION ALL
SELECT maturity || CASE WHEN coalesce(:immature, 0) = 1 THEN ' Later contacts are in all the same.'
                     ELSE ' Later contacts are left out.' END FROM report_maturity
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

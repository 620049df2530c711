-- title: Opt-out rate, by conversation
-- rhythm: weekly
-- description: Who declines to be asked, by queue and month of the contact.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: by text optional cell (queue and month), queue, month or channel; default cell.
-- param: queue text optional Name or id of a queue.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of the contact.
-- denominator: asked = surveys sent plus opt-outs.
-- exclusions: Surveys gone, in Error or pending.
-- genesys: Surveys with status Opt Out; Genesys has no rate of them.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
groups AS (
  SELECT CASE WHEN coalesce(:by, 'cell') IN ('cell', 'queue') THEN
           (SELECT name FROM queues WHERE queue_key = s.queue_key) END AS queue_name,
         CASE WHEN coalesce(:by, 'cell') IN ('cell', 'month') THEN substr(i.local_date, 1, 7) END AS month,
         CASE WHEN :by = 'channel' THEN i.channel END AS channel,
         count(*) AS asked, sum(s.status = 'OptOut') AS opt_out
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE NOT s.is_gone AND (s.is_sent OR s.status = 'OptOut')
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
  GROUP BY 1, 2, 3
)
SELECT queue_name, month, channel, asked, opt_out, round(100.0 * opt_out / asked, 1) AS opt_out_pct,
       round(100 * (opt_out + 1.9208 - 1.96 * sqrt(1.0 * opt_out * (asked - opt_out) / asked + 0.9604))
             / (asked + 3.8416), 1) AS opt_out_low_pct,
       round(100 * (opt_out + 1.9208 + 1.96 * sqrt(1.0 * opt_out * (asked - opt_out) / asked + 0.9604))
             / (asked + 3.8416), 1) AS opt_out_high_pct,
       CASE WHEN asked < 30 THEN 'indicative' END AS note
FROM groups
ORDER BY queue_name, month, channel;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS asked, sum(s.status = 'OptOut') AS opt_out
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE NOT s.is_gone AND (s.is_sent OR s.status = 'OptOut')
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ': n = ' || asked || ' surveys sent or declined, '
         || coalesce(opt_out, 0) || ' declined.' AS footer
FROM period, scope
UNION ALL SELECT settlement FROM report_calendar;

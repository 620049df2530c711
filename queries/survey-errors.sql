-- title: Survey errors, by conversation
-- rhythm: audit
-- description: Surveys that could not be sent, by reason, form and medium. With several policies on one contact
--   Genesys sends one survey and leaves the others in Error, so errors beside a sent survey cost nothing:
--   also_sent counts them.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: by text optional reason, form, channel, day or cell (reason, form and medium); default cell.
-- param: queue text optional Name or id of a queue.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of the contact.
-- denominator: share_pct of all surveys in Error; error_pct of all surveys of the same form and medium, or day.
-- exclusions: Surveys gone. The reason stands in the quality API's survey alone, which is read where there are
--   answers to fetch or the end is open: where it was not read, reason is (not read).
-- genesys: nSurveyErrors by surveyErrorReason, which Genesys counts by event date. The policy that asked is in
--   no record.
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
surveys AS (
  SELECT CASE WHEN coalesce(:by, 'cell') IN ('cell', 'form') THEN s.form_name END AS form_name,
         CASE WHEN coalesce(:by, 'cell') IN ('cell', 'channel') THEN i.channel END AS channel,
         CASE WHEN :by = 'day' THEN i.local_date END AS day,
         CASE WHEN s.status = 'Error' AND coalesce(:by, 'cell') IN ('cell', 'reason')
           THEN coalesce(s.error_reason, (SELECT '(not read)' FROM main.surveys v
                         WHERE v.survey_key = s.survey_key AND v.payload_hash IS NULL), '(none given)') END AS reason,
         s.status = 'Error' AS is_error, s.status = 'Error' AND i.has_survey AS is_beside, i.local_date
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE NOT s.is_gone
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
),
groups AS (
  SELECT reason, form_name, channel, day, sum(is_error) AS errors, sum(is_beside) AS also_sent,
         sum(count(*)) OVER (PARTITION BY form_name, channel, day) AS surveys, sum(sum(is_error)) OVER () AS all_errors,
         min(CASE WHEN is_error THEN local_date END) AS first_date, max(CASE WHEN is_error THEN local_date END) AS last_date
  FROM surveys GROUP BY reason, form_name, channel, day
)
SELECT reason, form_name, channel, day, errors, also_sent, round(100.0 * errors / all_errors, 1) AS share_pct,
       round(100.0 * errors / surveys, 1) AS error_pct, first_date, last_date
FROM groups
WHERE errors > 0
ORDER BY day, errors DESC, reason, form_name, channel;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS surveys, sum(s.status = 'Error') AS errors, sum(s.status = 'Error' AND s.error_reason IS NOT NULL) AS known,
         sum(s.status = 'Error' AND (s.error_reason LIKE '%bounce%' OR s.error_reason LIKE '%address%'
                                     OR s.error_reason LIKE '%recipient%' OR s.error_reason LIKE '%email%')) AS bounced
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE NOT s.is_gone
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ': n = ' || coalesce(errors, 0) || ' errors of ' || surveys
         || ' surveys; their reason is known of ' || coalesce(known, 0) || ', and speaks of an address in '
         || coalesce(bounced, 0) || coalesce(' (' || round(100.0 * bounced / nullif(known, 0), 1) || ' %)', '') || '.' AS footer
FROM period, scope
UNION ALL SELECT settlement FROM report_calendar;

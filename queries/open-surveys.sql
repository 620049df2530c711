-- title: Open surveys by age, as of the last read
-- rhythm: audit
-- description: Surveys that may still change, by form, status and age of the contact. expires_from_days is the
--   age of the youngest survey of the form that has expired, and so the earliest age at which these may;
--   unread_24h counts those whose conversation was not looked at for a day.
-- param: queue text optional Name or id of a queue.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- basis: Local date of the contact; age counts to the last complete day.
-- denominator: n, the surveys neither Finished, Expired, OptOut nor Error.
-- exclusions: Surveys gone; surveys of contacts the warehouse does not hold have no age.
-- genesys: Pending, Sent and In Progress of a survey's status; their number at a moment has no aggregate.
WITH calendar AS MATERIALIZED (SELECT last_complete_date FROM report_calendar),
ages AS (
  SELECT s.form_name, s.status, s.conversation_key,
         cast(julianday(c.last_complete_date) - julianday(i.local_date) AS INTEGER) AS age
  FROM calendar c
  JOIN survey_facts s
  LEFT JOIN interactions i USING (conversation_key)
  WHERE NOT s.is_gone AND coalesce(s.status, '') NOT IN ('Finished', 'Expired', 'OptOut', 'Error')
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
),
buckets AS (
  SELECT *, CASE WHEN age IS NULL THEN 9 WHEN age < 1 THEN 0 WHEN age < 3 THEN 1 WHEN age < 7 THEN 2 WHEN age < 14 THEN 3
              WHEN age < 30 THEN 4 WHEN age < 90 THEN 5 WHEN age <= 120 THEN 6 ELSE 7 END AS bucket
  FROM ages
),
expired AS (
  SELECT s.form_name, min(cast(julianday(c.last_complete_date) - julianday(i.local_date) AS INTEGER)) AS youngest
  FROM calendar c
  JOIN survey_facts s
  LEFT JOIN interactions i USING (conversation_key)
  WHERE s.status = 'Expired'
  GROUP BY s.form_name
)
SELECT b.form_name, b.status,
       CASE b.bucket WHEN 0 THEN 'today' WHEN 1 THEN '1-2 days' WHEN 2 THEN '3-6 days' WHEN 3 THEN '7-13 days'
         WHEN 4 THEN '14-29 days' WHEN 5 THEN '30-89 days' WHEN 6 THEN '90-120 days' WHEN 7 THEN 'over 120 days'
         ELSE 'unknown' END AS age,
       count(*) AS n, e.youngest AS expires_from_days,
       sum(k.scope IS NOT NULL AND coalesce(k.ended_ms, 0) < f.fresh_through_ms - 86400000) AS unread_24h,
       CASE WHEN b.bucket = 7 THEN 'past the horizon' WHEN max(b.age) > e.youngest THEN 'may expire' END AS note
FROM buckets b
LEFT JOIN expired e ON e.form_name IS b.form_name
LEFT JOIN conversations v ON v.conversation_key = b.conversation_key
LEFT JOIN sync_scopes k ON k.resource = 'surveys' AND k.scope = v.conversation_id
LEFT JOIN sync_resources f ON f.resource = 'conversations'
GROUP BY b.form_name, b.status, b.bucket
ORDER BY b.form_name, b.status, b.bucket;

-- footer
WITH scope AS (
  SELECT count(*) AS n
  FROM survey_facts s
  LEFT JOIN interactions i USING (conversation_key)
  WHERE NOT s.is_gone AND coalesce(s.status, '') NOT IN ('Finished', 'Expired', 'OptOut', 'Error')
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
)
SELECT 'As of ' || last_complete_date || ': n = ' || n || ' surveys may still change.' AS footer FROM report_calendar, scope
UNION ALL SELECT settlement FROM report_calendar;

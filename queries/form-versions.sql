-- title: Form versions over time, by conversation
-- rhythm: audit
-- description: Which version of each survey form asked when and how often, and where a series breaks: note says
--   what of the measuring question changed against the version before.
-- param: from date optional First local date of the contacts; default all.
-- param: to date optional Last local date of the contacts, inclusive; default all.
-- param: queue text optional Name or id of a queue.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- basis: Local date of the contact.
-- denominator: surveys of the version; csat_n, its finished surveys that answered the mapped question.
-- exclusions: Surveys gone; versions that asked nobody in the period.
-- genesys: surveyFormId and surveyFormContextId of a survey.
-- dialect: sqlite postgresql
WITH asked AS (
  SELECT max(s.survey_key) AS newest_key, min(i.local_date) AS first_asked, max(i.local_date) AS last_asked, count(*) AS surveys,
         sum(s.is_response) AS responses, count(s.csat_is_positive) AS csat_n, sum(s.csat_is_positive) AS positive
  FROM survey_facts s LEFT JOIN interactions i USING (conversation_key)
  WHERE NOT s.is_gone AND (:from IS NULL OR i.local_date >= :from) AND (:to IS NULL OR i.local_date <= :to)
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
  GROUP BY s.form_key, CASE WHEN s.form_key IS NULL THEN s.form_context_id END
),
-- All surveys of a version name its form and context alike: one of them tells.
versions AS (
  SELECT s.form_context_id, s.form_key, s.form_name, a.* FROM asked a JOIN survey_facts s ON s.survey_key = a.newest_key
),
measured AS (
  SELECT v.*, f.form_id, f.language, f.is_published, f.modified_at, m.question_text, m.top_score,
         (SELECT count(DISTINCT o.question_id) FROM report_options o WHERE o.form_key = v.form_key) AS choice_questions,
         row_number() OVER series AS version, lag(m.question_text) OVER series AS previous_text,
         lag(m.top_score) OVER series AS previous_top
  FROM versions v
  LEFT JOIN survey_forms f ON f.form_key = v.form_key
  LEFT JOIN report_measures m ON m.form_key = v.form_key AND m.measure = 'csat'
  WINDOW series AS (PARTITION BY v.form_context_id ORDER BY v.first_asked, f.modified_at, f.form_id)
)
SELECT form_name, version, first_asked, last_asked, surveys, responses, csat_n,
       round(100.0 * positive / nullif(csat_n, 0), 1) AS csat_pct,
       round(100 * (positive + 1.9208 - 1.96 * sqrt(1.0 * positive * (csat_n - positive) / csat_n + 0.9604))
             / (csat_n + 3.8416), 1) AS csat_low_pct,
       round(100 * (positive + 1.9208 + 1.96 * sqrt(1.0 * positive * (csat_n - positive) / csat_n + 0.9604))
             / (csat_n + 3.8416), 1) AS csat_high_pct,
       language, is_published, modified_at, choice_questions, question_text AS csat_question, top_score,
       CASE WHEN question_text IS NULL THEN 'no question mapped as csat'
         WHEN version > 1 AND previous_text IS DISTINCT FROM question_text THEN 'break: the question changed'
         WHEN version > 1 AND previous_top IS DISTINCT FROM top_score THEN 'break: the scale changed' END AS note,
       form_context_id, form_id
FROM measured
ORDER BY form_name, form_context_id, version;

-- footer
SELECT 'Contacts ' || coalesce(:from, min(i.local_date) || '', 'never') || ' to '
         || coalesce(:to, max(i.local_date) || '', 'never') || ': n = ' || count(*) || ' surveys.' AS footer
FROM survey_facts s LEFT JOIN interactions i USING (conversation_key)
WHERE NOT s.is_gone AND (:from IS NULL OR i.local_date >= :from) AND (:to IS NULL OR i.local_date <= :to)
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
UNION ALL SELECT settlement FROM report_calendar;

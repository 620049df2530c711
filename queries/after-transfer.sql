-- title: Surveys after a transfer, by conversation
-- rhythm: weekly
-- description: Where more than one agent handled the contact: the same answers credited to the first and to the
--   last of them. Genesys credits the last; who hands over many unhappy customers shows only as the first. The
--   first two rows are all such contacts and, to compare, those with one agent.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: queue text optional Name or id of a queue.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: min_n integer optional Hide agents with fewer answers in both roles together; default 5.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of the contact.
-- denominator: answers of the role: finished surveys that answered the mapped question, partial ones included.
-- exclusions: Surveys not finished, gone, or without an answer to the mapped question; agents with fewer than
--   min_n answers (counted in the footer), and scores of a role with fewer.
-- genesys: Genesys credits a survey to the last agent alone.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
answers AS (
  SELECT s.csat_is_positive, i.agent_count > 1 AS is_passed, i.agent_key AS last_key,
         CASE WHEN i.agent_count > 1 THEN
           (SELECT l.agent_key FROM agent_legs l
            WHERE l.conversation_key = i.conversation_key AND l.is_handled
            ORDER BY l.started_ms, l.participant_no, l.session_no LIMIT 1) END AS first_key
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE i.has_response AND s.is_response AND NOT s.is_gone AND s.csat_is_positive IS NOT NULL AND i.agent_count > 0
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
),
roles AS (
  SELECT first_key AS agent_key, csat_is_positive AS as_first, NULL AS as_last FROM answers WHERE is_passed
  UNION ALL
  SELECT last_key, NULL, csat_is_positive FROM answers WHERE is_passed
),
groups AS (
  SELECT 1 AS place, '(all passed on)' AS agent_name, NULL AS agent_id, count(*) AS first_n, sum(csat_is_positive) AS first_k,
         count(*) AS last_n, sum(csat_is_positive) AS last_k
  FROM answers WHERE is_passed HAVING count(*) > 0
  UNION ALL
  SELECT 2, '(one agent)', NULL, 0, NULL, count(*), sum(csat_is_positive)
  FROM answers WHERE NOT is_passed HAVING count(*) > 0
  UNION ALL
  SELECT 3, coalesce(u.name, u.user_id), u.user_id, count(r.as_first), sum(r.as_first), count(r.as_last), sum(r.as_last)
  FROM roles r JOIN users u ON u.user_key = r.agent_key
  GROUP BY u.user_key, u.user_id, u.name HAVING count(*) >= coalesce(:min_n, 5)
),
-- A role of fewer answers than the floor shows no score.
floored AS (
  SELECT place, agent_name, agent_id, first_n, last_n,
         CASE WHEN place < 3 OR first_n >= coalesce(:min_n, 5) THEN first_k END AS first_k,
         CASE WHEN place < 3 OR last_n >= coalesce(:min_n, 5) THEN last_k END AS last_k
  FROM groups
)
SELECT agent_name, first_n, round(100.0 * first_k / first_n, 1) AS first_csat_pct,
       round(100 * (first_k + 1.9208 - 1.96 * sqrt(1.0 * first_k * (first_n - first_k) / first_n + 0.9604))
             / (first_n + 3.8416), 1) AS first_low_pct,
       round(100 * (first_k + 1.9208 + 1.96 * sqrt(1.0 * first_k * (first_n - first_k) / first_n + 0.9604))
             / (first_n + 3.8416), 1) AS first_high_pct,
       last_n, round(100.0 * last_k / last_n, 1) AS last_csat_pct,
       round(100 * (last_k + 1.9208 - 1.96 * sqrt(1.0 * last_k * (last_n - last_k) / last_n + 0.9604))
             / (last_n + 3.8416), 1) AS last_low_pct,
       round(100 * (last_k + 1.9208 + 1.96 * sqrt(1.0 * last_k * (last_n - last_k) / last_n + 0.9604))
             / (last_n + 3.8416), 1) AS last_high_pct,
       CASE WHEN max(first_n, last_n) < 30 THEN 'indicative' END AS note,
       agent_id
FROM floored
ORDER BY place, first_n + last_n DESC, agent_name;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS n, sum(i.agent_count > 1) AS passed
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE i.has_response AND s.is_response AND NOT s.is_gone AND s.csat_is_positive IS NOT NULL AND i.agent_count > 0
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ': n = ' || n || ' answers, ' || coalesce(passed, 0)
         || ' of contacts that more than one agent handled; hidden: agents with fewer than ' || coalesce(:min_n, 5)
         || '.' AS footer
FROM period, scope
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

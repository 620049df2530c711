-- title: Repeat contacts, by conversation
-- rhythm: weekly
-- description: How many inbound contacts were followed by another of the same customer within the window, by
--   queue, reason or both, and how satisfied customers were at the first contact and at a repeated one.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: days integer optional Window in days; default 7.
-- param: by text optional queue, reason (wrap-up code), cell (both) or total; default queue.
-- param: queue text optional Name or id of a queue.
-- param: division text optional Name or id of the interaction's division.
-- param: channel text optional Medium of the interaction.
-- param: min_n integer optional Hide rows with fewer contacts; default 5.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of the contact that may be followed.
-- denominator: contacts with a known customer whose window has passed; csat shares of the finished surveys that
--   answered the mapped question.
-- exclusions: Outbound contacts; contacts whose customer is unknown: no external contact id and no address, or
--   an address withheld or shared by more than 20 contacts (counted in the footer); contacts younger than the
--   window.
-- genesys: None equals it. The customer is the external contact, else the keyed hash of the address.
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
contacts AS MATERIALIZED (
  SELECT i.conversation_key, i.started_ms,
         coalesce(
           (SELECT min(x.external_contact_id) || ' contact' FROM participants x
            WHERE x.conversation_key = i.conversation_key AND x.purpose IN ('customer', 'external')),
           (SELECT coalesce(s.ani, s.address_from, s.remote) || ' address'
            FROM participants x JOIN sessions s USING (conversation_key, participant_no)
            WHERE x.conversation_key = i.conversation_key AND x.purpose IN ('customer', 'external')
              AND coalesce(s.ani, s.address_from, s.remote) IS NOT NULL
              AND coalesce(s.ani, s.address_from, s.remote) NOT LIKE '%anonymous%'
              AND coalesce(s.ani, s.address_from, s.remote) NOT LIKE '%restricted%'
              AND coalesce(s.ani, s.address_from, s.remote) NOT LIKE '%unavailable%'
              AND coalesce(s.ani, s.address_from, s.remote) NOT LIKE '%unknown%'
            ORDER BY x.participant_no, s.session_no LIMIT 1)) AS customer
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN date(p.from_date, '-' || coalesce(:days, 7) || ' days')
                                      AND date(p.to_date, '+' || coalesce(:days, 7) || ' days')
  WHERE +i.direction = 'inbound'  -- the sign keeps SQLite from indexing all directions first
),
placed AS MATERIALIZED (
  SELECT conversation_key, customer, row_number() OVER same AS place, lag(conversation_key) OVER same AS previous_key,
         started_ms - lag(started_ms) OVER same <= coalesce(:days, 7) * 86400000 AS is_repeat
  FROM contacts WHERE customer IS NOT NULL
  WINDOW same AS (PARTITION BY customer ORDER BY started_ms, conversation_key)
),
known AS (
  SELECT conversation_key, coalesce(is_repeat, 0) AS is_repeat,
         conversation_key IN (SELECT previous_key FROM placed WHERE is_repeat) AS is_followed
  FROM placed WHERE customer NOT IN (SELECT customer FROM placed WHERE place = 21)
),
answers AS (
  SELECT i.queue_key, i.wrapup_code_key, k.is_followed, k.is_repeat,
         CASE WHEN i.has_response THEN
           (SELECT max(s.csat_is_positive) FROM survey_facts s
            WHERE s.conversation_key = i.conversation_key AND s.is_response AND NOT s.is_gone) END AS csat_is_positive
  FROM period p
  JOIN known k
  JOIN interactions i USING (conversation_key)
  WHERE i.local_date BETWEEN p.from_date
      AND min(p.to_date, (SELECT date(last_complete_date, '-' || coalesce(:days, 7) || ' days') FROM report_calendar))
    AND (:queue IS NULL OR i.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
),
cells AS (
  SELECT queue_key, wrapup_code_key, is_repeat, csat_is_positive, count(*) AS contacts, sum(is_followed) AS followed
  FROM answers GROUP BY queue_key, wrapup_code_key, is_repeat, csat_is_positive
),
groups AS (
  SELECT CASE WHEN coalesce(:by, 'queue') IN ('queue', 'cell') THEN coalesce(q.name, '(none)') END AS queue_name,
         CASE WHEN :by IN ('reason', 'cell') THEN coalesce(w.name, '(none)') END AS reason,
         sum(contacts) AS contacts, sum(followed) AS followed,
         coalesce(sum(contacts) FILTER (WHERE NOT is_repeat AND csat_is_positive IS NOT NULL), 0) AS first_n,
         coalesce(sum(contacts) FILTER (WHERE NOT is_repeat AND csat_is_positive), 0) AS first_positive,
         coalesce(sum(contacts) FILTER (WHERE is_repeat AND csat_is_positive IS NOT NULL), 0) AS repeat_n,
         coalesce(sum(contacts) FILTER (WHERE is_repeat AND csat_is_positive), 0) AS repeat_positive
  FROM cells c
  LEFT JOIN queues q ON q.queue_key = c.queue_key
  LEFT JOIN wrapup_codes w ON w.wrapup_code_key = c.wrapup_code_key
  GROUP BY 1, 2
)
SELECT queue_name, reason, contacts, followed, round(100.0 * followed / contacts, 1) AS repeat_pct,
       round(100 * (followed + 1.9208 - 1.96 * sqrt(1.0 * followed * (contacts - followed) / contacts + 0.9604))
             / (contacts + 3.8416), 1) AS repeat_low_pct,
       round(100 * (followed + 1.9208 + 1.96 * sqrt(1.0 * followed * (contacts - followed) / contacts + 0.9604))
             / (contacts + 3.8416), 1) AS repeat_high_pct,
       first_n, round(100.0 * first_positive / nullif(first_n, 0), 1) AS first_csat_pct,
       repeat_n, round(100.0 * repeat_positive / nullif(repeat_n, 0), 1) AS repeat_csat_pct,
       CASE WHEN contacts < 30 THEN 'indicative' END AS note
FROM groups
WHERE contacts >= coalesce(:min_n, 5)
ORDER BY 1.0 * followed / contacts DESC, contacts DESC, queue_name, reason;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
contacts AS MATERIALIZED (
  SELECT i.local_date,
         -- CASE: SQLite evaluates both sides of an OR that is a value.
         CASE WHEN EXISTS (SELECT 1 FROM participants x
           WHERE x.conversation_key = i.conversation_key AND x.external_contact_id IS NOT NULL
             AND x.purpose IN ('customer', 'external')) THEN 1
         ELSE EXISTS (SELECT 1 FROM participants x JOIN sessions s USING (conversation_key, participant_no)
           WHERE x.conversation_key = i.conversation_key AND x.purpose IN ('customer', 'external')
             AND coalesce(s.ani, s.address_from, s.remote) IS NOT NULL
             AND coalesce(s.ani, s.address_from, s.remote) NOT LIKE '%anonymous%'
             AND coalesce(s.ani, s.address_from, s.remote) NOT LIKE '%restricted%'
             AND coalesce(s.ani, s.address_from, s.remote) NOT LIKE '%unavailable%'
             AND coalesce(s.ani, s.address_from, s.remote) NOT LIKE '%unknown%') END AS is_known
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  WHERE +i.direction = 'inbound'
    AND (:queue IS NULL OR i.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ', window ' || coalesce(:days, 7) || ' days: n = ' || count(is_known)
         || ' inbound, ' || coalesce(sum(is_known), 0) || ' with an external contact or an address that tells ('
         || coalesce(round(100.0 * sum(is_known) / nullif(count(is_known), 0), 1), 0) || ' %); younger than the window and left out: '
         || coalesce(sum(local_date > (SELECT date(last_complete_date, '-' || coalesce(:days, 7) || ' days')
                                       FROM report_calendar)), 0) || '.' AS footer
FROM period LEFT JOIN contacts
UNION ALL SELECT 'Addresses withheld, and those that more than 20 contacts share, tell no customer apart and are left out.'
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

-- title: Queue performance, by conversation
-- rhythm: daily
-- description: What came to each queue and what became of it, how fast it was answered and how long it took,
--   next to the satisfaction of those contacts.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: by text optional queue, cell (queue and medium) or channel; default queue.
-- param: queue text optional Name or id of a queue.
-- param: division text optional Name or id of the interaction's division.
-- param: channel text optional Medium of the interaction.
-- param: sl_flowouts flag optional 1: flow-outs count in the service level's denominator; default 0.
-- param: sl_short_abandons flag optional 0: short abandons do not; default 1.
-- param: sl_abandons flag optional 0: no abandons do; default 1.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of entering the queue, of the leg's start, and of the contact for satisfaction.
-- denominator: offered = visits to the queue; service level = (answered - over target) / (answered + abandons +
--   flow-outs as set); over target from nOverSla, else from the queue's target, else not, where the queue has
--   nOverSla for other visits of the medium; ASA and its median of the legs with tAnswered; AHT of the legs with
--   tHandle.
-- exclusions: Legs without handle or answer time from the means; surveys not finished or gone.
-- genesys: Offered, Answered, Abandon, Short Abandon, Flow-Out, ASA, AHT and Service Level % of the Queues
--   Performance view; the flags are the switches of Genesys Cloud's service level calculation, short abandons
--   being part of its abandons.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
visits AS (
  SELECT v.queue_key, v.channel, v.outcome, v.over_sla,
         coalesce(v.over_sla, v.wait_ms > (SELECT CASE v.channel
           WHEN 'voice' THEN q.call_service_level_ms WHEN 'callback' THEN q.callback_service_level_ms
           WHEN 'chat' THEN q.chat_service_level_ms WHEN 'email' THEN q.email_service_level_ms
           WHEN 'message' THEN q.message_service_level_ms END FROM queues q WHERE q.queue_key = v.queue_key)) AS is_over,
         count(*) AS n
  FROM period p
  JOIN queue_visits v ON v.local_date BETWEEN p.from_date AND p.to_date
  WHERE (:queue IS NULL OR v.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR v.queue_key IN (SELECT queue_key FROM queues JOIN divisions d USING (division_key)
      WHERE d.division_id = :division OR d.name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR v.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR EXISTS (SELECT 1 FROM interactions c JOIN utc_days d USING (utc_day)
      WHERE c.conversation_key = v.conversation_key AND d.is_settled))
  GROUP BY 1, 2, 3, 4, 5
),
counts AS (
  SELECT queue_key, channel, sum(n) AS offered, sum(CASE outcome WHEN 'answered' THEN n ELSE 0 END) AS answered,
         sum(CASE outcome WHEN 'abandoned' THEN n ELSE 0 END) AS abandoned,
         sum(CASE outcome WHEN 'short_abandoned' THEN n ELSE 0 END) AS short_abandoned,
         sum(CASE outcome WHEN 'flow_out' THEN n ELSE 0 END) AS flow_outs,
         sum(CASE outcome WHEN 'transferred' THEN n ELSE 0 END) AS transferred,
         sum(CASE WHEN outcome IN ('open', 'other') THEN n ELSE 0 END) AS other,
         sum(CASE WHEN outcome = 'answered' AND is_over THEN n ELSE 0 END) AS over,
         CASE WHEN sum(over_sla) > 0 THEN 0
           ELSE sum(CASE WHEN outcome = 'answered' AND is_over IS NULL THEN n ELSE 0 END) END AS unknown
  FROM visits GROUP BY queue_key, channel
),
offers AS (
  SELECT CASE coalesce(:by, 'queue') WHEN 'queue' THEN coalesce(q.name, '(none)') WHEN 'channel' THEN coalesce(c.channel, '')
           ELSE coalesce(c.channel, '') || ' ' || coalesce(q.name, '(none)') END AS grp,
         CASE WHEN coalesce(:by, 'queue') <> 'channel' THEN min(coalesce(q.name, '(none)')) END AS queue_name,
         CASE WHEN coalesce(:by, 'queue') <> 'queue' THEN min(c.channel) END AS channel, sum(c.offered) AS offered,
         sum(c.answered) AS answered, sum(c.abandoned) AS abandoned, sum(c.short_abandoned) AS short_abandoned,
         sum(c.flow_outs) AS flow_outs, sum(c.transferred) AS transferred, sum(c.other) AS other, sum(c.over) AS over,
         sum(c.unknown) AS unknown
  FROM counts c LEFT JOIN queues q ON q.queue_key = c.queue_key GROUP BY 1
),
legs AS MATERIALIZED (
  SELECT CASE coalesce(:by, 'queue') WHEN 'queue' THEN coalesce(q.name, '(none)') WHEN 'channel' THEN coalesce(l.channel, '')
           ELSE coalesce(l.channel, '') || ' ' || coalesce(q.name, '(none)') END AS grp, l.answer_ms, l.handle_ms
  FROM period p
  JOIN agent_legs l ON l.local_date BETWEEN p.from_date AND p.to_date
  LEFT JOIN queues q ON q.queue_key = l.queue_key
  WHERE coalesce(l.handle_ms, l.answer_ms) IS NOT NULL
    AND (:queue IS NULL OR l.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR l.queue_key IN (SELECT queue_key FROM queues JOIN divisions d USING (division_key)
      WHERE d.division_id = :division OR d.name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR l.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR EXISTS (SELECT 1 FROM interactions c JOIN utc_days d USING (utc_day)
      WHERE c.conversation_key = l.conversation_key AND d.is_settled))
),
means AS MATERIALIZED (
  SELECT grp, avg(answer_ms) AS asa_ms, avg(handle_ms) AS aht_ms, count(answer_ms) AS answers, count(handle_ms) AS handles
  FROM legs GROUP BY grp
),
-- The median is the mean of the one or two in the middle.
answering AS (
  SELECT grp, avg(answer_ms) AS median_ms
  FROM (SELECT grp, answer_ms, row_number() OVER (PARTITION BY grp ORDER BY answer_ms) AS place
        FROM legs WHERE answer_ms IS NOT NULL) placed
  WHERE (grp, place) IN (SELECT grp, (answers + 1) / 2 FROM means UNION ALL SELECT grp, (answers + 2) / 2 FROM means)
  GROUP BY grp
),
handling AS (
  SELECT grp, avg(handle_ms) AS median_ms
  FROM (SELECT grp, handle_ms, row_number() OVER (PARTITION BY grp ORDER BY handle_ms) AS place
        FROM legs WHERE handle_ms IS NOT NULL) placed
  WHERE (grp, place) IN (SELECT grp, (handles + 1) / 2 FROM means UNION ALL SELECT grp, (handles + 2) / 2 FROM means)
  GROUP BY grp
),
answers AS (
  SELECT CASE coalesce(:by, 'queue') WHEN 'queue' THEN coalesce(q.name, '(none)') WHEN 'channel' THEN coalesce(i.channel, '')
           ELSE coalesce(i.channel, '') || ' ' || coalesce(q.name, '(none)') END AS grp,
         count(*) AS n, sum(s.csat_is_positive) AS positive
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  LEFT JOIN queues q ON q.queue_key = s.queue_key
  WHERE i.has_response AND s.is_response AND NOT s.is_gone AND s.csat_is_positive IS NOT NULL
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR s.queue_key IN (SELECT queue_key FROM queues JOIN divisions d USING (division_key)
      WHERE d.division_id = :division OR d.name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
  GROUP BY 1
)
SELECT v.queue_name, v.channel, v.offered, v.answered, v.abandoned, v.short_abandoned, v.flow_outs, v.transferred, v.other,
       round(100.0 * (v.abandoned + v.short_abandoned) / v.offered, 1) AS abandon_pct,
       CASE WHEN v.unknown < v.answered OR v.answered = 0 THEN
         round(100.0 * (v.answered - v.unknown - v.over) / nullif(v.answered - v.unknown
           + CASE WHEN coalesce(:sl_abandons, 1) = 1 THEN v.abandoned + coalesce(:sl_short_abandons, 1) * v.short_abandoned ELSE 0 END
           + coalesce(:sl_flowouts, 0) * v.flow_outs, 0), 1) END AS service_level_pct,
       round(m.asa_ms / 1000.0, 1) AS asa_s, round(w.median_ms / 1000.0, 1) AS median_answer_s,
       round(m.aht_ms / 1000.0, 1) AS aht_s, round(h.median_ms / 1000.0, 1) AS median_handle_s,
       coalesce(a.n, 0) AS csat_n, round(100.0 * a.positive / nullif(a.n, 0), 1) AS csat_pct,
       round(100 * (a.positive + 1.9208 - 1.96 * sqrt(1.0 * a.positive * (a.n - a.positive) / a.n + 0.9604))
             / (a.n + 3.8416), 1) AS csat_low_pct,
       round(100 * (a.positive + 1.9208 + 1.96 * sqrt(1.0 * a.positive * (a.n - a.positive) / a.n + 0.9604))
             / (a.n + 3.8416), 1) AS csat_high_pct,
       CASE WHEN coalesce(a.n, 0) < 30 THEN 'indicative' END AS note
FROM offers v
LEFT JOIN means m ON m.grp = v.grp
LEFT JOIN answering w ON w.grp = v.grp
LEFT JOIN handling h ON h.grp = v.grp
LEFT JOIN answers a ON a.grp = v.grp
ORDER BY v.queue_name, v.channel;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS offered, sum(v.outcome = 'answered' AND v.over_sla IS NULL) AS by_target
  FROM period p
  JOIN queue_visits v ON v.local_date BETWEEN p.from_date AND p.to_date
  WHERE (:queue IS NULL OR v.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR v.queue_key IN (SELECT queue_key FROM queues JOIN divisions d USING (division_key)
      WHERE d.division_id = :division OR d.name = :division COLLATE NOCASE))
    AND (:channel IS NULL OR v.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR EXISTS (SELECT 1 FROM interactions c JOIN utc_days d USING (utc_day)
      WHERE c.conversation_key = v.conversation_key AND d.is_settled))
)
SELECT 'Visits ' || from_date || ' to ' || to_date || ': n = ' || offered || '; whether ' || coalesce(by_target, 0)
         || ' answered ones were in time was judged by the queue''s target, where it has one.' AS footer
FROM period, scope
UNION ALL
SELECT 'Service level: answered in time of answered'
         || CASE WHEN coalesce(:sl_abandons, 1) = 0 THEN ', abandons out'
              WHEN coalesce(:sl_short_abandons, 1) = 0 THEN ' and abandoned, short abandons out'
              ELSE ' and abandoned, short abandons in' END
         || CASE coalesce(:sl_flowouts, 0) WHEN 0 THEN ', flow-outs out.' ELSE ', flow-outs in.' END
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

-- title: Agent scorecard, by conversation
-- rhythm: daily
-- description: Every agent with enough responses, surest first (by the lower end of CSAT's interval):
--   satisfaction, recommendation, Genesys score and response rate of the surveys credited to the agent, and how
--   the agent's own legs were handled. A rank is given only where intervals separate: 1 + the agents whose
--   interval lies wholly above; without anyone wholly above or below there is none. Small differences are mostly
--   noise: +-5 points of CSAT take about 245 answers, +-10 points of NPS about 270.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: queue text optional Name or id of a queue.
-- param: agent text optional Name or id of an agent.
-- param: team text optional Name of the agent's team at the time of the contact.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: agent_basis text optional Whose a survey is: survey (the agent it is about, as in Genesys: the last
--   one), last (the interaction's last agent) or any (every agent who handled a leg); default survey.
-- param: min_n integer optional Hide rows with fewer answers; default 5.
-- param: settled flag optional 1: contacts of settled days alone.
-- param: immature flag optional 1: keep cohorts that are still being answered.
-- basis: Local date of the contact; legs count by the local date of their own start.
-- denominator: n = responses credited; csat_n and nps_n = those with an answer to the question; response rate
--   of the surveys sent about mature contacts; AHT, hold and transfer of the legs with handle time.
-- exclusions: Surveys gone or in Error; agents with fewer than min_n responses (counted in the footer), and CSAT
--   or NPS of fewer than min_n answers; contacts too young to have their answers, from the response rate alone;
--   legs without handle time.
-- genesys: AHT, Hold % and Transfer % as in the Agents Performance view, by leg. Genesys credits a survey to
--   the last agent, as agent_basis survey does. genesys_score is totalScore as delivered; its scale is
--   undocumented.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
surveys AS (
  SELECT s.survey_key, i.conversation_key, s.agent_key, s.team_key, i.agent_key AS last_key, i.team_key AS last_team_key,
         s.is_response, s.csat_is_positive, s.nps_score, s.total_score,
         coalesce(:immature, 0) = 1 OR i.local_date <= (SELECT mature_through FROM report_maturity) AS is_mature
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE s.is_sent AND NOT s.is_gone
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
),
credited AS (
  SELECT CASE WHEN :agent_basis = 'last' THEN last_key ELSE agent_key END AS agent_key,
         CASE WHEN :agent_basis = 'last' THEN last_team_key ELSE team_key END AS team_key,
         is_response, csat_is_positive, nps_score, total_score, is_mature
  FROM surveys WHERE :agent_basis IS DISTINCT FROM 'any'
  UNION ALL
  SELECT l.agent_key, max(l.team_key), s.is_response, s.csat_is_positive, s.nps_score, s.total_score, s.is_mature
  FROM surveys s JOIN agent_legs l USING (conversation_key)
  WHERE :agent_basis = 'any' AND l.is_handled
  GROUP BY s.survey_key, l.agent_key, s.is_response, s.csat_is_positive, s.nps_score, s.total_score, s.is_mature
),
scores AS (
  SELECT c.agent_key, sum(c.is_mature) AS sent, sum(c.is_mature AND c.is_response) AS answered, sum(c.is_response) AS n,
         count(c.csat_is_positive) AS csat_n, sum(c.csat_is_positive) AS positive,
         count(c.nps_score) AS nps_n, sum(c.nps_score >= 9) AS promoters, sum(c.nps_score <= 6) AS detractors,
         avg(c.total_score) AS total_score
  FROM credited c
  WHERE c.agent_key IS NOT NULL
    AND (:agent IS NULL OR c.agent_key IN (
      SELECT user_key FROM users WHERE user_id = :agent OR name = :agent COLLATE NOCASE))
    AND (:team IS NULL OR c.team_key IN (SELECT team_key FROM teams WHERE name = :team COLLATE NOCASE))
  GROUP BY c.agent_key
),
legs AS (
  SELECT l.agent_key, l.handle_ms, l.hold_ms, l.transfers
  FROM period p
  JOIN agent_legs l ON l.local_date BETWEEN p.from_date AND p.to_date
  WHERE l.is_handled
    AND (:queue IS NULL OR l.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:agent IS NULL OR l.agent_key IN (
      SELECT user_key FROM users WHERE user_id = :agent OR name = :agent COLLATE NOCASE))
    AND (:team IS NULL OR l.team_key IN (SELECT team_key FROM teams WHERE name = :team COLLATE NOCASE))
    AND (:division IS NULL OR EXISTS (SELECT 1 FROM interactions c JOIN divisions d USING (division_key)
      WHERE c.conversation_key = l.conversation_key AND (d.division_id = :division OR d.name = :division COLLATE NOCASE)))
    AND (:channel IS NULL OR l.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR EXISTS (SELECT 1 FROM interactions c JOIN utc_days d USING (utc_day)
      WHERE c.conversation_key = l.conversation_key AND d.is_settled))
),
placed AS (
  SELECT agent_key, handle_ms, row_number() OVER (PARTITION BY agent_key ORDER BY handle_ms) AS place FROM legs
),
handling AS (
  SELECT agent_key, count(*) AS legs, avg(handle_ms) AS aht_ms, sum(transfers > 0) AS transferred, sum(hold_ms > 0) AS held
  FROM legs GROUP BY agent_key
),
medians AS (
  SELECT p.agent_key, avg(p.handle_ms) AS median_ms
  FROM placed p JOIN handling h ON h.agent_key = p.agent_key AND p.place IN ((h.legs + 1) / 2, (h.legs + 2) / 2)
  GROUP BY p.agent_key
),
-- A score of fewer answers than the floor is not shown, though the agent is.
floored AS (
  SELECT agent_key, sent, answered, n, csat_n, nps_n, promoters, detractors, total_score,
         CASE WHEN csat_n >= coalesce(:min_n, 5) THEN positive END AS positive,
         CASE WHEN nps_n >= max(1, coalesce(:min_n, 5)) THEN promoters - detractors END AS net
  FROM scores WHERE n >= coalesce(:min_n, 5)
),
shown AS (
  SELECT *,
         (positive + 1.9208 - 1.96 * sqrt(1.0 * positive * (csat_n - positive) / csat_n + 0.9604)) / (csat_n + 3.8416) AS low,
         (positive + 1.9208 + 1.96 * sqrt(1.0 * positive * (csat_n - positive) / csat_n + 0.9604)) / (csat_n + 3.8416) AS high,
         1.0 * net / (nps_n + 3) AS nps_mid,
         1.96 * sqrt(promoters + detractors + 1.5 - 1.0 * net * net / (nps_n + 3)) / (nps_n + 3) AS nps_half
  FROM floored
),
ranked AS (
  SELECT *, (SELECT count(*) FROM shown o WHERE o.low > s.high) AS above,
         (SELECT count(*) FROM shown o WHERE o.high < s.low) AS below
  FROM shown s
)
SELECT u.name AS agent_name, t.name AS team_name,
       CASE WHEN s.above + s.below > 0 THEN s.above + 1 END AS rank,
       s.n, s.csat_n,
       round(100.0 * s.positive / s.csat_n, 1) AS csat_pct,
       round(100 * s.low, 1) AS csat_low_pct, round(100 * s.high, 1) AS csat_high_pct,
       s.nps_n,
       round(100.0 * s.net / s.nps_n, 1) AS nps,
       round(100 * max(-1, nps_mid - nps_half), 1) AS nps_low,
       round(100 * min(1, nps_mid + nps_half), 1) AS nps_high,
       round(s.total_score, 1) AS genesys_score,
       s.sent, round(100.0 * s.answered / nullif(s.sent, 0), 1) AS response_pct,
       coalesce(h.legs, 0) AS handled, round(h.aht_ms / 1000.0, 1) AS aht_s, round(m.median_ms / 1000.0, 1) AS median_handle_s,
       round(100.0 * h.held / h.legs, 1) AS hold_pct, round(100.0 * h.transferred / h.legs, 1) AS transfer_pct,
       CASE WHEN s.csat_n < 30 OR s.nps_n BETWEEN 1 AND 29 THEN 'indicative' END AS note,
       u.user_id AS agent_id
FROM ranked s
JOIN users u ON u.user_key = s.agent_key
LEFT JOIN teams t ON t.team_key = u.team_key
LEFT JOIN handling h ON h.agent_key = s.agent_key
LEFT JOIN medians m ON m.agent_key = s.agent_key
ORDER BY s.low IS NULL, s.low DESC, s.n DESC, u.name;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
credited AS (
  SELECT s.agent_key, s.team_key, i.agent_key AS last_key, i.team_key AS last_team_key, i.conversation_key, s.is_response
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE s.is_sent AND NOT s.is_gone
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
),
agents AS (
  SELECT agent_key, sum(is_response) AS n FROM (
    SELECT CASE WHEN :agent_basis = 'last' THEN last_key ELSE agent_key END AS agent_key,
           CASE WHEN :agent_basis = 'last' THEN last_team_key ELSE team_key END AS team_key, is_response
    FROM credited WHERE :agent_basis IS DISTINCT FROM 'any'
    UNION ALL
    SELECT l.agent_key, max(l.team_key), s.is_response
    FROM credited s JOIN agent_legs l USING (conversation_key)
    WHERE :agent_basis = 'any' AND l.is_handled
    GROUP BY s.conversation_key, l.agent_key, s.is_response) c
  WHERE agent_key IS NOT NULL
    AND (:agent IS NULL OR c.agent_key IN (
      SELECT user_key FROM users WHERE user_id = :agent OR name = :agent COLLATE NOCASE))
    AND (:team IS NULL OR c.team_key IN (SELECT team_key FROM teams WHERE name = :team COLLATE NOCASE))
  GROUP BY agent_key
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ', surveys credited by ' || coalesce(:agent_basis, 'survey')
         || ': n = ' || coalesce(sum(n), 0) || ' responses; hidden: ' || coalesce(sum(n < coalesce(:min_n, 5)), 0)
         || ' agents with fewer than ' || coalesce(:min_n, 5) || '.' AS footer
FROM period LEFT JOIN agents ON true
GROUP BY from_date, to_date
UNION ALL
SELECT maturity || CASE WHEN coalesce(:immature, 0) = 1 THEN ' Later contacts are in all the same.'
                     ELSE ' The response rate leaves later contacts out.' END FROM report_maturity
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

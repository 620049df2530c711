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
WITH period AS (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
surveys AS (
  SELECT s.survey_id, s.conversation_id, s.agent_id, s.agent_name, s.team_name, s.is_response, s.csat_is_positive,
         s.nps_score, s.total_score,
         coalesce(:immature, 0) = 1 OR s.local_date <= (SELECT mature_through FROM report_maturity) AS is_mature
  FROM period p
  JOIN fact_surveys s ON s.local_date BETWEEN p.from_date AND p.to_date
  WHERE s.is_sent AND NOT s.is_gone
    AND (:queue IS NULL OR s.queue_id = :queue OR s.queue_name = :queue COLLATE NOCASE)
    AND (:division IS NULL OR s.division_id = :division OR s.division_name = :division COLLATE NOCASE)
    AND (:form IS NULL OR s.form_id = :form OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE)
    AND (:channel IS NULL OR s.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR s.is_settled)
),
credited AS (
  SELECT survey_id, agent_id, agent_name, team_name, is_response, csat_is_positive, nps_score, total_score, is_mature
  FROM surveys WHERE coalesce(:agent_basis, 'survey') = 'survey'
  UNION ALL
  SELECT s.survey_id, i.agent_id, i.agent_name, i.team_name, s.is_response, s.csat_is_positive, s.nps_score,
         s.total_score, s.is_mature
  FROM surveys s JOIN fact_interactions i ON i.conversation_id = s.conversation_id
  WHERE :agent_basis = 'last'
  UNION ALL
  SELECT s.survey_id, l.agent_id, l.agent_name, l.team_name, s.is_response, s.csat_is_positive, s.nps_score,
         s.total_score, s.is_mature
  FROM surveys s JOIN fact_agent_legs l ON l.conversation_id = s.conversation_id
  WHERE :agent_basis = 'any' AND l.is_handled
  GROUP BY s.survey_id, l.agent_id
),
scores AS (
  SELECT c.agent_id, max(c.agent_name) AS agent_name,
         sum(c.is_mature) AS sent, sum(c.is_mature AND c.is_response) AS answered,
         sum(c.is_response) AS n, count(c.csat_is_positive) AS csat_n, sum(c.csat_is_positive) AS positive,
         count(c.nps_score) AS nps_n, sum(c.nps_score >= 9) AS promoters, sum(c.nps_score <= 6) AS detractors,
         avg(c.total_score) AS total_score
  FROM credited c
  WHERE c.agent_id IS NOT NULL
    AND (:agent IS NULL OR c.agent_id = :agent OR c.agent_name = :agent COLLATE NOCASE)
    AND (:team IS NULL OR c.team_name = :team COLLATE NOCASE)
  GROUP BY c.agent_id
),
legs AS (
  SELECT l.agent_id, l.handle_ms, l.hold_ms, l.transfers,
         row_number() OVER (PARTITION BY l.agent_id ORDER BY l.handle_ms) AS place,
         count(*) OVER (PARTITION BY l.agent_id) AS legs
  FROM period p
  JOIN fact_agent_legs l ON l.local_date BETWEEN p.from_date AND p.to_date
  WHERE l.is_handled
    AND (:queue IS NULL OR l.queue_id = :queue OR l.queue_name = :queue COLLATE NOCASE)
    AND (:agent IS NULL OR l.agent_id = :agent OR l.agent_name = :agent COLLATE NOCASE)
    AND (:team IS NULL OR l.team_name = :team COLLATE NOCASE)
    AND (:division IS NULL OR EXISTS (SELECT 1 FROM fact_interactions c
      WHERE c.conversation_id = l.conversation_id
        AND (c.division_id = :division OR c.division_name = :division COLLATE NOCASE)))
    AND (:channel IS NULL OR l.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR EXISTS (SELECT 1 FROM fact_interactions c
      WHERE c.conversation_id = l.conversation_id AND c.is_settled))
),
handling AS (
  SELECT agent_id, legs, avg(handle_ms) AS aht_ms, sum(transfers > 0) AS transferred, sum(hold_ms > 0) AS held,
         avg(CASE WHEN place IN ((legs + 1) / 2, (legs + 2) / 2) THEN handle_ms END) AS median_ms
  FROM legs GROUP BY agent_id
),
-- A score of fewer answers than the floor is not shown, though the agent is.
floored AS (
  SELECT agent_id, agent_name, sent, answered, n, csat_n, nps_n, promoters, detractors, total_score,
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
SELECT s.agent_name, a.team_name,
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
       coalesce(h.legs, 0) AS handled, round(h.aht_ms / 1000.0, 1) AS aht_s, round(h.median_ms / 1000.0, 1) AS median_handle_s,
       round(100.0 * h.held / h.legs, 1) AS hold_pct, round(100.0 * h.transferred / h.legs, 1) AS transfer_pct,
       CASE WHEN s.csat_n < 30 OR s.nps_n BETWEEN 1 AND 29 THEN 'indicative' END AS note,
       s.agent_id
FROM ranked s
LEFT JOIN handling h ON h.agent_id = s.agent_id
LEFT JOIN dim_agents a ON a.agent_id = s.agent_id
ORDER BY s.low DESC, s.n DESC, s.agent_name;

-- footer
WITH period AS (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
credited AS (
  SELECT s.agent_id, s.agent_name, s.team_name, s.conversation_id, s.is_response
  FROM period p
  JOIN fact_surveys s ON s.local_date BETWEEN p.from_date AND p.to_date
  WHERE s.is_sent AND NOT s.is_gone
    AND (:queue IS NULL OR s.queue_id = :queue OR s.queue_name = :queue COLLATE NOCASE)
    AND (:division IS NULL OR s.division_id = :division OR s.division_name = :division COLLATE NOCASE)
    AND (:form IS NULL OR s.form_id = :form OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE)
    AND (:channel IS NULL OR s.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR s.is_settled)
),
agents AS (
  SELECT agent_id, sum(is_response) AS n FROM (
    SELECT agent_id, agent_name, team_name, is_response FROM credited WHERE coalesce(:agent_basis, 'survey') = 'survey'
    UNION ALL
    SELECT i.agent_id, i.agent_name, i.team_name, s.is_response
    FROM credited s JOIN fact_interactions i ON i.conversation_id = s.conversation_id WHERE :agent_basis = 'last'
    UNION ALL
    SELECT l.agent_id, l.agent_name, l.team_name, s.is_response
    FROM credited s JOIN fact_agent_legs l ON l.conversation_id = s.conversation_id
    WHERE :agent_basis = 'any' AND l.is_handled
    GROUP BY s.conversation_id, l.agent_id) c
  WHERE agent_id IS NOT NULL
    AND (:agent IS NULL OR c.agent_id = :agent OR c.agent_name = :agent COLLATE NOCASE)
    AND (:team IS NULL OR c.team_name = :team COLLATE NOCASE)
  GROUP BY agent_id
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ', surveys credited by ' || coalesce(:agent_basis, 'survey')
         || ': n = ' || coalesce(sum(n), 0) || ' responses; hidden: ' || coalesce(sum(n < coalesce(:min_n, 5)), 0)
         || ' agents with fewer than ' || coalesce(:min_n, 5) || '.' AS footer
FROM period LEFT JOIN agents
UNION ALL
SELECT maturity || CASE WHEN coalesce(:immature, 0) = 1 THEN ' Later contacts are in all the same.'
                     ELSE ' The response rate leaves later contacts out.' END FROM report_maturity
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

-- title: Team scorecard, by conversation
-- rhythm: weekly
-- description: The agent scorecard rolled up to teams or departments: scores pooled over all responses (so
--   weighted by them), and beside them the plain mean of the agents' own scores, which a few talkative
--   customers cannot pull.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: by text optional team (at the time of the contact) or department (current); default team.
-- param: queue text optional Name or id of a queue.
-- param: team text optional Name of that agent's team at the time.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: min_n integer optional Hide rows with fewer answers; default 5.
-- param: settled flag optional 1: contacts of settled days alone.
-- param: immature flag optional 1: keep cohorts that are still being answered.
-- basis: Local date of the contact; legs count by the local date of their own start.
-- denominator: n = responses about the team's agents; csat_n and nps_n = those with an answer to the question;
--   agents_csat_pct over the agents with at least min_n answers; response rate of the surveys sent about mature
--   contacts; AHT, hold and transfer of the legs with handle time.
-- exclusions: Surveys gone or in Error, or about no agent; teams with fewer than min_n responses (counted in
--   the footer); contacts too young to have their answers, from the response rate alone.
-- genesys: AHT, Hold % and Transfer % as in the Agents Performance view, by leg. Surveys are credited to the
--   last agent, as Genesys does. genesys_score is totalScore as delivered; its scale is undocumented.
WITH period AS (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
surveys AS (
  SELECT CASE coalesce(:by, 'team') WHEN 'department' THEN a.department ELSE s.team_name END AS team,
         s.agent_id, s.is_response, s.csat_is_positive, s.nps_score, s.total_score,
         coalesce(:immature, 0) = 1 OR s.local_date <= (SELECT mature_through FROM report_maturity) AS is_mature
  FROM period p
  JOIN fact_surveys s ON s.local_date BETWEEN p.from_date AND p.to_date
  JOIN dim_agents a ON a.agent_id = s.agent_id
  WHERE s.is_sent AND NOT s.is_gone
    AND (:queue IS NULL OR s.queue_id = :queue OR s.queue_name = :queue COLLATE NOCASE)
    AND (:team IS NULL OR s.team_name = :team COLLATE NOCASE)
    AND (:division IS NULL OR s.division_id = :division OR s.division_name = :division COLLATE NOCASE)
    AND (:form IS NULL OR s.form_id = :form OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE)
    AND (:channel IS NULL OR s.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR s.is_settled)
),
agents AS (
  SELECT team, agent_id, sum(is_mature) AS sent, sum(is_mature AND is_response) AS answered, sum(is_response) AS n,
         count(csat_is_positive) AS csat_n, sum(csat_is_positive) AS positive, count(nps_score) AS nps_n,
         sum(nps_score >= 9) AS promoters, sum(nps_score <= 6) AS detractors,
         sum(total_score) AS total_score, count(total_score) AS total_n
  FROM surveys GROUP BY team, agent_id
),
teams AS (
  SELECT coalesce(team, '(none)') AS team, sum(n > 0) AS agents, sum(sent) AS sent, sum(answered) AS answered, sum(n) AS n,
         sum(csat_n) AS csat_n, sum(positive) AS positive, sum(nps_n) AS nps_n, sum(promoters) AS promoters,
         sum(detractors) AS detractors, sum(total_score) / sum(total_n) AS total_score,
         avg(CASE WHEN csat_n >= coalesce(:min_n, 5) THEN 1.0 * positive / csat_n END) AS agents_csat,
         sum(csat_n >= coalesce(:min_n, 5)) AS agents_counted
  FROM agents GROUP BY 1
),
legs AS (
  SELECT coalesce(CASE coalesce(:by, 'team') WHEN 'department' THEN a.department ELSE l.team_name END, '(none)') AS team,
         count(*) AS legs, avg(l.handle_ms) AS aht_ms, sum(l.transfers > 0) AS transferred, sum(l.hold_ms > 0) AS held
  FROM period p
  JOIN fact_agent_legs l ON l.local_date BETWEEN p.from_date AND p.to_date
  JOIN dim_agents a ON a.agent_id = l.agent_id
  WHERE l.is_handled
    AND (:queue IS NULL OR l.queue_id = :queue OR l.queue_name = :queue COLLATE NOCASE)
    AND (:team IS NULL OR l.team_name = :team COLLATE NOCASE)
    AND (:division IS NULL OR EXISTS (SELECT 1 FROM fact_interactions c
      WHERE c.conversation_id = l.conversation_id
        AND (c.division_id = :division OR c.division_name = :division COLLATE NOCASE)))
    AND (:channel IS NULL OR l.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR EXISTS (SELECT 1 FROM fact_interactions c
      WHERE c.conversation_id = l.conversation_id AND c.is_settled))
  GROUP BY 1
),
shown AS (
  SELECT *, CASE WHEN nps_n > 0 THEN 1.0 * (promoters - detractors) / (nps_n + 3) END AS nps_mid,
         1.96 * sqrt(promoters + detractors + 1.5 - 1.0 * (promoters - detractors) * (promoters - detractors) / (nps_n + 3))
           / (nps_n + 3) AS nps_half
  FROM teams WHERE n >= coalesce(:min_n, 5)
)
SELECT t.team, t.agents, t.n, t.csat_n, round(100.0 * t.positive / t.csat_n, 1) AS csat_pct,
       round(100 * (t.positive + 1.9208 - 1.96 * sqrt(1.0 * t.positive * (t.csat_n - t.positive) / t.csat_n + 0.9604))
             / (t.csat_n + 3.8416), 1) AS csat_low_pct,
       round(100 * (t.positive + 1.9208 + 1.96 * sqrt(1.0 * t.positive * (t.csat_n - t.positive) / t.csat_n + 0.9604))
             / (t.csat_n + 3.8416), 1) AS csat_high_pct,
       round(100 * t.agents_csat, 1) AS agents_csat_pct, t.agents_counted,
       t.nps_n, round(100.0 * (t.promoters - t.detractors) / nullif(t.nps_n, 0), 1) AS nps,
       round(100 * max(-1, nps_mid - nps_half), 1) AS nps_low,
       round(100 * min(1, nps_mid + nps_half), 1) AS nps_high,
       round(t.total_score, 1) AS genesys_score,
       t.sent, round(100.0 * t.answered / nullif(t.sent, 0), 1) AS response_pct,
       coalesce(l.legs, 0) AS handled, round(l.aht_ms / 1000.0, 1) AS aht_s,
       round(100.0 * l.held / l.legs, 1) AS hold_pct, round(100.0 * l.transferred / l.legs, 1) AS transfer_pct,
       CASE WHEN t.n < 30 THEN 'indicative' END AS note
FROM shown t
LEFT JOIN legs l ON l.team = t.team
ORDER BY 1.0 * t.positive / t.csat_n DESC, t.n DESC, t.team;

-- footer
WITH period AS (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
teams AS (
  SELECT sum(s.is_response) AS n
  FROM period p
  JOIN fact_surveys s ON s.local_date BETWEEN p.from_date AND p.to_date
  JOIN dim_agents a ON a.agent_id = s.agent_id
  WHERE s.is_sent AND NOT s.is_gone
    AND (:queue IS NULL OR s.queue_id = :queue OR s.queue_name = :queue COLLATE NOCASE)
    AND (:team IS NULL OR s.team_name = :team COLLATE NOCASE)
    AND (:division IS NULL OR s.division_id = :division OR s.division_name = :division COLLATE NOCASE)
    AND (:form IS NULL OR s.form_id = :form OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE)
    AND (:channel IS NULL OR s.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR s.is_settled)
  GROUP BY CASE coalesce(:by, 'team') WHEN 'department' THEN a.department ELSE s.team_name END
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ': n = ' || coalesce(sum(n), 0) || ' responses; hidden: '
         || coalesce(sum(n < coalesce(:min_n, 5)), 0) || ' with fewer than ' || coalesce(:min_n, 5) || '.' AS footer
FROM period LEFT JOIN teams
UNION ALL
SELECT maturity || CASE WHEN coalesce(:immature, 0) = 1 THEN ' Later contacts are in all the same.'
                     ELSE ' The response rate leaves later contacts out.' END FROM report_maturity
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

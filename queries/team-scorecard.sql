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
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
surveys AS (
  SELECT CASE WHEN :by = 'department' THEN a.department ELSE s.team_key END AS team, s.agent_key, s.is_response, s.csat_is_positive,
         s.nps_score, s.total_score,
         coalesce(:immature, 0) = 1 OR i.local_date <= (SELECT mature_through FROM report_maturity) AS is_mature
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  JOIN users a ON a.user_key = s.agent_key
  WHERE s.is_sent AND NOT s.is_gone
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:team IS NULL OR s.team_key IN (SELECT team_key FROM teams WHERE name = :team COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
),
agents AS (
  SELECT team, agent_key, sum(is_mature) AS sent, sum(is_mature AND is_response) AS answered, sum(is_response) AS n,
         count(csat_is_positive) AS csat_n, sum(csat_is_positive) AS positive, count(nps_score) AS nps_n,
         sum(nps_score >= 9) AS promoters, sum(nps_score <= 6) AS detractors,
         sum(total_score) AS total_score, count(total_score) AS total_n
  FROM surveys GROUP BY team, agent_key
),
groups AS (
  SELECT coalesce(CASE WHEN :by = 'department' THEN team ELSE (SELECT name FROM teams WHERE team_key = team) END,
                  '(none)') AS team, sum(n > 0) AS agents, sum(sent) AS sent, sum(answered) AS answered, sum(n) AS n,
         sum(csat_n) AS csat_n, sum(positive) AS positive, sum(nps_n) AS nps_n, sum(promoters) AS promoters,
         sum(detractors) AS detractors, sum(total_score) / sum(total_n) AS total_score,
         avg(CASE WHEN csat_n >= coalesce(:min_n, 5) THEN 1.0 * positive / csat_n END) AS agents_csat,
         sum(csat_n >= coalesce(:min_n, 5)) AS agents_counted
  FROM agents GROUP BY 1
),
legs AS (
  SELECT CASE WHEN :by = 'department' THEN a.department ELSE l.team_key END AS team,
         count(*) AS legs, sum(l.handle_ms) AS handle_ms, sum(l.transfers > 0) AS transferred, sum(l.hold_ms > 0) AS held
  FROM period p
  JOIN agent_legs l ON l.local_date BETWEEN p.from_date AND p.to_date
  JOIN users a ON a.user_key = l.agent_key
  WHERE l.is_handled
    AND (:queue IS NULL OR l.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:team IS NULL OR l.team_key IN (SELECT team_key FROM teams WHERE name = :team COLLATE NOCASE))
    AND (:division IS NULL OR EXISTS (SELECT 1 FROM interactions c JOIN divisions d USING (division_key)
      WHERE c.conversation_key = l.conversation_key AND (d.division_id = :division OR d.name = :division COLLATE NOCASE)))
    AND (:channel IS NULL OR l.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR EXISTS (SELECT 1 FROM interactions c JOIN utc_days d USING (utc_day)
      WHERE c.conversation_key = l.conversation_key AND d.is_settled))
  GROUP BY 1
),
handling AS (
  SELECT coalesce(CASE WHEN :by = 'department' THEN team ELSE (SELECT name FROM teams WHERE team_key = team) END,
                  '(none)') AS team,
         sum(legs) AS legs, 1.0 * sum(handle_ms) / sum(legs) AS aht_ms, sum(transferred) AS transferred, sum(held) AS held
  FROM legs GROUP BY 1
),
shown AS (
  SELECT *, CASE WHEN nps_n > 0 THEN 1.0 * (promoters - detractors) / (nps_n + 3) END AS nps_mid,
         1.96 * sqrt(promoters + detractors + 1.5 - 1.0 * (promoters - detractors) * (promoters - detractors) / (nps_n + 3))
           / (nps_n + 3) AS nps_half
  FROM groups WHERE n >= coalesce(:min_n, 5)
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
LEFT JOIN handling l ON l.team = t.team
ORDER BY 1.0 * t.positive / t.csat_n DESC, t.n DESC, t.team;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
groups AS (
  SELECT sum(s.is_response) AS n
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  JOIN users a ON a.user_key = s.agent_key
  WHERE s.is_sent AND NOT s.is_gone
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:team IS NULL OR s.team_key IN (SELECT team_key FROM teams WHERE name = :team COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
  GROUP BY CASE WHEN :by = 'department' THEN a.department ELSE s.team_key END
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ': n = ' || coalesce(sum(n), 0) || ' responses; hidden: '
         || coalesce(sum(n < coalesce(:min_n, 5)), 0) || ' with fewer than ' || coalesce(:min_n, 5) || '.' AS footer
FROM period LEFT JOIN groups ON true
GROUP BY from_date, to_date
UNION ALL
SELECT maturity || CASE WHEN coalesce(:immature, 0) = 1 THEN ' Later contacts are in all the same.'
                     ELSE ' The response rate leaves later contacts out.' END FROM report_maturity
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

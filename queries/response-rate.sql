-- title: Response rate, by conversation
-- rhythm: daily
-- description: How many of the surveys sent were answered, by week, queue, medium, form, weekday or hour of the
--   contact.
-- param: from date optional First local date of the contacts; default 28 complete days up to the last one.
-- param: to date optional Last local date of the contacts, inclusive; default the last complete day.
-- param: by text optional week, queue, channel, form, team, weekday, hour or total; default week.
-- param: queue text optional Name or id of a queue.
-- param: agent text optional Name or id of the agent the survey is about.
-- param: team text optional Name of that agent's team at the time.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: min_n integer optional Hide rows with fewer answers; default 5.
-- param: settled flag optional 1: contacts of settled days alone.
-- param: immature flag optional 1: keep cohorts that are still being answered.
-- basis: Local date of the contact.
-- denominator: sent = surveys Sent, InProgress, Finished or Expired.
-- exclusions: Surveys gone, in Error, opted out or pending; rows with fewer than min_n surveys sent; contacts
--   too young to have their answers, but by week, where they are marked (counted in the footer).
-- genesys: nSurveyResponses / nSurveysSent, which Genesys counts by the dates of answering and sending, so that
--   its rate of a period mixes cohorts.
-- dialect: sqlite postgresql
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
surveys AS (
  SELECT CASE coalesce(:by, 'week')
           WHEN 'queue' THEN (SELECT name FROM queues WHERE queue_key = s.queue_key) WHEN 'channel' THEN i.channel
           WHEN 'form' THEN s.form_name WHEN 'team' THEN (SELECT name FROM teams WHERE team_key = s.team_key)
           WHEN 'total' THEN 'all'
           WHEN 'weekday' THEN i.local_weekday || '' WHEN 'hour' THEN i.local_hour || ''
           ELSE date(i.local_date, 'weekday 0', '-6 days') || '' END AS grp,
         s.is_response, i.local_date
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE s.is_sent AND NOT s.is_gone
    AND (coalesce(:immature, 0) = 1 OR coalesce(:by, 'week') = 'week'
         OR i.local_date <= (SELECT mature_through FROM report_maturity))
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:agent IS NULL OR s.agent_key IN (
      SELECT user_key FROM users WHERE user_id = :agent OR name = :agent COLLATE NOCASE))
    AND (:team IS NULL OR s.team_key IN (SELECT team_key FROM teams WHERE name = :team COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
),
groups AS (
  SELECT grp, count(*) AS sent, sum(is_response) AS responses, max(local_date) AS last_date
  FROM surveys GROUP BY grp
)
SELECT grp AS "group", sent, responses, round(100.0 * responses / sent, 1) AS response_pct,
       round(100 * (responses + 1.9208 - 1.96 * sqrt(1.0 * responses * (sent - responses) / sent + 0.9604))
             / (sent + 3.8416), 1) AS response_low_pct,
       round(100 * (responses + 1.9208 + 1.96 * sqrt(1.0 * responses * (sent - responses) / sent + 0.9604))
             / (sent + 3.8416), 1) AS response_high_pct,
       CASE WHEN coalesce(:by, 'week') = 'week' AND last_date > (SELECT mature_through FROM report_maturity) THEN 'immature'
         WHEN sent < 30 THEN 'indicative' END AS note
FROM groups
WHERE sent >= coalesce(:min_n, 5)
ORDER BY CASE WHEN :by IN ('weekday', 'hour') THEN length(grp) END,
  CASE WHEN coalesce(:by, 'week') IN ('week', 'weekday', 'hour') THEN grp END, response_pct DESC, grp;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS sent, sum(s.is_response) AS responses,
         sum(i.local_date > (SELECT mature_through FROM report_maturity)) AS young
  FROM period p
  JOIN interactions i ON i.local_date BETWEEN p.from_date AND p.to_date
  JOIN survey_facts s USING (conversation_key)
  WHERE s.is_sent AND NOT s.is_gone
    AND (:queue IS NULL OR s.queue_key IN (
      SELECT queue_key FROM queues WHERE queue_id = :queue OR name = :queue COLLATE NOCASE))
    AND (:agent IS NULL OR s.agent_key IN (
      SELECT user_key FROM users WHERE user_id = :agent OR name = :agent COLLATE NOCASE))
    AND (:team IS NULL OR s.team_key IN (SELECT team_key FROM teams WHERE name = :team COLLATE NOCASE))
    AND (:division IS NULL OR i.division_key IN (
      SELECT division_key FROM divisions WHERE division_id = :division OR name = :division COLLATE NOCASE))
    AND (:form IS NULL OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE
      OR s.form_key IN (SELECT form_key FROM survey_forms WHERE form_id = :form))
    AND (:channel IS NULL OR i.channel = :channel COLLATE NOCASE)
    AND (coalesce(:settled, 0) = 0 OR i.utc_day IN (SELECT utc_day FROM utc_days WHERE is_settled))
)
SELECT 'Contacts ' || from_date || ' to ' || to_date || ': n = ' || sent || ' surveys sent, '
         || coalesce(responses, 0) || ' answered; '
         || CASE WHEN coalesce(:immature, 0) = 1 THEN 'immature ones are in: '
              WHEN coalesce(:by, 'week') = 'week' THEN 'in immature weeks: ' ELSE 'left out as immature: ' END
         || coalesce(young, 0) || '.' AS footer
FROM period, scope
UNION ALL SELECT maturity FROM report_maturity
UNION ALL SELECT settlement FROM report_calendar;

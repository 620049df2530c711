-- title: Question group scores and drivers, by completion
-- rhythm: weekly, exploratory
-- description: Points reached of the points possible in each question group, and how closely each group moves
--   with the Genesys score, the recommendation and the mapped satisfaction answer (Pearson's correlation over
--   surveys, from 30 on). A group is part of the Genesys score, so some correlation with it is arithmetic; none
--   of them shows a cause.
-- param: from date optional First local date of completion; default 28 complete days up to the last one.
-- param: to date optional Last local date of completion, inclusive; default the last complete day.
-- param: queue text optional Name or id of a queue.
-- param: agent text optional Name or id of the agent the survey is about.
-- param: team text optional Name of that agent's team at the time.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- param: settled flag optional 1: contacts of settled days alone.
-- basis: Local date of completion.
-- denominator: n, the finished surveys that scored the group.
-- exclusions: Surveys not finished or gone; groups marked not applicable or without possible points;
--   correlations over fewer than 30 surveys or without any variation.
-- genesys: points and possible as in the group scores of a survey (oSurveyQuestionGroupScore); correlations
--   have no counterpart.
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
surveys AS (
  SELECT s.survey_key, s.form_context_id, s.form_key, s.form_name, s.total_score, s.nps_score, s.csat_score
  FROM period p
  JOIN survey_facts s ON s.completed_local_date BETWEEN p.from_date AND p.to_date
  LEFT JOIN interactions i USING (conversation_key)
  WHERE s.is_response AND NOT s.is_gone
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
-- A group is the same in all versions of its form by its context, in old forms by its heading.
scores AS (
  SELECT s.form_context_id, s.form_name, coalesce(q.context_id, q.name, g.group_id) AS group_key,
         coalesce(q.group_no, g.group_no) AS place, q.name AS group_name, g.total_score AS points,
         g.max_total_score AS possible, g.total_score / g.max_total_score AS share, s.total_score, s.nps_score, s.csat_score
  FROM surveys s
  JOIN survey_group_scores g ON g.survey_key = s.survey_key
  LEFT JOIN survey_question_groups q ON q.form_key = s.form_key AND q.group_id = g.group_id
  WHERE NOT coalesce(g.is_marked_na, 0) AND NOT coalesce(g.is_system_marked_na, 0) AND g.max_total_score > 0
),
-- One row per group and outcome with both values.
pairs AS (
  SELECT form_context_id, group_key, 'total' AS outcome, share AS x, total_score AS y FROM scores WHERE total_score IS NOT NULL
  UNION ALL SELECT form_context_id, group_key, 'nps', share, nps_score FROM scores WHERE nps_score IS NOT NULL
  UNION ALL SELECT form_context_id, group_key, 'csat', share, csat_score FROM scores WHERE csat_score IS NOT NULL
),
correlations AS (
  SELECT form_context_id, group_key, outcome,
         CASE WHEN count(*) >= 30 THEN
           (count(*) * sum(x * y) - sum(x) * sum(y))
           / nullif(sqrt(max(0, count(*) * sum(x * x) - sum(x) * sum(x)))
                    * sqrt(max(0, count(*) * sum(y * y) - sum(y) * sum(y))), 0)
         END AS r
  FROM pairs GROUP BY form_context_id, group_key, outcome
)
SELECT s.form_name, s.group_name, count(*) AS n, round(sum(s.points), 1) AS points, round(sum(s.possible), 1) AS possible,
       round(100.0 * sum(s.points) / sum(s.possible), 1) AS score_pct,
       (SELECT round(r, 2) FROM correlations c
        WHERE c.form_context_id IS s.form_context_id AND c.group_key IS s.group_key AND outcome = 'total') AS r_genesys_score,
       (SELECT round(r, 2) FROM correlations c
        WHERE c.form_context_id IS s.form_context_id AND c.group_key IS s.group_key AND outcome = 'nps') AS r_nps,
       (SELECT round(r, 2) FROM correlations c
        WHERE c.form_context_id IS s.form_context_id AND c.group_key IS s.group_key AND outcome = 'csat') AS r_csat,
       CASE WHEN count(*) < 30 THEN 'indicative' END AS note
FROM scores s
GROUP BY s.form_context_id, s.group_key
ORDER BY s.form_name, s.form_context_id, min(s.place), s.group_name;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS responses, sum(s.score_max IS NULL) AS unscored
  FROM period p
  JOIN survey_facts s ON s.completed_local_date BETWEEN p.from_date AND p.to_date
  LEFT JOIN interactions i USING (conversation_key)
  WHERE s.is_response AND NOT s.is_gone
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
SELECT 'Completed ' || from_date || ' to ' || to_date || ': n = ' || responses || ' responses; left out: '
         || coalesce(unscored, 0) || ' without any scored group.' AS footer
FROM period, scope
UNION ALL SELECT note FROM report_unmapped WHERE measure = 'csat'
UNION ALL SELECT settlement FROM report_calendar;

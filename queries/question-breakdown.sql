-- title: Question breakdown, by completion
-- rhythm: weekly
-- description: Every question of every form version asked: how often answered, marked not applicable or left
--   blank, mean, shares of the two highest and the two lowest options, and how often each option was chosen.
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
-- denominator: answered, the surveys whose answer is neither marked not applicable nor blank; shares of those
--   with a score. Where several options may be chosen, each counts, and there is no mean.
-- exclusions: Surveys not finished or gone; free texts are counted, not shown (see verbatims); top and bottom
--   shares of questions with fewer than four options, where they would meet.
-- genesys: nSurveyQuestionResponses and the mean of oSurveyQuestionScore, per question; shares and options have
--   no counterpart.
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
surveys AS (
  SELECT s.survey_key, s.form_key, s.form_name
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
answers AS (
  SELECT s.survey_key, s.form_name, s.form_key, a.group_no, a.question_no, a.group_name, a.question_id, a.question_text,
         a.question_type, a.answer_text, a.is_marked_na, coalesce(a.score, a.nps_score) AS score,
         CASE WHEN a.nps_score IS NOT NULL THEN a.nps_score >= 9 WHEN o.options >= 4 THEN t.from_top <= 2 END AS is_top,
         CASE WHEN a.nps_score IS NOT NULL THEN a.nps_score <= 1 WHEN o.options >= 4 THEN t.from_bottom <= 2 END AS is_bottom,
         NOT coalesce(a.is_marked_na, 0)
           AND coalesce(a.score, a.nps_score, a.answer_text, nullif(trim(a.free_text), '')) IS NOT NULL AS is_answered
  FROM surveys s
  JOIN survey_answers a ON a.survey_key = s.survey_key
  LEFT JOIN (SELECT form_key, question_id, max(from_top) AS options FROM report_options GROUP BY form_key, question_id) o
    ON o.form_key = s.form_key AND o.question_id = a.question_id
  LEFT JOIN (SELECT form_key, question_id, value, min(from_top) AS from_top, min(from_bottom) AS from_bottom
             FROM report_options GROUP BY form_key, question_id, value) t
    ON t.form_key = s.form_key AND t.question_id = a.question_id AND t.value = a.score
),
-- A question's place among a survey's answers moves with what was asked before it: its id does not.
choices AS (
  SELECT form_key, question_id, group_concat(choice || ': ' || n, '; ') AS choices FROM (
    SELECT form_key, question_id, coalesce(answer_text, score) AS choice, count(*) AS n
    FROM answers WHERE is_answered AND coalesce(answer_text, score) IS NOT NULL
    GROUP BY form_key, question_id, choice
    ORDER BY form_key, question_id, max(score) DESC, choice)
  GROUP BY form_key, question_id
),
questions AS (
  SELECT form_key, question_id, form_name, group_name, question_text, question_type,
         count(DISTINCT survey_key) AS asked, count(DISTINCT CASE WHEN is_answered THEN survey_key END) AS answered,
         count(DISTINCT CASE WHEN is_marked_na THEN survey_key END) AS na,
         avg(CASE WHEN is_answered AND question_type IS NOT 'multipleSelectQuestion' THEN score END) AS mean_score,
         avg(CASE WHEN is_answered THEN is_top END) AS top, avg(CASE WHEN is_answered THEN is_bottom END) AS bottom,
         max(score) AS highest, min(1000 * group_no + question_no) AS place
  FROM answers GROUP BY form_key, question_id
)
SELECT q.form_name, q.group_name, q.question_text AS question, q.question_type AS type, q.asked, q.answered, q.na,
       q.asked - q.answered - q.na AS blank, round(q.mean_score, 2) AS mean_score,
       round(100.0 * q.top, 1) AS top_2_pct, round(100.0 * q.bottom, 1) AS bottom_2_pct,
       CASE WHEN q.highest IS NOT NULL THEN c.choices END AS choices,
       CASE WHEN q.answered < 30 THEN 'indicative' END AS note,
       f.form_id, q.question_id
FROM questions q
LEFT JOIN survey_forms f ON f.form_key = q.form_key
LEFT JOIN choices c ON c.form_key IS q.form_key AND c.question_id IS q.question_id
LEFT JOIN (SELECT form_key, question_id, min(1000 * group_no + question_no) AS place
           FROM survey_questions GROUP BY form_key, question_id) x
  ON x.form_key = q.form_key AND x.question_id = q.question_id
ORDER BY q.form_name, f.form_id, coalesce(x.place, q.place), q.question_id;

-- footer
WITH period AS MATERIALIZED (
  SELECT coalesce(:from, date(coalesce(:to, last_complete_date), '-27 days')) AS from_date,
         coalesce(:to, last_complete_date) AS to_date
  FROM report_calendar
),
scope AS (
  SELECT count(*) AS responses, sum(s.is_partial) AS partial
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
SELECT 'Completed ' || from_date || ' to ' || to_date || ': n = ' || responses || ' responses, ' || coalesce(partial, 0)
         || ' of them partial; left out: nothing but surveys unfinished or gone.' AS footer
FROM period, scope
UNION ALL SELECT settlement FROM report_calendar;

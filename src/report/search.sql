-- title: Comments, by relevance
-- rhythm: daily
-- description: What customers wrote, by the words in it.
-- param: words text required What to look for, in FTS5's syntax.
-- param: excerpt flag optional 1: the words around the matches alone.
-- param: from date optional First local date of completion; default the first one stored.
-- param: to date optional Last local date of completion, inclusive; default the last one stored.
-- param: limit integer optional At most so many rows; default 50.
-- param: queue text optional Name or id of a queue.
-- param: agent text optional Name or id of the agent the survey is about.
-- param: team text optional Name of that agent's team at the time.
-- param: division text optional Name or id of the interaction's division.
-- param: form text optional Name, id or context id of a survey form.
-- param: channel text optional Medium of the interaction.
-- basis: Local date of completion.
-- denominator: None: comments are listed.
-- exclusions: Surveys gone; under the privacy profile strict no comment is kept.
-- genesys: None: Genesys Cloud does not search survey comments.
WITH found AS (
  SELECT c.rowid AS survey_key, -bm25(survey_comments) AS relevance,
         CASE WHEN :excerpt THEN snippet(survey_comments, 0, '«', '»', '…', 24) ELSE c.comments END AS comments
  FROM survey_comments c WHERE survey_comments MATCH :words
)
SELECT s.completed_at, s.csat_score, s.nps_score, s.agent_name, s.queue_name, s.channel, f.comments,
       round(f.relevance, 2) AS relevance, s.conversation_id, s.survey_id
FROM found f
JOIN surveys k ON k.survey_key = f.survey_key
JOIN fact_surveys s ON s.survey_id = k.survey_id
WHERE NOT s.is_gone
    AND (:from IS NULL OR s.completed_local_date >= :from)
    AND (:to IS NULL OR s.completed_local_date <= :to)
    AND (:queue IS NULL OR s.queue_id = :queue OR s.queue_name = :queue COLLATE NOCASE)
    AND (:agent IS NULL OR s.agent_id = :agent OR s.agent_name = :agent COLLATE NOCASE)
    AND (:team IS NULL OR s.team_name = :team COLLATE NOCASE)
    AND (:division IS NULL OR s.division_id = :division OR s.division_name = :division COLLATE NOCASE)
    AND (:form IS NULL OR s.form_id = :form OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE)
    AND (:channel IS NULL OR s.channel = :channel COLLATE NOCASE)
ORDER BY f.relevance DESC, s.completed_ms DESC, s.survey_id
LIMIT coalesce(:limit, 50);

-- footer
SELECT 'Found: n = ' || count(*) || ' of ' || (SELECT count(comments) FROM survey_facts)
         || ' comments; shown: at most ' || coalesce(:limit, 50) || '.' AS footer
FROM survey_comments c
JOIN surveys k ON k.survey_key = c.rowid
JOIN fact_surveys s ON s.survey_id = k.survey_id
WHERE survey_comments MATCH :words AND NOT s.is_gone
    AND (:from IS NULL OR s.completed_local_date >= :from)
    AND (:to IS NULL OR s.completed_local_date <= :to)
    AND (:queue IS NULL OR s.queue_id = :queue OR s.queue_name = :queue COLLATE NOCASE)
    AND (:agent IS NULL OR s.agent_id = :agent OR s.agent_name = :agent COLLATE NOCASE)
    AND (:team IS NULL OR s.team_name = :team COLLATE NOCASE)
    AND (:division IS NULL OR s.division_id = :division OR s.division_name = :division COLLATE NOCASE)
    AND (:form IS NULL OR s.form_id = :form OR s.form_context_id = :form OR s.form_name = :form COLLATE NOCASE)
    AND (:channel IS NULL OR s.channel = :channel COLLATE NOCASE)
UNION ALL SELECT 'The privacy profile of this warehouse is strict: comments are not kept.' FROM sync_meta
          WHERE key = 'privacy' AND value = 'strict'
UNION ALL SELECT settlement FROM report_calendar;

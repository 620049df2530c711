-- title: Data quality and completeness, as of the last read
-- rhythm: audit
-- description: What the warehouse lacks and what in it is odd: gaps, days still provisional, scopes that
--   failed, rows without their counterpart, values csatdb does not know, duplicates, and whether stored totals
--   agree with each other.
-- basis: None: the whole warehouse as of the last read.
-- denominator: None: findings are counted.
-- exclusions: None.
-- genesys: Conversations of a day as the details query counts them, at the last csatdb reconcile; it also compares
--   surveys and measures, which are not kept here.
WITH facts AS MATERIALIZED (
  SELECT count(i.conversation_key) AS held, count(*) - count(i.conversation_key) AS orphans,
         count(*) FILTER (WHERE s.is_gone) AS gone,
         count(*) FILTER (WHERE s.status = 'Finished' AND NOT s.is_gone
           AND NOT EXISTS (SELECT 1 FROM survey_answers a WHERE a.survey_key = s.survey_key)) AS unanswered,
         count(*) FILTER (WHERE s.status NOT IN ('Pending', 'Sent', 'InProgress', 'Finished', 'OptOut', 'Error', 'Expired'))
           AS unknown
  FROM survey_facts s LEFT JOIN interactions i USING (conversation_key)
),
-- Ids that a UNIQUE constraint keeps from being there twice: what SQLite proves need not be counted.
unique_ids AS MATERIALIZED (
  SELECT c.name FROM (SELECT 'conversations' AS owner UNION ALL SELECT 'surveys') t
  JOIN pragma_index_list(t.owner) x JOIN pragma_index_info(x.name) c WHERE x.origin = 'u'
)
SELECT place || '' AS no, finding, n, CASE WHEN n = 0 THEN 'ok' ELSE verdict END AS verdict, detail
FROM (
  SELECT 1 AS place, 'gaps: UTC days of conversations not read' AS finding, count(*) AS n, 'gap' AS verdict,
         (SELECT group_concat(scope, ', ') FROM (SELECT scope FROM sync_scopes WHERE resource = 'conversations'
            AND outcome <> 'ok' ORDER BY scope DESC LIMIT 10)) AS detail
  FROM sync_scopes WHERE resource = 'conversations' AND outcome <> 'ok'
  UNION ALL
  SELECT 2, 'provisional local days', cast(julianday(last_complete_date) - julianday(coalesce(settled_through_date,
         (SELECT date(min(local_date), '-1 day') FROM interactions))) AS INTEGER), 'provisional', settlement
  FROM report_calendar WHERE last_complete_date IS NOT NULL
  UNION ALL
  SELECT 3, 'scopes whose last read failed: ' || resource, count(*), 'failed', min(outcome || coalesce(': ' || message, ''))
  FROM sync_scopes WHERE outcome NOT IN ('ok', 'given up') GROUP BY resource
  UNION ALL
  SELECT 4, 'keys given up: ' || resource, count(*), 'given up', min(scope)
  FROM sync_scopes WHERE outcome = 'given up' GROUP BY resource
  UNION ALL
  SELECT 5, 'surveys whose conversation was never delivered', orphans, 'orphan', NULL FROM facts
  UNION ALL
  SELECT 6, 'finished surveys without answers', unanswered, 'incomplete', NULL FROM facts
  UNION ALL
  SELECT 7, 'surveys the service no longer has', gone, 'gone', NULL FROM facts
  UNION ALL
  SELECT 8, 'ids that no list names: ' || kind, n, 'inferred', NULL FROM (
    SELECT 'users' AS kind, sum(is_inferred) AS n FROM users UNION ALL SELECT 'queues', sum(is_inferred) FROM queues
    UNION ALL SELECT 'wrap-up codes', sum(is_inferred) FROM wrapup_codes
    UNION ALL SELECT 'divisions', sum(is_inferred) FROM divisions
    UNION ALL SELECT 'survey forms', sum(is_inferred) FROM survey_forms) WHERE n > 0
  UNION ALL
  SELECT 9, kind || ': ' || place, seen, 'unknown to csatdb', 'for example in ' || example FROM sync_problems
  UNION ALL
  SELECT 10, 'duplicate conversations', CASE WHEN 'conversation_id' IN (SELECT name FROM unique_ids) THEN 0
         ELSE (SELECT count(*) - count(DISTINCT conversation_id) FROM conversations) END, 'duplicate', NULL
  UNION ALL
  SELECT 11, 'duplicate surveys', CASE WHEN 'survey_id' IN (SELECT name FROM unique_ids) THEN 0
         ELSE (SELECT count(*) - count(DISTINCT survey_id) FROM surveys) END, 'duplicate', NULL
  UNION ALL
  SELECT 12, 'surveys counted by interactions but not stored',
         abs((SELECT coalesce(sum(survey_count), 0) FROM interactions WHERE survey_count > 0) - held), 'differs', NULL FROM facts
  UNION ALL
  SELECT 13, 'statuses csatdb does not know', unknown, 'unknown to csatdb',
         CASE WHEN unknown > 0 THEN (SELECT min(status) FROM survey_facts WHERE status NOT IN
           ('Pending', 'Sent', 'InProgress', 'Finished', 'OptOut', 'Error', 'Expired')) END
  FROM facts
  UNION ALL
  SELECT 14, 'UTC days whose conversations differ from the count of Genesys Cloud', count(*), 'differs',
         (SELECT group_concat(difference, ', ') FROM (
            SELECT utc_date || ': ' || stored || ' here, ' || counted || ' there (' || cause || ')' AS difference
            FROM sync_counts WHERE stored <> counted ORDER BY utc_date DESC LIMIT 10))
  FROM sync_counts WHERE stored <> counted
  UNION ALL
  SELECT 15, 'settled UTC days not compared with Genesys Cloud yet', count(*), 'not compared', 'csatdb reconcile compares them'
  FROM utc_days d WHERE is_settled AND NOT EXISTS (SELECT 1 FROM sync_counts k WHERE k.utc_date = d.utc_date)
)
ORDER BY place, finding;

-- footer
SELECT 'As of ' || last_complete_date || ': n = ' || (SELECT count(*) FROM interactions) || ' interactions, '
         || (SELECT count(*) FROM survey_facts) || ' surveys; nothing left out.' AS footer
FROM report_calendar
UNION ALL SELECT settlement FROM report_calendar;

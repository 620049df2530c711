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
  SELECT sum(i.conversation_key IS NULL) AS orphans, count(i.conversation_key) AS held, sum(s.is_gone) AS gone,
         sum(s.status NOT IN ('Pending', 'Sent', 'InProgress', 'Finished', 'OptOut', 'Error', 'Expired')) AS unknown,
         min(CASE WHEN s.status NOT IN ('Pending', 'Sent', 'InProgress', 'Finished', 'OptOut', 'Error', 'Expired')
               THEN s.status END) AS example
  FROM survey_facts s LEFT JOIN interactions i USING (conversation_key)
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
  SELECT 5, 'surveys whose conversation was never delivered', coalesce(orphans, 0), 'orphan', NULL FROM facts
  UNION ALL
  SELECT 6, 'finished surveys without answers', count(*), 'incomplete', NULL
  FROM survey_facts s WHERE s.is_response AND NOT s.is_gone
    AND NOT EXISTS (SELECT 1 FROM survey_answers a WHERE a.survey_key = s.survey_key)
  UNION ALL
  SELECT 7, 'surveys the service no longer has', coalesce(gone, 0), 'gone', NULL FROM facts
  UNION ALL
  SELECT 8, 'ids that no list names: ' || kind, n, 'inferred', NULL FROM (
    SELECT 'users' AS kind, sum(is_inferred) AS n FROM users UNION ALL SELECT 'queues', sum(is_inferred) FROM queues
    UNION ALL SELECT 'wrap-up codes', sum(is_inferred) FROM wrapup_codes
    UNION ALL SELECT 'divisions', sum(is_inferred) FROM divisions
    UNION ALL SELECT 'survey forms', sum(is_inferred) FROM survey_forms) WHERE n > 0
  UNION ALL
  SELECT 9, kind || ': ' || place, seen, 'unknown to csatdb', 'for example in ' || example FROM sync_problems
  UNION ALL
  SELECT 10, 'duplicate conversations', count(*) - count(DISTINCT conversation_id), 'duplicate', NULL FROM conversations
  UNION ALL
  SELECT 11, 'duplicate surveys', count(*) - count(DISTINCT survey_id), 'duplicate', NULL FROM main.surveys
  UNION ALL
  SELECT 12, 'surveys counted by interactions but not stored',
         abs((SELECT coalesce(sum(survey_count), 0) FROM interactions) - held), 'differs', NULL FROM facts
  UNION ALL
  SELECT 13, 'statuses csatdb does not know', coalesce(unknown, 0), 'unknown to csatdb', example FROM facts
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

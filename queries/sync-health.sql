-- title: Sync health, by run
-- rhythm: audit
-- description: The runs that wrote the warehouse, newest first: how they ended, how long they took, what they
--   cost in requests, waits and bytes, what they brought, and how large the file was after.
-- param: days integer optional How many days back from the last run; default 28.
-- param: limit integer optional At most so many runs; default 100.
-- basis: UTC time of the run's begin.
-- denominator: None: runs are listed.
-- exclusions: None.
-- genesys: throttled = answers 429; requests count against the client's limit per minute.
SELECT r.run_id, datetime(r.began_ms / 1000, 'unixepoch') AS began_at, r.command,
       coalesce(r.outcome, 'running or killed') AS outcome, round((r.ended_ms - r.began_ms) / 1000.0, 1) AS duration_s,
       r.requests, r.throttled, r.retries, round(r.waited_ms / 1000.0, 1) AS waited_s,
       round(r.bytes_received / 1048576.0, 2) AS received_mb, r.rows_seen, r.rows_changed,
       round(r.file_bytes / 1048576.0, 1) AS file_mb, r.program, r.message
FROM sync_runs r
WHERE r.began_ms > (SELECT max(began_ms) FROM sync_runs) - coalesce(:days, 28) * 86400000
ORDER BY r.run_id DESC
LIMIT coalesce(:limit, 100);

-- footer
SELECT 'Runs: n = ' || count(*) || ', not ok: ' || coalesce(sum(coalesce(outcome, 'killed') <> 'ok'), 0) || '; requests '
         || coalesce(sum(requests), 0) || ', 429s ' || coalesce(sum(throttled), 0) || ', retries ' || coalesce(sum(retries), 0)
         || '.' AS footer
FROM sync_runs
WHERE began_ms > (SELECT max(began_ms) FROM sync_runs) - coalesce(:days, 28) * 86400000
UNION ALL
SELECT resource || ': fresh through ' || fresh_through || ' UTC'
         || coalesce(', ' || round(((SELECT max(began_ms) FROM sync_runs)
                                    - strftime('%s', fresh_through) * 1000) / 3600000.0, 1) || ' h before the last run', '')
         || coalesce(', settled through ' || settled_through || ' UTC', '') || '.'
FROM sync_freshness
UNION ALL SELECT settlement FROM report_calendar;

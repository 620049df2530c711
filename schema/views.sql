-- The views: the interface for reports and BI tools. A view selects, joins and renames, so that every column keeps its
-- declared type; what needs computing is stored or generated in the tables. Views are dropped and made again when csatdb
-- opens a warehouse of another version: they are code, not data.

-- One row per conversation.
CREATE VIEW fact_interactions AS
SELECT
  c.conversation_id,  -- Genesys Cloud id of the conversation.
  i.started_at,  -- Start, UTC.
  i.ended_at,  -- End, wrap-up included, UTC; NULL while it runs.
  i.local_started_at,  -- Start in the warehouse's zone.
  i.local_date,  -- Date of the start in the warehouse's zone.
  i.local_hour,  -- Hour of the start in the warehouse's zone, 0 to 23.
  i.local_weekday,  -- Weekday of the start in the warehouse's zone, 1 Monday to 7 Sunday.
  i.duration_ms,  -- End minus start, milliseconds; NULL while it runs.
  i.duration_s,  -- End minus start, seconds.
  i.last_agent_end_at,  -- Latest end of an agent's interact segment, UTC.
  i.channel,  -- Medium of the customer's earliest session, else of the earliest session.
  i.direction,  -- inbound or outbound: who began it.
  u.user_id AS agent_id,  -- The agent with the latest-starting interact segment; NULL where none interacted.
  u.name AS agent_name,  -- The agent's name, current.
  t.name AS team_name,  -- The agent's team at the time.
  q.queue_id,  -- Queue of the agent's latest segment that has one, else of the latest queue visit.
  q.name AS queue_name,  -- The queue's name, current.
  w.wrapup_code_id,  -- Wrap-up code of the agent's latest segment that has one, else of any agent's.
  w.name AS wrapup_code_name,  -- The code's name, current.
  d.division_id,  -- The first division delivered.
  d.name AS division_name,  -- The division's name, current.
  i.handle_ms,  -- Sum of tHandle over agents' sessions, milliseconds; NULL if none has it.
  i.handle_s,  -- The same in seconds.
  i.talk_ms,  -- Talk time of agents' sessions, milliseconds.
  i.talk_s,  -- The same in seconds.
  i.hold_ms,  -- Hold time of agents' sessions, milliseconds.
  i.hold_s,  -- The same in seconds.
  i.acw_ms,  -- After-call work of agents' sessions, milliseconds.
  i.acw_s,  -- The same in seconds.
  i.wait_ms,  -- Sum of tAcd over queue visits but callbacks, milliseconds; NULL if none.
  i.wait_s,  -- The same in seconds.
  i.answer_ms,  -- The earliest tAnswered, milliseconds; NULL if none.
  i.answer_s,  -- The same in seconds.
  i.transfers,  -- Sum of nTransferred over all sessions, consult transfers included.
  i.agent_count,  -- Distinct agents with an interact segment.
  i.is_abandoned,  -- Whether some session has tAbandon and none has tAnswered.
  i.is_open,  -- Whether it has not ended.
  y.is_settled,  -- Whether its UTC day is settled: read after the service's last corrections.
  i.has_survey,  -- Whether a survey of it is not in Error.
  i.has_response,  -- Whether a survey of it is Finished.
  i.survey_count,  -- Surveys of it.
  i.started_ms,  -- Start, epoch milliseconds.
  i.ended_ms,  -- End, epoch milliseconds.
  i.utc_day  -- UTC day of the start, days since 1970-01-01.
FROM interactions i
JOIN conversations c USING (conversation_key)
LEFT JOIN users u ON u.user_key = i.agent_key
LEFT JOIN teams t ON t.team_key = i.team_key
LEFT JOIN queues q ON q.queue_key = i.queue_key
LEFT JOIN wrapup_codes w ON w.wrapup_code_key = i.wrapup_code_key
LEFT JOIN divisions d ON d.division_key = i.division_key
LEFT JOIN utc_days y ON y.utc_day = i.utc_day;

-- One row per survey.
CREATE VIEW fact_surveys AS
SELECT
  s.survey_id,  -- Genesys Cloud id of the survey.
  c.conversation_id,  -- The conversation it is about.
  f.form_id,  -- The form version asked.
  x.form_context_id,  -- The form's context, the same across versions.
  x.form_name,  -- The form's name in that version.
  x.status,  -- Pending, Sent, InProgress, Finished, OptOut, Error or Expired; unknown values verbatim.
  x.survey_type,  -- Web or Voice.
  x.total_score,  -- Genesys score; its scale is undocumented.
  x.score_points,  -- Points reached in the question groups not marked not applicable.
  x.score_max,  -- Points possible in them.
  x.score_pct,  -- Points in percent of the possible.
  x.nps_score,  -- Answer to the recommendation question, 0 to 10.
  x.nps_class,  -- promoter 9 to 10, passive 7 to 8, detractor 0 to 6.
  x.csat_score,  -- Value of the answer that measures satisfaction; NULL if unmapped.
  x.csat_is_positive,  -- Whether that answer is one of the positive ones.
  x.ces_score,  -- Value of the answer that measures effort; NULL if unmapped.
  x.fcr_resolved,  -- Whether the answer on first contact resolution is a positive one; NULL if unmapped.
  x.is_sent,  -- Whether it reached the customer: Sent, InProgress, Finished or Expired.
  x.is_response,  -- Whether the customer finished it.
  x.is_partial,  -- Whether required questions were left out.
  x.is_gone,  -- Whether the service no longer has it.
  x.completed_at,  -- When the customer finished it, UTC.
  x.completed_local_date,  -- Date of that in the warehouse's zone.
  x.response_delay_s,  -- Completed minus the last agent's end, else minus the interaction's end, seconds, sign kept.
  u.user_id AS agent_id,  -- The agent the survey is about, else the interaction's.
  u.name AS agent_name,  -- The agent's name, current.
  t.name AS team_name,  -- The agent's team at the time.
  q.queue_id,  -- The queue the survey is about, else the interaction's.
  q.name AS queue_name,  -- The queue's name, current.
  i.channel,  -- The interaction's medium.
  i.agent_count,  -- Agents who took part in the interaction.
  x.comments,  -- The customer's own words over all questions, one text per line.
  x.error_reason,  -- Why it could not be sent.
  i.started_at,  -- Start of the interaction, UTC.
  i.local_date,  -- Date of the interaction's start in the warehouse's zone.
  y.is_settled,  -- Whether the interaction's UTC day is settled.
  x.completed_ms,  -- When the customer finished it, epoch milliseconds.
  x.response_delay_ms,  -- Response delay, milliseconds.
  i.started_ms,  -- Start of the interaction, epoch milliseconds.
  d.division_id,  -- The interaction's division.
  d.name AS division_name  -- The division's name, current.
FROM survey_facts x
JOIN surveys s USING (survey_key)
LEFT JOIN conversations c ON c.conversation_key = x.conversation_key
LEFT JOIN interactions i ON i.conversation_key = x.conversation_key
LEFT JOIN survey_forms f ON f.form_key = x.form_key
LEFT JOIN users u ON u.user_key = x.agent_key
LEFT JOIN teams t ON t.team_key = x.team_key
LEFT JOIN queues q ON q.queue_key = x.queue_key
LEFT JOIN divisions d ON d.division_key = i.division_key
LEFT JOIN utc_days y ON y.utc_day = i.utc_day;

-- One row per question answered or marked not applicable.
CREATE VIEW fact_survey_answers AS
SELECT
  s.survey_id,  -- The survey.
  a.group_no,  -- Question group, numbered from 0 as delivered.
  a.question_no,  -- Question of the group, numbered from 0 as delivered.
  a.group_name,  -- The group's heading.
  a.question_id,  -- The question, in the form version asked.
  a.question_context_id,  -- The question, the same across versions.
  a.question_text,  -- The question as asked.
  a.question_type,  -- Kind of question.
  a.answer_id,  -- The option chosen.
  a.answer_text,  -- The option chosen, as the customer read it.
  a.score,  -- Points of the answer, unweighted.
  a.max_score,  -- Highest value among the question's options, 10 for NPS, else NULL.
  a.nps_score,  -- Answer to the recommendation question, 0 to 10.
  a.free_text,  -- The customer's own words: the free text, else the reason of the score.
  a.is_marked_na AS marked_na,  -- Whether it was marked not applicable.
  x.form_context_id,  -- The form's context, the same across versions.
  x.completed_local_date,  -- Date of completion in the warehouse's zone.
  u.user_id AS agent_id,  -- The agent the survey is about.
  q.queue_id,  -- The queue the survey is about.
  a.is_system_marked_na AS system_marked_na  -- Whether the service marked it not applicable.
FROM survey_answers a
JOIN surveys s USING (survey_key)
JOIN survey_facts x USING (survey_key)
LEFT JOIN users u ON u.user_key = x.agent_key
LEFT JOIN queues q ON q.queue_key = x.queue_key;

-- One row per session of an agent or user participant.
CREATE VIEW fact_agent_legs AS
SELECT
  c.conversation_id,  -- The conversation.
  l.participant_no,  -- Participant, numbered from 0 as delivered.
  l.session_no,  -- Session of the participant, numbered from 0 as delivered.
  u.user_id AS agent_id,  -- The employee.
  u.name AS agent_name,  -- The employee's name, current.
  t.name AS team_name,  -- The employee's team at the time.
  q.queue_id,  -- Queue of the session's latest-starting segment that has one.
  q.name AS queue_name,  -- The queue's name, current.
  l.channel,  -- Medium of the session.
  l.direction,  -- Direction of the session.
  l.started_at,  -- Earliest segment's start, UTC.
  l.local_date,  -- Date of that start in the warehouse's zone.
  l.handle_ms,  -- Sum of tHandle, milliseconds; NULL if the session has none.
  l.handle_s,  -- The same in seconds.
  l.talk_ms,  -- Talk time, milliseconds.
  l.talk_s,  -- The same in seconds.
  l.hold_ms,  -- Hold time, milliseconds.
  l.hold_s,  -- The same in seconds.
  l.acw_ms,  -- After-call work, milliseconds.
  l.acw_s,  -- The same in seconds.
  l.alert_ms,  -- Ringing time, milliseconds.
  l.alert_s,  -- The same in seconds.
  l.answer_ms,  -- The earliest tAnswered, milliseconds.
  l.answer_s,  -- The same in seconds.
  l.is_handled,  -- Whether the session has tHandle.
  l.transfers,  -- Sum of nTransferred.
  l.consults,  -- Sum of nConsult.
  l.is_last_agent,  -- Whether it makes its agent the interaction's: one leg at most.
  w.wrapup_code_id,  -- Wrap-up code of the session's latest-starting segment that has one.
  w.name AS wrapup_code_name,  -- The code's name, current.
  l.started_ms  -- Earliest segment's start, epoch milliseconds.
FROM agent_legs l
JOIN conversations c USING (conversation_key)
LEFT JOIN users u ON u.user_key = l.agent_key
LEFT JOIN teams t ON t.team_key = l.team_key
LEFT JOIN queues q ON q.queue_key = l.queue_key
LEFT JOIN wrapup_codes w ON w.wrapup_code_key = l.wrapup_code_key;

-- One row per acd session: a stay in a queue.
CREATE VIEW fact_queue_visits AS
SELECT
  c.conversation_id,  -- The conversation.
  v.participant_no,  -- Participant, numbered from 0 as delivered.
  v.session_no,  -- Session of the participant, numbered from 0 as delivered.
  q.queue_id,  -- Queue of the session's latest-starting segment that has one.
  q.name AS queue_name,  -- The queue's name, current.
  v.channel,  -- Medium of the session.
  v.entered_at,  -- Earliest segment's start, UTC.
  v.local_date,  -- Date of that start in the warehouse's zone.
  v.wait_ms,  -- Sum of tAcd, milliseconds; NULL if none.
  v.wait_s,  -- The same in seconds.
  v.outcome,  -- answered, abandoned, short_abandoned, flow_out, transferred, open or other.
  v.over_sla,  -- Whether nOverSla says that it was answered too late; NULL if nOverSla is not delivered.
  v.entered_ms  -- Earliest segment's start, epoch milliseconds.
FROM queue_visits v
JOIN conversations c USING (conversation_key)
LEFT JOIN queues q ON q.queue_key = v.queue_key;

-- Agents and other employees.
CREATE VIEW dim_agents AS
SELECT
  u.user_id AS agent_id,  -- Genesys Cloud id of the user.
  u.name AS agent_name,  -- Full name, current.
  u.email,  -- Work e-mail address.
  u.state,  -- active, inactive or deleted.
  u.department,  -- Department.
  u.title,  -- Job title.
  m.name AS manager_name,  -- The manager's name, current.
  t.name AS team_name,  -- The team now.
  m.user_id AS manager_id,  -- The manager.
  d.name AS division_name,  -- The division now.
  u.is_inferred  -- Whether only the id is known.
FROM users u
LEFT JOIN users m ON m.user_key = u.manager_key
LEFT JOIN teams t ON t.team_key = u.team_key
LEFT JOIN divisions d ON d.division_key = u.division_key;

-- Queues with their service levels.
CREATE VIEW dim_queues AS
SELECT
  q.queue_id,  -- Genesys Cloud id of the queue.
  q.name AS queue_name,  -- The queue's name, current.
  d.name AS division_name,  -- The queue's division.
  q.call_service_level_ms,  -- Calls: time to answer within, milliseconds.
  q.call_service_level_pct,  -- Calls: share to be answered in time, as delivered (0.8 is 80 percent).
  q.callback_service_level_ms,  -- Callbacks: time to answer within, milliseconds.
  q.callback_service_level_pct,  -- Callbacks: share to be answered in time.
  q.chat_service_level_ms,  -- Chats: time to answer within, milliseconds.
  q.chat_service_level_pct,  -- Chats: share to be answered in time.
  q.email_service_level_ms,  -- E-mails: time to answer within, milliseconds.
  q.email_service_level_pct,  -- E-mails: share to be answered in time.
  q.message_service_level_ms,  -- Messages: time to answer within, milliseconds.
  q.message_service_level_pct,  -- Messages: share to be answered in time.
  d.division_id,  -- The division's id.
  q.is_inferred  -- Whether only the id is known.
FROM queues q
LEFT JOIN divisions d ON d.division_key = q.division_key;

-- Wrap-up codes.
CREATE VIEW dim_wrapup_codes AS
SELECT
  w.wrapup_code_id,  -- Genesys Cloud id, or a built-in code.
  w.name AS wrapup_code_name,  -- The code's name, current.
  w.is_inferred  -- Whether only the id is known.
FROM wrapup_codes w;

-- Divisions.
CREATE VIEW dim_divisions AS
SELECT
  d.division_id,  -- Genesys Cloud id of the division.
  d.name AS division_name,  -- The division's name, current.
  d.is_inferred  -- Whether only the id is known.
FROM divisions d;

-- Survey form versions.
CREATE VIEW dim_survey_forms AS
SELECT
  f.form_id,  -- Genesys Cloud id of the form version.
  f.context_id AS form_context_id,  -- The id all versions share.
  f.name AS form_name,  -- The form's name in this version.
  f.language,  -- Language tag of the texts.
  f.is_published,  -- Whether this version is published.
  f.is_disabled,  -- Whether this version no longer accepts answers.
  f.modified_at,  -- When this version was last changed, UTC.
  f.is_inferred  -- Whether only the id is known.
FROM survey_forms f;

-- A calendar in the warehouse's zone.
CREATE VIEW dim_dates AS
SELECT
  d.local_date,  -- The date.
  d.year,  -- Year.
  d.quarter,  -- Quarter, 1 to 4.
  d.month,  -- Month, 1 to 12.
  d.day,  -- Day of the month.
  d.iso_year,  -- Year the ISO week belongs to.
  d.iso_week,  -- ISO week, 1 to 53.
  d.weekday,  -- Weekday, 1 Monday to 7 Sunday.
  d.is_weekend,  -- Whether it is a Saturday or Sunday.
  d.week_start,  -- Monday of its ISO week.
  d.month_start,  -- First day of its month.
  d.starts_at,  -- First instant of the date, UTC.
  d.starts_ms,  -- First instant of the date, epoch milliseconds.
  d.hours  -- Length of the date in hours: 23 or 25 where the clock changes.
FROM dates d;

-- How fresh each resource is.
CREATE VIEW sync_freshness AS
SELECT
  r.resource,  -- What is fetched.
  r.fresh_through,  -- Everything before it was read once, UTC.
  r.settled_through,  -- Everything before it will not be read again, UTC.
  r.fresh_through_ms,  -- Everything before it was read once, epoch milliseconds.
  r.settled_through_ms  -- Everything before it will not be read again, epoch milliseconds.
FROM sync_resources r;

-- What the reports of queries/ share. These compute, and may change with them: for BI there are the views above.

-- The days a report speaks of when it is not told: one row.
CREATE VIEW report_calendar AS
SELECT
  zone,  -- The warehouse's time zone.
  last_complete_date,  -- Last local date that was read to its end; without a sync the last one that holds anything.
  settled_through_date,  -- Last local date whose data no longer change; NULL if none is settled.
  settlement  -- How far the data are final, in words.
FROM (
  SELECT *,
    coalesce('Settled through ' || settled_through_date
               || CASE WHEN settled_through_date < last_complete_date
                    THEN ', provisional ' || date(settled_through_date, '+1 day') || ' to ' || last_complete_date
                    ELSE '' END,
             'Nothing settled yet, all days provisional')
      || CASE gaps WHEN 0 THEN ', no gaps.'
           ELSE ', gaps: ' || gaps || ' UTC day(s) not read (' || gap_days || ').' END AS settlement
  FROM (
    SELECT coalesce((SELECT value FROM sync_meta WHERE key = 'timezone'), 'UTC') AS zone,
      coalesce((SELECT date(max(d.local_date), '-1 day') FROM dates d WHERE d.starts_ms <= r.fresh_through_ms),
               (SELECT max(local_date) FROM interactions)) AS last_complete_date,
      (SELECT date(max(d.local_date), '-1 day') FROM dates d WHERE d.starts_ms <= r.settled_through_ms)
        AS settled_through_date,
      (SELECT count(*) FROM sync_scopes WHERE resource = 'conversations' AND outcome <> 'ok') AS gaps,
      (SELECT group_concat(scope, ', ') FROM (SELECT scope FROM sync_scopes
         WHERE resource = 'conversations' AND outcome <> 'ok' ORDER BY scope DESC LIMIT 5)) AS gap_days
    FROM (SELECT 1) LEFT JOIN sync_freshness r ON r.resource = 'conversations')
);

-- How long answers take to come in, and which cohorts have theirs: one row.
CREATE VIEW report_maturity AS
SELECT
  p95_days,  -- 95 of 100 answers of the last 90 complete days came within so many days; NULL without answers.
  mature_through,  -- Surveys about contacts up to this local date have the answers they will get, but for 5 percent.
  maturity  -- The same in words.
FROM (
  SELECT *,
    'Mature through ' || mature_through
      || coalesce(': 95 % of answers come within ' || round(p95_days, 1) || ' days.', ': no answers yet to tell.') AS maturity
  FROM (
    WITH delays AS (
      SELECT s.response_delay_ms AS ms
      FROM report_calendar c JOIN survey_facts s
        ON s.completed_local_date BETWEEN date(c.last_complete_date, '-89 days') AND c.last_complete_date
      WHERE s.status = 'Finished' AND NOT s.is_gone AND s.response_delay_ms IS NOT NULL  -- all from an index
    )
    SELECT p95_days,
      date(last_complete_date, '-' || cast(max(0, coalesce(p95_days, 0)) + 0.999 AS INTEGER) || ' days') AS mature_through
    FROM report_calendar, (
      -- Nearest rank: a twentieth lies above it.
      SELECT (SELECT ms / 86400000.0 FROM delays ORDER BY ms DESC LIMIT 1 OFFSET (SELECT count(*) / 20 FROM delays))
        AS p95_days))
);

-- The questions that measure something: one row per form version and measure.
CREATE VIEW report_measures AS
SELECT
  form_id,  -- The form version.
  form_key,  -- The same as stored rows name it.
  measure,  -- csat, ces or fcr.
  question_text,  -- The question mapped.
  top_score  -- Its highest value: the top box.
FROM (
  SELECT f.form_id, f.form_key, m.name AS measure, min(q.text) AS question_text,
    max((SELECT max(o.value) FROM survey_answer_options o WHERE o.form_key = q.form_key AND o.group_no = q.group_no
         AND o.question_no = q.question_no)) AS top_score
  FROM measures m
  JOIN survey_forms f ON m.form_context_id IS NULL OR m.form_context_id = f.context_id
  JOIN survey_questions q ON q.form_key = f.form_key AND (m.question_context_id = q.context_id
    OR (m.question_context_id IS NULL OR q.context_id IS NULL) AND trim(m.question_text) = trim(q.text))
  GROUP BY f.form_id, m.name
);

-- Measures that no question is mapped to: one row each, none if all are.
CREATE VIEW report_unmapped AS
SELECT
  measure,  -- csat, ces or fcr.
  note  -- What is missing, and which questions could be it.
FROM (
  SELECT column1 AS measure,
    'No question is mapped as ' || column1 || ', so its columns are empty: map one with `csatdb measures`'
      || coalesce('; candidates: ' || (SELECT group_concat('"' || text || '" of ' || name, ', ') FROM (
           SELECT DISTINCT q.text, f.name FROM survey_questions q JOIN survey_forms f USING (form_key)
           WHERE q.question_type = 'multipleChoiceQuestion' AND (
             SELECT count(*) FROM survey_answer_options o WHERE o.form_key = q.form_key
             AND o.group_no = q.group_no AND o.question_no = q.question_no) BETWEEN column2 AND column3
           ORDER BY f.modified_ms DESC, q.group_no, q.question_no LIMIT 3)), '') || '.' AS note
  FROM (VALUES ('csat', 3, 11), ('ces', 5, 11), ('fcr', 2, 3))
  WHERE NOT EXISTS (SELECT 1 FROM measures m WHERE m.name = column1)
);

-- The options of each question of each form version, ranked by value.
CREATE VIEW report_options AS
SELECT
  form_id,  -- The form version.
  form_key,  -- The same as stored rows name it.
  question_id,  -- The question.
  option_no,  -- Option, numbered from 0.
  option_id,  -- The option's id in this version.
  option_text,  -- The option as the customer reads it.
  value,  -- Points it is worth.
  from_top,  -- Rank of its value, 1 the highest.
  from_bottom  -- Rank of its value, 1 the lowest.
FROM (
  SELECT f.form_id, f.form_key, q.question_id, o.option_no, o.option_id, o.text AS option_text, o.value,
    dense_rank() OVER (PARTITION BY q.form_key, q.group_no, q.question_no ORDER BY o.value DESC) AS from_top,
    dense_rank() OVER (PARTITION BY q.form_key, q.group_no, q.question_no ORDER BY o.value) AS from_bottom
  FROM survey_answer_options o
  JOIN survey_questions q USING (form_key, group_no, question_no)
  JOIN survey_forms f USING (form_key)
);

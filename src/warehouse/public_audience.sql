-- What a snapshot for the public holds: counts and sums by day and week, and no row of its own for any contact, customer,
-- employee or comment. Sums of a group of fewer than five contacts or answers are left out, for they would tell of single people.
-- Run inside a copy of the warehouse, whose tables and views are then dropped.

-- Interactions by local date of their start, queue and medium.
CREATE TABLE daily_interactions (
  local_date DATE NOT NULL,  -- Date of the start in the warehouse's zone.
  division_name VARCHAR(255),  -- The first division delivered.
  queue_name VARCHAR(255),  -- Queue of the agent's latest segment, else of the latest queue visit; NULL: none.
  channel VARCHAR(20),  -- Medium, verbatim.
  direction VARCHAR(20),  -- inbound or outbound: who began them.
  interactions BIGINT NOT NULL,  -- Conversations that began on that date.
  abandoned BIGINT NOT NULL,  -- Those left while waiting and never answered.
  handled BIGINT NOT NULL,  -- Those with handle time.
  handle_s REAL,  -- Sum of handle time, seconds; NULL below five handled.
  talk_s REAL,  -- Sum of talk time, seconds; NULL below five handled.
  hold_s REAL,  -- Sum of hold time, seconds; NULL below five handled.
  acw_s REAL,  -- Sum of after-call work, seconds; NULL below five handled.
  waited BIGINT NOT NULL,  -- Those that waited in a queue.
  wait_s REAL,  -- Sum of waiting time, seconds; NULL below five that waited.
  with_survey BIGINT NOT NULL,  -- Those with a survey that is not in error.
  with_response BIGINT NOT NULL,  -- Those with a finished survey.
  is_settled BOOLEAN NOT NULL  -- Whether the counts are final.
);
INSERT INTO daily_interactions
SELECT local_date, division_name, queue_name, channel, direction, count(*), sum(coalesce(is_abandoned, 0)),
  count(handle_ms), CASE WHEN count(handle_ms) >= 5 THEN sum(handle_s) END,
  CASE WHEN count(handle_ms) >= 5 THEN sum(talk_s) END, CASE WHEN count(handle_ms) >= 5 THEN sum(hold_s) END,
  CASE WHEN count(handle_ms) >= 5 THEN sum(acw_s) END,
  count(wait_ms), CASE WHEN count(wait_ms) >= 5 THEN sum(wait_s) END,
  sum(has_survey), sum(has_response), min(coalesce(is_settled, 0))
FROM fact_interactions
WHERE local_date IS NOT NULL
GROUP BY 1, 2, 3, 4, 5;

-- Surveys by week of the contact they are about (else of their completion), queue, medium and form.
CREATE TABLE weekly_surveys (
  week_start DATE,  -- Monday of the week of the contact's start, else of completion, in the warehouse's zone.
  queue_name VARCHAR(255),  -- The queue they are about.
  channel VARCHAR(20),  -- The contacts' medium.
  form_name VARCHAR(255),  -- The form asked.
  surveys BIGINT NOT NULL,  -- Surveys, those the service no longer has left out.
  sent BIGINT NOT NULL,  -- Those that reached the customer: the denominator of the response rate.
  responses BIGINT NOT NULL,  -- Those finished.
  opt_outs BIGINT NOT NULL,  -- Those declined for good.
  errors BIGINT NOT NULL,  -- Those that could not be sent.
  nps_answers BIGINT NOT NULL,  -- Answers to the recommendation question.
  promoters BIGINT,  -- Answers 9 and 10; NULL below five answers.
  passives BIGINT,  -- Answers 7 and 8; NULL below five answers.
  detractors BIGINT,  -- Answers 0 to 6; NULL below five answers.
  csat_answers BIGINT NOT NULL,  -- Answers to the question that measures satisfaction.
  csat_positive BIGINT,  -- The positive ones; NULL below five answers.
  csat_sum REAL,  -- Sum of their values; NULL below five answers.
  ces_answers BIGINT NOT NULL,  -- Answers to the question that measures effort.
  ces_sum REAL,  -- Sum of their values; NULL below five answers.
  fcr_answers BIGINT NOT NULL,  -- Answers to the question that measures first contact resolution.
  fcr_resolved BIGINT,  -- Those that say it was resolved; NULL below five answers.
  is_settled BOOLEAN NOT NULL  -- Whether the days of all contacts are final; answers may still come in.
);
INSERT INTO weekly_surveys
SELECT date(coalesce(local_date, completed_local_date), '-6 days', 'weekday 1'), queue_name, channel, form_name, count(*), sum(is_sent), sum(is_response),
  sum(coalesce(status = 'OptOut', 0)), sum(coalesce(status = 'Error', 0)),
  count(nps_class),
  CASE WHEN count(nps_class) >= 5 THEN sum(nps_class = 'promoter') END,
  CASE WHEN count(nps_class) >= 5 THEN sum(nps_class = 'passive') END,
  CASE WHEN count(nps_class) >= 5 THEN sum(nps_class = 'detractor') END,
  count(csat_is_positive),
  CASE WHEN count(csat_is_positive) >= 5 THEN sum(csat_is_positive) END,
  CASE WHEN count(csat_is_positive) >= 5 THEN sum(csat_score) END,
  count(ces_score), CASE WHEN count(ces_score) >= 5 THEN sum(ces_score) END,
  count(fcr_resolved), CASE WHEN count(fcr_resolved) >= 5 THEN sum(fcr_resolved) END,
  min(coalesce(is_settled, 0))
FROM fact_surveys
WHERE NOT is_gone
GROUP BY 1, 2, 3, 4;

-- A calendar of the dates that have data, in the warehouse's zone.
CREATE TABLE calendar (
  local_date DATE PRIMARY KEY,  -- The date.
  year INTEGER NOT NULL,  -- Year.
  quarter INTEGER NOT NULL,  -- Quarter, 1 to 4.
  month INTEGER NOT NULL,  -- Month, 1 to 12.
  iso_year INTEGER NOT NULL,  -- Year the ISO week belongs to.
  iso_week INTEGER NOT NULL,  -- ISO week, 1 to 53.
  weekday INTEGER NOT NULL,  -- Weekday, 1 Monday to 7 Sunday.
  week_start DATE NOT NULL,  -- Monday of its ISO week.
  month_start DATE NOT NULL  -- First day of its month.
);
INSERT INTO calendar
SELECT local_date, year, quarter, month, iso_year, iso_week, weekday, week_start, month_start
FROM dim_dates
WHERE local_date BETWEEN (SELECT min(local_date) FROM daily_interactions) AND (SELECT max(local_date) FROM daily_interactions);

-- How fresh the numbers are: one row.
CREATE TABLE freshness (
  timezone VARCHAR(40) NOT NULL,  -- The zone of all local dates.
  fresh_through TIMESTAMP,  -- Every conversation before it was read once, UTC.
  settled_through TIMESTAMP  -- Conversations before it no longer change, UTC.
);
INSERT INTO freshness
SELECT c.zone, f.fresh_through, f.settled_through
FROM report_calendar c LEFT JOIN sync_freshness f ON f.resource = 'conversations';

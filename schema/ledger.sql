-- Bookkeeping. Everything named sync_* says how the warehouse came to be, never what is in it.

-- One run of a command that writes.
CREATE TABLE sync_runs (
  run_id INTEGER PRIMARY KEY, -- counts up
  command TEXT NOT NULL, -- sync, import, extract, …
  began_ms INTEGER NOT NULL, -- by the service's clock
  ended_ms INTEGER, -- NULL: running, or killed
  outcome TEXT, -- ok, or the name of the fault that ended it
  exit_code INTEGER, -- what the process returned
  message TEXT, -- of the fault
  requests INTEGER NOT NULL DEFAULT 0, -- sent, the token's and every retry included
  retries INTEGER NOT NULL DEFAULT 0, -- requests sent again
  throttled INTEGER NOT NULL DEFAULT 0, -- answers 429
  waited_ms INTEGER NOT NULL DEFAULT 0, -- spent on pacing and back-off
  bytes_received INTEGER NOT NULL DEFAULT 0, -- on the wire
  rows_seen INTEGER NOT NULL DEFAULT 0, -- root rows delivered
  rows_changed INTEGER NOT NULL DEFAULT 0, -- root rows that were new or different
  file_bytes INTEGER, -- size of the file when the run ended
  version INTEGER NOT NULL DEFAULT 0, -- change counter before it: rows that it or a later run changed have a higher one
  program TEXT NOT NULL -- version of csatdb
) STRICT;

-- The ledger: every unit of completeness, fetched in full or still due.
CREATE TABLE sync_scopes (
  resource TEXT NOT NULL, -- as the catalogue names it
  scope TEXT NOT NULL, -- a UTC day (YYYY-MM-DD), a key (conversation id), or 'all'
  due_ms INTEGER, -- when to read it (again); NULL: settled, or given up
  first_due_ms INTEGER NOT NULL, -- when it was first heard of
  order_ms INTEGER NOT NULL, -- what it is about: the larger, the earlier it is fetched
  began_ms INTEGER, -- begin of the last complete read
  ended_ms INTEGER, -- end of the last complete read
  through_ms INTEGER, -- the instant up to which that read is complete
  lake_ms INTEGER, -- when the availability watermark was first seen past its end
  hits INTEGER, -- results the service counted for it: the planner's estimate
  attempts INTEGER NOT NULL DEFAULT 0, -- reads that did not bring it to its end
  outcome TEXT, -- ok, given up, or the name of the last fault
  message TEXT, -- what the last fault said
  series TEXT, -- of the scope that leads an unfinished request series: which scopes it covers, as JSON
  next_request TEXT, -- of that series: the request to send next, as JSON
  PRIMARY KEY (resource, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_scopes_by_due ON sync_scopes (resource, due_ms, order_ms) WHERE due_ms IS NOT NULL;

-- What was last heard of surveys, evaluations and resolutions by their events, so that the same again is no news.
CREATE TABLE sync_heard (
  kind INTEGER NOT NULL, -- 0 survey, 1 evaluation, 2 resolution
  key TEXT NOT NULL, -- conversation, id and status
  fingerprint INTEGER NOT NULL, -- of the counts and scores heard
  heard_ms INTEGER NOT NULL, -- when it last changed
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

-- What the mapping did not know, counted by kind and place.
CREATE TABLE sync_problems (
  kind TEXT NOT NULL, -- unknown member, unknown value, …
  place TEXT NOT NULL, -- where in the payload, or which scope
  seen INTEGER NOT NULL, -- how often
  example TEXT NOT NULL, -- id of a row that has it
  PRIMARY KEY (kind, place)
) STRICT, WITHOUT ROWID;

-- Erasures, retention and other acts upon the data: who asked for what, never the data itself.
CREATE TABLE sync_audit (
  audit_id INTEGER PRIMARY KEY, -- counts up
  at_ms INTEGER NOT NULL, -- when
  act TEXT NOT NULL, -- forget, prune, subject, timezone, …
  detail TEXT NOT NULL, -- what, by keyed hash where it is personal
  rows_removed INTEGER NOT NULL DEFAULT 0 -- how many root rows
) STRICT;

-- What was erased and must not come back, by keyed hash.
CREATE TABLE sync_tombstones (
  kind TEXT NOT NULL, -- conversation, survey, contact, address; before: everything that began before at_ms
  hash TEXT NOT NULL, -- of the id or address, HMAC-SHA-256 with the warehouse's privacy key, 32 hexadecimal digits
  at_ms INTEGER NOT NULL, -- when it was erased; of a contact or address: conversations that began earlier are refused
  PRIMARY KEY (kind, hash)
) STRICT, WITHOUT ROWID;

-- Conversations as last delivered, kept with --keep-raw alone, without what the privacy profile does not keep.
CREATE TABLE sync_raw_conversations (
  conversation_key INTEGER PRIMARY KEY, -- the conversation
  stored_ms INTEGER NOT NULL, -- when it was stored
  body BLOB NOT NULL -- the JSON text, gzip
) STRICT;

-- The same of surveys, as the quality API delivers them.
CREATE TABLE sync_raw_surveys (
  survey_key INTEGER PRIMARY KEY, -- the survey
  stored_ms INTEGER NOT NULL, -- when it was stored
  body BLOB NOT NULL -- the JSON text, gzip
) STRICT;

-- How fresh each resource is; one row per resource, kept by the commit that changes it.
CREATE TABLE sync_resources (
  resource VARCHAR(40) NOT NULL PRIMARY KEY, -- as the catalogue names it
  fresh_through_ms BIGINT, -- everything before it was read once
  fresh_through TIMESTAMP AS (datetime(fresh_through_ms / 1000, 'unixepoch')), -- the same, UTC
  settled_through_ms BIGINT, -- everything before it will not be read again
  settled_through TIMESTAMP AS (datetime(settled_through_ms / 1000, 'unixepoch')) -- the same, UTC
) WITHOUT ROWID;

-- Attempts to publish the warehouse, each recorded before anything of it can be seen elsewhere: a target that names one of
-- them with its version holds a past of this very file.
CREATE TABLE sync_publications (
  publication_id TEXT PRIMARY KEY NOT NULL, -- random
  version INTEGER NOT NULL, -- of the warehouse then: no row had a higher one
  began_ms INTEGER NOT NULL -- when
) STRICT, WITHOUT ROWID;

-- What `reconcile` last found of each UTC day it compared with the service.
CREATE TABLE sync_counts (
  utc_date TEXT PRIMARY KEY NOT NULL, -- the day, YYYY-MM-DD
  stored INTEGER NOT NULL, -- conversations that were here
  counted INTEGER NOT NULL, -- conversations that the service counted
  cause TEXT NOT NULL, -- why they differ, the gravest reason; agrees
  compared_ms INTEGER NOT NULL -- when
) STRICT, WITHOUT ROWID;

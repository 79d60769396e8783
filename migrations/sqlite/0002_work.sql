-- Work to be done, written in the transaction that causes it. While a job is running, run_at is when its lease ends:
-- a job whose worker was lost is simply due again.
CREATE TABLE job (
  authority TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  dedupe TEXT NOT NULL,
  state TEXT NOT NULL,
  run_at INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  worker TEXT,
  error TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  PRIMARY KEY (authority, id)
) STRICT;
CREATE UNIQUE INDEX job_once ON job (authority, kind, dedupe) WHERE state IN ('ready', 'running');
CREATE INDEX job_due ON job (run_at, id) WHERE state IN ('ready', 'running');
CREATE INDEX job_by_age ON job (created_at, id);

CREATE TABLE schedule (
  name TEXT NOT NULL PRIMARY KEY,
  pattern TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  misfire TEXT NOT NULL,
  last_slot INTEGER NOT NULL
) STRICT;

-- One run per schedule and slot: the key, not a leader, makes it once.
CREATE TABLE ledger (
  schedule TEXT NOT NULL,
  slot INTEGER NOT NULL,
  job TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (schedule, slot)
) STRICT;

-- Things that happened and that somebody may want to be told: feed late, feed missing, release published.
CREATE TABLE event (
  authority TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  at INTEGER NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (authority, id)
) STRICT;
CREATE UNIQUE INDEX event_once ON event (authority, kind, subject);
CREATE INDEX event_by_time ON event (at, id);
CREATE INDEX event_own_by_time ON event (authority, at, id);

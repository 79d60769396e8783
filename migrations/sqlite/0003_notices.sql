-- One row per notice, kept under the placing authority. version counts what that authority has said, revision every
-- write; issued says that the host has been told, and only then may the host see it.
CREATE TABLE notice (
  authority TEXT NOT NULL,
  id TEXT NOT NULL,
  host TEXT NOT NULL,
  child_ref TEXT NOT NULL,
  state TEXT NOT NULL,
  live INTEGER NOT NULL,
  issued INTEGER NOT NULL,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  class TEXT NOT NULL,
  started_on TEXT NOT NULL,
  ended_on TEXT,
  due_at INTEGER,
  body TEXT NOT NULL,
  raised_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (authority, id)
) STRICT;
CREATE INDEX notice_by_child ON notice (authority, child_ref);
CREATE INDEX notice_sent ON notice (authority, raised_at, id);
CREATE INDEX notice_inbox ON notice (host, raised_at, id);
CREATE INDEX notice_for_host ON notice (host, id);

-- Append-only.
CREATE TABLE notice_event (
  authority TEXT NOT NULL,
  notice TEXT NOT NULL,
  n INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  side TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (authority, notice, n)
) STRICT;

-- Where an authority wants its notices sent.
CREATE TABLE endpoint (
  authority TEXT NOT NULL,
  id TEXT NOT NULL,
  url TEXT NOT NULL,
  scheme TEXT NOT NULL,
  secret BLOB,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (authority, id)
) STRICT;

-- The outbox: one row per endpoint and event, under the authority that is told; body is what will be signed and sent.
-- While one is being sent, next_at is when the lease ends. earlier counts attempts from before it was last replayed.
CREATE TABLE delivery (
  authority TEXT NOT NULL,
  id TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  event_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  placed_by TEXT NOT NULL,
  notice TEXT NOT NULL,
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  earlier INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  worker TEXT,
  error TEXT,
  created_at INTEGER NOT NULL,
  queued_at INTEGER NOT NULL,
  finished_at INTEGER,
  body TEXT NOT NULL,
  PRIMARY KEY (authority, id)
) STRICT;
CREATE UNIQUE INDEX delivery_once ON delivery (authority, endpoint, event_id);
CREATE INDEX delivery_due ON delivery (authority, endpoint, next_at, id, state) WHERE state IN ('ready', 'sending');
CREATE INDEX delivery_by_notice ON delivery (authority, notice);

CREATE TABLE attempt (
  authority TEXT NOT NULL,
  delivery TEXT NOT NULL,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  status INTEGER,
  milliseconds INTEGER NOT NULL,
  PRIMARY KEY (authority, delivery, n)
) STRICT;

-- What the planner is to think before it has seen any rows: that an authority has thousands. Left to itself it guesses
-- ten, and reads all of them to find one. A real ANALYZE replaces this.
ANALYZE;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('notice', 'sqlite_autoindex_notice_1', '200000 2000 1'),
  ('notice', 'notice_by_child', '200000 2000 2'),
  ('notice', 'notice_sent', '200000 2000 2 1'),
  ('notice', 'notice_inbox', '200000 2000 2 1'),
  ('notice', 'notice_for_host', '200000 2000 1'),
  ('delivery', 'sqlite_autoindex_delivery_1', '200000 2000 1'),
  ('delivery', 'delivery_once', '200000 2000 1000 1'),
  ('delivery', 'delivery_due', '2000 100 50 2 1 1'),
  ('delivery', 'delivery_by_notice', '200000 2000 2');
ANALYZE sqlite_schema;

-- One row per notice, kept under the placing authority. version counts what that authority has said, revision every
-- write; issued says that the host has been told, and only then may the host see it.
CREATE TABLE notice (
  authority TEXT NOT NULL,
  id TEXT NOT NULL,
  host TEXT NOT NULL,
  child_ref TEXT NOT NULL,
  state TEXT NOT NULL,
  live BIGINT NOT NULL,
  issued BIGINT NOT NULL,
  version BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  class TEXT NOT NULL,
  started_on TEXT NOT NULL,
  ended_on TEXT,
  due_at BIGINT,
  body TEXT NOT NULL,
  raised_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (authority, id)
);
CREATE INDEX notice_by_child ON notice (authority, child_ref);
CREATE INDEX notice_sent ON notice (authority, raised_at, id);
CREATE INDEX notice_inbox ON notice (host, raised_at, id);
CREATE INDEX notice_for_host ON notice (host, id);

-- Append-only.
CREATE TABLE notice_event (
  authority TEXT NOT NULL,
  notice TEXT NOT NULL,
  n BIGINT NOT NULL,
  kind TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  side TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (authority, notice, n)
);

-- Where an authority wants its notices sent.
CREATE TABLE endpoint (
  authority TEXT NOT NULL,
  id TEXT NOT NULL,
  url TEXT NOT NULL,
  scheme TEXT NOT NULL,
  secret BYTEA,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (authority, id)
);

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
  attempt BIGINT NOT NULL,
  earlier BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  worker TEXT,
  error TEXT,
  created_at BIGINT NOT NULL,
  queued_at BIGINT NOT NULL,
  finished_at BIGINT,
  body TEXT NOT NULL,
  PRIMARY KEY (authority, id)
);
CREATE UNIQUE INDEX delivery_once ON delivery (authority, endpoint, event_id);
CREATE INDEX delivery_due ON delivery (authority, endpoint, next_at, id, state) WHERE state IN ('ready', 'sending');
CREATE INDEX delivery_by_notice ON delivery (authority, notice);

CREATE TABLE attempt (
  authority TEXT NOT NULL,
  delivery TEXT NOT NULL,
  n BIGINT NOT NULL,
  at BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  status BIGINT,
  milliseconds BIGINT NOT NULL,
  PRIMARY KEY (authority, delivery, n)
);

-- Authorities that take part. Small and shared: written rarely, never per request.
CREATE TABLE member (
  code TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  joined_on TEXT NOT NULL,
  settings TEXT NOT NULL
) STRICT;

-- The last sequence number given out in each authority; every other order is derived from it.
CREATE TABLE sequence (
  authority TEXT NOT NULL PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT;

CREATE TABLE submission (
  authority TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  dataset TEXT NOT NULL,
  mode TEXT NOT NULL,
  as_at TEXT NOT NULL,
  covers_from TEXT,
  correction INTEGER NOT NULL,
  client TEXT NOT NULL,
  digest TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  format TEXT NOT NULL,
  compression TEXT NOT NULL,
  contract TEXT NOT NULL,
  state TEXT NOT NULL,
  verdict TEXT,
  held_reason TEXT,
  counts TEXT,
  report BLOB,
  received_at INTEGER NOT NULL,
  decided_at INTEGER,
  PRIMARY KEY (authority, id)
) STRICT;
CREATE UNIQUE INDEX submission_by_seq ON submission (authority, seq);
CREATE INDEX submission_by_feed ON submission (authority, dataset, as_at, seq);
CREATE INDEX submission_by_content ON submission (authority, dataset, client, digest);
CREATE INDEX submission_by_time ON submission (authority, received_at, id);
-- For operators, who list and find submissions of all authorities.
CREATE INDEX submission_by_arrival ON submission (received_at, id);
CREATE INDEX submission_by_id ON submission (id);

-- What was sent, zstd-compressed, in pieces.
CREATE TABLE payload (
  authority TEXT NOT NULL,
  submission TEXT NOT NULL,
  n INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (authority, submission, n)
) STRICT;

-- One answer per client and Idempotency-Key, kept until expires_at.
CREATE TABLE idempotency (
  authority TEXT NOT NULL,
  client TEXT NOT NULL,
  key TEXT NOT NULL,
  request TEXT NOT NULL,
  submission TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (authority, client, key)
) STRICT;

-- Every dataset's rows in one versioned shape. Believed now: known_to IS NULL.
CREATE TABLE record (
  authority TEXT NOT NULL,
  dataset TEXT NOT NULL,
  key TEXT NOT NULL,
  known_from INTEGER NOT NULL,
  known_to INTEGER,
  as_at TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (authority, dataset, key, known_from)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX record_believed ON record (authority, dataset, key) WHERE known_to IS NULL;

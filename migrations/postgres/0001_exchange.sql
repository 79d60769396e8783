-- Keys compare by byte (COLLATE "C") whatever the server's language: SQLite does the same, ranges of prefixes hold, and
-- indexes are smaller and faster to build.

-- Authorities that take part. Small and shared: written rarely, never per request.
CREATE TABLE member (
  code TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  joined_on TEXT NOT NULL,
  settings TEXT NOT NULL
);

-- The last sequence number given out in each authority; every other order is derived from it.
CREATE TABLE sequence (
  authority TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  last BIGINT NOT NULL
);

CREATE TABLE submission (
  authority TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  dataset TEXT COLLATE "C" NOT NULL,
  mode TEXT NOT NULL,
  as_at TEXT COLLATE "C" NOT NULL,
  covers_from TEXT COLLATE "C",
  correction BIGINT NOT NULL,
  client TEXT COLLATE "C" NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  bytes BIGINT NOT NULL,
  format TEXT NOT NULL,
  compression TEXT NOT NULL,
  contract TEXT NOT NULL,
  state TEXT NOT NULL,
  verdict TEXT,
  held_reason TEXT,
  counts TEXT,
  report BYTEA,
  received_at BIGINT NOT NULL,
  decided_at BIGINT,
  PRIMARY KEY (authority, id)
);
CREATE UNIQUE INDEX submission_by_seq ON submission (authority, seq);
CREATE INDEX submission_by_feed ON submission (authority, dataset, as_at, seq);
CREATE INDEX submission_by_content ON submission (authority, dataset, client, digest);
CREATE INDEX submission_by_time ON submission (authority, received_at, id);
-- For operators, who list and find submissions of all authorities.
CREATE INDEX submission_by_arrival ON submission (received_at, id);
CREATE INDEX submission_by_id ON submission (id);

-- What was sent, zstd-compressed, in pieces.
CREATE TABLE payload (
  authority TEXT COLLATE "C" NOT NULL,
  submission TEXT COLLATE "C" NOT NULL,
  n BIGINT NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (authority, submission, n)
);

-- One answer per client and Idempotency-Key, kept until expires_at.
CREATE TABLE idempotency (
  authority TEXT COLLATE "C" NOT NULL,
  client TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  request TEXT NOT NULL,
  submission TEXT COLLATE "C" NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (authority, client, key)
);

-- Every dataset's rows in one versioned shape. Believed now: known_to IS NULL.
CREATE TABLE record (
  authority TEXT COLLATE "C" NOT NULL,
  dataset TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  known_from BIGINT NOT NULL,
  known_to BIGINT,
  as_at TEXT COLLATE "C" NOT NULL,
  fingerprint BYTEA NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (authority, dataset, key, known_from)
);
CREATE UNIQUE INDEX record_believed ON record (authority, dataset, key) WHERE known_to IS NULL;

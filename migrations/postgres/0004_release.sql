-- A release never changes; basis says, per authority, the sequence it read up to.
CREATE TABLE release (
  id TEXT NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL,
  as_at TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  digest TEXT NOT NULL,
  reason TEXT NOT NULL,
  basis TEXT NOT NULL,
  summary TEXT NOT NULL
);
CREATE UNIQUE INDEX release_by_number ON release (number);

CREATE TABLE release_table (
  release TEXT NOT NULL,
  name TEXT NOT NULL,
  json BYTEA NOT NULL,
  csv BYTEA NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (release, name)
);

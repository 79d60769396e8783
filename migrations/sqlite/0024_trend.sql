-- How good each decided submission was: once for each, when it has been decided. body is what was measured, JSON.
CREATE TABLE trend (
  authority TEXT NOT NULL,
  submission TEXT NOT NULL,
  dataset TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (authority, submission)
) STRICT;
CREATE INDEX trend_by_time ON trend (authority, dataset, received_at);

-- What the planner is to think of it before it has seen any rows, as for the others.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('trend', 'trend_by_time', '20000 600 100 1');
ANALYZE sqlite_schema;

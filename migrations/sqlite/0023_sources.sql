-- Where the hub collects an authority's feeds itself. terms is what was agreed of a source, JSON. last_slot is the slot of its
-- pattern that was last queued; digest the content that was last taken, so that the same is not taken again; failing_since the
-- first of the failures that have not ended.
CREATE TABLE source (
  authority TEXT NOT NULL,
  id TEXT NOT NULL,
  dataset TEXT NOT NULL,
  url TEXT NOT NULL,
  pattern TEXT NOT NULL,
  terms TEXT NOT NULL,
  secret BLOB,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  last_slot INTEGER NOT NULL,
  digest TEXT,
  failing_since INTEGER,
  PRIMARY KEY (authority, id)
) STRICT;

-- Each time that a source was looked at, and what came of it.
CREATE TABLE collection (
  authority TEXT NOT NULL,
  source TEXT NOT NULL,
  at INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT,
  bytes INTEGER NOT NULL,
  digest TEXT,
  submission TEXT,
  PRIMARY KEY (authority, source, at)
) STRICT;

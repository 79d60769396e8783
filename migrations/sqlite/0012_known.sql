-- Notices as they stood at the end of a day in London on which they were not what they are now: what was known of the
-- register on a past day. Written when a notice is first changed on a later day; a change within the day leaves none.
CREATE TABLE notice_past (
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
  standing TEXT NOT NULL,
  given_at INTEGER,
  replaced_at INTEGER NOT NULL,
  PRIMARY KEY (authority, id, replaced_at)
) STRICT;
CREATE INDEX notice_past_placed ON notice_past (authority, replaced_at);
CREATE INDEX notice_past_hosted ON notice_past (host, replaced_at);

-- Whose key its sender says the contents of an envelope are signed with, inside it: a fingerprint, where it says so.
ALTER TABLE envelope ADD COLUMN signed_by TEXT;

-- As with notice: an authority has thousands.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('notice_past', 'sqlite_autoindex_notice_past_1', '400000 4000 2 1'),
  ('notice_past', 'notice_past_placed', '400000 4000 20'),
  ('notice_past', 'notice_past_hosted', '400000 4000 20');
ANALYZE sqlite_schema;

-- Who has given notice, and when: beside the state, which says how far the host has got. Both follow from body.
ALTER TABLE notice ADD COLUMN standing TEXT NOT NULL DEFAULT 'presumed_missing';
ALTER TABLE notice ADD COLUMN given_at INTEGER;

-- What a placing authority stated of a notice, each standing in the place of the one before it. Append-only.
CREATE TABLE statement (
  authority TEXT NOT NULL,
  notice TEXT NOT NULL,
  n INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  provisional INTEGER NOT NULL,
  at INTEGER NOT NULL,
  client TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (authority, notice, n)
) STRICT;
CREATE UNIQUE INDEX statement_by_id ON statement (authority, id);

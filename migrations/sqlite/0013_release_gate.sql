-- Whom a release is for. Each audience has its own count of releases and its own memory.
ALTER TABLE release ADD COLUMN audience TEXT NOT NULL DEFAULT 'consortium';
DROP INDEX release_by_number;
CREATE UNIQUE INDEX release_by_number ON release (audience, number);

-- What the gate remembers of a release: the policy it passed, what it printed and what it hid by cell (never a hidden
-- count), and what was read for it that no record keeps as it was known.
CREATE TABLE release_gate (
  audience TEXT NOT NULL,
  number INTEGER NOT NULL,
  policy TEXT NOT NULL,
  memory BLOB NOT NULL,
  inputs BLOB NOT NULL,
  PRIMARY KEY (audience, number)
) STRICT;

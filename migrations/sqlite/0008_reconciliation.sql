-- One row per authority and reconciliation. A night is told by its date; a second run of one night has a row of its own.
CREATE TABLE reconciliation (
  authority TEXT NOT NULL,
  at INTEGER NOT NULL,
  night TEXT NOT NULL,
  standing INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  cleared INTEGER NOT NULL,
  PRIMARY KEY (authority, at)
) STRICT;
CREATE INDEX reconciliation_by_night ON reconciliation (authority, night, at);

-- What did not agree, once for each authority concerned (id is that row's own; the body has the one they share) and each
-- wording of it. It stood from the run at seen_from; from the run at seen_to it was worded otherwise, or (cleared = 1) no
-- longer found, having last been found at last_seen.
CREATE TABLE discrepancy (
  authority TEXT NOT NULL,
  id TEXT NOT NULL,
  side TEXT NOT NULL,
  kind TEXT NOT NULL,
  first_seen INTEGER NOT NULL,
  seen_from INTEGER NOT NULL,
  seen_to INTEGER,
  last_seen INTEGER,
  cleared INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (authority, id, seen_from)
) STRICT;
CREATE UNIQUE INDEX discrepancy_standing ON discrepancy (authority, id) WHERE seen_to IS NULL;
CREATE INDEX discrepancy_by_time ON discrepancy (authority, side, seen_from, id);

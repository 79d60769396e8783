-- Whether an authority hears a step of the ladder; X00000000 stands for every authority without a row of its own. A step
-- without a row is heard.
CREATE TABLE ladder (
  authority TEXT NOT NULL,
  step TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (authority, step)
) STRICT;

-- Who of an authority an event is for: shared (whoever sends its feeds, and the operator), placing, host, or hub (the
-- operator alone).
ALTER TABLE event ADD COLUMN side TEXT NOT NULL DEFAULT 'shared';

-- The register is read by first day.
CREATE INDEX notice_placed ON notice (authority, started_on, id);
CREATE INDEX notice_hosted ON notice (host, started_on, id);

-- Addresses that refused for good.
CREATE INDEX delivery_dead ON delivery (authority, notice) WHERE state = 'dead';

-- What the planner is to think of these before it has seen any rows, as for the others.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('notice', 'notice_placed', '200000 2000 20 1'),
  ('notice', 'notice_hosted', '200000 2000 20 1'),
  ('delivery', 'delivery_dead', '200 20 2');
ANALYZE sqlite_schema;

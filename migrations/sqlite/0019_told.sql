-- When the version of a notice that stands was issued to its host, the latest version that has reached the host by whatever
-- way, and the latest of which its placing authority was told that it is late. What was issued before this stands has no
-- issued_at: nobody is told that it is late.
ALTER TABLE notice ADD COLUMN issued_at INTEGER;
ALTER TABLE notice ADD COLUMN delivered_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN late_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notice_past ADD COLUMN issued_at INTEGER;
ALTER TABLE notice_past ADD COLUMN delivered_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notice_past ADD COLUMN late_version INTEGER NOT NULL DEFAULT 0;
CREATE INDEX notice_late ON notice (issued_at, id)
  WHERE issued = 1 AND delivered_version < version AND late_version < version;

-- It is a notice that is late, not one of its deliveries.
ALTER TABLE delivery DROP COLUMN told_at;

-- What the planner is to think of it before it has seen any rows, as for the others.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('notice', 'notice_late', '2000 2 1');
ANALYZE sqlite_schema;

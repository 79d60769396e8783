-- When the version of a notice that stands was issued to its host, the latest version that has reached the host by whatever
-- way, and the latest of which its placing authority was told that it is late. What was issued before this stands has no
-- issued_at: nobody is told that it is late.
ALTER TABLE notice ADD COLUMN issued_at BIGINT;
ALTER TABLE notice ADD COLUMN delivered_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN late_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE notice_past ADD COLUMN issued_at BIGINT;
ALTER TABLE notice_past ADD COLUMN delivered_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE notice_past ADD COLUMN late_version BIGINT NOT NULL DEFAULT 0;
CREATE INDEX notice_late ON notice (issued_at, id)
  WHERE issued = 1 AND delivered_version < version AND late_version < version;

-- It is a notice that is late, not one of its deliveries.
ALTER TABLE delivery DROP COLUMN told_at;

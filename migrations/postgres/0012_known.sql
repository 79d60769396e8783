-- Notices as they stood at the end of a day in London on which they were not what they are now: what was known of the
-- register on a past day. Written when a notice is first changed on a later day; a change within the day leaves none.
CREATE TABLE notice_past (
  authority TEXT NOT NULL,
  id TEXT NOT NULL,
  host TEXT NOT NULL,
  child_ref TEXT NOT NULL,
  state TEXT NOT NULL,
  live BIGINT NOT NULL,
  issued BIGINT NOT NULL,
  version BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  class TEXT NOT NULL,
  started_on TEXT NOT NULL,
  ended_on TEXT,
  due_at BIGINT,
  body TEXT NOT NULL,
  raised_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  standing TEXT NOT NULL,
  given_at BIGINT,
  replaced_at BIGINT NOT NULL,
  PRIMARY KEY (authority, id, replaced_at)
);
CREATE INDEX notice_past_placed ON notice_past (authority, replaced_at);
CREATE INDEX notice_past_hosted ON notice_past (host, replaced_at);

-- Whose key its sender says the contents of an envelope are signed with, inside it: a fingerprint, where it says so.
ALTER TABLE envelope ADD COLUMN signed_by TEXT;

-- As with notice: either side reads it, the host what it had been told then.
GRANT SELECT ON notice_past TO hub_tenant;
ALTER TABLE notice_past ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON notice_past FOR SELECT TO hub_tenant
  USING (authority = current_setting('hub.authority', true) OR (host = current_setting('hub.authority', true) AND issued = 1));

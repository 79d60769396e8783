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
  secret BYTEA,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  last_slot BIGINT NOT NULL,
  digest TEXT,
  failing_since BIGINT,
  PRIMARY KEY (authority, id)
);

-- Each time that a source was looked at, and what came of it.
CREATE TABLE collection (
  authority TEXT NOT NULL,
  source TEXT NOT NULL,
  at BIGINT NOT NULL,
  slot BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT,
  bytes BIGINT NOT NULL,
  digest TEXT,
  submission TEXT,
  PRIMARY KEY (authority, source, at)
);

GRANT SELECT ON source, collection TO hub_tenant;
ALTER TABLE source ENABLE ROW LEVEL SECURITY;
ALTER TABLE collection ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON source FOR SELECT TO hub_tenant USING (authority = current_setting('hub.authority', true));
CREATE POLICY own ON collection FOR SELECT TO hub_tenant USING (authority = current_setting('hub.authority', true));

-- Who has given notice, and when: beside the state, which says how far the host has got. Both follow from body.
ALTER TABLE notice ADD COLUMN standing TEXT NOT NULL DEFAULT 'presumed_missing';
ALTER TABLE notice ADD COLUMN given_at BIGINT;

-- What a placing authority stated of a notice, each standing in the place of the one before it. Append-only.
CREATE TABLE statement (
  authority TEXT NOT NULL,
  notice TEXT NOT NULL,
  n BIGINT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  provisional BIGINT NOT NULL,
  at BIGINT NOT NULL,
  client TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (authority, notice, n)
);
CREATE UNIQUE INDEX statement_by_id ON statement (authority, id);

-- The placing authority reads its own; the host what was given, of the notices that it may see. What is provisional has
-- not been given.
GRANT SELECT ON statement TO hub_tenant;
ALTER TABLE statement ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON statement FOR SELECT TO hub_tenant
  USING (authority = current_setting('hub.authority', true)
    OR (provisional = 0 AND EXISTS (SELECT 1 FROM notice n WHERE n.authority = statement.authority AND n.id = statement.notice)));

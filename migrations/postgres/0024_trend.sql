-- How good each decided submission was: once for each, when it has been decided. body is what was measured, JSON.
CREATE TABLE trend (
  authority TEXT NOT NULL,
  submission TEXT NOT NULL,
  dataset TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (authority, submission)
);
CREATE INDEX trend_by_time ON trend (authority, dataset, received_at);

GRANT SELECT ON trend TO hub_tenant;
ALTER TABLE trend ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON trend FOR SELECT TO hub_tenant USING (authority = current_setting('hub.authority', true));

-- What was done to records other than by a feed, under the authority whose they are: what was deleted and under which rule,
-- what was handed out of one child, what was erased. Append-only, numbered from 1. link is the SHA-256 of the entry before
-- it and of this one, so that an entry changed, taken out or put in between is found.
CREATE TABLE audit (
  authority TEXT NOT NULL,
  n BIGINT NOT NULL,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  link BYTEA NOT NULL,
  PRIMARY KEY (authority, n)
);
CREATE INDEX audit_by_time ON audit (at, authority, n);

-- Versions of a feed's records that were superseded up to this number are kept no longer: what was believed before it cannot
-- be told any more.
CREATE TABLE forgotten (
  authority TEXT NOT NULL,
  dataset TEXT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (authority, dataset)
);

GRANT SELECT ON audit TO hub_tenant;
ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON audit FOR SELECT TO hub_tenant USING (authority = current_setting('hub.authority', true));

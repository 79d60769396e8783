-- Public keys to which details about children are sealed, under the authority that holds the private half. Append-only:
-- a key is never changed, and its end is a row of its own, so that who registered what, and when, stays to be seen.
CREATE TABLE sealing_key (
  authority TEXT NOT NULL,
  id TEXT NOT NULL,
  recipient TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  registered_at BIGINT NOT NULL,
  registered_by TEXT NOT NULL,
  PRIMARY KEY (authority, id)
);
CREATE UNIQUE INDEX sealing_key_once ON sealing_key (authority, recipient);

CREATE TABLE sealing_key_end (
  authority TEXT NOT NULL,
  id TEXT NOT NULL,
  retired_at BIGINT NOT NULL,
  retired_by TEXT NOT NULL,
  PRIMARY KEY (authority, id)
);

-- Envelopes of a notice, under the placing authority, numbered from 1. What the hub knows of each: its length, its digest,
-- for which keys its sender says it is sealed, and which parts its sender says it contains. A newer one of the same kind
-- supersedes it; its bytes then go.
CREATE TABLE envelope (
  authority TEXT NOT NULL,
  notice TEXT NOT NULL,
  n BIGINT NOT NULL,
  host TEXT NOT NULL,
  kind TEXT NOT NULL,
  parts TEXT NOT NULL,
  fingerprints TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  digest TEXT NOT NULL,
  sealed_at BIGINT NOT NULL,
  sealed_by TEXT NOT NULL,
  superseded_by BIGINT,
  PRIMARY KEY (authority, notice, n)
);
CREATE INDEX envelope_by_host ON envelope (host, authority, notice) WHERE superseded_by IS NULL;

-- Ciphertext, in pieces from 0.
CREATE TABLE envelope_piece (
  authority TEXT NOT NULL,
  notice TEXT NOT NULL,
  n BIGINT NOT NULL,
  piece BIGINT NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (authority, notice, n, piece)
);

-- Who asked for a protected address, for what reason: the step before its bytes are handed out.
CREATE TABLE envelope_opening (
  authority TEXT NOT NULL,
  notice TEXT NOT NULL,
  n BIGINT NOT NULL,
  id TEXT NOT NULL,
  client TEXT NOT NULL,
  officer TEXT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (authority, notice, n, id)
);

-- Public keys are everybody's to read: whoever seals something needs them.
-- A public key is for anybody who gives notice: said here, so that no table is open for want of a policy.
ALTER TABLE sealing_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE sealing_key_end ENABLE ROW LEVEL SECURITY;
CREATE POLICY anybody ON sealing_key FOR SELECT TO hub_tenant USING (true);
CREATE POLICY anybody ON sealing_key_end FOR SELECT TO hub_tenant USING (true);
GRANT SELECT ON sealing_key, sealing_key_end, envelope, envelope_piece, envelope_opening TO hub_tenant;
ALTER TABLE envelope ENABLE ROW LEVEL SECURITY;
ALTER TABLE envelope_piece ENABLE ROW LEVEL SECURITY;
ALTER TABLE envelope_opening ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON envelope FOR SELECT TO hub_tenant
  USING (EXISTS (SELECT 1 FROM notice n WHERE n.authority = envelope.authority AND n.id = envelope.notice));
CREATE POLICY own ON envelope_piece FOR SELECT TO hub_tenant
  USING (EXISTS (SELECT 1 FROM notice n WHERE n.authority = envelope_piece.authority AND n.id = envelope_piece.notice));
CREATE POLICY own ON envelope_opening FOR SELECT TO hub_tenant
  USING (EXISTS (SELECT 1 FROM notice n WHERE n.authority = envelope_opening.authority AND n.id = envelope_opening.notice));

CREATE TABLE client (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  roles TEXT NOT NULL,
  authorities TEXT NOT NULL,
  secret BYTEA,
  jwks TEXT,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- A client's assertion may be used once; the key is the replay guard.
CREATE TABLE assertion (
  client TEXT NOT NULL,
  jti TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (client, jti)
);

CREATE TABLE signing_key (
  kid TEXT NOT NULL PRIMARY KEY,
  purpose TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  private BYTEA NOT NULL,
  public TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  retired_at BIGINT
);

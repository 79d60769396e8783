CREATE TABLE client (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  roles TEXT NOT NULL,
  authorities TEXT NOT NULL,
  secret BLOB,
  jwks TEXT,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- A client's assertion may be used once; the key is the replay guard.
CREATE TABLE assertion (
  client TEXT NOT NULL,
  jti TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (client, jti)
) STRICT;

CREATE TABLE signing_key (
  kid TEXT NOT NULL PRIMARY KEY,
  purpose TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  private BLOB NOT NULL,
  public TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER
) STRICT;

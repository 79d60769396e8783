-- Keys with which reporting tools read what is published. Of the secret only its SHA-256 is kept: it is 32 random bytes.
CREATE TABLE reporting_key (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  secret BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX reporting_key_by_secret ON reporting_key (secret);

-- Releases by the day they are true of: what `from` and `to` ask for.
CREATE INDEX release_by_day ON release (audience, as_at, number);

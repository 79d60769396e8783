-- People who are signed in at the pages, and sign-ins under way. The id is the SHA-256 of a secret that only a browser
-- has. A small shared table, read by its key at every page; it is nobody's data but the hub's, and no tenant reads it.
CREATE TABLE session (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  roles TEXT NOT NULL,
  authorities TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sign_in (
  id TEXT NOT NULL PRIMARY KEY,
  leads_to TEXT NOT NULL,
  ends_at INTEGER NOT NULL
) STRICT;

-- Who has looked at an authority's data, and is not of it: once a day for each reader and thing. The authority may read it.
CREATE TABLE reading (
  authority TEXT NOT NULL,
  day TEXT NOT NULL,
  reader TEXT NOT NULL,
  thing TEXT NOT NULL,
  subject TEXT NOT NULL,
  called TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (authority, day, reader, thing, subject)
) STRICT;

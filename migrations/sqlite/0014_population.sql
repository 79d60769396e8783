-- Estimates of how many children live where, one row per vintage. A vintage is never changed: a revised estimate is another.
-- It is read whole, so its estimates are one document.
CREATE TABLE population (
  vintage TEXT NOT NULL,
  estimated_on TEXT NOT NULL,
  digest TEXT NOT NULL,
  authorities INTEGER NOT NULL,
  estimates TEXT NOT NULL,
  loaded_at INTEGER NOT NULL,
  PRIMARY KEY (vintage)
) STRICT;

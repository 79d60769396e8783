-- What the operator said of bank holidays beside those that the program knows: append-only; of a day, the last word counts.
-- What is proclaimed late must move the due dates of notices that wait, and say of which day.
CREATE TABLE holiday (
  day TEXT NOT NULL,
  n INTEGER NOT NULL,
  is_holiday INTEGER NOT NULL,
  name TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  PRIMARY KEY (day, n)
) STRICT;

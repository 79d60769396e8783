-- The key by which a client proved itself when it made a statement; none where it has a secret.
ALTER TABLE statement ADD COLUMN key_id TEXT;

-- An endpoint is proved before it is used, may ask for some events only, and has its health kept. events is a list of
-- types between blanks, blank for all. open_until is when it may be tried again after many failures in a row; late_since
-- says that its operator has been told. During a rotation old_secret signs too, until old_until.
ALTER TABLE endpoint ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE endpoint ADD COLUMN events TEXT NOT NULL DEFAULT '';
ALTER TABLE endpoint ADD COLUMN challenge TEXT;
ALTER TABLE endpoint ADD COLUMN verified_at BIGINT;
ALTER TABLE endpoint ADD COLUMN old_secret BYTEA;
ALTER TABLE endpoint ADD COLUMN old_until BIGINT;
ALTER TABLE endpoint ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE endpoint ADD COLUMN failing_since BIGINT;
ALTER TABLE endpoint ADD COLUMN open_until BIGINT;
ALTER TABLE endpoint ADD COLUMN succeeded_at BIGINT;
ALTER TABLE endpoint ADD COLUMN failed_at BIGINT;
ALTER TABLE endpoint ADD COLUMN error TEXT;
ALTER TABLE endpoint ADD COLUMN milliseconds BIGINT;
ALTER TABLE endpoint ADD COLUMN late_since BIGINT;

-- When the authority that tells was told that this has not arrived.
ALTER TABLE delivery ADD COLUMN told_at BIGINT;
CREATE INDEX delivery_log ON delivery (authority, created_at, id);

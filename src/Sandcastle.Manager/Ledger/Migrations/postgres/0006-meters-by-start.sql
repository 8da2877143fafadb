-- Each start of a worker has a meter of its own, named by the worker: by its clock one start is not told from another where that was set back. What
-- stands here goes on under the moment of its start, as workers of before are known. "booked_at" is by the store's own clock.

ALTER TABLE meters ADD COLUMN incarnation TEXT COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE meters ADD COLUMN booked_at BIGINT NOT NULL DEFAULT 0;

UPDATE meters SET incarnation = CASE kind WHEN 'worker' THEN CAST(epoch AS TEXT) ELSE '' END,
    booked_at = CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT);

ALTER TABLE meters ALTER COLUMN incarnation DROP DEFAULT;

ALTER TABLE meters ALTER COLUMN booked_at DROP DEFAULT;

ALTER TABLE meters DROP CONSTRAINT meters_pkey;

ALTER TABLE meters ADD PRIMARY KEY (kind, name, incarnation);

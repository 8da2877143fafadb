-- How much of a worker's own memory is booked as its overhead, in byte-seconds since its epoch. What was held before this stays in idle.

ALTER TABLE meters ADD COLUMN byte_seconds BIGINT NOT NULL DEFAULT 0;

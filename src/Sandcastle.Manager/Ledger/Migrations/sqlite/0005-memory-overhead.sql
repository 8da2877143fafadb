-- How much of a worker's own memory is booked as its overhead, in byte-seconds since its epoch. What was held before this stays in idle.

ALTER TABLE meters ADD COLUMN byte_seconds INTEGER NOT NULL DEFAULT 0;

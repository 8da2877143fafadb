-- Each start of a worker has a meter of its own, named by the worker: by its clock one start is not told from another where that was set back. What
-- stands here goes on under the moment of its start, as workers of before are known. "booked_at" is by the store's own clock.

CREATE TABLE meters_by_start (
    kind         TEXT NOT NULL,
    name         TEXT NOT NULL,
    incarnation  TEXT NOT NULL,
    epoch        INTEGER NOT NULL,
    until        INTEGER NOT NULL,
    cpu_micros   INTEGER NOT NULL,
    byte_seconds INTEGER NOT NULL,
    booked_at    INTEGER NOT NULL,
    PRIMARY KEY (kind, name, incarnation)
) STRICT;

INSERT INTO meters_by_start
SELECT kind, name, CASE kind WHEN 'worker' THEN CAST(epoch AS TEXT) ELSE '' END, epoch, until, cpu_micros, byte_seconds,
    CAST(unixepoch('subsec') * 1000000 AS INTEGER)
FROM meters;

DROP TABLE meters;

ALTER TABLE meters_by_start RENAME TO meters;

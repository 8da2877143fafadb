-- The books: every receipt moves CPU and memory from the lot that paid for its worker (or the worker, where there is no lot) to its
-- tenant. Amounts are whole microseconds of CPU and whole byte-seconds of memory; those of one transaction add up to zero.

ALTER TABLE receipts ADD COLUMN lot TEXT;

-- What is billed of memory_byte_seconds: rounded once, half away from zero.
ALTER TABLE receipts ADD COLUMN byte_seconds INTEGER NOT NULL DEFAULT 0;

-- The transaction that posted it.
ALTER TABLE receipts ADD COLUMN posting INTEGER NOT NULL DEFAULT 0;

CREATE TABLE accounts (
    id   INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (kind, name)
) STRICT;

-- "at" is when what is booked began, in microseconds since 1970.
CREATE TABLE transactions (
    id   INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    at   INTEGER NOT NULL
) STRICT;

CREATE INDEX transactions_of_others ON transactions (at) WHERE kind <> 'receipt';

CREATE TABLE entries (
    posting      INTEGER NOT NULL,
    account      INTEGER NOT NULL,
    cpu_micros   INTEGER NOT NULL,
    byte_seconds INTEGER NOT NULL,
    PRIMARY KEY (posting, account)
) STRICT, WITHOUT ROWID;

-- Receipts summed up. A span of time is in rows of one length alone: a minute, later an hour, later a day.
CREATE TABLE rollups (
    tenant         TEXT NOT NULL,
    starts_at      INTEGER NOT NULL,
    seconds        INTEGER NOT NULL,
    template       TEXT NOT NULL,
    outcome        TEXT NOT NULL,
    source_kind    TEXT NOT NULL,
    source         TEXT NOT NULL,
    runs           INTEGER NOT NULL,
    cpu_micros     INTEGER NOT NULL,
    byte_seconds   INTEGER NOT NULL,
    wall_micros    INTEGER NOT NULL,
    io_read_bytes  INTEGER NOT NULL,
    io_write_bytes INTEGER NOT NULL,
    output_bytes   INTEGER NOT NULL,
    PRIMARY KEY (tenant, starts_at, seconds, template, outcome, source_kind, source)
) STRICT, WITHOUT ROWID;

CREATE INDEX rollups_by_length ON rollups (seconds, starts_at);

-- The same of what is had over time: reserved (of a lot or worker), overhead, leased.
CREATE TABLE holdings (
    account      INTEGER NOT NULL,
    starts_at    INTEGER NOT NULL,
    seconds      INTEGER NOT NULL,
    cpu_micros   INTEGER NOT NULL,
    byte_seconds INTEGER NOT NULL,
    PRIMARY KEY (account, starts_at, seconds)
) STRICT, WITHOUT ROWID;

CREATE INDEX holdings_by_length ON holdings (seconds, starts_at);

-- How far each worker's capacity and each tenant's lease is booked: seconds after the epoch (microseconds since 1970), and the overhead.
CREATE TABLE meters (
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    epoch      INTEGER NOT NULL,
    until      INTEGER NOT NULL,
    cpu_micros INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT;

-- Until when receipts are gone, minutes are hours, and hours are days.
CREATE TABLE retention (
    name  TEXT PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT;

-- Receipts of before.
UPDATE receipts SET byte_seconds = CAST(round(memory_byte_seconds) AS INTEGER), posting = n
FROM (SELECT run AS numbered, ROW_NUMBER() OVER (ORDER BY started_at, run) AS n FROM receipts) WHERE run = numbered;

INSERT INTO accounts (kind, name) SELECT DISTINCT 'tenant', tenant FROM receipts;

INSERT INTO accounts (kind, name) SELECT DISTINCT 'worker', worker FROM receipts;

INSERT INTO transactions (id, kind, at) SELECT posting, 'receipt', started_at FROM receipts;

INSERT INTO entries (posting, account, cpu_micros, byte_seconds)
SELECT posting, id, -cpu_micros, -byte_seconds FROM receipts JOIN accounts ON kind = 'worker' AND name = worker
UNION ALL
SELECT posting, id, cpu_micros, byte_seconds FROM receipts JOIN accounts ON kind = 'tenant' AND name = tenant;

INSERT INTO rollups
SELECT tenant, started_at / 60000000 * 60000000, 60, template, outcome, 'worker', worker, COUNT(*), SUM(cpu_micros), SUM(byte_seconds),
    SUM(wall_micros), SUM(io_read_bytes), SUM(io_write_bytes), SUM(output_bytes)
FROM receipts GROUP BY 1, 2, 4, 5, 7;

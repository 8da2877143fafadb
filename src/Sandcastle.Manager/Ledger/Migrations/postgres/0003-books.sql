-- The books: every receipt moves CPU and memory from the lot that paid for its worker (or the worker, where there is no lot) to its
-- tenant. Amounts are whole microseconds of CPU and whole byte-seconds of memory; those of one transaction add up to zero.

ALTER TABLE receipts ADD COLUMN lot TEXT COLLATE "C";

-- What is billed of memory_byte_seconds: rounded once, half away from zero.
ALTER TABLE receipts ADD COLUMN byte_seconds BIGINT NOT NULL DEFAULT 0;

-- The transaction that posted it.
ALTER TABLE receipts ADD COLUMN posting BIGINT NOT NULL DEFAULT 0;

CREATE TABLE accounts (
    id   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    UNIQUE (kind, name)
);

CREATE SEQUENCE postings;

-- "at" is when what is booked began, in microseconds since 1970.
CREATE TABLE transactions (
    id   BIGINT PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    at   BIGINT NOT NULL
);

CREATE INDEX transactions_of_others ON transactions (at) WHERE kind <> 'receipt';

CREATE TABLE entries (
    posting      BIGINT NOT NULL,
    account      BIGINT NOT NULL,
    cpu_micros   BIGINT NOT NULL,
    byte_seconds BIGINT NOT NULL,
    PRIMARY KEY (posting, account)
);

-- Receipts summed up. A span of time is in rows of one length alone: a minute, later an hour, later a day.
CREATE TABLE rollups (
    tenant         TEXT COLLATE "C" NOT NULL,
    starts_at      BIGINT NOT NULL,
    seconds        BIGINT NOT NULL,
    template       TEXT COLLATE "C" NOT NULL,
    outcome        TEXT COLLATE "C" NOT NULL,
    source_kind    TEXT COLLATE "C" NOT NULL,
    source         TEXT COLLATE "C" NOT NULL,
    runs           BIGINT NOT NULL,
    cpu_micros     BIGINT NOT NULL,
    byte_seconds   BIGINT NOT NULL,
    wall_micros    BIGINT NOT NULL,
    io_read_bytes  BIGINT NOT NULL,
    io_write_bytes BIGINT NOT NULL,
    output_bytes   BIGINT NOT NULL,
    PRIMARY KEY (tenant, starts_at, seconds, template, outcome, source_kind, source)
);

CREATE INDEX rollups_by_length ON rollups (seconds, starts_at);

-- The same of what is had over time: reserved (of a lot or worker), overhead, leased.
CREATE TABLE holdings (
    account      BIGINT NOT NULL,
    starts_at    BIGINT NOT NULL,
    seconds      BIGINT NOT NULL,
    cpu_micros   BIGINT NOT NULL,
    byte_seconds BIGINT NOT NULL,
    PRIMARY KEY (account, starts_at, seconds)
);

CREATE INDEX holdings_by_length ON holdings (seconds, starts_at);

-- How far each worker's capacity and each tenant's lease is booked: seconds after the epoch (microseconds since 1970), and the overhead.
CREATE TABLE meters (
    kind       TEXT COLLATE "C" NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    epoch      BIGINT NOT NULL,
    until      BIGINT NOT NULL,
    cpu_micros BIGINT NOT NULL,
    PRIMARY KEY (kind, name)
);

-- Until when receipts are gone, minutes are hours, and hours are days.
CREATE TABLE retention (
    name  TEXT COLLATE "C" PRIMARY KEY,
    until BIGINT NOT NULL
);

-- Receipts of before.
UPDATE receipts SET byte_seconds = CAST(floor(memory_byte_seconds + 0.5) AS BIGINT), posting = n
FROM (SELECT run AS numbered, ROW_NUMBER() OVER (ORDER BY started_at, run) AS n FROM receipts) AS numbers WHERE run = numbered;

INSERT INTO accounts (kind, name) SELECT DISTINCT 'tenant', tenant FROM receipts;

INSERT INTO accounts (kind, name) SELECT DISTINCT 'worker', worker FROM receipts;

INSERT INTO transactions (id, kind, at) SELECT posting, 'receipt', started_at FROM receipts;

INSERT INTO entries (posting, account, cpu_micros, byte_seconds)
SELECT posting, id, -cpu_micros, -byte_seconds FROM receipts JOIN accounts ON kind = 'worker' AND name = worker
UNION ALL
SELECT posting, id, cpu_micros, byte_seconds FROM receipts JOIN accounts ON kind = 'tenant' AND name = tenant;

INSERT INTO rollups
SELECT tenant, started_at / 60000000 * 60000000, 60, template, outcome, 'worker', worker, COUNT(*), CAST(SUM(cpu_micros) AS BIGINT),
    CAST(SUM(byte_seconds) AS BIGINT), CAST(SUM(wall_micros) AS BIGINT), CAST(SUM(io_read_bytes) AS BIGINT),
    CAST(SUM(io_write_bytes) AS BIGINT), CAST(SUM(output_bytes) AS BIGINT)
FROM receipts GROUP BY 1, 2, 4, 5, 7;

SELECT setval('postings', (SELECT COUNT(*) + 1 FROM receipts), false);

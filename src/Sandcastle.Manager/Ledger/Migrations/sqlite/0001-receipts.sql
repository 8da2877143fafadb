-- Receipts, one row each. Times are microseconds since 1970 in UTC. What repeats from row to row (limits, sources) is kept once.

CREATE TABLE documents (
    id   INTEGER PRIMARY KEY,
    json TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE receipts (
    run                 TEXT PRIMARY KEY,
    tenant              TEXT NOT NULL,
    template            TEXT NOT NULL,
    profile             TEXT NOT NULL,
    keep                TEXT NOT NULL,
    worker              TEXT NOT NULL,
    started_at          INTEGER NOT NULL,
    recorded_at         INTEGER NOT NULL,
    outcome             TEXT NOT NULL,
    exit_code           INTEGER,
    signal              INTEGER,
    cpu_micros          INTEGER NOT NULL,
    cpu_user_micros     INTEGER NOT NULL,
    cpu_system_micros   INTEGER NOT NULL,
    rusage_cpu_micros   INTEGER NOT NULL,
    wall_micros         INTEGER NOT NULL,
    peak_memory_bytes   INTEGER NOT NULL,
    memory_byte_seconds REAL NOT NULL,
    io_read_bytes       INTEGER NOT NULL,
    io_write_bytes      INTEGER NOT NULL,
    output_bytes        INTEGER NOT NULL,
    limits              INTEGER NOT NULL REFERENCES documents (id),
    unenforced          TEXT,
    sources             INTEGER NOT NULL REFERENCES documents (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX receipts_by_tenant_and_time ON receipts (tenant, started_at);

-- Receipts, one row each. Times are microseconds since 1970 in UTC. What repeats from row to row (limits, sources) is kept once.
-- Text is compared byte by byte, as the other store does it.

CREATE TABLE documents (
    id   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    json TEXT COLLATE "C" NOT NULL
);

-- By digest, since an index takes no text of more than 2,704 bytes. Two texts with one digest would be refused, not mixed up.
CREATE UNIQUE INDEX documents_by_content ON documents (md5(json));

CREATE TABLE receipts (
    run                 TEXT COLLATE "C" PRIMARY KEY,
    tenant              TEXT COLLATE "C" NOT NULL,
    template            TEXT COLLATE "C" NOT NULL,
    profile             TEXT COLLATE "C" NOT NULL,
    keep                TEXT COLLATE "C" NOT NULL,
    worker              TEXT COLLATE "C" NOT NULL,
    started_at          BIGINT NOT NULL,
    recorded_at         BIGINT NOT NULL,
    outcome             TEXT COLLATE "C" NOT NULL,
    exit_code           BIGINT,
    signal              BIGINT,
    cpu_micros          BIGINT NOT NULL,
    cpu_user_micros     BIGINT NOT NULL,
    cpu_system_micros   BIGINT NOT NULL,
    rusage_cpu_micros   BIGINT NOT NULL,
    wall_micros         BIGINT NOT NULL,
    peak_memory_bytes   BIGINT NOT NULL,
    memory_byte_seconds DOUBLE PRECISION NOT NULL,
    io_read_bytes       BIGINT NOT NULL,
    io_write_bytes      BIGINT NOT NULL,
    output_bytes        BIGINT NOT NULL,
    limits              BIGINT NOT NULL REFERENCES documents (id),
    unenforced          TEXT COLLATE "C",
    sources             BIGINT NOT NULL REFERENCES documents (id)
);

CREATE INDEX receipts_by_tenant_and_time ON receipts (tenant, started_at);

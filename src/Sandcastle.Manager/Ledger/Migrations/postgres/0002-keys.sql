-- Keys of repeatable requests. A row is a claim from before its run starts, and an answer once it has ended. Times are microseconds
-- since 1970 in UTC; a row past expires_at is as good as none.

CREATE TABLE keys (
    tenant     TEXT COLLATE "C" NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    digest     TEXT COLLATE "C" NOT NULL,
    run        TEXT COLLATE "C" NOT NULL,
    manager    TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    result     BYTEA,
    PRIMARY KEY (tenant, key)
);

CREATE INDEX keys_by_expiry ON keys (expires_at);

-- Who serves: a manager says again and again until when it may be thought alive.
CREATE TABLE managers (
    id          TEXT COLLATE "C" PRIMARY KEY,
    alive_until BIGINT NOT NULL
);

-- Keys of repeatable requests. A row is a claim from before its run starts, and an answer once it has ended. Times are microseconds
-- since 1970 in UTC; a row past expires_at is as good as none.

CREATE TABLE keys (
    tenant     TEXT NOT NULL,
    key        TEXT NOT NULL,
    digest     TEXT NOT NULL,
    run        TEXT NOT NULL,
    manager    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    result     BLOB,
    PRIMARY KEY (tenant, key)
) STRICT;

CREATE INDEX keys_by_expiry ON keys (expires_at);

-- Who serves: a manager says again and again until when it may be thought alive.
CREATE TABLE managers (
    id          TEXT PRIMARY KEY,
    alive_until INTEGER NOT NULL
) STRICT;

-- Tenants with terms of their own, and API keys. Times are microseconds since 1970 in UTC. Of a secret there is its SHA-256, in hexadecimal.

CREATE TABLE tenants (
    name       TEXT PRIMARY KEY NOT NULL,
    terms      TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE api_keys (
    id              TEXT PRIMARY KEY NOT NULL,
    tenant          TEXT NOT NULL,
    name            TEXT,
    scopes          TEXT NOT NULL,
    digest          TEXT NOT NULL,
    previous_digest TEXT,
    previous_until  INTEGER,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER,
    rotated_at      INTEGER
) STRICT;

CREATE INDEX api_keys_by_tenant ON api_keys (tenant);

-- One row that rises with every change of the two, so that looking for news is reading a number.
CREATE TABLE tenant_changes (
    revision INTEGER NOT NULL
) STRICT;

INSERT INTO tenant_changes (revision) VALUES (0);

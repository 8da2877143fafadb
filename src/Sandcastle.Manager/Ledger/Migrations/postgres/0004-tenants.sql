-- Tenants with terms of their own, and API keys. Times are microseconds since 1970 in UTC. Of a secret there is its SHA-256, in hexadecimal.

CREATE TABLE tenants (
    name       TEXT COLLATE "C" PRIMARY KEY,
    terms      TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id              TEXT COLLATE "C" PRIMARY KEY,
    tenant          TEXT COLLATE "C" NOT NULL,
    name            TEXT COLLATE "C",
    scopes          TEXT COLLATE "C" NOT NULL,
    digest          TEXT COLLATE "C" NOT NULL,
    previous_digest TEXT COLLATE "C",
    previous_until  BIGINT,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT,
    rotated_at      BIGINT
);

CREATE INDEX api_keys_by_tenant ON api_keys (tenant);

-- One row that rises with every change of the two, so that looking for news is reading a number.
CREATE TABLE tenant_changes (
    revision BIGINT NOT NULL
);

INSERT INTO tenant_changes (revision) VALUES (0);

-- What workers gave for receipts and was refused: in no account, kept for whoever looks into it. "digest" is the SHA-256 of the whole text.

CREATE TABLE receipts_aside (
    worker     TEXT COLLATE "C" NOT NULL,
    digest     TEXT COLLATE "C" NOT NULL,
    reason     TEXT NOT NULL,
    text       TEXT NOT NULL,
    refused_at BIGINT NOT NULL,
    PRIMARY KEY (worker, digest)
);

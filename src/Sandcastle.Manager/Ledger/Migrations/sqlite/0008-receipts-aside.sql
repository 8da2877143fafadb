-- What workers gave for receipts and was refused: in no account, kept for whoever looks into it. "digest" is the SHA-256 of the whole text.

CREATE TABLE receipts_aside (
    worker     TEXT NOT NULL,
    digest     TEXT NOT NULL,
    reason     TEXT NOT NULL,
    text       TEXT NOT NULL,
    refused_at INTEGER NOT NULL,
    PRIMARY KEY (worker, digest)
) STRICT;

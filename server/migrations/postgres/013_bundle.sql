-- First loads made ready for phones, so that every node can serve every part of one; dropped after a few hours.

CREATE TABLE bundle (
    enrolment    BIGINT  PRIMARY KEY,          -- enrolment.nr
    etag         BYTEA NOT NULL,                 -- SHA-256 of the bytes
    made_ms      BIGINT  NOT NULL,
    hub_epoch    BIGINT  NOT NULL,
    streams      BYTEA NOT NULL,                 -- CBOR: which streams the phone may hold, and how far each was read
    generation   BIGINT  NOT NULL,             -- of the outer key it is sealed under
    bytes        BYTEA NOT NULL                  -- the file as it is sent, sealed: it holds names
);

-- Hub keys: each next one is signed by the one before and by the recovery key, which never lies here.

CREATE TABLE recovery_key (
    only_row     BIGINT  PRIMARY KEY CHECK (only_row = 1),
    key          BYTEA NOT NULL,                 -- its public half
    made_ms      BIGINT  NOT NULL,
    signature    BYTEA NOT NULL                  -- by the first hub key
);

CREATE TABLE hub_key_link (
    nr           BIGINT  PRIMARY KEY,          -- hub_key.nr of the key it leads to, from 2
    key          BYTEA NOT NULL,                 -- its public half
    from_ms      BIGINT  NOT NULL,
    by_recovery  BYTEA NOT NULL,                 -- signature by the recovery key
    by_present   BYTEA                           -- signature by the key before; none where that key was lost
);

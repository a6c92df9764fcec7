-- First loads made ready for phones, so that every node can serve every part of one; dropped after a few hours.

CREATE TABLE bundle (
    enrolment    INTEGER PRIMARY KEY,          -- enrolment.nr
    etag         BLOB NOT NULL,                 -- SHA-256 of the bytes
    made_ms      INTEGER NOT NULL,
    hub_epoch    INTEGER NOT NULL,
    streams      BLOB NOT NULL,                 -- CBOR: which streams the phone may hold, and how far each was read
    generation   INTEGER NOT NULL,             -- of the outer key it is sealed under
    bytes        BLOB NOT NULL                  -- the file as it is sent, sealed: it holds names
) STRICT;

-- Hub keys: each next one is signed by the one before and by the recovery key, which never lies here.

CREATE TABLE recovery_key (
    only_row     INTEGER PRIMARY KEY CHECK (only_row = 1),
    key          BLOB NOT NULL,                 -- its public half
    made_ms      INTEGER NOT NULL,
    signature    BLOB NOT NULL                  -- by the first hub key
) STRICT;

CREATE TABLE hub_key_link (
    nr           INTEGER PRIMARY KEY,          -- hub_key.nr of the key it leads to, from 2
    key          BLOB NOT NULL,                 -- its public half
    from_ms      INTEGER NOT NULL,
    by_recovery  BLOB NOT NULL,                 -- signature by the recovery key
    by_present   BLOB                           -- signature by the key before; none where that key was lost
) STRICT;

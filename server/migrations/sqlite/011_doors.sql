-- What a push may not do twice: end the hub, or guess codes.

CREATE TABLE applying (
    -- Changes of documents on their way into them, by payload hash. Found at start, the hub ended while they were.
    payload      BLOB PRIMARY KEY NOT NULL,
    alone        INTEGER NOT NULL              -- 1: nothing else of its push was tried with it
) STRICT, WITHOUT ROWID;

CREATE TABLE suspect (
    -- Changes that were on their way when the hub ended.
    payload      BLOB PRIMARY KEY NOT NULL,
    lethal       INTEGER NOT NULL              -- 1: it was alone then; it is never tried again
) STRICT, WITHOUT ROWID;

CREATE TABLE code_failure (
    -- One-time codes that were refused, for throttling; rows older than an hour are dropped.
    at_ms        INTEGER NOT NULL,
    source       TEXT NOT NULL                 -- a hash of where it came from
) STRICT;
CREATE INDEX code_failure_at ON code_failure (at_ms);

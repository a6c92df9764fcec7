-- Accounts of the desk, their sessions, and the two chained logs.

CREATE TABLE account (
    id           BLOB PRIMARY KEY NOT NULL,
    name         TEXT NOT NULL UNIQUE,         -- what is typed to sign in
    shown        TEXT NOT NULL,                -- what pages show
    role         TEXT NOT NULL,
    place        TEXT NOT NULL,                -- JSON of the scope
    password     TEXT NOT NULL,                -- argon2id, PHC text
    must_change  INTEGER NOT NULL,
    failures     INTEGER NOT NULL DEFAULT 0,
    locked_until_ms INTEGER NOT NULL DEFAULT 0,
    made_ms      INTEGER NOT NULL,
    closed_ms    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    token_hash   BLOB PRIMARY KEY NOT NULL,
    account      BLOB NOT NULL REFERENCES account (id),
    made_ms      INTEGER NOT NULL,
    seen_ms      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (account);

CREATE TABLE chained_log (
    -- Append-only. log 1: who looked at personal data; log 2: what was done.
    log          INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    at_ms        INTEGER NOT NULL,
    account      BLOB,                         -- NULL for the command line
    what         TEXT NOT NULL,                -- a code, never a name or an address
    target       TEXT NOT NULL,                -- id of what it was about
    hash         BLOB NOT NULL,                -- over the hash before and this row
    PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER chained_log_is_append_only BEFORE UPDATE ON chained_log
BEGIN SELECT RAISE(ABORT, 'chained_log is append-only'); END;
CREATE TRIGGER chained_log_is_kept BEFORE DELETE ON chained_log
BEGIN SELECT RAISE(ABORT, 'chained_log is append-only'); END;

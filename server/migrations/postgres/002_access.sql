-- Accounts of the desk, their sessions, and the two chained logs.

CREATE TABLE account (
    id           BYTEA PRIMARY KEY NOT NULL,
    name         TEXT COLLATE "C" NOT NULL UNIQUE, -- what is typed to sign in
    shown        TEXT COLLATE "C" NOT NULL,    -- what pages show
    role         TEXT COLLATE "C" NOT NULL,
    place        TEXT COLLATE "C" NOT NULL,    -- JSON of the scope
    password     TEXT COLLATE "C" NOT NULL,    -- argon2id, PHC text
    must_change  BIGINT NOT NULL,
    failures     BIGINT NOT NULL DEFAULT 0,
    locked_until_ms BIGINT NOT NULL DEFAULT 0,
    made_ms      BIGINT NOT NULL,
    closed_ms    BIGINT
);

CREATE TABLE session (
    token_hash   BYTEA PRIMARY KEY NOT NULL,
    account      BYTEA NOT NULL,
    made_ms      BIGINT NOT NULL,
    seen_ms      BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account);

CREATE TABLE chained_log (
    -- Append-only. log 1: who looked at personal data; log 2: what was done.
    log          BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    at_ms        BIGINT NOT NULL,
    account      BYTEA,                        -- NULL for the command line
    what         TEXT COLLATE "C" NOT NULL,    -- a code, never a name or an address
    target       TEXT COLLATE "C" NOT NULL,    -- id of what it was about
    hash         BYTEA NOT NULL,               -- over the hash before and this row
    PRIMARY KEY (log, seq)
);
CREATE FUNCTION chained_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'chained_log is append-only'; END $$;
CREATE TRIGGER chained_log_is_append_only BEFORE UPDATE OR DELETE ON chained_log
    FOR EACH ROW EXECUTE FUNCTION chained_log_refuse();
CREATE TRIGGER chained_log_is_kept BEFORE TRUNCATE ON chained_log
    FOR EACH STATEMENT EXECUTE FUNCTION chained_log_refuse();

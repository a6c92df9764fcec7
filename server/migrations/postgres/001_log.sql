-- The log, what is projected from it, and who may write to it. Never edited: later changes are new files.
--
-- The same tables and columns as in ../sqlite, under the same numbers; a test compares them. Text sorts by its bytes
-- (COLLATE "C") as it does there, whatever the collation of the database; booleans are 0 and 1; row numbers are given
-- by the hub under its lock, so there is no sequence to leave gaps.

CREATE TABLE meta (
    -- One row: who this hub is.
    only_row     BIGINT PRIMARY KEY CHECK (only_row = 1),
    hub          BYTEA NOT NULL,
    token_secret BYTEA NOT NULL,
    hub_epoch    BIGINT NOT NULL,              -- counts up after a restore: phones then offer everything again
    own_nr       BIGINT NOT NULL,              -- enrolment.nr of the hub itself
    created_ms   BIGINT NOT NULL,
    last_act_ms  BIGINT NOT NULL DEFAULT 0,    -- acts of the hub keep their order even within a millisecond
    public_url   TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE TABLE hub_key (
    -- The hub's keys in order; the last whose time has come signs.
    nr           BIGINT PRIMARY KEY,
    secret       BYTEA NOT NULL,
    from_ms      BIGINT NOT NULL
);

CREATE TABLE enrol_code (
    -- One-time codes for a phone, kept as hashes only.
    hash         BYTEA PRIMARY KEY NOT NULL,
    worker       BYTEA NOT NULL,
    community    BYTEA NOT NULL,
    expires_ms   BIGINT NOT NULL,
    used_ms      BIGINT
);

CREATE TABLE enrolment (
    -- One worker on one installation with one key. The hub is one too.
    nr           BIGINT PRIMARY KEY,
    id           BYTEA NOT NULL UNIQUE,
    worker       BYTEA,                        -- NULL for the hub itself
    community    BYTEA,
    key          BYTEA NOT NULL,
    device       TEXT COLLATE "C" NOT NULL,
    app          TEXT COLLATE "C" NOT NULL,
    made_ms      BIGINT NOT NULL,
    contact_ms   BIGINT NOT NULL,              -- last contact
    unsent_after BIGINT NOT NULL DEFAULT 0,    -- what the phone said it still held then
    revoked_ms   BIGINT,
    asked_epoch_ms BIGINT NOT NULL DEFAULT 0   -- when its cursor last made the hub open a new epoch
);
CREATE INDEX enrolment_worker ON enrolment (worker);

CREATE TABLE chain (
    -- Where each chain stands, per enrolment and epoch.
    enrolment    BIGINT NOT NULL,
    epoch        BIGINT NOT NULL,
    next_seq     BIGINT NOT NULL,
    previous     BYTEA NOT NULL,
    PRIMARY KEY (enrolment, epoch)
);

CREATE TABLE usage (
    -- What an enrolment sent on a day, against the daily limits.
    enrolment    BIGINT NOT NULL,
    day          TEXT COLLATE "C" NOT NULL,
    entries      BIGINT NOT NULL,
    bytes        BIGINT NOT NULL,
    PRIMARY KEY (enrolment, day)
);

CREATE TABLE entry (
    -- Every entry that ever advanced a chain, whatever became of it.
    pos          BIGINT PRIMARY KEY,           -- position in the log
    enrolment    BIGINT NOT NULL,
    epoch        BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    envelope     BYTEA NOT NULL,
    signature    BYTEA NOT NULL,
    version      BIGINT NOT NULL,
    skeleton     BYTEA NOT NULL,
    salt         BYTEA,
    body         BYTEA,
    body_hash    BYTEA,                        -- set when the body was erased by decision
    received_ms  BIGINT NOT NULL,
    recorded_ms  BIGINT NOT NULL,              -- bounded by the hub
    state        BIGINT NOT NULL,              -- 1 accepted, 2 parked, 3 quarantined
    reason       TEXT COLLATE "C",             -- of parked and quarantined
    stream       BIGINT,
    stream_seq   BIGINT,
    counts_in    TEXT COLLATE "C",             -- the period a visit counts in
    repeats      BIGINT,                       -- pos of the same payload, sealed earlier
    placed_ms    BIGINT                        -- when it was placed, if later than on receipt
);
CREATE UNIQUE INDEX entry_chain ON entry (enrolment, epoch, seq);

CREATE TABLE waiting (
    -- Parked and quarantined entries that are not settled yet.
    pos          BIGINT PRIMARY KEY,
    state        BIGINT NOT NULL,
    reason       TEXT COLLATE "C" NOT NULL,
    unit         BYTEA,
    community    BYTEA NOT NULL,
    left_ms      BIGINT                        -- when a person decided to leave it in quarantine
);
CREATE INDEX waiting_unit ON waiting (unit);

CREATE TABLE stream (
    nr           BIGINT PRIMARY KEY,
    id           BYTEA NOT NULL UNIQUE,
    next_seq     BIGINT NOT NULL,
    head         BYTEA NOT NULL                -- running hash, 32 bytes
);

CREATE TABLE stream_row (
    -- What stands at each place of a stream, gap-free.
    stream       BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    kind         BIGINT NOT NULL,              -- 1 payload, 2 move out, 3 move in
    pos          BIGINT,                       -- of a payload
    unit         BIGINT,                       -- unit.nr of a move
    at_ms        BIGINT NOT NULL,
    head         BYTEA NOT NULL,               -- first 8 bytes of the running hash here
    PRIMARY KEY (stream, seq)
);

CREATE TABLE community (
    id           BYTEA PRIMARY KEY NOT NULL,
    version      BIGINT NOT NULL,              -- counts up at every fact
    file         BYTEA NOT NULL                -- postcard CommunityFile
);

CREATE TABLE grid (
    id           BYTEA PRIMARY KEY NOT NULL,
    community    BYTEA NOT NULL
);

CREATE TABLE unit (
    -- Households and doors; narrow, so that lists of a grid are read without their files.
    nr           BIGINT PRIMARY KEY,
    unit         BYTEA NOT NULL UNIQUE,        -- tag 1 household, 2 door; then the id
    grid         BYTEA,                        -- home now
    dwelling     BYTEA,                        -- the door itself, or where the household lives
    walking_key  TEXT COLLATE "C" NOT NULL DEFAULT ''
);
CREATE INDEX unit_home ON unit (grid, walking_key);
CREATE INDEX unit_dwelling ON unit (dwelling);

CREATE TABLE unit_file (
    nr           BIGINT PRIMARY KEY,
    file         BYTEA NOT NULL,               -- postcard UnitFile
    doc          BYTEA                         -- automerge document
);

CREATE TABLE unit_grid (
    -- Every grid a unit was ever at home in: late work of former workers is judged by it.
    unit         BIGINT NOT NULL,
    grid         BYTEA NOT NULL,
    PRIMARY KEY (unit, grid)
);

CREATE TABLE unit_entry (
    -- Which accepted entries concern a unit, in the order of the log.
    unit         BIGINT NOT NULL,
    pos          BIGINT NOT NULL,
    PRIMARY KEY (unit, pos)
);

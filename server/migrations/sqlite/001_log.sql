-- The log, what is projected from it, and who may write to it. Never edited: later changes are new files.

CREATE TABLE meta (
    -- One row: who this hub is.
    only_row     INTEGER PRIMARY KEY CHECK (only_row = 1),
    hub          BLOB NOT NULL,
    token_secret BLOB NOT NULL,
    hub_epoch    INTEGER NOT NULL,             -- counts up after a restore: phones then offer everything again
    own_nr       INTEGER NOT NULL,             -- enrolment.nr of the hub itself
    created_ms   INTEGER NOT NULL,
    last_act_ms  INTEGER NOT NULL DEFAULT 0,   -- acts of the hub keep their order even within a millisecond
    public_url   TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE hub_key (
    -- The hub's keys in order; the last whose time has come signs.
    nr           INTEGER PRIMARY KEY,
    secret       BLOB NOT NULL,
    from_ms      INTEGER NOT NULL
) STRICT;

CREATE TABLE enrol_code (
    -- One-time codes for a phone, kept as hashes only.
    hash         BLOB PRIMARY KEY NOT NULL,
    worker       BLOB NOT NULL,
    community    BLOB NOT NULL,
    expires_ms   INTEGER NOT NULL,
    used_ms      INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE enrolment (
    -- One worker on one installation with one key. The hub is one too.
    nr           INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    worker       BLOB,                         -- NULL for the hub itself
    community    BLOB,
    key          BLOB NOT NULL,
    device       TEXT NOT NULL,
    app          TEXT NOT NULL,
    made_ms      INTEGER NOT NULL,
    contact_ms   INTEGER NOT NULL,             -- last contact
    unsent_after INTEGER NOT NULL DEFAULT 0,   -- what the phone said it still held then
    revoked_ms   INTEGER,
    asked_epoch_ms INTEGER NOT NULL DEFAULT 0  -- when its cursor last made the hub open a new epoch
) STRICT;
CREATE INDEX enrolment_worker ON enrolment (worker);

CREATE TABLE chain (
    -- Where each chain stands, per enrolment and epoch.
    enrolment    INTEGER NOT NULL REFERENCES enrolment (nr),
    epoch        INTEGER NOT NULL,
    next_seq     INTEGER NOT NULL,
    previous     BLOB NOT NULL,
    PRIMARY KEY (enrolment, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage (
    -- What an enrolment sent on a day, against the daily limits.
    enrolment    INTEGER NOT NULL,
    day          TEXT NOT NULL,
    entries      INTEGER NOT NULL,
    bytes        INTEGER NOT NULL,
    PRIMARY KEY (enrolment, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
    -- Every entry that ever advanced a chain, whatever became of it.
    pos          INTEGER PRIMARY KEY,          -- position in the log
    enrolment    INTEGER NOT NULL REFERENCES enrolment (nr),
    epoch        INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    envelope     BLOB NOT NULL,
    signature    BLOB NOT NULL,
    version      INTEGER NOT NULL,
    skeleton     BLOB NOT NULL,
    salt         BLOB,
    body         BLOB,
    body_hash    BLOB,                         -- set when the body was erased by decision
    received_ms  INTEGER NOT NULL,
    recorded_ms  INTEGER NOT NULL,             -- bounded by the hub
    state        INTEGER NOT NULL,             -- 1 accepted, 2 parked, 3 quarantined
    reason       TEXT,                         -- of parked and quarantined
    stream       INTEGER REFERENCES stream (nr),
    stream_seq   INTEGER,
    counts_in    TEXT,                         -- the period a visit counts in
    repeats      INTEGER,                      -- pos of the same payload, sealed earlier
    placed_ms    INTEGER                       -- when it was placed, if later than on receipt
) STRICT;
CREATE UNIQUE INDEX entry_chain ON entry (enrolment, epoch, seq);

CREATE TABLE waiting (
    -- Parked and quarantined entries that are not settled yet.
    pos          INTEGER PRIMARY KEY REFERENCES entry (pos),
    state        INTEGER NOT NULL,
    reason       TEXT NOT NULL,
    unit         BLOB,
    community    BLOB NOT NULL,
    left_ms      INTEGER                       -- when a person decided to leave it in quarantine
) STRICT;
CREATE INDEX waiting_unit ON waiting (unit);

CREATE TABLE stream (
    nr           INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    next_seq     INTEGER NOT NULL,
    head         BLOB NOT NULL                 -- running hash, 32 bytes
) STRICT;

CREATE TABLE stream_row (
    -- What stands at each place of a stream, gap-free.
    stream       INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    kind         INTEGER NOT NULL,             -- 1 payload, 2 move out, 3 move in
    pos          INTEGER,                      -- of a payload
    unit         INTEGER,                      -- unit.nr of a move
    at_ms        INTEGER NOT NULL,
    head         BLOB NOT NULL,                -- first 8 bytes of the running hash here
    PRIMARY KEY (stream, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE community (
    id           BLOB PRIMARY KEY NOT NULL,
    version      INTEGER NOT NULL,             -- counts up at every fact
    file         BLOB NOT NULL                 -- postcard CommunityFile
) STRICT, WITHOUT ROWID;

CREATE TABLE grid (
    id           BLOB PRIMARY KEY NOT NULL,
    community    BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE unit (
    -- Households and doors; narrow, so that lists of a grid are read without their files.
    nr           INTEGER PRIMARY KEY,
    unit         BLOB NOT NULL UNIQUE,         -- tag 1 household, 2 door; then the id
    grid         BLOB,                         -- home now
    dwelling     BLOB,                         -- the door itself, or where the household lives
    walking_key  TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX unit_home ON unit (grid, walking_key);
CREATE INDEX unit_dwelling ON unit (dwelling);

CREATE TABLE unit_file (
    nr           INTEGER PRIMARY KEY REFERENCES unit (nr),
    file         BLOB NOT NULL,                -- postcard UnitFile
    doc          BLOB                          -- automerge document
) STRICT;

CREATE TABLE unit_grid (
    -- Every grid a unit was ever at home in: late work of former workers is judged by it.
    unit         INTEGER NOT NULL,
    grid         BLOB NOT NULL,
    PRIMARY KEY (unit, grid)
) STRICT, WITHOUT ROWID;

CREATE TABLE unit_entry (
    -- Which accepted entries concern a unit, in the order of the log.
    unit         INTEGER NOT NULL,
    pos          INTEGER NOT NULL,
    PRIMARY KEY (unit, pos)
) STRICT, WITHOUT ROWID;

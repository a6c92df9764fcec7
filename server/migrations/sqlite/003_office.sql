-- What imports and closings leave behind.

CREATE TABLE import_source (
    -- One sheet that is imported again and again: its remembered mapping and what it last said.
    community    BLOB NOT NULL,
    fingerprint  TEXT NOT NULL,                -- of the sheet's headings
    mapping      TEXT NOT NULL,                -- JSON
    snapshot     BLOB NOT NULL,                -- the previous import, row by row
    updated_ms   INTEGER NOT NULL,
    PRIMARY KEY (community, fingerprint)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_batch (
    -- One committed import, so that it can be undone as a whole.
    id           BLOB PRIMARY KEY NOT NULL,
    community    BLOB NOT NULL,
    fingerprint  TEXT NOT NULL,
    account      BLOB NOT NULL,
    made_ms      INTEGER NOT NULL,
    undone_ms    INTEGER,
    written      BLOB NOT NULL,                -- what it wrote, for the undo
    report       TEXT NOT NULL                 -- JSON: counts and findings, no names
) STRICT, WITHOUT ROWID;

CREATE TABLE period_close (
    -- 关账, then 更正 1, 2, …: signed, each with its predecessor's hash, never rewritten.
    community    BLOB NOT NULL,
    period       TEXT NOT NULL,
    nr           INTEGER NOT NULL,             -- 0 the closing, from 1 the amendments
    account      BLOB NOT NULL,
    made_ms      INTEGER NOT NULL,
    content      BLOB NOT NULL,                -- canonical JSON of what is stated
    previous     BLOB NOT NULL,                -- hash of nr - 1; zero for the closing
    signature    BLOB NOT NULL,
    PRIMARY KEY (community, period, nr)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER period_close_is_final BEFORE UPDATE ON period_close
BEGIN SELECT RAISE(ABORT, 'a closed report is never rewritten'); END;
CREATE TRIGGER period_close_is_kept BEFORE DELETE ON period_close
BEGIN SELECT RAISE(ABORT, 'a closed report is never rewritten'); END;

-- What imports and closings leave behind.

CREATE TABLE import_source (
    -- One sheet that is imported again and again: its remembered mapping and what it last said.
    community    BYTEA NOT NULL,
    fingerprint  TEXT COLLATE "C" NOT NULL,    -- of the sheet's headings
    mapping      TEXT COLLATE "C" NOT NULL,    -- JSON
    snapshot     BYTEA NOT NULL,               -- the previous import, row by row
    updated_ms   BIGINT NOT NULL,
    PRIMARY KEY (community, fingerprint)
);

CREATE TABLE import_batch (
    -- One committed import, so that it can be undone as a whole.
    id           BYTEA PRIMARY KEY NOT NULL,
    community    BYTEA NOT NULL,
    fingerprint  TEXT COLLATE "C" NOT NULL,
    account      BYTEA NOT NULL,
    made_ms      BIGINT NOT NULL,
    undone_ms    BIGINT,
    written      BYTEA NOT NULL,               -- what it wrote, for the undo
    report       TEXT COLLATE "C" NOT NULL     -- JSON: counts and findings, no names
);

CREATE TABLE period_close (
    -- 关账, then 更正 1, 2, …: signed, each with its predecessor's hash, never rewritten.
    community    BYTEA NOT NULL,
    period       TEXT COLLATE "C" NOT NULL,
    nr           BIGINT NOT NULL,              -- 0 the closing, from 1 the amendments
    account      BYTEA NOT NULL,
    made_ms      BIGINT NOT NULL,
    content      BYTEA NOT NULL,               -- canonical JSON of what is stated
    previous     BYTEA NOT NULL,               -- hash of nr - 1; zero for the closing
    signature    BYTEA NOT NULL,
    PRIMARY KEY (community, period, nr)
);
CREATE FUNCTION period_close_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a closed report is never rewritten'; END $$;
CREATE TRIGGER period_close_is_final BEFORE UPDATE OR DELETE ON period_close
    FOR EACH ROW EXECUTE FUNCTION period_close_refuse();
CREATE TRIGGER period_close_is_kept BEFORE TRUNCATE ON period_close
    FOR EACH STATEMENT EXECUTE FUNCTION period_close_refuse();

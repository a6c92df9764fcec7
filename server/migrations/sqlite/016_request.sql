-- 诉求, 隐患 – where in the log each was raised, and every step of it. No words: those stand in the log alone.
CREATE TABLE request_event (
    unit         INTEGER NOT NULL,             -- number of the unit
    request      BLOB NOT NULL,
    entry        BLOB NOT NULL,                -- payload hash
    pos          INTEGER NOT NULL,             -- where in the log
    at_ms        INTEGER NOT NULL,             -- of a step: when it was recorded
    step         TEXT NOT NULL,                -- raised, or what was done
    due          TEXT,                         -- of a step that sets one
    PRIMARY KEY (unit, request, entry)
) STRICT, WITHOUT ROWID;

-- Whether what the log held before this table was read into it.
ALTER TABLE meta ADD COLUMN requests_read INTEGER NOT NULL DEFAULT 0;

-- 诉求, 隐患 – where in the log each was raised, and every step of it. No words: those stand in the log alone.
CREATE TABLE request_event (
    unit         BIGINT NOT NULL,              -- number of the unit
    request      BYTEA NOT NULL,
    entry        BYTEA NOT NULL,               -- payload hash
    pos          BIGINT NOT NULL,              -- where in the log
    at_ms        BIGINT NOT NULL,              -- of a step: when it was recorded
    step         TEXT COLLATE "C" NOT NULL,    -- raised, or what was done
    due          TEXT COLLATE "C",             -- of a step that sets one
    PRIMARY KEY (unit, request, entry)
);

-- Whether what the log held before this table was read into it.
ALTER TABLE meta ADD COLUMN requests_read BIGINT NOT NULL DEFAULT 0;

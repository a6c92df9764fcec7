-- 个人流 – where in the log things stand between the desk and one worker. No words: those stand in the log alone.
CREATE TABLE private_entry (
    pos          BIGINT NOT NULL PRIMARY KEY,  -- where in the log
    community    BYTEA NOT NULL,
    worker       BYTEA NOT NULL,               -- whose matter
    kind         TEXT COLLATE "C" NOT NULL,    -- task, revisited, finding
    subject      BYTEA NOT NULL                -- the draw, or the finding
);

CREATE INDEX private_of ON private_entry (community, kind, subject);
CREATE INDEX private_subject ON private_entry (subject);

-- 依据卡 – as it was when the record was drawn by signals, so that whoever answers for it later sees the same.
CREATE TABLE recheck_card (
    draw         BYTEA NOT NULL,
    nth          BIGINT NOT NULL,
    card         TEXT COLLATE "C" NOT NULL,    -- JSON; its model and the hash of its inputs are in it
    PRIMARY KEY (draw, nth)
);

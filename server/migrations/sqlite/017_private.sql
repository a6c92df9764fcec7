-- 个人流 – where in the log things stand between the desk and one worker. No words: those stand in the log alone.
CREATE TABLE private_entry (
    pos          INTEGER NOT NULL PRIMARY KEY, -- where in the log
    community    BLOB NOT NULL,
    worker       BLOB NOT NULL,                -- whose matter
    kind         TEXT NOT NULL,                -- task, revisited, finding
    subject      BLOB NOT NULL                 -- the draw, or the finding
) STRICT;

CREATE INDEX private_of ON private_entry (community, kind, subject);
CREATE INDEX private_subject ON private_entry (subject);

-- 依据卡 – as it was when the record was drawn by signals, so that whoever answers for it later sees the same.
CREATE TABLE recheck_card (
    draw         BLOB NOT NULL,
    nth          INTEGER NOT NULL,
    card         TEXT NOT NULL,                -- JSON; its model and the hash of its inputs are in it
    PRIMARY KEY (draw, nth)
) STRICT, WITHOUT ROWID;

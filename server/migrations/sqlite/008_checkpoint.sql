CREATE TABLE checkpoint (
    -- 检查点: what the log and the list of phones were at a moment, signed, each naming the one before.
    nr           INTEGER PRIMARY KEY,
    pos          INTEGER NOT NULL,             -- last entry covered
    enrolment    INTEGER NOT NULL,             -- last enrolment covered
    made_ms      INTEGER NOT NULL,
    log          BLOB NOT NULL,                -- running hash over entries as received
    phones       BLOB NOT NULL,                -- running hash over enrolments
    previous     BLOB NOT NULL,                -- hash of nr - 1; zero for the first
    signature    BLOB NOT NULL
) STRICT;

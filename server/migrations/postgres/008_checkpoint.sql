CREATE TABLE checkpoint (
    -- 检查点: what the log and the list of phones were at a moment, signed, each naming the one before.
    nr           BIGINT PRIMARY KEY,
    pos          BIGINT NOT NULL,              -- last entry covered
    enrolment    BIGINT NOT NULL,              -- last enrolment covered
    made_ms      BIGINT NOT NULL,
    log          BYTEA NOT NULL,               -- running hash over entries as received
    phones       BYTEA NOT NULL,               -- running hash over enrolments
    previous     BYTEA NOT NULL,               -- hash of nr - 1; zero for the first
    signature    BYTEA NOT NULL
);

-- 抽查 – draws of re-visits, and what was answered. No phone reads these: the next checker stays blind.

CREATE TABLE recheck_draw (
    draw         BYTEA NOT NULL,                -- id
    community    BYTEA NOT NULL,
    period       TEXT COLLATE "C" NOT NULL,
    method       TEXT COLLATE "C" NOT NULL,                -- lot, or signals
    seed         BYTEA NOT NULL,                -- 32 bytes, published
    framed       BIGINT NOT NULL,             -- how many could be drawn
    frame        BYTEA NOT NULL,                -- hash of all of them
    account      BYTEA NOT NULL,                -- who drew
    made_ms      BIGINT NOT NULL,
    PRIMARY KEY (draw)
);

CREATE INDEX recheck_of ON recheck_draw (community, made_ms);

CREATE TABLE recheck_item (
    draw         BYTEA NOT NULL,
    nth          BIGINT NOT NULL,             -- from 0, as drawn
    unit         BYTEA NOT NULL,
    grid         BYTEA NOT NULL,
    dwelling     BYTEA NOT NULL,
    claim        TEXT COLLATE "C" NOT NULL,                -- visited, or the kind of deduction
    record       BYTEA,                         -- of a visit: its payload hash
    made_by      BYTEA,                         -- of a visit: who must not check it
    PRIMARY KEY (draw, nth)
);

CREATE INDEX recheck_unit ON recheck_item (unit);

CREATE TABLE recheck_answer (
    -- Never changed: a corrected answer is the next one, and the last one counts.
    draw         BYTEA NOT NULL,
    nth          BIGINT NOT NULL,
    round        BIGINT NOT NULL,             -- 1, or 2 where it is asked twice
    nr           BIGINT NOT NULL,             -- from 1
    answer       TEXT COLLATE "C" NOT NULL,
    by_phone     BIGINT NOT NULL,
    checked_on   TEXT COLLATE "C" NOT NULL,
    checker      BYTEA,                         -- a worker; NULL: somebody of the office
    account      BYTEA NOT NULL,                -- who entered it
    made_ms      BIGINT NOT NULL,
    PRIMARY KEY (draw, nth, round, nr)
);

-- 抽查 – draws of re-visits, and what was answered. No phone reads these: the next checker stays blind.

CREATE TABLE recheck_draw (
    draw         BLOB NOT NULL,                -- id
    community    BLOB NOT NULL,
    period       TEXT NOT NULL,
    method       TEXT NOT NULL,                -- lot, or signals
    seed         BLOB NOT NULL,                -- 32 bytes, published
    framed       INTEGER NOT NULL,             -- how many could be drawn
    frame        BLOB NOT NULL,                -- hash of all of them
    account      BLOB NOT NULL,                -- who drew
    made_ms      INTEGER NOT NULL,
    PRIMARY KEY (draw)
) STRICT, WITHOUT ROWID;

CREATE INDEX recheck_of ON recheck_draw (community, made_ms);

CREATE TABLE recheck_item (
    draw         BLOB NOT NULL,
    nth          INTEGER NOT NULL,             -- from 0, as drawn
    unit         BLOB NOT NULL,
    grid         BLOB NOT NULL,
    dwelling     BLOB NOT NULL,
    claim        TEXT NOT NULL,                -- visited, or the kind of deduction
    record       BLOB,                         -- of a visit: its payload hash
    made_by      BLOB,                         -- of a visit: who must not check it
    PRIMARY KEY (draw, nth)
) STRICT, WITHOUT ROWID;

CREATE INDEX recheck_unit ON recheck_item (unit);

CREATE TABLE recheck_answer (
    -- Never changed: a corrected answer is the next one, and the last one counts.
    draw         BLOB NOT NULL,
    nth          INTEGER NOT NULL,
    round        INTEGER NOT NULL,             -- 1, or 2 where it is asked twice
    nr           INTEGER NOT NULL,             -- from 1
    answer       TEXT NOT NULL,
    by_phone     INTEGER NOT NULL,
    checked_on   TEXT NOT NULL,
    checker      BLOB,                         -- a worker; NULL: somebody of the office
    account      BLOB NOT NULL,                -- who entered it
    made_ms      INTEGER NOT NULL,
    PRIMARY KEY (draw, nth, round, nr)
) STRICT, WITHOUT ROWID;

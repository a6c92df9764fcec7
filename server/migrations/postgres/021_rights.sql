-- 居民权利 – what residents ask about their own record. Contact and words are sealed under a key of the case.
CREATE TABLE rights_case (
    id           BYTEA NOT NULL PRIMARY KEY,
    community    BYTEA NOT NULL,
    nr           BIGINT NOT NULL,             -- within the community, from 1
    unit         BYTEA,                         -- whose record; NULL while nobody knows
    kind         TEXT COLLATE "C" NOT NULL,                -- see, correct, delete, stop
    channel      TEXT COLLATE "C" NOT NULL,                -- visit, slip, counter, page
    received_ms  BIGINT NOT NULL,
    due          TEXT COLLATE "C" NOT NULL,                -- the last day to answer, in the community's zone
    account      BYTEA,                         -- who noted it; NULL from the public page
    contact      BYTEA,                         -- number to call back; sealed
    words        BYTEA                          -- what was asked; sealed
);
CREATE UNIQUE INDEX rights_case_nr ON rights_case (community, nr);
CREATE INDEX rights_case_unit ON rights_case (unit);

-- 办理 – every step of a case; added, never changed. Only an erasure takes the words away.
CREATE TABLE rights_step (
    case_id      BYTEA NOT NULL,
    nr           BIGINT NOT NULL,             -- within the case, from 1, no gaps
    at_ms        BIGINT NOT NULL,
    account      BYTEA NOT NULL,
    step         TEXT COLLATE "C" NOT NULL,                -- identified, not-shown, decided, done, answered, withdrawn
    outcome      TEXT COLLATE "C" NOT NULL,                -- how it was shown, what was decided, how it was told; else empty
    words        BYTEA,                         -- sealed
    entry        BYTEA,                         -- the entry it led to, by its payload's hash
    erasure      BIGINT,                      -- the erasure it led to, by its number
    PRIMARY KEY (case_id, nr)
);

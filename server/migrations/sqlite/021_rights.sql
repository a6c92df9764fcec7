-- 居民权利 – what residents ask about their own record. Contact and words are sealed under a key of the case.
CREATE TABLE rights_case (
    id           BLOB NOT NULL PRIMARY KEY,
    community    BLOB NOT NULL,
    nr           INTEGER NOT NULL,             -- within the community, from 1
    unit         BLOB,                         -- whose record; NULL while nobody knows
    kind         TEXT NOT NULL,                -- see, correct, delete, stop
    channel      TEXT NOT NULL,                -- visit, slip, counter, page
    received_ms  INTEGER NOT NULL,
    due          TEXT NOT NULL,                -- the last day to answer, in the community's zone
    account      BLOB,                         -- who noted it; NULL from the public page
    contact      BLOB,                         -- number to call back; sealed
    words        BLOB                          -- what was asked; sealed
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX rights_case_nr ON rights_case (community, nr);
CREATE INDEX rights_case_unit ON rights_case (unit);

-- 办理 – every step of a case; added, never changed. Only an erasure takes the words away.
CREATE TABLE rights_step (
    case_id      BLOB NOT NULL,
    nr           INTEGER NOT NULL,             -- within the case, from 1, no gaps
    at_ms        INTEGER NOT NULL,
    account      BLOB NOT NULL,
    step         TEXT NOT NULL,                -- identified, not-shown, decided, done, answered, withdrawn
    outcome      TEXT NOT NULL,                -- how it was shown, what was decided, how it was told; else empty
    words        BLOB,                         -- sealed
    entry        BLOB,                         -- the entry it led to, by its payload's hash
    erasure      INTEGER,                      -- the erasure it led to, by its number
    PRIMARY KEY (case_id, nr)
) STRICT, WITHOUT ROWID;

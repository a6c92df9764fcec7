-- What people told is sealed under keys of their households; a body that was erased leaves its hash and the decision.

CREATE TABLE vault (
    -- One row once anything is sealed: which outer key, of those in the file outside the database.
    generation   BIGINT NOT NULL
);

CREATE TABLE owner_key (
    -- The key of a household, of a door, of a community's imports, wrapped by the outer key.
    owner        BYTEA PRIMARY KEY,    -- tag 0 nobody, 1 household, 2 door, 3 imports of a community; then the id
    generation   BIGINT NOT NULL,             -- of the outer key
    wrapped      BYTEA NOT NULL
);

CREATE TABLE erasure (
    -- 删除决定: chained, also written to a file outside the database and done again after every restore.
    nr           BIGINT PRIMARY KEY,
    unit         BYTEA NOT NULL,                -- tag 1 household, 2 door; then the id
    what         TEXT COLLATE "C" NOT NULL,                -- JSON: the household, a person, or fields
    until_ms     BIGINT NOT NULL,             -- everything recorded up to here
    cause        TEXT COLLATE "C" NOT NULL,                -- decision, or the rule of retention
    account      BYTEA NOT NULL,
    entry        BYTEA                          -- payload hash of the act; NULL while the unit is not known here
);
CREATE INDEX erasure_unit ON erasure (unit);

CREATE TABLE erased_change (
    -- Changes of documents that were erased: what builds on one of them can never be merged.
    change       BYTEA PRIMARY KEY
);

-- What people told is sealed under keys of their households; a body that was erased leaves its hash and the decision.

CREATE TABLE vault (
    -- One row once anything is sealed: which outer key, of those in the file outside the database.
    generation   INTEGER NOT NULL
) STRICT;

CREATE TABLE owner_key (
    -- The key of a household, of a door, of a community's imports, wrapped by the outer key.
    owner        BLOB PRIMARY KEY NOT NULL,    -- tag 0 nobody, 1 household, 2 door, 3 imports of a community; then the id
    generation   INTEGER NOT NULL,             -- of the outer key
    wrapped      BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE erasure (
    -- 删除决定: chained, also written to a file outside the database and done again after every restore.
    nr           INTEGER PRIMARY KEY,
    unit         BLOB NOT NULL,                -- tag 1 household, 2 door; then the id
    what         TEXT NOT NULL,                -- JSON: the household, a person, or fields
    until_ms     INTEGER NOT NULL,             -- everything recorded up to here
    cause        TEXT NOT NULL,                -- decision, or the rule of retention
    account      BLOB NOT NULL,
    entry        BLOB                          -- payload hash of the act; NULL while the unit is not known here
) STRICT;
CREATE INDEX erasure_unit ON erasure (unit);

CREATE TABLE erased_change (
    -- Changes of documents that were erased: what builds on one of them can never be merged.
    change       BLOB PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;

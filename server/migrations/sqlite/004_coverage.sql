-- 入户率 – finished rows that pages and reports read. All of it can be computed again from the log.

CREATE TABLE touched_grid (
    -- Grids whose files changed in this transaction; recomputed whole before it commits.
    grid         BLOB PRIMARY KEY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE grid_period (
    -- Every obligation of a grid in a period, each in its one state.
    grid         BLOB NOT NULL,
    period       TEXT NOT NULL,                -- 2026Q3, 2026-09
    as_of        TEXT NOT NULL,                -- local day it was reckoned for
    coverage     BLOB NOT NULL,                -- postcard Coverage
    PRIMARY KEY (grid, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE cell (
    -- How many obligations of a grid and period are in a state. Never per worker, never incremented.
    grid         BLOB NOT NULL,
    period       TEXT NOT NULL,
    state        TEXT NOT NULL,
    count        INTEGER NOT NULL,
    PRIMARY KEY (grid, period, state)
) STRICT, WITHOUT ROWID;

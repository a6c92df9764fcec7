-- 入户率 – finished rows that pages and reports read. All of it can be computed again from the log.

CREATE TABLE touched_grid (
    -- Grids whose files changed in this transaction; recomputed whole before it commits.
    grid         BYTEA PRIMARY KEY NOT NULL
);

CREATE TABLE grid_period (
    -- Every obligation of a grid in a period, each in its one state.
    grid         BYTEA NOT NULL,
    period       TEXT COLLATE "C" NOT NULL,    -- 2026Q3, 2026-09
    as_of        TEXT COLLATE "C" NOT NULL,    -- local day it was reckoned for
    coverage     BYTEA NOT NULL,               -- postcard Coverage
    PRIMARY KEY (grid, period)
);

CREATE TABLE cell (
    -- How many obligations of a grid and period are in a state. Never per worker, never incremented.
    grid         BYTEA NOT NULL,
    period       TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL,
    count        BIGINT NOT NULL,
    PRIMARY KEY (grid, period, state)
);

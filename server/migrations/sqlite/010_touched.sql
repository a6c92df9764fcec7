-- Units whose files changed in this transaction: what is tied to them is reckoned again before it commits.

CREATE TABLE touched_unit (
    unit         INTEGER PRIMARY KEY,          -- unit.nr
    from_day     INTEGER NOT NULL              -- the earliest local day whose figures can have moved; 1 is 0001-01-01
) STRICT;

-- Which units were ever at home in a grid was found by reading all of them.
CREATE INDEX unit_grid_by_grid ON unit_grid (grid, unit);

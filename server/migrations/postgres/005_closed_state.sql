-- What a closed period counted last, unit by unit, so that a late entry's difference is found exactly.

CREATE TABLE closed_state (
    -- One row per closed period; moves with every amendment. Rebuilt by reckoning at the last amendment.
    community    BYTEA NOT NULL,
    period       TEXT COLLATE "C" NOT NULL,
    states       BYTEA NOT NULL,               -- postcard: unit, month or quarter, grid, state; sorted
    PRIMARY KEY (community, period)
);

CREATE TABLE unit_tie (
    -- What ties units together in a reckoning: a door has its own id, a household its own, every door it was ever said
    -- to live at, and every record it was ever joined to. Units that share one are read together.
    unit         BIGINT NOT NULL,
    tie          BYTEA NOT NULL,               -- 16 bytes: a dwelling or a household
    PRIMARY KEY (unit, tie)
);

CREATE INDEX unit_tie_by_tie ON unit_tie (tie, unit);

INSERT INTO unit_tie (unit, tie) SELECT nr, substr(unit, 2) FROM unit WHERE TRUE ON CONFLICT DO NOTHING;
INSERT INTO unit_tie (unit, tie) SELECT nr, dwelling FROM unit WHERE dwelling IS NOT NULL ON CONFLICT DO NOTHING;

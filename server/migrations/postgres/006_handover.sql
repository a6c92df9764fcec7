-- 交接清单 – what was outstanding when a grid was handed over, frozen with the act that did it.

CREATE TABLE handover (
    entry        BYTEA PRIMARY KEY NOT NULL,   -- payload hash of the act
    grid         BYTEA NOT NULL,
    on_day       TEXT COLLATE "C" NOT NULL,    -- the close of this local day
    sheet        BYTEA NOT NULL                -- postcard HandoverSheet
);
CREATE INDEX handover_grid ON handover (grid, on_day);

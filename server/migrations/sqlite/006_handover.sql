-- 交接清单 – what was outstanding when a grid was handed over, frozen with the act that did it.

CREATE TABLE handover (
    entry        BLOB PRIMARY KEY NOT NULL,    -- payload hash of the act
    grid         BLOB NOT NULL,
    on_day       TEXT NOT NULL,                -- the close of this local day
    sheet        BLOB NOT NULL                 -- postcard HandoverSheet
) STRICT, WITHOUT ROWID;
CREATE INDEX handover_grid ON handover (grid, on_day);

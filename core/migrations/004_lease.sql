CREATE TABLE lease (
  -- 租期: when the hub last answered, and how much time has passed since as far as any clock of this phone says. boot,
  -- boot_ms and wall_ms are what the clocks read when counted_ms was last moved on. One row, or none.
  one        INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  renewed_ms INTEGER NOT NULL,
  counted_ms INTEGER NOT NULL,
  boot       BLOB,
  boot_ms    INTEGER,
  wall_ms    INTEGER NOT NULL
) STRICT;

-- A phone that synced before there was a lease: it runs from the last hub time.
INSERT INTO lease (one, renewed_ms, counted_ms, boot, boot_ms, wall_ms)
SELECT 1, hub_ms, hub_ms, boot, boot_ms, hub_ms FROM token;

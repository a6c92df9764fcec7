CREATE TABLE applying (
  -- 正在合并: changes of others that are on their way into their documents. Rows found at start mean that the program ended there.
  nth          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  payload_hash BLOB NOT NULL UNIQUE CHECK (length(payload_hash) = 32),
  payload      BLOB NOT NULL,
  state        INTEGER NOT NULL -- 1 tried together, 2 may be it, 3 is it one of these few, 4 tried alone, 5 did no harm
) STRICT;

CREATE TABLE set_aside (
  -- 本机隔离: changes that ended the program twice; kept in entry, and out of their documents until a newer version tries again.
  payload_hash BLOB NOT NULL PRIMARY KEY CHECK (length(payload_hash) = 32),
  unit         BLOB NOT NULL
) STRICT, WITHOUT ROWID;

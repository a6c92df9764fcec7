CREATE TABLE bundle (
  -- 首次下载: which bundle is being fetched and how long it is. One row, or none.
  one   INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  etag  TEXT NOT NULL,
  total INTEGER NOT NULL
) STRICT;

CREATE TABLE bundle_part (
  -- What has come of it so far, without gaps: where a part begins, and its bytes.
  start INTEGER NOT NULL PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT;

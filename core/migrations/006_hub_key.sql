CREATE TABLE hub_trust (
  -- 中心密钥: which of the hub's keys is the present one (it stands in enrolment), and the recovery key pinned for good.
  one         INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  nr          INTEGER NOT NULL,
  recovery    BLOB CHECK (length(recovery) = 32),
  -- Since when, where the former key was lost and only the recovery key signed.
  unconfirmed INTEGER
) STRICT;
INSERT INTO hub_trust (one, nr) SELECT 1, 1 FROM enrolment;

CREATE TABLE former_hub_key (
  -- Keys the hub signs with no longer: an answer under one of them is not to be taken.
  nr  INTEGER NOT NULL PRIMARY KEY,
  key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

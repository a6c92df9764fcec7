CREATE TABLE meta (
  -- 名值表: one small value a row: projection version, hub epoch.
  name  TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE enrolment (
  -- 登记: one worker on this installation, and where the chain of signed entries stands. One row, or none.
  one         INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  url         TEXT NOT NULL,
  hub         BLOB NOT NULL CHECK (length(hub) = 16),
  hub_key     BLOB NOT NULL CHECK (length(hub_key) = 32),
  worker      BLOB NOT NULL CHECK (length(worker) = 16),
  worker_name TEXT NOT NULL,
  enrolment   BLOB NOT NULL CHECK (length(enrolment) = 16),
  community   BLOB NOT NULL CHECK (length(community) = 16),
  epoch       INTEGER NOT NULL,
  next_seq    INTEGER NOT NULL,
  previous    BLOB NOT NULL CHECK (length(previous) = 32)
) STRICT;

CREATE TABLE secret (
  -- 密钥: the signing key, made before the enrolment so that a lost reply costs nothing. Encrypted with the file on phones.
  one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  key BLOB NOT NULL CHECK (length(key) = 32)
) STRICT;

CREATE TABLE token (
  -- 时间令牌: the last hub time with its seal, and what the phone's clocks read when it came.
  one     INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  hub_ms  INTEGER NOT NULL,
  mac     BLOB NOT NULL CHECK (length(mac) = 16),
  boot    BLOB,
  boot_ms INTEGER
) STRICT;

CREATE TABLE own_entry (
  -- 本机条目: what was recorded here. A row is the receipt and, while to_send is 1, the outbox.
  nth          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  epoch        INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  payload_hash BLOB NOT NULL UNIQUE CHECK (length(payload_hash) = 32),
  envelope     BLOB NOT NULL,
  signature    BLOB NOT NULL CHECK (length(signature) = 64),
  payload      BLOB NOT NULL,
  unit         BLOB,
  recorded_ms  INTEGER NOT NULL,
  to_send      INTEGER NOT NULL CHECK (to_send IN (0, 1)),
  state        TEXT NOT NULL,
  sealed_again INTEGER NOT NULL DEFAULT 0,
  UNIQUE (epoch, seq)
) STRICT;
CREATE INDEX own_entry_to_send ON own_entry (nth) WHERE to_send = 1;
CREATE INDEX own_entry_unit ON own_entry (unit);

CREATE TABLE former_envelope (
  -- 旧信封: an entry that had to be sealed again keeps the envelope it had before.
  epoch        INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  payload_hash BLOB NOT NULL,
  envelope     BLOB NOT NULL,
  signature    BLOB NOT NULL,
  PRIMARY KEY (epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
  -- 下载条目: payloads pulled from the hub, kept word for word; every projection is rebuilt from them.
  payload_hash BLOB NOT NULL PRIMARY KEY CHECK (length(payload_hash) = 32),
  stream       BLOB NOT NULL,
  stream_seq   INTEGER NOT NULL,
  recorded_ms  INTEGER NOT NULL,
  payload      BLOB NOT NULL,
  read         INTEGER NOT NULL CHECK (read IN (0, 1))
) STRICT;

CREATE TABLE entry_unit (
  -- Which payloads, pulled or own, say something about a unit.
  unit         BLOB NOT NULL,
  payload_hash BLOB NOT NULL,
  PRIMARY KEY (unit, payload_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_unit_payload ON entry_unit (payload_hash);

CREATE TABLE unit (
  -- 户与门: one row a household or door; dwelling is the id of the door's row. All but id, stream and leaving is rebuilt from the payloads.
  id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 17),
  stream      BLOB,
  leaving     INTEGER NOT NULL DEFAULT 0 CHECK (leaving IN (0, 1)),
  grid        BLOB,
  dwelling    BLOB,
  walking_key TEXT NOT NULL DEFAULT '',
  search      TEXT NOT NULL DEFAULT '',
  fields      TEXT NOT NULL DEFAULT '{}',
  follow_ups  TEXT NOT NULL DEFAULT '[]',
  file        BLOB NOT NULL
) STRICT;
CREATE INDEX unit_dwelling ON unit (dwelling);

CREATE TABLE doc (
  -- 户情文档: the automerge document of a household, apart from its row so that lists need not read it.
  unit BLOB NOT NULL PRIMARY KEY,
  body BLOB NOT NULL
) STRICT;

CREATE TABLE waiting (
  -- Changes of documents that wait for one they build on; tried again whenever a change of the unit arrives.
  unit         BLOB NOT NULL,
  payload_hash BLOB NOT NULL,
  PRIMARY KEY (unit, payload_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE gone_door (
  -- 已迁走: a door whose household went to another grid. Where it lives now is not this phone's to know, but until the
  -- quarter ends the door must not look as if nobody had lived there.
  door    BLOB NOT NULL PRIMARY KEY CHECK (length(door) = 17),
  left_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE community (
  -- 社区: the community's file. One row, or none.
  one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
  file BLOB NOT NULL
) STRICT;

CREATE TABLE cursor (
  -- 读到何处: how far each stream held by this phone has been read.
  stream BLOB NOT NULL PRIMARY KEY,
  seq    INTEGER NOT NULL,
  head   BLOB NOT NULL CHECK (length(head) = 8)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
  -- 草稿: one visit in progress per unit.
  unit     BLOB NOT NULL PRIMARY KEY,
  kept_ms  INTEGER NOT NULL,
  body     TEXT NOT NULL
) STRICT;

CREATE TABLE exchange (
  -- 同步记录: when this phone spoke with the hub and what came of it. The latest 200 are kept.
  nth        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  at_ms      INTEGER NOT NULL,
  outcome    TEXT NOT NULL
) STRICT;

CREATE TABLE look (
  -- 查看记录: whose names, numbers and categories were opened on this phone. Shown to the worker; nobody's name is in it.
  nth   INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  unit  BLOB    NOT NULL
) STRICT;

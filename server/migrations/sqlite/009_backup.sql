-- Verified backups: how far each covers the log, so that phones know what they need not keep any longer.

CREATE TABLE backup (
    nr           INTEGER PRIMARY KEY,
    pos          INTEGER NOT NULL,             -- last position of the log it holds
    taken_ms     INTEGER NOT NULL,             -- when it was taken
    verified_ms  INTEGER NOT NULL,             -- when it was read back and verified
    hash         BLOB NOT NULL                 -- SHA-256 of the file as written
) STRICT;

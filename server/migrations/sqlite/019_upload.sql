-- 待导入 – a roster uploaded at the desk and not entered yet: for a day at most, then it is gone.
CREATE TABLE import_upload (
    id           BLOB NOT NULL PRIMARY KEY,    -- of the import it becomes
    community    BLOB NOT NULL,
    account      BLOB NOT NULL,                -- whose; nobody else opens it
    made_ms      INTEGER NOT NULL,
    begun_ms     INTEGER,                      -- since when it is being entered
    generation   INTEGER NOT NULL,             -- of the outer key it is sealed under
    choices      BLOB NOT NULL,                -- the file's name, columns by hand, the grid of doors without one; sealed
    shown        BLOB NOT NULL,                -- what the dry run showed; sealed
    file         BLOB NOT NULL                 -- as it was uploaded; sealed
) STRICT;
CREATE INDEX import_upload_age ON import_upload (made_ms);

-- What the file of an import was called; sealed like what it wrote, for people name files after people.
ALTER TABLE import_batch ADD COLUMN file BLOB;

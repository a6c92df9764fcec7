-- After the hub was restored every stream is read again; what it does not tell again is no longer its word.
ALTER TABLE entry ADD COLUMN seen INTEGER NOT NULL DEFAULT 1 CHECK (seen IN (0, 1));

-- 备份: a verified backup of the hub covers the entry.
ALTER TABLE own_entry ADD COLUMN covered INTEGER NOT NULL DEFAULT 0 CHECK (covered IN (0, 1));

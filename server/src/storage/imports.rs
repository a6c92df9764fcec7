//! 导入 – what imports of a roster leave behind: remembered mappings, the previous sheet, what a batch wrote.

use super::db::{Row, values};
use super::vault::owner::Owner;
use super::{StorageError, Tx};
use ruhu_core::ids::{AccountId, CommunityId, ImportId};

/// One sheet that is imported again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportSource {
    /// Whose roster.
    pub community: CommunityId,
    /// Of the sheet's headings.
    pub fingerprint: String,
    /// Which column is what; JSON.
    pub mapping: String,
    /// The previous import, row by row.
    pub snapshot: Vec<u8>,
    /// When, milliseconds since 1970 UTC.
    pub updated_ms: i64,
}

/// One committed import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportBatch {
    /// Its id.
    pub id: ImportId,
    /// Whose roster.
    pub community: CommunityId,
    /// Of the sheet's headings.
    pub fingerprint: String,
    /// Who did it.
    pub account: AccountId,
    /// When, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// When it was undone, milliseconds since 1970 UTC.
    pub undone_ms: Option<i64>,
    /// What it wrote, for the undo.
    pub written: Vec<u8>,
    /// Counts and findings, no names; JSON.
    pub report: String,
    /// What the file was called; `None` for an import of an older version.
    pub file: Option<String>,
}

/// One committed import as a list shows it: without what it wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportLine {
    /// Its id.
    pub id: ImportId,
    /// Of the sheet's headings.
    pub fingerprint: String,
    /// Who did it.
    pub account: AccountId,
    /// When, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// When it was undone, milliseconds since 1970 UTC.
    pub undone_ms: Option<i64>,
    /// Counts, no names; JSON.
    pub report: String,
    /// What the file was called.
    pub file: Option<String>,
}

impl Tx<'_> {
    /// What is remembered of a sheet.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn import_source(
        &self,
        community: CommunityId,
        fingerprint: &str,
    ) -> Result<Option<ImportSource>, StorageError> {
        self.first(
            "import source",
            "SELECT s.fingerprint, s.mapping, s.snapshot, s.updated_ms, k.generation, k.wrapped
             FROM import_source s LEFT JOIN owner_key k ON k.owner = ?3
             WHERE s.community = ?1 AND s.fingerprint = ?2",
            values![community.as_bytes(), fingerprint, Owner::of_imports(community).bytes()],
            |row| source(self, row, community),
        )
    }

    /// Every sheet remembered of a community, by fingerprint.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn import_sources(&self, community: CommunityId) -> Result<Vec<ImportSource>, StorageError> {
        self.all(
            "import sources",
            "SELECT s.fingerprint, s.mapping, s.snapshot, s.updated_ms, k.generation, k.wrapped
             FROM import_source s LEFT JOIN owner_key k ON k.owner = ?2
             WHERE s.community = ?1 ORDER BY s.fingerprint",
            values![community.as_bytes(), Owner::of_imports(community).bytes()],
            |row| source(self, row, community),
        )
    }

    /// Remembers a sheet.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_import_source(&self, source: &ImportSource) -> Result<(), StorageError> {
        let owner = Owner::of_imports(source.community);
        let snapshot = self.sealed(owner, source.fingerprint.as_bytes(), &source.snapshot)?;
        self.execute(
            "import source",
            "INSERT INTO import_source (community, fingerprint, mapping, snapshot, updated_ms)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (community, fingerprint) DO UPDATE SET mapping = excluded.mapping,
                 snapshot = excluded.snapshot, updated_ms = excluded.updated_ms",
            values![
                source.community.as_bytes(),
                source.fingerprint,
                source.mapping,
                snapshot,
                source.updated_ms
            ],
        )
        .map(drop)
    }

    /// Keeps a committed import.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn add_import_batch(&self, batch: &ImportBatch) -> Result<(), StorageError> {
        let owner = Owner::of_imports(batch.community);
        let written = self.sealed(owner, batch.id.as_bytes(), &batch.written)?;
        let file = self.sealed_name(batch)?;
        self.execute(
            "import",
            "INSERT INTO import_batch (id, community, fingerprint, account, made_ms, undone_ms, written, report, file)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            values![
                batch.id.as_bytes(),
                batch.community.as_bytes(),
                batch.fingerprint,
                batch.account.as_bytes(),
                batch.made_ms,
                batch.undone_ms,
                written,
                batch.report,
                file
            ],
        )
        .map(drop)
    }

    /// Writes again what an import would undo, after some of it was erased.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_written(&self, batch: &ImportBatch) -> Result<(), StorageError> {
        let owner = Owner::of_imports(batch.community);
        let written = self.sealed(owner, batch.id.as_bytes(), &batch.written)?;
        let file = self.sealed_name(batch)?;
        let sql = "UPDATE import_batch SET written = ?2, file = ?3 WHERE id = ?1";
        self.execute("import", sql, values![batch.id.as_bytes(), written, file]).map(drop)
    }

    fn sealed_name(&self, batch: &ImportBatch) -> Result<Option<Vec<u8>>, StorageError> {
        let owner = Owner::of_imports(batch.community);
        let name = batch.file.as_ref().map(|name| self.sealed(owner, &name_place(batch.id), name.as_bytes()));
        name.transpose()
    }

    /// Notes that an import was undone.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn import_undone(&self, id: ImportId, now_ms: i64) -> Result<(), StorageError> {
        let sql = "UPDATE import_batch SET undone_ms = ?2 WHERE id = ?1";
        self.execute("import", sql, values![id.as_bytes(), now_ms]).map(drop)
    }

    /// The imports of a community, newest first.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn import_batches(&self, community: CommunityId) -> Result<Vec<ImportBatch>, StorageError> {
        self.all(
            "imports",
            "SELECT b.id, b.fingerprint, b.account, b.made_ms, b.undone_ms, b.report, b.file, k.generation, k.wrapped,
                    b.written
             FROM import_batch b LEFT JOIN owner_key k ON k.owner = ?2
             WHERE b.community = ?1 ORDER BY b.made_ms DESC, b.id DESC",
            values![community.as_bytes(), Owner::of_imports(community).bytes()],
            |row| batch(self, row, community),
        )
    }

    /// One import of a community, with what it wrote.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn import_batch(
        &self,
        community: CommunityId,
        id: ImportId,
    ) -> Result<Option<ImportBatch>, StorageError> {
        self.first(
            "import",
            "SELECT b.id, b.fingerprint, b.account, b.made_ms, b.undone_ms, b.report, b.file, k.generation, k.wrapped,
                    b.written
             FROM import_batch b LEFT JOIN owner_key k ON k.owner = ?3
             WHERE b.community = ?1 AND b.id = ?2",
            values![community.as_bytes(), id.as_bytes(), Owner::of_imports(community).bytes()],
            |row| batch(self, row, community),
        )
    }

    /// The imports of a community as a list shows them, newest first.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn import_lines(&self, community: CommunityId) -> Result<Vec<ImportLine>, StorageError> {
        self.all(
            "imports",
            "SELECT b.id, b.fingerprint, b.account, b.made_ms, b.undone_ms, b.report, b.file, k.generation, k.wrapped
             FROM import_batch b LEFT JOIN owner_key k ON k.owner = ?2
             WHERE b.community = ?1 ORDER BY b.made_ms DESC, b.id DESC",
            values![community.as_bytes(), Owner::of_imports(community).bytes()],
            |row| line(self, row, community),
        )
    }
}

/// Where a file's name is sealed to belong: beside what the import wrote, never in its place.
fn name_place(id: ImportId) -> Vec<u8> {
    [id.as_bytes().as_slice(), b"file"].concat()
}

fn source(tx: &Tx<'_>, row: Row<'_>, community: CommunityId) -> Result<ImportSource, StorageError> {
    let fingerprint: String = row.get(0)?;
    let snapshot = tx.opened(Owner::of_imports(community), (row, 4), fingerprint.as_bytes(), row.blob(2)?)?;
    Ok(ImportSource { community, fingerprint, mapping: row.get(1)?, snapshot, updated_ms: row.get(3)? })
}

fn line(tx: &Tx<'_>, row: Row<'_>, community: CommunityId) -> Result<ImportLine, StorageError> {
    let id = ImportId::from_bytes(row.fixed(0)?);
    let sealed: Option<Vec<u8>> = row.get(6)?;
    let name =
        sealed.map(|sealed| tx.opened(Owner::of_imports(community), (row, 7), &name_place(id), &sealed));
    Ok(ImportLine {
        id,
        fingerprint: row.get(1)?,
        account: AccountId::from_bytes(row.fixed(2)?),
        made_ms: row.get(3)?,
        undone_ms: row.get(4)?,
        report: row.get(5)?,
        file: name.transpose()?.map(|name| String::from_utf8_lossy(&name).into_owned()),
    })
}

fn batch(tx: &Tx<'_>, row: Row<'_>, community: CommunityId) -> Result<ImportBatch, StorageError> {
    let ImportLine { id, fingerprint, account, made_ms, undone_ms, report, file } = line(tx, row, community)?;
    let written = tx.opened(Owner::of_imports(community), (row, 7), id.as_bytes(), row.blob(9)?)?;
    Ok(ImportBatch { id, community, fingerprint, account, made_ms, undone_ms, written, report, file })
}

//! 待导入 – rosters uploaded at the desk and not entered yet. Sealed under a key made from the outer key and written
//! nowhere: an erasure, which lets the outer key go, closes every copy; besides that they live a day.

use ruhu_core::ids::{AccountId, CommunityId, ImportId};

use super::db::{Row, values};
use super::vault::owner::Owner;
use super::vault::{KeyBytes, open, seal};
use super::{StorageError, Tx};

/// Whose an upload is: asked for with anything else, it is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadKey {
    /// Its id, and that of the import it becomes.
    pub id: ImportId,
    /// For which roster.
    pub community: CommunityId,
    /// Who uploaded it.
    pub account: AccountId,
}

/// An upload without its file.
#[derive(Clone, PartialEq, Eq)]
pub struct UploadRow {
    /// Whose.
    pub key: UploadKey,
    /// When, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// Since when it is being entered, milliseconds since 1970 UTC.
    pub begun_ms: Option<i64>,
    /// What the person chose; JSON.
    pub choices: Vec<u8>,
    /// What was shown; JSON. Empty where only the list is asked for.
    pub shown: Vec<u8>,
}

const WHAT: &str = "upload";
/// What each sealed part of a row is, so that none can stand in another's place.
const CHOICES: u8 = 1;
const SHOWN: u8 = 2;
const FILE: u8 = 3;

impl Tx<'_> {
    /// Keeps an upload with its file.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn add_upload(&self, row: &UploadRow, file: &[u8]) -> Result<(), StorageError> {
        let (id, outer) = (row.key.id, self.outer()?);
        let key = outer.derive(Owner::of_upload(id).bytes())?;
        let part = |part, plain: &[u8]| seal(&key, &place(id, part), plain);
        let (choices, shown) = (part(CHOICES, &row.choices)?, part(SHOWN, &row.shown)?);
        let file = part(FILE, file)?;
        self.execute(
            WHAT,
            "INSERT INTO import_upload (id, community, account, made_ms, begun_ms, generation, choices, shown, file)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            values![
                id.as_bytes(),
                row.key.community.as_bytes(),
                row.key.account.as_bytes(),
                row.made_ms,
                row.begun_ms,
                outer.generation,
                choices,
                shown,
                file
            ],
        )
        .map(drop)
    }

    /// Writes what was chosen and what was shown then; `false` when the upload is gone.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_upload(&self, row: &UploadRow) -> Result<bool, StorageError> {
        let id = row.key.id;
        let sql = "SELECT generation FROM import_upload WHERE id = ?1";
        let Some(generation) = self.first(WHAT, sql, values![id.as_bytes()], |row| row.get(0))? else {
            return Ok(false);
        };
        let key = self.upload_key(id, generation)?;
        let choices = seal(&key, &place(id, CHOICES), &row.choices)?;
        let shown = seal(&key, &place(id, SHOWN), &row.shown)?;
        let sql = "UPDATE import_upload SET begun_ms = ?2, choices = ?3, shown = ?4 WHERE id = ?1";
        self.execute(WHAT, sql, values![id.as_bytes(), row.begun_ms, choices, shown]).map(|rows| 0 < rows)
    }

    /// Notes since when an upload is being entered, or that it no longer is.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn upload_begun(&self, id: ImportId, begun_ms: Option<i64>) -> Result<(), StorageError> {
        let sql = "UPDATE import_upload SET begun_ms = ?2 WHERE id = ?1";
        self.execute(WHAT, sql, values![id.as_bytes(), begun_ms]).map(drop)
    }

    /// An upload of this account for this community, if it was made after `since_ms`.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn upload(&self, key: &UploadKey, since_ms: i64) -> Result<Option<UploadRow>, StorageError> {
        self.first(
            WHAT,
            "SELECT id, made_ms, begun_ms, generation, choices, shown FROM import_upload
             WHERE id = ?1 AND community = ?2 AND account = ?3 AND ?4 < made_ms",
            values![key.id.as_bytes(), key.community.as_bytes(), key.account.as_bytes(), since_ms],
            |row| {
                let sealing = self.upload_key(key.id, row.get(3)?)?;
                let shown = open(&sealing, &place(key.id, SHOWN), row.blob(5)?)?;
                self.upload_row(*key, row, shown)
            },
        )
    }

    /// The uploads of an account for a community made after `since_ms`, the latest first, without what they showed.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn uploads(
        &self,
        community: CommunityId,
        account: AccountId,
        since_ms: i64,
    ) -> Result<Vec<UploadRow>, StorageError> {
        self.all(
            "uploads",
            "SELECT id, made_ms, begun_ms, generation, choices FROM import_upload
             WHERE community = ?1 AND account = ?2 AND ?3 < made_ms ORDER BY made_ms DESC, id DESC",
            values![community.as_bytes(), account.as_bytes(), since_ms],
            |row| {
                let id = ImportId::from_bytes(row.fixed(0)?);
                self.upload_row(UploadKey { id, community, account }, row, Vec::new())
            },
        )
    }

    /// The file of an upload, as it came.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn uploaded_file(&self, id: ImportId) -> Result<Option<Vec<u8>>, StorageError> {
        let sql = "SELECT generation, file FROM import_upload WHERE id = ?1";
        self.first(WHAT, sql, values![id.as_bytes()], |row| {
            open(&self.upload_key(id, row.get(0)?)?, &place(id, FILE), row.blob(1)?)
        })
    }

    /// Lets an upload go; `false` when it was gone already.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn drop_upload(&self, id: ImportId) -> Result<bool, StorageError> {
        let sql = "DELETE FROM import_upload WHERE id = ?1";
        self.execute(WHAT, sql, values![id.as_bytes()]).map(|rows| 0 < rows)
    }

    /// Drops the uploads made up to a time, milliseconds since 1970 UTC; `i64::MAX` drops all, as an erasure must: they
    /// may name whoever is erased. Returns how many.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn drop_uploads(&self, until_ms: i64) -> Result<u64, StorageError> {
        self.execute(WHAT, "DELETE FROM import_upload WHERE made_ms <= ?1", values![until_ms])
    }

    /// Whether an upload made up to a time is kept.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn has_uploads(&self, until_ms: i64) -> Result<bool, StorageError> {
        let sql = "SELECT 1 FROM import_upload WHERE made_ms <= ?1 LIMIT 1";
        Ok(self.first(WHAT, sql, values![until_ms], |_| Ok(()))?.is_some())
    }

    fn upload_row(&self, key: UploadKey, row: Row<'_>, shown: Vec<u8>) -> Result<UploadRow, StorageError> {
        let sealing = self.upload_key(key.id, row.get(3)?)?;
        let choices = open(&sealing, &place(key.id, CHOICES), row.blob(4)?)?;
        Ok(UploadRow { key, made_ms: row.get(1)?, begun_ms: row.get(2)?, choices, shown })
    }

    fn upload_key(&self, id: ImportId, generation: u32) -> Result<KeyBytes, StorageError> {
        self.vault().outer(generation)?.derive(Owner::of_upload(id).bytes())
    }
}

fn place(id: ImportId, part: u8) -> Vec<u8> {
    let mut place = id.as_bytes().to_vec();
    place.push(part);
    place
}

//! 上传 – a roster uploaded at the desk waits in the database, sealed, until it is entered, discarded, or a day old.
//!
//! It is read anew whenever something is chosen, and once more before it is entered: what is entered is what was shown,
//! or nothing is.

use ruhu_core::ids::{AccountId, CommunityId, ImportId};
use serde::{Deserialize, Serialize};

use super::ImportError;
use super::columns::{ColumnsError, HandMap};
use super::commit::{CommitError, Committed, DefaultGrid, Entering, Preview, Progress};
use super::sheet::{Limits, Workbook, open};
use super::shown::Shown;
use crate::access::journal::audit;
use crate::storage::uploads::{UploadKey, UploadRow};
use crate::storage::{Hub, StorageError};

/// An upload is kept so long, in milliseconds (24 hours).
pub const UPLOAD_KEPT_MS: i64 = 24 * 3600 * 1000;
/// Bytes of a file that is uploaded: a roster of 20,000 households has 2 to 4 MB.
pub const UPLOAD_MAX_BYTES: usize = 20_000_000;
/// Bytes of everything in a workbook once unpacked: several may be read at once.
const UNPACKED_MAX_BYTES: u64 = 200_000_000;
/// Cells of an uploaded workbook as they are kept (at 24 bytes): 20,000 households have about a million.
const CELLS_MAX: u64 = 5_000_000;
/// Bytes of text of an uploaded workbook as they are kept.
const TEXT_MAX_BYTES: u64 = 100_000_000;
/// Sheets of an uploaded workbook.
const SHEETS_MAX: usize = 64;
/// Somebody may still be entering an upload so long, in milliseconds (three minutes), here or on another node; then it
/// is thought to have broken off, and may be begun again or changed: entered twice it cannot be.
pub const ELSEWHERE_MS: i64 = 180_000;
/// Uploads of one account for one community that are kept; the oldest goes for a new one.
const KEPT_EACH: usize = 5;
/// Signs of a file's name that are kept.
const NAME_MAX: usize = 120;

/// 选择 – what a person chose about an upload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choices {
    /// What the file is called.
    pub file_name: String,
    /// Columns by hand.
    pub hand: HandMap,
    /// The grid of doors for which the roster names none.
    pub default_grid: Option<DefaultGrid>,
    /// Why it was not entered the last time.
    pub stopped: Option<Stopped>,
}

/// Why an upload was not entered; nothing of it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// The roster, or what was chosen, changed since it was shown.
    Changed,
    /// It broke off.
    Failed,
}

/// 待导入 – an upload as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Whose.
    pub key: UploadKey,
    /// When, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// Since when it is being entered, milliseconds since 1970 UTC.
    pub begun_ms: Option<i64>,
    /// What was chosen.
    pub choices: Choices,
    /// What was shown; empty in a list.
    pub shown: Shown,
}

impl Upload {
    fn of(row: &UploadRow) -> Result<Self, CommitError> {
        let shown = if row.shown.is_empty() {
            Shown::default()
        } else {
            serde_json::from_slice(&row.shown).map_err(CommitError::Memory)?
        };
        let choices = serde_json::from_slice(&row.choices).map_err(CommitError::Memory)?;
        Ok(Self { key: row.key, made_ms: row.made_ms, begun_ms: row.begun_ms, choices, shown })
    }

    /// Whether somebody is entering it; what was begun too long ago has broken off.
    #[must_use]
    pub fn is_being_entered(&self, now_ms: i64) -> bool {
        is_running(self.begun_ms, now_ms)
    }

    fn row(&self) -> Result<UploadRow, CommitError> {
        Ok(UploadRow {
            key: self.key,
            made_ms: self.made_ms,
            begun_ms: self.begun_ms,
            choices: serde_json::to_vec(&self.choices).map_err(CommitError::Memory)?,
            shown: serde_json::to_vec(&self.shown).map_err(CommitError::Memory)?,
        })
    }
}

fn is_running(begun_ms: Option<i64>, now_ms: i64) -> bool {
    begun_ms.is_some_and(|begun| now_ms - begun < ELSEWHERE_MS)
}

impl Hub {
    /// Reads a file and keeps it, sealed, for its owner to look at; enters nothing.
    ///
    /// # Errors
    /// [`CommitError`]: the file cannot be opened. It is not kept then.
    pub fn upload_roster(
        &self,
        by: AccountId,
        community: CommunityId,
        file_name: &str,
        bytes: Vec<u8>,
    ) -> Result<ImportId, CommitError> {
        let key = UploadKey { id: self.make_id(), community, account: by };
        let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
        let plain = name.chars().filter(|sign| !sign.is_control());
        let choices = Choices { file_name: plain.take(NAME_MAX).collect(), ..Choices::default() };
        let (shown, _) = self.dry_run(community, &choices, &bytes)?;
        let now_ms = self.now_ms();
        let row = Upload { key, made_ms: now_ms, begun_ms: None, choices, shown }.row()?;
        self.storage().write(move |tx| {
            let before = tx.uploads(community, by, now_ms - UPLOAD_KEPT_MS)?;
            let idle = before.iter().filter(|one| !is_running(one.begun_ms, now_ms));
            for old in idle.skip(KEPT_EACH - 1) {
                tx.drop_upload(old.key.id)?;
            }
            tx.add_upload(&row, &bytes)?;
            audit(tx, now_ms, Some(by), "import.upload", &format!("{community}/{}", key.id))
        })?;
        Ok(key.id)
    }

    /// An upload of this account; `None` when it is gone or somebody else's.
    ///
    /// # Errors
    /// [`CommitError`].
    pub fn upload(&self, key: &UploadKey) -> Result<Option<Upload>, CommitError> {
        let since_ms = self.now_ms() - UPLOAD_KEPT_MS;
        let row = self.storage().read(|tx| tx.upload(key, since_ms))?;
        row.as_ref().map(Upload::of).transpose()
    }

    /// The uploads of this account for a community, the latest first, without what they showed.
    ///
    /// # Errors
    /// [`CommitError`].
    pub fn uploads(&self, community: CommunityId, account: AccountId) -> Result<Vec<Upload>, CommitError> {
        let since_ms = self.now_ms() - UPLOAD_KEPT_MS;
        let rows = self.storage().read(|tx| tx.uploads(community, account, since_ms))?;
        rows.iter().map(Upload::of).collect()
    }

    /// Takes choices about an upload and reads it with them; what was shown before no longer counts.
    ///
    /// # Errors
    /// [`CommitError::Gone`], and what reading can fail of.
    pub fn choose_in_upload(&self, key: &UploadKey, choices: Choices) -> Result<(), CommitError> {
        let now_ms = self.now_ms();
        let upload = self.upload(key)?.ok_or(CommitError::Gone)?;
        if upload.is_being_entered(now_ms) {
            return Err(CommitError::Gone);
        }
        self.show_anew(&upload, choices)
    }

    fn show_anew(&self, upload: &Upload, choices: Choices) -> Result<(), CommitError> {
        let id = upload.key.id;
        let bytes = self.storage().read(|tx| tx.uploaded_file(id))?.ok_or(CommitError::Gone)?;
        let (shown, _) = self.dry_run(upload.key.community, &choices, &bytes)?;
        let (key, made_ms) = (upload.key, upload.made_ms);
        let row = Upload { key, made_ms, begun_ms: None, choices, shown }.row()?;
        let there = self.storage().write(move |tx| tx.put_upload(&row))?;
        if there { Ok(()) } else { Err(CommitError::Gone) }
    }

    /// Notes that an upload is about to be entered as it was shown; `seen` is the digest of what the person saw.
    /// `false` when somebody is entering it already.
    ///
    /// # Errors
    /// [`CommitError::Changed`] when something else is shown now, [`CommitError::Gone`].
    pub fn begin_upload(&self, key: &UploadKey, seen: &str) -> Result<bool, CommitError> {
        let (key, seen, now_ms) = (*key, seen.to_owned(), self.now_ms());
        // One write: what is compared is what is marked.
        self.storage().write(move |tx| {
            let row = tx.upload(&key, now_ms - UPLOAD_KEPT_MS)?.ok_or(CommitError::Gone)?;
            let upload = Upload::of(&row)?;
            if upload.is_being_entered(now_ms) {
                return Ok(false);
            }
            if !upload.shown.may_be_entered(&seen) {
                return Err(CommitError::Changed);
            }
            tx.upload_begun(key.id, Some(now_ms))?;
            Ok(true)
        })
    }

    /// Enters an upload exactly as it was shown to whoever saw the digest `seen`. When it cannot be, the upload shows what
    /// it would do now, and why it was stopped.
    ///
    /// # Errors
    /// [`CommitError`]; nothing was entered.
    pub fn enter_upload(
        &self,
        key: &UploadKey,
        seen: &str,
        progress: &Progress,
    ) -> Result<Committed, CommitError> {
        let upload = self.upload(key)?.ok_or(CommitError::Gone)?;
        let entered = self.entered(&upload, seen, progress);
        let stopped = match &entered {
            Ok(_) | Err(CommitError::Gone) => return entered,
            Err(CommitError::Changed) => Stopped::Changed,
            Err(_) => Stopped::Failed,
        };
        let choices = Choices { stopped: Some(stopped), ..upload.choices.clone() };
        if self.show_anew(&upload, choices).is_err() {
            // Nothing was entered all the same; it must not look as if somebody still were about it.
            let id = key.id;
            self.storage().write(move |tx| tx.upload_begun(id, None))?;
        }
        entered
    }

    fn entered(&self, upload: &Upload, seen: &str, progress: &Progress) -> Result<Committed, CommitError> {
        let id = upload.key.id;
        let bytes = self.storage().read(|tx| tx.uploaded_file(id))?.ok_or(CommitError::Gone)?;
        let (shown, preview) = self.dry_run(upload.key.community, &upload.choices, &bytes)?;
        let preview = preview.filter(|_| shown.may_be_entered(seen)).ok_or(CommitError::Changed)?;
        let entering = Entering {
            by: upload.key.account,
            import: id,
            default_grid: upload.choices.default_grid.clone(),
            is_upload: true,
            progress: progress.clone(),
        };
        self.enter_import(preview, entering)
    }

    /// Lets an upload go; `false` when it stays, because somebody is entering it.
    ///
    /// # Errors
    /// [`CommitError::Gone`] when it was gone already or is somebody else's.
    pub fn discard_upload(&self, key: &UploadKey) -> Result<bool, CommitError> {
        let (key, now_ms) = (*key, self.now_ms());
        self.storage().write(move |tx| {
            let row = tx.upload(&key, now_ms - UPLOAD_KEPT_MS)?.ok_or(CommitError::Gone)?;
            if is_running(row.begun_ms, now_ms) {
                return Ok(false);
            }
            if !tx.drop_upload(key.id)? {
                return Err(CommitError::Gone);
            }
            let target = format!("{}/{}", key.community, key.id);
            audit(tx, now_ms, Some(key.account), "import.discard", &target)?;
            Ok(true)
        })
    }

    /// Drops what was kept long enough; returns how many uploads that were.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn drop_old_uploads(&self) -> Result<u64, StorageError> {
        let until_ms = self.now_ms() - UPLOAD_KEPT_MS;
        if !self.storage().read(|tx| tx.has_uploads(until_ms))? {
            return Ok(0);
        }
        self.storage().write(move |tx| tx.drop_uploads(until_ms))
    }

    /// What a file shows with these choices, and the preview behind it; no preview where no headings were recognised.
    fn dry_run(
        &self,
        community: CommunityId,
        choices: &Choices,
        bytes: &[u8],
    ) -> Result<(Shown, Option<Preview>), CommitError> {
        let limits = Limits {
            file_bytes: u64::try_from(UPLOAD_MAX_BYTES).unwrap_or(u64::MAX),
            unpacked_bytes: UNPACKED_MAX_BYTES,
            cells: CELLS_MAX,
            text_bytes: TEXT_MAX_BYTES,
            sheets: SHEETS_MAX,
            reads_xls: false,
            ..Limits::default()
        };
        let book: Workbook = open(&choices.file_name, bytes, &limits).map_err(ImportError::from)?;
        let preview = self.preview_book(community, &choices.file_name, &book, choices.hand.clone());
        match preview {
            Ok(preview) => {
                let shown = Shown::of(&book, &preview, choices.default_grid.as_ref());
                Ok((shown.map_err(CommitError::Memory)?, Some(preview)))
            }
            Err(CommitError::Import(ImportError::Columns(ColumnsError::NoRoster { .. }))) => {
                let empty = book.sheets.iter().all(|sheet| sheet.rows.is_empty());
                if empty {
                    return Err(ImportError::from(super::sheet::SheetError::Empty).into());
                }
                Ok((Shown::without_headings(&book, !choices.hand.is_empty()), None))
            }
            Err(why) => Err(why),
        }
    }
}

//! 恢复 – a backup becomes a data folder again. Everything is checked in a folder beside it; only a whole hub gets the name.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use zeroize::Zeroizing;

use super::key::RecoveryKey;
use super::seal::{self, SealError};
use super::{BackupError, Scratch};
use crate::access::{command_line, journal};
use crate::erase::EraseError;
use crate::files::{sync_folder, write_private};
use crate::storage::vault::{self, Vault};
use crate::storage::{Storage, StorageError, schema};
use crate::verify::verify;

/// What was restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Entries of its log, each proven.
    pub entries: u64,
    /// When the newest entry was received, milliseconds since 1970 UTC; `None` for an empty log.
    pub last_ms: Option<i64>,
    /// The new epoch of the hub: phones offer everything again.
    pub hub_epoch: u32,
    /// Sessions of the desk that were ended: somebody may have been shut out since the backup.
    pub sessions: u64,
    /// Enrolment codes nobody had used by then, now void: they may have been used or lost since.
    pub codes: u64,
}

/// Why nothing was restored. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// Never restored over what is there.
    #[error(
        "数据目录 {path} 不是空的,未作任何更改:请用 --data 指定一个新目录,或先把旧目录改名保存 / the data folder {path} is not empty, nothing was changed: name a new one with --data, or keep the old one under another name first"
    )]
    NotEmpty {
        /// Which.
        path: PathBuf,
    },
    /// The backup or the folder cannot be read or written.
    #[error(
        "读写 {path}:请检查路径、空间和权限 / read or write {path}: check the path, the space and the permissions"
    )]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Decrypting and unpacking.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The scratch folder, or what was decrypted.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The database inside.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// What was erased since could not be erased again.
    #[error(transparent)]
    Erasures(#[from] Box<EraseError>),
    /// The file opened, and is not whole.
    #[error(
        "备份里的数据核验发现 {found} 处不符,未恢复:请换另一份备份 / {found} faults were found in the backup, nothing was restored: take another one"
    )]
    Faulty {
        /// How many.
        found: u64,
    },
}

impl From<EraseError> for RestoreError {
    fn from(why: EraseError) -> Self {
        Self::Erasures(Box::new(why))
    }
}

/// Restores the backup `from` into the data folder `data`, which must be absent or empty, and opens a new hub epoch.
/// `chance` names the folder in which everything is checked first; `now_ms` is written into the audit log.
///
/// # Errors
/// [`RestoreError`]; nothing was changed.
pub fn restore(
    from: &Path,
    key: &RecoveryKey,
    data: &Path,
    chance: [u8; 8],
    now_ms: i64,
) -> Result<Restored, RestoreError> {
    restore_and(from, key, data, (chance, now_ms), |_| Ok(()))
}

/// As [`restore`]; `then` is done to the database while nobody can reach it yet.
///
/// # Errors
/// [`RestoreError`], or what `then` returned; nothing was changed.
pub fn restore_and(
    from: &Path,
    key: &RecoveryKey,
    data: &Path,
    (chance, now_ms): ([u8; 8], i64),
    then: impl FnOnce(&Path) -> Result<(), RestoreError>,
) -> Result<Restored, RestoreError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| RestoreError::File { path, source }
    };
    let data = if data.as_os_str().is_empty() { Path::new(".") } else { data };
    if is_taken(data).map_err(at(data))? {
        return Err(RestoreError::NotEmpty { path: data.to_owned() });
    }
    let sealed = File::open(from).map_err(at(from))?;
    // On the same disk as the folder it will become; nothing above it is made before all is well.
    let near = data.ancestors().skip(1).find(|above| above.is_dir()).unwrap_or(Path::new("."));
    let scratch = Scratch::beside(near, "restore", &chance)?;
    let path = scratch.path.join("ruhu.db");
    seal::open(sealed, write_private(&path).map_err(at(&path))?, key)?;
    check(&path)?;
    take_key_out(&path)?;
    let restored = {
        let storage = Storage::open(&path)?;
        let report = storage.read(|tx| {
            let own = tx.identity()?.ok_or(StorageError::Damaged { what: "hub identity" })?;
            verify(tx, own.hub)
        })?;
        if 0 < report.found {
            return Err(RestoreError::Faulty { found: report.found });
        }
        let (sessions, codes) = storage.write(move |tx| {
            tx.open_hub_epoch()?;
            journal::audit(tx, now_ms, Some(command_line()), "restore", &now_ms.to_string())?;
            Ok::<_, StorageError>((tx.end_all_sessions()?, tx.void_codes()?))
        })?;
        storage.read(|tx| {
            let last = tx.last_pos()?;
            let last_ms = tx.entry(last)?.map(|kept| kept.received_ms);
            let (entries, hub_epoch) = (report.entries, tx.hub_epoch()?);
            Ok::<_, StorageError>(Restored { entries, last_ms, hub_epoch, sessions, codes })
        })?
    };
    then(&path)?;
    // Over an empty folder or none; one that was filled meanwhile stays as it is.
    if let Some(above) = data.parent().filter(|above| !above.as_os_str().is_empty()) {
        fs::create_dir_all(above).map_err(at(above))?;
    }
    fs::rename(&scratch.path, data).map_err(at(data))?;
    sync_folder(data).map_err(at(data))?;
    Ok(restored)
}

/// Puts the key that came with a backup where it belongs: into a file beside the database.
pub(super) fn take_key_out(path: &Path) -> Result<(), BackupError> {
    let db = Connection::open(path).map_err(BackupError::Copy)?;
    let sql = "SELECT generation, key FROM backup_key";
    let found: Option<(u32, [u8; 64])> = match db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))) {
        Ok(found) => Some(found),
        // A backup of an older version has nothing sealed in it.
        Err(rusqlite::Error::SqliteFailure(..)) => None,
        Err(why) => return Err(BackupError::Copy(why)),
    };
    let Some((generation, key)) = found else { return Ok(()) };
    let beside = path.parent().unwrap_or(Path::new(".")).join(vault::file::NAME);
    Vault::open(Some(beside))?.put_back(generation, Zeroizing::new(key))?;
    db.execute_batch("PRAGMA secure_delete = ON; DROP TABLE backup_key").map_err(BackupError::Copy)
}

/// Whether a file is a whole database of a hub that this program knows. Nothing is written.
pub(super) fn check(path: &Path) -> Result<(), BackupError> {
    let altered = |why: rusqlite::Error| SealError::Altered(std::io::Error::other(why));
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(altered)?;
    // A database of another program has no row that says which hub it is.
    let hub: Option<Vec<u8>> = match db.query_row("SELECT hub FROM meta", [], |row| row.get(0)).optional() {
        Ok(hub) => hub,
        Err(rusqlite::Error::SqliteFailure(why, _)) if is_damage(why.code) => {
            return Err(altered(rusqlite::Error::SqliteFailure(why, None)).into());
        }
        Err(_) => None,
    };
    if hub.is_none_or(|hub| hub.len() != 16) {
        return Err(SealError::Foreign.into());
    }
    let found: u32 =
        db.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(BackupError::Copy)?;
    let known = schema::newest();
    if known < found {
        return Err(StorageError::TooNew { found, known }.into());
    }
    let whole: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(altered)?;
    if whole != "ok" {
        return Err(SealError::Altered(std::io::Error::other(whole)).into());
    }
    Ok(())
}

fn is_damage(code: rusqlite::ErrorCode) -> bool {
    // "Not a database" is another program's file; a torn page is damage.
    code == rusqlite::ErrorCode::DatabaseCorrupt
}

fn is_taken(folder: &Path) -> std::io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut within) => Ok(within.next().is_some()),
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(why) => Err(why),
    }
}

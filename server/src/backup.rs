//! 备份与恢复 – an encrypted copy of the hub's database, made beside a running server, read back before it counts; and the
//! way back from it.
//!
//! | module | what it does |
//! |---|---|
//! | [`key`] | the recovery key, kept outside the database |
//! | [`seal`] | packing and encrypting, decrypting and unpacking |
//! | [`restore`] | a backup becomes a data folder again, in a new hub epoch |
//!
//! The file is `age` over `zstd` over one `SQLite` database: whoever holds the key can open it without this program
//! (`age -d -i KEY FILE | zstd -d > ruhu.db`).

pub mod key;
pub mod restore;
pub mod seal;

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use ruhu_core::ids::Hash32;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::access::{command_line, journal};
use crate::files::{part_of, sync_folder, write_private};
use crate::report::seal::hex;
use crate::storage::backups::BackupRow;
use crate::storage::log::Pos;
use crate::storage::{Hub, Storage, StorageError, Tx};
use crate::verify::{Report, verify};
use key::RecoveryKey;
use seal::SealError;

/// What a backup became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Where it is.
    pub path: PathBuf,
    /// Its size, bytes.
    pub size_bytes: u64,
    /// Entries of the log it holds, each proven again after reading back.
    pub entries: u64,
    /// What the hub remembers of it.
    pub row: BackupRow,
}

/// Why there is no backup, or none that counts. The hub itself was not changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A server has its own means.
    #[error(
        "数据库在 PostgreSQL 上:请用 pg_basebackup 或 pg_dump 备份(见 server/DEPLOY.md)/ the database is on PostgreSQL: back it up with pg_basebackup or pg_dump (see server/DEPLOY.md)"
    )]
    OnServer,
    /// Never written over: it may be the only good one.
    #[error(
        "文件 {path} 已存在,未覆盖:请换一个文件名 / the file {path} exists and was left alone: choose another name"
    )]
    Exists {
        /// Which.
        path: PathBuf,
    },
    /// A file could not be read or written: no folder, no space, no permission.
    #[error(
        "写备份 {path} 失败:请检查目录、空间和权限 / write the backup {path}: check the folder, the space and the permissions"
    )]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The copy of the database failed.
    #[error("复制数据库失败:请检查数据目录的空间 / copy the database: check the space in the data folder")]
    Copy(#[source] rusqlite::Error),
    /// Packing, encrypting, or reading back.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// What was read back is not whole. The file is kept, and covers nothing.
    #[error(
        "备份 {path} 已写成,但核验发现 {found} 处不符,不计入已核验的备份;请运行 ruhu verify 查看中心数据 / the backup {path} was written, but {found} faults were found on reading it back: it does not count as verified; run `ruhu verify` on the hub"
    )]
    Faulty {
        /// Where it is.
        path: PathBuf,
        /// How many.
        found: u64,
    },
}

impl Hub {
    /// Writes an encrypted backup to `path`, reads it back with the same key, verifies it, and notes how much of the log
    /// it covers. Goes beside a running server: the copy is one consistent view.
    ///
    /// # Errors
    /// [`BackupError`]; unless it says otherwise there is no file at `path`.
    pub fn back_up(&self, path: &Path, key: &RecoveryKey) -> Result<Backup, BackupError> {
        let at_path = |source| BackupError::File { path: path.to_owned(), source };
        if path.exists() {
            return Err(BackupError::Exists { path: path.to_owned() });
        }
        let database = self.storage().path().ok_or(BackupError::OnServer)?;
        let data = database.parent().unwrap_or_else(|| Path::new("."));
        // The plain copies lie where the database itself lies, never where the backup goes, and go with this folder.
        let scratch = Scratch::beside(data, "backup", &self.random::<8>())?;
        let taken_ms = self.now_ms();
        let copy = scratch.path.join("ruhu.db");
        copy_database(database, &copy)?;
        self.put_key_into(&copy)?;
        let part = part_of(path);
        let written = write_private(&part)
            .map_err(at_path)
            .and_then(|file| Ok(seal::seal(&copy, file, &key.recipient())?));
        if let Err(why) = written {
            drop(fs::remove_file(&part));
            return Err(why);
        }
        drop(fs::remove_file(&copy));
        let read_back = self.read_back(&part, &scratch.path.join("again.db"), key);
        let (report, pos) = match read_back {
            Ok(read_back) => read_back,
            Err(why) => {
                drop(fs::remove_file(&part));
                return Err(why);
            }
        };
        let (size_bytes, hash) = weighed(&part).map_err(at_path)?;
        // A name that appeared meanwhile is not written over.
        fs::hard_link(&part, path).map_err(at_path)?;
        fs::remove_file(&part).map_err(at_path)?;
        sync_folder(path).map_err(at_path)?;
        if 0 < report.found {
            return Err(BackupError::Faulty { path: path.to_owned(), found: report.found });
        }
        let row = BackupRow { pos, taken_ms, verified_ms: self.now_ms(), hash };
        self.storage().write(move |tx| {
            tx.put_backup(row)?;
            journal::audit(tx, row.verified_ms, Some(command_line()), "backup", &row.hash.to_string())
        })?;
        Ok(Backup { path: path.to_owned(), size_bytes, entries: report.entries, row })
    }

    /// A copy without the key of what is sealed in it would be no backup; the file as a whole is encrypted.
    fn put_key_into(&self, copy: &Path) -> Result<(), BackupError> {
        let db = Connection::open(copy).map_err(BackupError::Copy)?;
        let generation: Option<u32> = db
            .query_row("SELECT max(generation) FROM vault", [], |row| row.get(0))
            .map_err(BackupError::Copy)?;
        let outer = self.storage().vault().outer(generation.unwrap_or(0))?;
        db.execute_batch("CREATE TABLE backup_key (generation INTEGER NOT NULL, key BLOB NOT NULL) STRICT")
            .and_then(|()| {
                let sql = "INSERT INTO backup_key (generation, key) VALUES (?1, ?2)";
                db.execute(sql, (outer.generation, &*outer.key))
            })
            .map(drop)
            .map_err(BackupError::Copy)
    }

    fn read_back(&self, part: &Path, again: &Path, key: &RecoveryKey) -> Result<(Report, Pos), BackupError> {
        let opened =
            File::open(part).map_err(|source| BackupError::File { path: part.to_owned(), source })?;
        let plain =
            write_private(again).map_err(|source| BackupError::File { path: again.to_owned(), source })?;
        seal::open(opened, plain, key)?;
        restore::check(again)?;
        restore::take_key_out(again)?;
        let storage = Storage::open(again)?;
        // The backup is judged by this hub's own id and key, not by those it brings along.
        let read = |tx: &Tx<'_>| Ok((verify(tx, self.id())?, tx.last_pos()?));
        Ok(storage.read::<_, StorageError>(read)?)
    }
}

/// A private folder for plain copies; it goes when it is dropped.
pub(crate) struct Scratch {
    pub(crate) path: PathBuf,
}

impl Scratch {
    /// Made beside or in `folder`, readable by its owner alone.
    pub(crate) fn beside(folder: &Path, what: &str, chance: &[u8]) -> Result<Self, BackupError> {
        let path = folder.join(format!(".ruhu-{what}-{}", hex(chance)));
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(|source| BackupError::File { path: path.clone(), source })?;
        Ok(Self { path })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.path));
    }
}

fn copy_database(from: &Path, to: &Path) -> Result<(), BackupError> {
    let db = Connection::open(from).map_err(BackupError::Copy)?;
    db.busy_timeout(std::time::Duration::from_secs(30)).map_err(BackupError::Copy)?;
    // One statement, one view: writers go on meanwhile, and what the copy holds is whole.
    db.execute("VACUUM INTO ?1", [to.to_string_lossy()]).map(drop).map_err(BackupError::Copy)
}

fn weighed(path: &Path) -> std::io::Result<(u64, Hash32)> {
    let (mut file, mut hash, mut size_bytes) = (File::open(path)?, Sha256::new(), 0u64);
    let mut block = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut block)?;
        let Some(bytes) = block.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        hash.update(bytes);
        size_bytes += u64::try_from(read).unwrap_or(0);
    }
    Ok((size_bytes, Hash32(hash.finalize().into())))
}

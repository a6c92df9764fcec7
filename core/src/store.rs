//! 本机存储 – the phone's one `SQLite` file: what was recorded here, what was received, and rows rebuilt from both.
//!
//! One writer. Whatever belongs together is written in one transaction; nothing is called saved before its commit.

use std::sync::Once;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

pub mod applying;
pub mod bundle;
#[cfg(feature = "keyed")]
pub mod cipher;
pub mod drafts;
pub mod enrolment;
pub mod erased;
pub mod forget;
mod header;
pub mod hub_keys;
pub mod lease;
pub mod log;
pub mod looks;
pub mod outbox;
pub mod own_days;
mod projector;
pub mod restored;
mod schema;
pub mod units;

#[cfg(feature = "keyed")]
pub use cipher::StoreKey;
pub use enrolment::{EnrolmentRow, Held, Secret};
pub use outbox::{EntryState, OwnEntry};
pub use projector::{NotApplied, Projector, profile};
pub use units::{Member, UnitRow};

/// How long one connection waits for another that is writing.
const PATIENCE: Duration = Duration::from_secs(2);

/// The phone's file, open.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
}

/// Why the file could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be opened at all.
    #[error("打开本机数据文件失败:请检查路径和权限 / open the local store: check its path and permissions")]
    Open(#[source] rusqlite::Error),
    /// Written by a newer app; left untouched.
    #[error(
        "数据文件由更新的版本写成(结构 {found},本机 {known}):请更新应用 / the store was written by a newer app (schema {found}, this one knows {known}): update the app"
    )]
    TooNew {
        /// Its schema version.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// A file of something else; left untouched.
    #[error("此文件不是本应用的数据文件 / this file is not a store of this app")]
    Foreign,
    /// Not readable any more; left untouched.
    #[error(
        "数据文件已损坏:请勿删除,保留原件并联系管理员 / the store is damaged: do not delete it, keep the file and call the administrator"
    )]
    Damaged(#[source] rusqlite::Error),
    /// Opened without a key; left untouched.
    #[error(
        "数据文件已加密(或并非本应用的文件):请用其密钥打开 / the store is encrypted (or no store at all): open it with its key"
    )]
    Encrypted,
    /// Opened with a key; left untouched.
    #[error(
        "数据文件尚未加密:请先将其加密(ruhu-phone encrypt) / the store is not encrypted yet: encrypt it first (ruhu-phone encrypt)"
    )]
    NotEncrypted,
    /// Opened with another key than its own; left untouched.
    #[error(
        "密钥不符,或文件首页已损坏;文件未作任何改动。请换用原密钥;密钥已失时,请保留原件,用新文件重新登记:中心已收到的记录会重新下发,未同步的留在原件中 / wrong key, or the file's first page is damaged; nothing was changed. Use the key it was made with; if that is lost, keep this file and enrol again with a new one: what the hub received comes back, what was not sent stays in this file"
    )]
    WrongKey,
    /// A key was given to a program without `SQLCipher`; nothing was opened.
    #[error(
        "本程序不含加密组件,未打开文件:请用带 sqlcipher 的版本 / this program cannot encrypt and opened nothing: use one built with sqlcipher"
    )]
    NoCipher,
    /// The encrypted copy could not be put in its place; the old file is as it was.
    #[error("本机数据:{what};原文件未动 / local store: {what}; the old file is as it was")]
    Copy {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        source: std::io::Error,
    },
    /// Another program is writing; nothing was changed.
    #[error(
        "数据文件正被占用,请关闭另一窗口后重试 / the store is in use: close the other window and try again"
    )]
    Locked,
    /// No room left; nothing was changed.
    #[error(
        "存储空间不足,本次没有保存,填的内容还在这一页:请先同步,再删去照片或不用的应用,然后重试 / no space left, nothing was saved and what you filled in is still on this page: sync first, delete photos or apps you do not use, then try again"
    )]
    Full,
    /// Something else went wrong while `what`; nothing was changed.
    #[error("本机数据:{what} / local store: {what}")]
    Sql {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        source: rusqlite::Error,
    },
    /// A row does not hold what it should.
    #[error("本机数据不可读:{0} / a row of the local store cannot be read: {0}")]
    Row(&'static str),
    /// There is no enrolment.
    #[error("本机尚未登记:请先扫描登记码 / this phone is not enrolled: scan a code first")]
    NotEnrolled,
}

impl StoreError {
    /// Sorts an `SQLite` error by what the person can do; `what` says what was tried.
    pub(crate) fn of(what: &'static str) -> impl FnOnce(rusqlite::Error) -> Self {
        move |source| match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::SystemIoFailure) if is_refused_room(&source) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(source),
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::Open(source),
            _ => Self::Sql { what, source },
        }
    }
}

/// Opens a connection, the first of the program alone: `sqlite3_initialize` calls itself ready before it has run the
/// set-up that `SQLCipher` hangs on its end, and a key which another thread gives in between is refused.
fn connect(path: &str) -> Result<Connection, StoreError> {
    static FIRST: Once = Once::new();
    // Whatever keeps this one from opening keeps the next from it, too, and is told of there.
    FIRST.call_once(|| drop(Connection::open_in_memory()));
    Connection::open(path).map_err(StoreError::Open)
}

impl Store {
    /// Opens the file at `path` (a path, or an `SQLite` URI), makes it if there is none, and brings an older one up to
    /// date. A newer, foreign or damaged file is told of and left as it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &str) -> Result<Self, StoreError> {
        if header::of(path) == header::Header::Pages {
            return Err(StoreError::Encrypted);
        }
        Self::start(connect(path)?)
    }

    fn start(connection: Connection) -> Result<Self, StoreError> {
        let mut store = Self { connection };
        store.connection.busy_timeout(PATIENCE).map_err(StoreError::Open)?;
        schema::check(&store.connection)?;
        schema::tune(&store.connection)?;
        if schema::is_older(&store.connection)? {
            store.write("升级数据结构 migrate", schema::migrate)?;
        }
        let recovered = store.recover()?;
        if projector::is_older(&store.connection)? {
            if !recovered {
                store.write("重试 try again what was set aside", applying::forgive)?;
            }
            let changes = projector::changes_of_others(&store.connection)?;
            store.about_to_apply(&changes)?;
            store.write("重建 rebuild the rows", projector::rebuild)?;
        }
        Ok(store)
    }

    /// One transaction: all of `work`, or nothing. The write lock is taken at the start, so that what is read inside
    /// still holds at the end.
    ///
    /// # Errors
    /// [`StoreError`], or whatever `work` fails with; nothing was changed.
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        what: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let tx = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let tx = tx.map_err(StoreError::of(what))?;
        let done = work(&tx)?;
        tx.commit().map_err(StoreError::of(what))?;
        Ok(done)
    }

    /// 存储上限 – lets the file grow to so many pages and no further, as on a phone without space; `u32::MAX` lifts the
    /// limit. It never goes below what the file has, and is gone when the store is opened again. For trials.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn limit_pages(&self, pages: u32) -> Result<(), StoreError> {
        self.connection
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))
            .map_err(StoreError::of("限制文件大小 limit the file"))
    }

    /// For reading.
    #[must_use]
    pub const fn read(&self) -> &Connection {
        &self.connection
    }
}

/// A browser has no word for a full disk at its private files: it refuses the write, the growth or the flush.
fn is_refused_room(why: &rusqlite::Error) -> bool {
    /// `SQLITE_IOERR_WRITE`, `SQLITE_IOERR_FSYNC`, `SQLITE_IOERR_TRUNCATE`.
    const REFUSED: [i32; 3] = [778, 1034, 1546];
    cfg!(target_arch = "wasm32") && why.sqlite_error().is_some_and(|why| REFUSED.contains(&why.extended_code))
}

/// `SQLite` counts up to `i64::MAX`; no sequence number comes near it.
fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn uint(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

//! 中心的数据库 – the hub's database: one log, what is projected from it, and who may write.
//!
//! | module | what it holds |
//! |---|---|
//! | [`at`] | which database: a file, or a server |
//! | [`db`] | what these modules need of a database; `sqlite` and [`postgres`] answer it |
//! | `ask`, `ahead`, `look` | how they ask it; what is read before the rest and written after it |
//! | [`schema`] | numbered migrations |
//! | [`writer`] | one writer thread with group commit, a pool of readers |
//! | [`hub`] | [`Hub`]: storage, keys, clock and randomness together |
//! | [`log`] | entries and where each chain stands |
//! | [`streams`] | the gap-free streams phones read |
//! | [`units`] | household and door files |
//! | [`communities`] | community files and grids |
//! | [`enrolments`] | phones, one-time codes, daily use |
//! | `node` | which programs on this database live |
//! | [`applying`] | changes on their way, and those that were when the hub ended |
//! | [`codes`] | one-time codes that were refused |
//! | [`waiting`] | parked and quarantined entries |
//! | [`accounts`], [`sessions`] | accounts, chained logs; who is signed in, and failed tries |
//! | [`factors`] | second factors, recovery codes, former passwords, the token of the first set-up |
//! | [`cells`] | coverage: finished rows by grid and period |
//! | [`imports`], [`closings`], [`closed_states`] | what imports and closings leave behind |
//! | [`uploads`] | rosters uploaded at the desk and not entered yet |
//! | [`ties`], [`touched`] | which units must be reckoned together, and which changed |
//! | [`erasures`] | what was erased by decision |
//! | [`handovers`] | frozen hand-over sheets |
//! | [`rechecks`] | what was drawn to be re-visited, and what was answered |
//! | [`privates`] | where in the log things stand between the desk and one worker; kept cards |
//! | [`requests`] | where in the log requests were raised, and each step of them |
//! | [`rights`] | what residents ask about their own record, and every step taken |
//! | [`backups`] | which backups were verified |
//! | [`checkpoints`] | signed statements of what the log was |
//! | [`integrity`] | what the database says of its own file |
//! | [`meta`] | who this hub is |
//! | [`vault`] | keys of households: what people told is sealed |
//!
//! All SQL of the hub stands here. A [`Tx`] is one transaction, or one consistent view when it only reads.

pub mod accounts;
mod ahead;
pub mod applying;
mod ask;
pub mod at;
pub mod backups;
pub mod bundles;
pub mod cells;
pub mod checkpoints;
pub mod closed_states;
pub mod closings;
pub mod codes;
pub mod communities;
pub mod db;
pub mod enrolments;
pub mod erasures;
pub mod factors;
pub mod handovers;
pub mod hub;
pub mod hub_keys;
pub mod imports;
pub mod integrity;
pub mod log;
pub mod log_search;
mod look;
pub mod meta;
mod node;
mod pool;
pub mod postgres;
pub mod privates;
pub mod rechecks;
pub mod requests;
pub mod rights;
pub mod schema;
pub mod sessions;
mod sqlite;
pub mod streams;
pub mod ties;
pub mod touched;
pub mod units;
pub mod uploads;
pub mod vault;
pub mod waiting;
pub mod writer;

pub use at::DatabaseAt;
pub use db::DbError;
pub use hub::Hub;
pub use writer::Storage;

use std::path::PathBuf;
use std::sync::Arc;

use ahead::Ahead;
use db::Database;
use vault::{Vault, VaultError};

/// One transaction, or one consistent view of the database when it only reads.
#[derive(Clone, Copy)]
pub struct Tx<'c> {
    db: &'c dyn Database,
    ahead: &'c Ahead,
    vault: &'c Vault,
}

impl Tx<'_> {
    /// The outer keys of what is sealed.
    pub(crate) const fn vault(&self) -> &Vault {
        self.vault
    }
}

/// What went wrong with the database.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StorageError {
    /// The database could not be opened or reached.
    #[error("打开数据库 {at} / open the database {at}")]
    Open {
        /// Where.
        at: DatabaseAt,
        /// Why.
        source: DbError,
    },
    /// The data folder could not be made.
    #[error("建立数据目录 {path} / make the data folder {path}")]
    Folder {
        /// Where.
        path: PathBuf,
        /// Why.
        source: Arc<std::io::Error>,
    },
    /// The writer's thread did not start.
    #[error("启动写入线程 / start the writer's thread")]
    Thread {
        /// Why.
        source: Arc<std::io::Error>,
    },
    /// The outer key of what is sealed is not at hand.
    #[error("{path}: {why}")]
    Vault {
        /// Its file.
        path: PathBuf,
        /// Why.
        why: VaultError,
    },
    /// A migration failed.
    #[error("升级数据库到第 {nr} 版 / bring the database to schema {nr}")]
    Migrate {
        /// Which.
        nr: u32,
        /// Why.
        source: DbError,
    },
    /// Written by a newer program.
    #[error(
        "数据库由更新的版本写成(第 {found} 版,本程序到第 {known} 版),请升级 ruhu / the database was written by a newer version (schema {found}, this one knows {known}): upgrade ruhu"
    )]
    TooNew {
        /// Its schema.
        found: u32,
        /// The newest this program knows.
        known: u32,
    },
    /// Reading failed.
    #[error("读取{what} / read {what}")]
    Read {
        /// What was read.
        what: &'static str,
        /// Why.
        source: DbError,
    },
    /// Writing failed; nothing of it was kept.
    #[error("写入{what} / write {what}")]
    Write {
        /// What was written.
        what: &'static str,
        /// Why.
        source: DbError,
    },
    /// The bytes in a row are not what was written there: run `ruhu verify`.
    #[error("数据损坏:{what},请运行 ruhu verify / damaged: {what}; run `ruhu verify`")]
    Damaged {
        /// What.
        what: &'static str,
    },
    /// A job broke off; nothing of it was kept.
    #[error("写入任务中断,未作任何更改 / a write broke off; nothing was changed")]
    BrokeOff,
    /// The writer has stopped.
    #[error("数据库已关闭 / the database is closed")]
    Closed,
}

/// Databases have signed 64-bit integers only; sequence numbers never get near the difference.
pub(crate) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Back from [`to_sql`].
pub(crate) fn from_sql(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

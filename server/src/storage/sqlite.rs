//! `SQLite` – the default: one file in the data folder, write-ahead log, one writer at a time across all programs.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params_from_iter};

use super::db::{Cells, Database, DbError, Rows, Value};
use super::node::NodeLock;
use super::schema::{self, Schema};
use super::{DatabaseAt, StorageError};

/// Every migration in order; its number is its place, from 1. The same tables as [`super::postgres`] has.
pub(super) const MIGRATIONS: [&str; 21] = [
    include_str!("../../migrations/sqlite/001_log.sql"),
    include_str!("../../migrations/sqlite/002_access.sql"),
    include_str!("../../migrations/sqlite/003_office.sql"),
    include_str!("../../migrations/sqlite/004_coverage.sql"),
    include_str!("../../migrations/sqlite/005_closed_state.sql"),
    include_str!("../../migrations/sqlite/006_handover.sql"),
    include_str!("../../migrations/sqlite/007_unit_tie.sql"),
    include_str!("../../migrations/sqlite/008_checkpoint.sql"),
    include_str!("../../migrations/sqlite/009_backup.sql"),
    include_str!("../../migrations/sqlite/010_touched.sql"),
    include_str!("../../migrations/sqlite/011_doors.sql"),
    include_str!("../../migrations/sqlite/012_vault.sql"),
    include_str!("../../migrations/sqlite/013_bundle.sql"),
    include_str!("../../migrations/sqlite/014_applying_node.sql"),
    include_str!("../../migrations/sqlite/015_recheck.sql"),
    include_str!("../../migrations/sqlite/016_request.sql"),
    include_str!("../../migrations/sqlite/017_private.sql"),
    include_str!("../../migrations/sqlite/018_log_target.sql"),
    include_str!("../../migrations/sqlite/019_upload.sql"),
    include_str!("../../migrations/sqlite/020_second_factor.sql"),
    include_str!("../../migrations/sqlite/021_rights.sql"),
];

/// Page cache of the writer, in KiB.
const WRITER_CACHE_KIB: i32 = 64_000;
/// Page cache of each reader, in KiB: there are several, and a hub has half a gigabyte.
const READER_CACHE_KIB: i32 = 4_000;
/// Pages of the write-ahead log before it is carried over into the file: a page that many commits changed is then
/// written there once (64 MB).
const WAL_PAGES: i32 = 16_000;
const BUSY: Duration = Duration::from_secs(30);

/// A connection to a database file.
pub(super) struct Sqlite(Connection, RefCell<Option<NodeLock>>);

impl Sqlite {
    pub(super) fn writer(path: &Path) -> Result<Self, StorageError> {
        let conn = connect(path, WRITER_CACHE_KIB).map_err(|why| failed(path, &why))?;
        Ok(Self(conn, RefCell::default()))
    }

    pub(super) fn reader(path: &Path) -> Result<Self, StorageError> {
        let conn = connect(path, READER_CACHE_KIB).map_err(|why| failed(path, &why))?;
        conn.pragma_update(None, "query_only", "ON").map_err(|why| failed(path, &why))?;
        Ok(Self(conn, RefCell::default()))
    }

    pub(super) fn migrate(&self) -> Result<(), StorageError> {
        schema::migrate(self, &MIGRATIONS)
    }
}

impl Database for Sqlite {
    fn begin_write(&self) -> Result<(), DbError> {
        self.batch("BEGIN IMMEDIATE")
    }

    fn begin_read(&self) -> Result<(), DbError> {
        self.batch("BEGIN DEFERRED")
    }

    fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, DbError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let changed = statement.execute(params_from_iter(values))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn query(
        &self,
        sql: &str,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&dyn Cells) -> bool,
    ) -> Result<(), DbError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        while let Some(row) = rows.next()? {
            if !each(row) {
                break;
            }
        }
        Ok(())
    }

    fn insert(&self, rows: &Rows, values: &[Value<'_>]) -> Result<(), DbError> {
        // In one process a statement run again costs no more than a longer one.
        let mut statement = self.0.prepare_cached(&rows.one())?;
        for row in values.chunks(rows.columns.max(1)) {
            statement.execute(params_from_iter(row))?;
        }
        Ok(())
    }

    fn query_keys(
        &self,
        sql: &str,
        keys: &[Value<'_>],
        rest: &[Value<'_>],
        each: &mut dyn FnMut(&dyn Cells) -> bool,
    ) -> Result<(), DbError> {
        let mut statement = self.0.prepare_cached(sql)?;
        for key in keys {
            let mut rows = statement.query(params_from_iter([key].into_iter().chain(rest)))?;
            while let Some(row) = rows.next()? {
                if !each(row) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn batch(&self, sql: &str) -> Result<(), DbError> {
        Ok(self.0.execute_batch(sql)?)
    }

    fn hold(&self, node: i64) -> Result<(), DbError> {
        let Some(path) = self.0.path().filter(|path| !path.is_empty()) else { return Ok(()) };
        NodeLock::sweep(Path::new(path))?;
        *self.1.borrow_mut() = Some(NodeLock::hold(Path::new(path), node)?);
        Ok(())
    }

    fn is_held(&self, node: i64) -> Result<bool, DbError> {
        let Some(path) = self.0.path().filter(|path| !path.is_empty()) else { return Ok(false) };
        Ok(NodeLock::is_held(Path::new(path), node)?)
    }

    fn integrity(&self) -> Result<Vec<String>, DbError> {
        let mut statement = self.0.prepare("PRAGMA integrity_check(20)")?;
        let said: Result<Vec<String>, _> = statement.query_map([], |row| row.get(0))?.collect();
        Ok(said?.into_iter().filter(|words| words != "ok").collect())
    }

    fn is_lost(&self) -> bool {
        false
    }
}

impl Schema for Sqlite {
    fn found(&self) -> Result<u32, DbError> {
        Ok(self.0.pragma_query_value(None, "user_version", |row| row.get(0))?)
    }

    fn set(&self, nr: u32) -> Result<(), DbError> {
        Ok(self.0.pragma_update(None, "user_version", nr)?)
    }
}

impl Cells for rusqlite::Row<'_> {
    fn cell(&self, index: usize) -> Option<Value<'_>> {
        Some(match self.get_ref(index).ok()? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Int(number),
            ValueRef::Text(text) => Value::Text(str::from_utf8(text).ok()?),
            ValueRef::Blob(bytes) => Value::Blob(bytes),
            ValueRef::Real(_) => return None,
        })
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(rusqlite::types::ToSqlOutput::Borrowed(match *self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(why: rusqlite::Error) -> Self {
        Self::new(why.to_string())
    }
}

fn connect(path: &Path, cache_kib: i32) -> Result<Connection, rusqlite::Error> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(BUSY)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", "OFF")?;
    conn.pragma_update(None, "cache_size", -cache_kib)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "wal_autocheckpoint", WAL_PAGES)?;
    // Without this guarantee a statement is parsed and planned anew whenever a value it compares with changes.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(conn)
}

fn failed(path: &Path, why: &rusqlite::Error) -> StorageError {
    StorageError::Open { at: DatabaseAt::from(path), source: DbError::new(why.to_string()) }
}

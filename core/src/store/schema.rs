//! Numbered migrations, run from a table; the file's own version says which are done.

use rusqlite::{Connection, Transaction};

use super::StoreError;

/// Marks the file as ours in `SQLite`'s header: "Ruhu".
const APPLICATION_ID: i32 = 0x5275_6875;

/// Every migration in order; number n brings a file to schema n. Never edited once released.
const MIGRATIONS: [&str; 8] = [
    include_str!("../../migrations/001_store.sql"),
    include_str!("../../migrations/002_restored_hub.sql"),
    include_str!("../../migrations/003_applying.sql"),
    include_str!("../../migrations/004_lease.sql"),
    include_str!("../../migrations/005_bundle.sql"),
    include_str!("../../migrations/006_hub_key.sql"),
    include_str!("../../migrations/007_look.sql"),
    include_str!("../../migrations/008_private.sql"),
];

/// A browser has no shared memory, which a write-ahead log wants: there the rollback journal, which is as durable.
const JOURNAL: &str = if cfg!(target_arch = "wasm32") { "DELETE" } else { "WAL" };

/// Refuses a file of another program or of a newer version, before anything is written.
pub(super) fn check(connection: &Connection) -> Result<(), StoreError> {
    let pragma = |name| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i32>(0));
    let what = "读取文件头 read the header";
    let version = pragma("user_version").map_err(StoreError::of(what))?;
    let application = pragma("application_id").map_err(StoreError::of(what))?;
    let tables: u32 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(StoreError::of(what))?;
    if application != APPLICATION_ID && (version, tables) != (0, 0) {
        return Err(StoreError::Foreign);
    }
    let found = u32::try_from(version).map_err(|_| StoreError::Foreign)?;
    if known() < found { Err(StoreError::TooNew { found, known: known() }) } else { Ok(()) }
}

/// A save is durable when its transaction returns.
pub(super) fn tune(connection: &Connection) -> Result<(), StoreError> {
    let what = "设置 set up the connection";
    connection
        .query_row(&format!("PRAGMA journal_mode = {JOURNAL}"), [], |_| Ok(()))
        .map_err(StoreError::of(what))?;
    connection
        .execute_batch("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;")
        .map_err(StoreError::of(what))
}

/// Whether steps are to be done.
pub(super) fn is_older(connection: &Connection) -> Result<bool, StoreError> {
    let done: u32 = connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(StoreError::of("读取文件头 read the header"))?;
    Ok(done < known())
}

/// Brings an older file up to date; all steps in the one transaction.
pub(super) fn migrate(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let what = "升级数据结构 migrate";
    let done: u32 =
        tx.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(StoreError::of(what))?;
    for (number, step) in (1u32..).zip(MIGRATIONS).filter(|(number, _)| done < *number) {
        tx.execute_batch(step).map_err(StoreError::of(what))?;
        tx.execute_batch(&format!(
            "PRAGMA user_version = {number}; PRAGMA application_id = {APPLICATION_ID}"
        ))
        .map_err(StoreError::of(what))?;
    }
    Ok(())
}

fn known() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

//! 草稿 – visits in progress, one per unit, kept so that a call or an empty battery loses nothing.

use rusqlite::{Connection, Transaction, params};

use super::StoreError;
use super::units::{unit_from_key, unit_key};
use crate::roster::Unit;

/// Keeps a draft (JSON), in place of the unit's former one.
///
/// # Errors
/// [`StoreError`].
pub fn keep(tx: &Transaction<'_>, unit: Unit, kept_ms: i64, body: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT OR REPLACE INTO draft (unit, kept_ms, body) VALUES (?1, ?2, ?3)",
        params![unit_key(unit), kept_ms, body],
    )
    .map(drop)
    .map_err(StoreError::of("保存草稿 keep a draft"))
}

/// Drops a unit's draft, if there is one.
///
/// # Errors
/// [`StoreError`].
pub fn remove(tx: &Transaction<'_>, unit: Unit) -> Result<(), StoreError> {
    tx.execute("DELETE FROM draft WHERE unit = ?1", params![unit_key(unit)])
        .map(drop)
        .map_err(StoreError::of("删除草稿 drop a draft"))
}

/// All drafts, the latest first: unit, when it was kept (milliseconds since 1970 UTC), JSON.
///
/// # Errors
/// [`StoreError`].
pub fn all(db: &Connection) -> Result<Vec<(Unit, i64, String)>, StoreError> {
    let what = "读取草稿 read the drafts";
    let mut statement = db
        .prepare_cached("SELECT unit, kept_ms, body FROM draft ORDER BY kept_ms DESC, unit")
        .map_err(StoreError::of(what))?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?, row.get(2)?)))
        .map_err(StoreError::of(what))?;
    let rows: Result<Vec<(Vec<u8>, i64, String)>, _> = rows.collect();
    let rows = rows.map_err(StoreError::of(what))?;
    Ok(rows.into_iter().filter_map(|(key, at, body)| Some((unit_from_key(&key)?, at, body))).collect())
}

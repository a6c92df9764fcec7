//! 查看记录 – whose names, numbers and categories were opened on this phone, for the worker to see.

use rusqlite::{Connection, Transaction, params};

use super::StoreError;
use super::units::{unit_from_key, unit_key};
use crate::roster::Unit;

/// Most lines kept.
const LOOKS_MAX: i64 = 2_000;

/// Notes a look, and drops the oldest beyond the most that are kept.
///
/// # Errors
/// [`StoreError`].
pub fn note(tx: &Transaction<'_>, unit: Unit, at_ms: i64) -> Result<(), StoreError> {
    let what = "保存查看记录 note a look";
    tx.execute("INSERT INTO look (at_ms, unit) VALUES (?1, ?2)", params![at_ms, unit_key(unit)])
        .map_err(StoreError::of(what))?;
    tx.execute("DELETE FROM look WHERE nth <= (SELECT max(nth) FROM look) - ?1", [LOOKS_MAX])
        .map(drop)
        .map_err(StoreError::of(what))
}

/// All looks, the latest first: when (milliseconds since 1970 UTC) and at whom.
///
/// # Errors
/// [`StoreError`].
pub fn all(db: &Connection) -> Result<Vec<(i64, Unit)>, StoreError> {
    let what = "读取查看记录 read the looks";
    let mut statement =
        db.prepare_cached("SELECT at_ms, unit FROM look ORDER BY nth DESC").map_err(StoreError::of(what))?;
    let rows = statement
        .query_map([], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))
        .map_err(StoreError::of(what))?;
    let rows: Result<Vec<(i64, Vec<u8>)>, _> = rows.collect();
    let rows = rows.map_err(StoreError::of(what))?;
    Ok(rows.into_iter().filter_map(|(at, key)| Some((at, unit_from_key(&key)?))).collect())
}

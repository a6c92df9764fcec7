//! 中心密钥 – which key of the hub this phone trusts now, which it trusted before, and the recovery key it pinned.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{EnrolmentRow, StoreError};
use crate::entry::Trust;

const WHAT: &str = "保存中心密钥 write the hub's key";

/// What this phone trusts; the key itself stands with the enrolment.
///
/// # Errors
/// [`StoreError`].
pub fn trust(db: &Connection, row: &EnrolmentRow) -> Result<Trust, StoreError> {
    let sql = "SELECT nr, recovery, unconfirmed FROM hub_trust WHERE one = 1";
    let found = db
        .query_row(sql, [], |found| Ok((found.get(0)?, found.get(1)?, found.get(2)?)))
        .optional()
        .map_err(StoreError::of("读取中心密钥 read the hub's key"))?;
    let (nr, recovery, unconfirmed_since_ms) = found.unwrap_or((1, None, None));
    Ok(Trust { nr, key: row.hub_key, recovery, unconfirmed_since_ms })
}

/// Trusts another key from now on; the one before goes among the former ones.
///
/// # Errors
/// [`StoreError`].
pub fn put(tx: &Transaction<'_>, trust: &Trust) -> Result<(), StoreError> {
    let former = "INSERT OR REPLACE INTO former_hub_key (nr, key)
                  SELECT t.nr, e.hub_key FROM hub_trust t JOIN enrolment e ON e.one = t.one WHERE t.nr < ?1";
    tx.execute(former, params![trust.nr]).map_err(StoreError::of(WHAT))?;
    let sql = "INSERT OR REPLACE INTO hub_trust (one, nr, recovery, unconfirmed) VALUES (1, ?1, ?2, ?3)";
    tx.execute(sql, params![trust.nr, trust.recovery, trust.unconfirmed_since_ms])
        .map_err(StoreError::of(WHAT))?;
    tx.execute("UPDATE enrolment SET hub_key = ?1 WHERE one = 1", params![trust.key])
        .map(drop)
        .map_err(StoreError::of(WHAT))
}

/// Pins the key of an enrolment and the recovery key beside it.
///
/// # Errors
/// [`StoreError`].
pub fn pin(tx: &Transaction<'_>, nr: u32, recovery: Option<[u8; 32]>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM former_hub_key", []).map_err(StoreError::of(WHAT))?;
    let sql = "INSERT OR REPLACE INTO hub_trust (one, nr, recovery, unconfirmed) VALUES (1, ?1, ?2, NULL)";
    tx.execute(sql, params![nr, recovery]).map(drop).map_err(StoreError::of(WHAT))
}

/// Keys the hub signs with no longer.
///
/// # Errors
/// [`StoreError`].
pub fn former(db: &Connection) -> Result<Vec<[u8; 32]>, StoreError> {
    let what = "读取中心密钥 read the hub's key";
    let mut statement =
        db.prepare_cached("SELECT key FROM former_hub_key ORDER BY nr").map_err(StoreError::of(what))?;
    let rows = statement.query_map([], |row| row.get(0)).map_err(StoreError::of(what))?;
    let keys: Result<Vec<_>, _> = rows.collect();
    keys.map_err(StoreError::of(what))
}

//! 首次下载 – what has come of the first-load bundle so far; kept in the file, so that a kill or a cut loses nothing of it.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{StoreError, int, uint};

const WHAT: &str = "保存首次下载 keep the first load";

/// A bundle on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partial {
    /// Which one: the hub's `ETag`, quotes included.
    pub etag: String,
    /// How many bytes it has.
    pub total: u64,
    /// How many have come.
    pub have: u64,
}

/// The bundle on its way, if one is.
///
/// # Errors
/// [`StoreError`].
pub fn partial(db: &Connection) -> Result<Option<Partial>, StoreError> {
    let sql = "SELECT etag, total, (SELECT coalesce(max(start + length(bytes)), 0) FROM bundle_part)
               FROM bundle WHERE one = 1";
    db.query_row(sql, [], |row| {
        Ok(Partial { etag: row.get(0)?, total: uint(row.get(1)?), have: uint(row.get(2)?) })
    })
    .optional()
    .map_err(StoreError::of("读取首次下载 read the first load"))
}

/// Starts a bundle; what had come of another is dropped.
///
/// # Errors
/// [`StoreError`].
pub fn begin(tx: &Transaction<'_>, etag: &str, total: u64) -> Result<(), StoreError> {
    clear(tx)?;
    tx.execute("INSERT INTO bundle (one, etag, total) VALUES (1, ?1, ?2)", params![etag, int(total)])
        .map(drop)
        .map_err(StoreError::of(WHAT))
}

/// Adds what came next; `at` is how many bytes there were.
///
/// # Errors
/// [`StoreError`].
pub fn append(tx: &Transaction<'_>, at: u64, bytes: &[u8]) -> Result<(), StoreError> {
    tx.execute("INSERT INTO bundle_part (start, bytes) VALUES (?1, ?2)", params![int(at), bytes])
        .map(drop)
        .map_err(StoreError::of(WHAT))
}

/// All bytes that have come, in order.
///
/// # Errors
/// [`StoreError`].
pub fn whole(db: &Connection) -> Result<Vec<u8>, StoreError> {
    let what = "读取首次下载 read the first load";
    let mut statement =
        db.prepare_cached("SELECT bytes FROM bundle_part ORDER BY start").map_err(StoreError::of(what))?;
    let mut rows = statement.query([]).map_err(StoreError::of(what))?;
    let mut whole = Vec::new();
    while let Some(row) = rows.next().map_err(StoreError::of(what))? {
        let part = row.get_ref(0).map_err(StoreError::of(what))?;
        whole.extend_from_slice(part.as_blob().map_err(|_| StoreError::Row("bundle_part.bytes"))?);
    }
    Ok(whole)
}

/// Drops what had come.
///
/// # Errors
/// [`StoreError`].
pub fn clear(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute_batch("DELETE FROM bundle_part; DELETE FROM bundle;").map_err(StoreError::of(WHAT))
}

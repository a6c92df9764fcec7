//! 删除 – what the hub erased by decision goes from this phone too; what was done and when stays.

use rusqlite::{Transaction, params};

use super::StoreError;
use crate::entry::{Payload, write_cbor};
use crate::ids::Hash32;

const WHAT: &str = "删除内容 erase the body of a payload";

/// Takes the body away from a payload that the hub has erased, wherever this phone keeps it. One that is still to be
/// sent keeps it until its receipt. Returns whether there was one.
///
/// # Errors
/// [`StoreError`].
pub fn erase(tx: &Transaction<'_>, payload: Hash32, erased: &Payload) -> Result<bool, StoreError> {
    let bytes = write_cbor(erased);
    let mut changed = 0;
    for sql in [
        "UPDATE entry SET payload = ?2 WHERE payload_hash = ?1 AND payload != ?2",
        "UPDATE own_entry SET payload = ?2 WHERE payload_hash = ?1 AND to_send = 0 AND payload != ?2",
    ] {
        changed += tx.execute(sql, params![payload.0, bytes]).map_err(StoreError::of(WHAT))?;
    }
    Ok(0 < changed)
}

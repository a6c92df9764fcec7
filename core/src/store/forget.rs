//! 清除 – units that left this phone's streams are forgotten once nothing recorded about them is still unsent;
//! own entries stay as receipts.

use rusqlite::{Connection, Transaction, params};

use super::units::{unit_from_key, unit_key};
use super::{EntryState, StoreError, outbox};
use crate::entry::StreamId;
use crate::roster::Unit;

const WHAT: &str = "清除迁出的户 forget units that left";

/// Marks every unit of a stream this phone may hold no longer.
///
/// # Errors
/// [`StoreError`].
pub fn mark_stream(tx: &Transaction<'_>, stream: StreamId) -> Result<(), StoreError> {
    let grid = match stream {
        StreamId::Grid(grid) => Some(*grid.as_bytes()),
        _ => None,
    };
    tx.execute(
        "UPDATE unit SET leaving = 1 WHERE stream = ?1 OR (stream IS NULL AND grid = ?2)",
        params![stream.to_bytes(), grid],
    )
    .map(drop)
    .map_err(StoreError::of(WHAT))
}

/// A stream is read from its start: what left it once, and is still here for its unsent entries, stays unless the
/// stream says again that it left.
///
/// # Errors
/// [`StoreError`].
pub fn unmark_stream(tx: &Transaction<'_>, stream: StreamId) -> Result<(), StoreError> {
    tx.execute("UPDATE unit SET leaving = 0 WHERE stream = ?1", params![stream.to_bytes()])
        .map(drop)
        .map_err(StoreError::of(WHAT))
}

/// Forgets the marked units whose own entries have all been received; returns how many. `at_ms` is hub time.
///
/// # Errors
/// [`StoreError`].
pub fn sweep(tx: &Transaction<'_>, at_ms: i64) -> Result<u32, StoreError> {
    let unsafe_yet = outbox::units_to_send(tx)?;
    let mut forgotten = 0;
    for unit in leaving(tx)? {
        if unsafe_yet.contains(&unit) {
            continue;
        }
        if matches!(unit, Unit::Household(_)) {
            leave_door(tx, unit, at_ms)?;
        }
        forget(tx, unit)?;
        forgotten += 1;
    }
    Ok(forgotten)
}

/// How long a phone keeps what it recorded about units it does not hold any more, in milliseconds: 30 days after
/// receipt, and until a verified backup covers it (`design.md` 7, "Receipts survive restores").
pub const RECEIPTS_KEPT_MS: i64 = 30 * 24 * 3600 * 1000;

/// Forgets own entries about units that left this phone, once a verified backup covers them and they were received 30
/// days ago; returns how many. `at_ms` is hub time.
///
/// # Errors
/// [`StoreError`].
pub fn sweep_covered(tx: &Transaction<'_>, at_ms: i64) -> Result<u32, StoreError> {
    let mut forgotten = 0;
    for own in outbox::covered_and_gone(tx)? {
        let EntryState::Accepted { received_ms, .. } = own.state else { continue };
        if at_ms < received_ms.saturating_add(RECEIPTS_KEPT_MS) {
            continue;
        }
        let payload = own.entry.envelope.payload_hash.0;
        for sql in [
            "DELETE FROM own_entry WHERE payload_hash = ?1",
            "DELETE FROM former_envelope WHERE payload_hash = ?1",
            "DELETE FROM entry_unit WHERE payload_hash = ?1
             AND payload_hash NOT IN (SELECT payload_hash FROM entry)",
        ] {
            tx.execute(sql, params![payload]).map_err(StoreError::of(WHAT))?;
        }
        forgotten += 1;
    }
    Ok(forgotten)
}

/// 撤销登记 – the hub revoked this enrolment and has put everything aside: households, documents, the key and the
/// entries go. Entries still to be sent stay, without anything they were projected into.
///
/// # Errors
/// [`StoreError`].
pub fn erase_copy(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let sql =
        "DELETE FROM unit; DELETE FROM doc; DELETE FROM waiting; DELETE FROM community; DELETE FROM cursor;
               DELETE FROM entry; DELETE FROM draft; DELETE FROM own_entry WHERE to_send = 0;
               DELETE FROM entry_unit WHERE payload_hash NOT IN (SELECT payload_hash FROM own_entry);
               DELETE FROM former_envelope; DELETE FROM gone_door; DELETE FROM token; DELETE FROM lease;
               DELETE FROM applying; DELETE FROM set_aside; DELETE FROM bundle_part; DELETE FROM bundle;
               DELETE FROM look;";
    tx.execute_batch(sql).map_err(StoreError::of(WHAT))?;
    let left: u32 =
        tx.query_row("SELECT count(*) FROM own_entry", [], |row| row.get(0)).map_err(StoreError::of(WHAT))?;
    if left == 0 {
        tx.execute_batch(
            "DELETE FROM enrolment; DELETE FROM secret; DELETE FROM hub_trust; DELETE FROM former_hub_key;",
        )
        .map_err(StoreError::of(WHAT))?;
    }
    Ok(())
}

/// Doors whose households went to another grid since `since_ms`.
///
/// # Errors
/// [`StoreError`].
pub fn gone_doors(db: &Connection, since_ms: i64) -> Result<Vec<Unit>, StoreError> {
    let what = "读取迁走的户室 read the doors of households that left";
    let mut statement =
        db.prepare_cached("SELECT door FROM gone_door WHERE ?1 <= left_ms").map_err(StoreError::of(what))?;
    let rows =
        statement.query_map([since_ms], |row| row.get::<_, Vec<u8>>(0)).map_err(StoreError::of(what))?;
    let keys: Result<Vec<_>, _> = rows.collect();
    Ok(keys.map_err(StoreError::of(what))?.iter().filter_map(|key| unit_from_key(key)).collect())
}

fn leave_door(tx: &Transaction<'_>, unit: Unit, at_ms: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT OR REPLACE INTO gone_door (door, left_ms)
         SELECT dwelling, ?2 FROM unit WHERE id = ?1 AND dwelling IS NOT NULL",
        params![unit_key(unit), at_ms],
    )
    .map(drop)
    .map_err(StoreError::of(WHAT))
}

fn leaving(db: &Connection) -> Result<Vec<Unit>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT id FROM unit WHERE leaving = 1").map_err(StoreError::of(WHAT))?;
    let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).map_err(StoreError::of(WHAT))?;
    let keys: Result<Vec<_>, _> = rows.collect();
    Ok(keys.map_err(StoreError::of(WHAT))?.iter().filter_map(|key| unit_from_key(key)).collect())
}

fn forget(tx: &Transaction<'_>, unit: Unit) -> Result<(), StoreError> {
    let key = unit_key(unit);
    let of_unit = [
        // Payloads that say something about another held unit too stay with that one.
        "DELETE FROM entry WHERE payload_hash IN (SELECT payload_hash FROM entry_unit WHERE unit = ?1)
         AND payload_hash NOT IN (SELECT payload_hash FROM entry_unit WHERE unit != ?1)",
        "DELETE FROM entry_unit WHERE unit = ?1",
        "DELETE FROM unit WHERE id = ?1",
        "DELETE FROM doc WHERE unit = ?1",
        "DELETE FROM waiting WHERE unit = ?1",
        "DELETE FROM draft WHERE unit = ?1",
        "DELETE FROM look WHERE unit = ?1",
    ];
    for sql in of_unit {
        tx.execute(sql, params![key]).map_err(StoreError::of(WHAT))?;
    }
    Ok(())
}

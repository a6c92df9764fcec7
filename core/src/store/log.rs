//! 下载记录 – payloads received from the hub, how far each stream was read, and when this phone spoke with the hub.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::units::unit_key;
use super::{StoreError, int, uint};
use crate::entry::{Kind, Payload, StreamId, read_cbor, write_cbor};
use crate::ids::{Hash32, WorkerId};
use crate::roster::Unit;

/// How far a stream was read: the last number and the first bytes of the running hash there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadTo {
    /// The last sequence number read; 0 for nothing.
    pub seq: u64,
    /// First bytes of the stream's running hash at `seq`.
    pub head: [u8; 8],
}

/// A payload with when it was recorded, milliseconds since 1970 UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The payload.
    pub payload: Payload,
    /// When it was recorded.
    pub recorded_ms: i64,
}

/// Name of the mark that the streams are being read again.
const READING_AGAIN: &str = "reading_again";
/// Most lines of the log of exchanges.
const EXCHANGES_MAX: i64 = 200;

/// Keeps a payload received from the hub. Returns whether it was new.
///
/// # Errors
/// [`StoreError`].
pub fn keep(
    tx: &Transaction<'_>,
    stream: StreamId,
    seq: u64,
    kept: &Kept,
    readable: bool,
) -> Result<bool, StoreError> {
    let sql = "INSERT OR IGNORE INTO entry (payload_hash, stream, stream_seq, recorded_ms, payload, read)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let again = "UPDATE entry SET seen = 1, stream = ?2, stream_seq = ?3, recorded_ms = ?4
                 WHERE payload_hash = ?1 AND seen = 0";
    let hash = kept.payload.hash().0;
    let bytes = write_cbor(&kept.payload);
    tx.prepare_cached(sql)
        .and_then(|mut statement| {
            statement.execute(params![hash, stream.to_bytes(), int(seq), kept.recorded_ms, bytes, readable])
        })
        .and_then(|rows| {
            if rows == 0 {
                let mut again = tx.prepare_cached(again)?;
                again.execute(params![hash, stream.to_bytes(), int(seq), kept.recorded_ms])?;
            }
            Ok(rows == 1)
        })
        .map_err(StoreError::of("保存下载内容 keep a received payload"))
}

/// Notes that a payload says something about a unit.
///
/// # Errors
/// [`StoreError`].
pub(super) fn concerns(tx: &Transaction<'_>, unit: Unit, payload: Hash32) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR IGNORE INTO entry_unit (unit, payload_hash) VALUES (?1, ?2)")
        .and_then(|mut statement| statement.execute(params![unit_key(unit), payload.0]))
        .map(drop)
        .map_err(StoreError::of("保存下载内容 note whom a payload concerns"))
}

/// Every payload about a unit that still holds: received ones, and own ones that were not refused. In order of recording.
///
/// # Errors
/// [`StoreError`].
pub fn about(db: &Connection, unit: Unit) -> Result<Vec<Kept>, StoreError> {
    let sql = "SELECT payload, recorded_ms FROM entry JOIN entry_unit USING (payload_hash) WHERE entry_unit.unit = ?1
               UNION
               SELECT payload, recorded_ms FROM own_entry JOIN entry_unit USING (payload_hash)
               WHERE entry_unit.unit = ?1 AND state NOT LIKE '{\"quarantined\"%'
               AND payload_hash NOT IN (SELECT payload_hash FROM entry)
               ORDER BY recorded_ms";
    kept(db, sql, &[&unit_key(unit)])
}

/// Every payload that stands in a worker's own stream and still holds, and own ones about no unit that are on their way
/// to the hub. In order of recording.
///
/// # Errors
/// [`StoreError`].
pub fn private_to(db: &Connection, worker: WorkerId) -> Result<Vec<Kept>, StoreError> {
    // The tag of a worker's stream, as the index of these few among many has it. Own ones of one instant as they were made.
    let sql = "SELECT payload, recorded_ms, 0 FROM entry WHERE stream = ?1 AND substr(stream, 1, 1) = x'03'
               UNION ALL
               SELECT payload, recorded_ms, nth FROM own_entry
               WHERE unit IS NULL AND state NOT LIKE '{\"quarantined\"%'
               AND payload_hash NOT IN (SELECT payload_hash FROM entry)
               ORDER BY 2, 3";
    kept(db, sql, &[&StreamId::Worker(worker).to_bytes()])
}

/// Every payload there is, in order of recording: what all projections are rebuilt from.
///
/// # Errors
/// [`StoreError`].
pub(super) fn everything(db: &Connection) -> Result<Vec<Kept>, StoreError> {
    let sql = "SELECT payload, recorded_ms FROM entry
               UNION
               SELECT payload, recorded_ms FROM own_entry
               WHERE state NOT LIKE '{\"quarantined\"%' AND payload_hash NOT IN (SELECT payload_hash FROM entry)
               ORDER BY recorded_ms";
    kept(db, sql, &[])
}

/// The changes of documents among what was received, in order of recording.
///
/// # Errors
/// [`StoreError`].
pub(super) fn received_changes(db: &Connection) -> Result<Vec<Payload>, StoreError> {
    let all = kept(db, "SELECT payload, recorded_ms FROM entry ORDER BY recorded_ms", &[])?;
    Ok(all.into_iter().map(|one| one.payload).filter(|payload| payload.kind == Kind::Doc).collect())
}

/// A received payload, if it is kept.
///
/// # Errors
/// [`StoreError`].
pub fn find(db: &Connection, payload: Hash32) -> Result<Option<Kept>, StoreError> {
    let found = kept(db, "SELECT payload, recorded_ms FROM entry WHERE payload_hash = ?1", &[&payload.0])?;
    Ok(found.into_iter().next())
}

/// How many received payloads were written by a newer version: "update the app".
///
/// # Errors
/// [`StoreError`].
pub fn unreadable(db: &Connection) -> Result<u32, StoreError> {
    db.query_row("SELECT count(*) FROM entry WHERE read = 0", [], |row| row.get(0))
        .map_err(StoreError::of("统计未读内容 count unreadable payloads"))
}

/// How far each held stream was read.
///
/// # Errors
/// [`StoreError`].
pub fn cursors(db: &Connection) -> Result<BTreeMap<StreamId, ReadTo>, StoreError> {
    let what = "读取同步位置 read the cursors";
    let mut statement =
        db.prepare_cached("SELECT stream, seq, head FROM cursor").map_err(StoreError::of(what))?;
    let read = |row: &Row<'_>| {
        let stream: Vec<u8> = row.get(0)?;
        Ok((stream, ReadTo { seq: uint(row.get(1)?), head: row.get(2)? }))
    };
    let rows = statement.query_map([], read).map_err(StoreError::of(what))?;
    let rows: Result<Vec<_>, _> = rows.collect();
    let rows = rows.map_err(StoreError::of(what))?;
    Ok(rows.into_iter().filter_map(|(stream, to)| Some((StreamId::from_bytes(&stream)?, to))).collect())
}

/// Sets how far a stream was read.
///
/// # Errors
/// [`StoreError`].
pub fn put_cursor(tx: &Transaction<'_>, stream: StreamId, to: ReadTo) -> Result<(), StoreError> {
    tx.execute(
        "INSERT OR REPLACE INTO cursor (stream, seq, head) VALUES (?1, ?2, ?3)",
        params![stream.to_bytes(), int(to.seq), to.head],
    )
    .map(drop)
    .map_err(StoreError::of("保存同步位置 write a cursor"))
}

/// Starts to follow a stream, from its beginning; one already followed is left as it is. Whether it is new.
///
/// # Errors
/// [`StoreError`].
pub fn follow(tx: &Transaction<'_>, stream: StreamId) -> Result<bool, StoreError> {
    tx.execute(
        "INSERT OR IGNORE INTO cursor (stream, seq, head) VALUES (?1, 0, ?2)",
        params![stream.to_bytes(), [0u8; 8]],
    )
    .map(|rows| rows == 1)
    .map_err(StoreError::of("开始订阅 follow a stream"))
}

/// Stops following a stream.
///
/// # Errors
/// [`StoreError`].
pub fn unfollow(tx: &Transaction<'_>, stream: StreamId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM cursor WHERE stream = ?1", params![stream.to_bytes()])
        .map(drop)
        .map_err(StoreError::of("停止订阅 stop following a stream"))
}

/// The hub was restored: every stream is read again from its beginning. What is already held stays, is recognised, and
/// goes at the end if the hub has not told it again (`restored::finish`).
///
/// # Errors
/// [`StoreError`].
pub fn read_all_again(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let what = "重读各流 read the streams again";
    tx.execute("UPDATE cursor SET seq = 0, head = ?1", params![[0u8; 8]]).map_err(StoreError::of(what))?;
    tx.execute("UPDATE entry SET seen = 0", []).map_err(StoreError::of(what))?;
    put_meta(tx, READING_AGAIN, 1)
}

/// Whether the streams are being read again after the hub was restored.
///
/// # Errors
/// [`StoreError`].
pub fn is_reading_again(db: &Connection) -> Result<bool, StoreError> {
    Ok(meta(db, READING_AGAIN)? != 0)
}

/// All streams have been read again: what the hub did not tell again is dropped. Returns how many payloads that were.
///
/// # Errors
/// [`StoreError`].
pub(super) fn drop_unseen(tx: &Transaction<'_>) -> Result<usize, StoreError> {
    let what = "清除中心已无的内容 drop what the restored hub does not know";
    let dropped = tx.execute("DELETE FROM entry WHERE seen = 0", []).map_err(StoreError::of(what))?;
    let sql = "DELETE FROM entry_unit WHERE payload_hash NOT IN (SELECT payload_hash FROM entry)
               AND payload_hash NOT IN (SELECT payload_hash FROM own_entry)";
    tx.execute(sql, []).map_err(StoreError::of(what))?;
    put_meta(tx, READING_AGAIN, 0)?;
    Ok(dropped)
}

/// A small value by its name; 0 when it was never set.
///
/// # Errors
/// [`StoreError`].
pub fn meta(db: &Connection, name: &str) -> Result<u32, StoreError> {
    let found = db.query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0)).optional();
    Ok(found.map_err(StoreError::of("读取参数 read a setting"))?.unwrap_or(0))
}

/// Sets a small value.
///
/// # Errors
/// [`StoreError`].
pub fn put_meta(tx: &Transaction<'_>, name: &str, value: u32) -> Result<(), StoreError> {
    tx.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)", params![name, value])
        .map(drop)
        .map_err(StoreError::of("保存参数 write a setting"))
}

/// Adds a line to the log of exchanges.
///
/// # Errors
/// [`StoreError`].
pub fn note_exchange(tx: &Transaction<'_>, at_ms: i64, outcome: &str) -> Result<(), StoreError> {
    let what = "保存同步记录 write the log of exchanges";
    tx.execute("INSERT INTO exchange (at_ms, outcome) VALUES (?1, ?2)", params![at_ms, outcome])
        .map_err(StoreError::of(what))?;
    tx.execute(
        "DELETE FROM exchange WHERE nth <= (SELECT max(nth) FROM exchange) - ?1",
        params![EXCHANGES_MAX],
    )
    .map(drop)
    .map_err(StoreError::of(what))
}

/// The log of exchanges, the latest first: when, and what came of it as JSON.
///
/// # Errors
/// [`StoreError`].
pub fn exchanges(db: &Connection) -> Result<Vec<(i64, String)>, StoreError> {
    let what = "读取同步记录 read the log of exchanges";
    let mut statement = db
        .prepare_cached("SELECT at_ms, outcome FROM exchange ORDER BY nth DESC")
        .map_err(StoreError::of(what))?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(StoreError::of(what))?;
    let rows: Result<Vec<_>, _> = rows.collect();
    rows.map_err(StoreError::of(what))
}

fn kept(db: &Connection, sql: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<Kept>, StoreError> {
    let what = "读取内容 read kept payloads";
    let mut statement = db.prepare_cached(sql).map_err(StoreError::of(what))?;
    let rows = statement
        .query_map(values, |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?)))
        .map_err(StoreError::of(what))?;
    let mut found = Vec::new();
    for row in rows {
        let (bytes, recorded_ms) = row.map_err(StoreError::of(what))?;
        let payload = read_cbor(&bytes).map_err(|_| StoreError::Row("payload"))?;
        found.push(Kept { payload, recorded_ms });
    }
    Ok(found)
}

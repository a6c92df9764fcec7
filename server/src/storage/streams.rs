//! 流 – the ordered, gap-free parts of the log that phones read, each with a running hash.

use std::collections::BTreeSet;

use super::db::{Rows, Value, values};
use super::log::Pos;
use super::units::UnitNr;
use super::{StorageError, Tx, from_sql, to_sql};
use ruhu_core::entry::StreamId;
use ruhu_core::ids::Hash32;

/// What stands at one place of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// A payload of the log.
    Payload(Pos),
    /// 迁出 – the unit went to another grid.
    MoveOut(UnitNr),
    /// 迁入 – the unit came from another grid; expanded when it is pulled.
    MoveIn(UnitNr),
}

/// One place of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its number, from 1.
    pub seq: u64,
    /// What stands there.
    pub row: Row,
    /// When it was placed, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// First bytes of the running hash here.
    pub head: [u8; 8],
}

/// Where a stream stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamAt {
    /// Its row.
    pub nr: i64,
    /// Number of the next place.
    pub next_seq: u64,
    /// The running hash.
    pub head: Hash32,
}

/// A place that is not written yet.
pub(super) struct NewRow {
    stream: i64,
    seq: u64,
    row: Row,
    at_ms: i64,
    head: [u8; 8],
}

const STREAMS: Rows = Rows {
    into: "INSERT INTO stream (nr, id, next_seq, head)",
    columns: 4,
    then: "ON CONFLICT (nr) DO UPDATE SET next_seq = excluded.next_seq, head = excluded.head",
};
const ROWS: Rows =
    Rows { into: "INSERT INTO stream_row (stream, seq, kind, pos, unit, at_ms, head)", columns: 7, then: "" };

impl Tx<'_> {
    /// Where a stream stands; `None` before its first entry.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn stream(&self, id: StreamId) -> Result<Option<StreamAt>, StorageError> {
        if let Some(known) = self.ahead.held().read.streams.get(&id) {
            return Ok(*known);
        }
        let sql = "SELECT nr, next_seq, head FROM stream WHERE id = ?1";
        let at = self.first_apart("stream", sql, values![id.to_bytes()], |row| {
            Ok(StreamAt { nr: row.get(0)?, next_seq: from_sql(row.get(1)?), head: Hash32(row.fixed(2)?) })
        })?;
        self.ahead.to_hold().read.streams.insert(id, at);
        Ok(at)
    }

    pub(super) fn stream_nr(&self, id: StreamId) -> Result<i64, StorageError> {
        self.stream(id)?.map(|at| at.nr).ok_or(StorageError::Damaged { what: "stream" })
    }

    /// Appends to a stream. `hashed` is the payload's hash, or the bytes of a unit that moves. Returns its number.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn append_row(&self, id: StreamId, row: Row, hashed: &[u8], at_ms: i64) -> Result<u64, StorageError> {
        let at = match self.stream(id)? {
            Some(at) => at,
            None => self.start_stream(id)?,
        };
        let head = next_head(at.head, row, hashed);
        let held = &mut *self.ahead.held();
        held.back.rows.push(NewRow { stream: at.nr, seq: at.next_seq, row, at_ms, head: head.head() });
        held.back.streams.insert(id);
        let next = StreamAt { next_seq: at.next_seq + 1, head, ..at };
        held.read.streams.insert(id, Some(next));
        Ok(at.next_seq)
    }

    pub(super) fn write_streams(
        &self,
        streams: &BTreeSet<StreamId>,
        rows: &[NewRow],
    ) -> Result<(), StorageError> {
        let held = self.ahead.held();
        let at = streams.iter().filter_map(|id| Some((id.to_bytes(), (*held.read.streams.get(id)?)?)));
        let at: Vec<_> = at.collect();
        let values: Vec<Value<'_>> = at
            .iter()
            .flat_map(|(id, at)| {
                let next_seq = Value::Int(to_sql(at.next_seq));
                [Value::Int(at.nr), Value::Blob(id), next_seq, Value::Blob(&at.head.0)]
            })
            .collect();
        self.insert_apart("stream", &STREAMS, &values)?;
        let values: Vec<Value<'_>> = rows
            .iter()
            .flat_map(|new| {
                let (kind, pos, unit) = match new.row {
                    Row::Payload(pos) => (1, Value::Int(pos.0), Value::Null),
                    Row::MoveOut(unit) => (2, Value::Null, Value::Int(unit.0)),
                    Row::MoveIn(unit) => (3, Value::Null, Value::Int(unit.0)),
                };
                let place = [Value::Int(new.stream), Value::Int(to_sql(new.seq)), Value::Int(kind)];
                place.into_iter().chain([pos, unit, Value::Int(new.at_ms), Value::Blob(&new.head)])
            })
            .collect();
        self.insert_apart("stream row", &ROWS, &values)
    }

    fn start_stream(&self, id: StreamId) -> Result<StreamAt, StorageError> {
        let head = Hash32::ZERO;
        let nr = self.one(
            "stream",
            "INSERT INTO stream (nr, id, next_seq, head)
             VALUES ((SELECT coalesce(max(nr), 0) + 1 FROM stream), ?1, 1, ?2) RETURNING nr",
            values![id.to_bytes(), head.0],
            |row| row.get(0),
        )?;
        Ok(StreamAt { nr, next_seq: 1, head })
    }

    /// Whether a cursor read what this stream holds: the same running hash at `seq`. Nothing read is always right.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn agrees(&self, at: StreamAt, seq: u64, head: [u8; 8]) -> Result<bool, StorageError> {
        if seq == 0 {
            return Ok(true);
        }
        let sql = "SELECT head FROM stream_row WHERE stream = ?1 AND seq = ?2";
        let found =
            self.first("stream row", sql, values![at.nr, to_sql(seq)], |row| Ok(row.blob(0)? == head))?;
        Ok(found.unwrap_or(false))
    }

    /// Up to `limit` places after `seq`.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn rows_after(&self, nr: i64, seq: u64, limit: u32) -> Result<Vec<Placed>, StorageError> {
        let what = "stream row";
        self.all(
            what,
            "SELECT seq, kind, pos, unit, at_ms, head FROM stream_row
             WHERE stream = ?1 AND ?2 < seq ORDER BY seq LIMIT ?3",
            values![nr, to_sql(seq), limit],
            |row| {
                let pos = row.get::<Option<i64>>(2)?.map(Pos);
                let unit = row.get::<Option<i64>>(3)?.map(UnitNr);
                let stands = match (row.get::<i64>(1)?, pos, unit) {
                    (1, Some(pos), _) => Row::Payload(pos),
                    (2, _, Some(unit)) => Row::MoveOut(unit),
                    (3, _, Some(unit)) => Row::MoveIn(unit),
                    _ => return Err(StorageError::Damaged { what }),
                };
                Ok(Placed {
                    seq: from_sql(row.get(0)?),
                    row: stands,
                    at_ms: row.get(4)?,
                    head: row.fixed(5)?,
                })
            },
        )
    }

    /// Every stream, for `ruhu verify`.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn streams(&self) -> Result<Vec<(StreamId, StreamAt)>, StorageError> {
        let what = "stream";
        self.all(what, "SELECT id, nr, next_seq, head FROM stream ORDER BY nr", values![], |row| {
            let id = StreamId::from_bytes(row.blob(0)?).ok_or(StorageError::Damaged { what })?;
            let at =
                StreamAt { nr: row.get(1)?, next_seq: from_sql(row.get(2)?), head: Hash32(row.fixed(3)?) };
            Ok((id, at))
        })
    }
}

/// The running hash after a row: `SHA-256(head, kind of move, payload hash or unit bytes)`.
#[must_use]
pub fn next_head(head: Hash32, row: Row, hashed: &[u8]) -> Hash32 {
    match row {
        Row::Payload(_) => Hash32::of(&[&head.0, hashed]),
        Row::MoveOut(_) => Hash32::of(&[&head.0, b"out", hashed]),
        Row::MoveIn(_) => Hash32::of(&[&head.0, b"in", hashed]),
    }
}

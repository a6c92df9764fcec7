//! 流 – the ordered, gap-free parts of the log that phones read, each with a running hash.

use ruhu_core::entry::StreamId;
use ruhu_core::ids::Hash32;
use rusqlite::{OptionalExtension, params};

use super::log::Pos;
use super::units::UnitNr;
use super::{StorageError, Tried, Tx, fixed, from_sql, to_sql};

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

impl Tx<'_> {
    /// Where a stream stands; `None` before its first entry.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn stream(&self, id: StreamId) -> Result<Option<StreamAt>, StorageError> {
        let found: Option<(i64, i64, Vec<u8>)> = self
            .conn()
            .prepare_cached("SELECT nr, next_seq, head FROM stream WHERE id = ?1")
            .reading("stream")?
            .query_row([id.to_bytes()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()
            .reading("stream")?;
        let Some((nr, next_seq, head)) = found else { return Ok(None) };
        Ok(Some(StreamAt { nr, next_seq: from_sql(next_seq), head: Hash32(fixed(&head, "stream head")?) }))
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
        let (kind, pos, unit) = match row {
            Row::Payload(pos) => (1, Some(pos.0), None),
            Row::MoveOut(unit) => (2, None, Some(unit.0)),
            Row::MoveIn(unit) => (3, None, Some(unit.0)),
        };
        self.conn()
            .prepare_cached(
                "INSERT INTO stream_row (stream, seq, kind, pos, unit, at_ms, head)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )
            .writing("stream row")?
            .execute(params![at.nr, to_sql(at.next_seq), kind, pos, unit, at_ms, head.head()])
            .writing("stream row")?;
        self.conn()
            .prepare_cached("UPDATE stream SET next_seq = next_seq + 1, head = ?2 WHERE nr = ?1")
            .writing("stream")?
            .execute(params![at.nr, head.0])
            .writing("stream")?;
        Ok(at.next_seq)
    }

    fn start_stream(&self, id: StreamId) -> Result<StreamAt, StorageError> {
        let head = Hash32::ZERO;
        self.conn()
            .execute(
                "INSERT INTO stream (id, next_seq, head) VALUES (?1, 1, ?2)",
                params![id.to_bytes(), head.0],
            )
            .writing("stream")?;
        Ok(StreamAt { nr: self.conn().last_insert_rowid(), next_seq: 1, head })
    }

    /// Whether a cursor read what this stream holds: the same running hash at `seq`. Nothing read is always right.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn agrees(&self, at: StreamAt, seq: u64, head: [u8; 8]) -> Result<bool, StorageError> {
        if seq == 0 {
            return Ok(true);
        }
        let found: Option<Vec<u8>> = self
            .conn()
            .prepare_cached("SELECT head FROM stream_row WHERE stream = ?1 AND seq = ?2")
            .reading("stream row")?
            .query_row(params![at.nr, to_sql(seq)], |row| row.get(0))
            .optional()
            .reading("stream row")?;
        Ok(found.is_some_and(|found| found == head))
    }

    /// Up to `limit` places after `seq`.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn rows_after(&self, nr: i64, seq: u64, limit: u32) -> Result<Vec<Placed>, StorageError> {
        let what = "stream row";
        let mut statement = self
            .conn()
            .prepare_cached(
                "SELECT seq, kind, pos, unit, at_ms, head FROM stream_row
                 WHERE stream = ?1 AND ?2 < seq ORDER BY seq LIMIT ?3",
            )
            .reading(what)?;
        let mut found = statement.query(params![nr, to_sql(seq), limit]).reading(what)?;
        let mut placed = Vec::new();
        while let Some(row) = found.next().reading(what)? {
            let pos = row.get::<_, Option<i64>>(2).reading(what)?.map(Pos);
            let unit = row.get::<_, Option<i64>>(3).reading(what)?.map(UnitNr);
            let stands = match (row.get::<_, i64>(1).reading(what)?, pos, unit) {
                (1, Some(pos), _) => Row::Payload(pos),
                (2, _, Some(unit)) => Row::MoveOut(unit),
                (3, _, Some(unit)) => Row::MoveIn(unit),
                _ => return Err(StorageError::Damaged { what }),
            };
            placed.push(Placed {
                seq: from_sql(row.get(0).reading(what)?),
                row: stands,
                at_ms: row.get(4).reading(what)?,
                head: fixed(&row.get::<_, Vec<u8>>(5).reading(what)?, what)?,
            });
        }
        Ok(placed)
    }

    /// Every stream, for `ruhu verify`.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn streams(&self) -> Result<Vec<(StreamId, StreamAt)>, StorageError> {
        let what = "stream";
        let mut statement =
            self.conn().prepare("SELECT id, nr, next_seq, head FROM stream ORDER BY nr").reading(what)?;
        let rows = statement
            .query_map([], |row| {
                Ok((
                    row.get::<_, Vec<u8>>(0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, i64>(2)?,
                    row.get::<_, Vec<u8>>(3)?,
                ))
            })
            .reading(what)?;
        let mut streams = Vec::new();
        for row in rows {
            let (id, nr, next_seq, head) = row.reading(what)?;
            let id = StreamId::from_bytes(&id).ok_or(StorageError::Damaged { what })?;
            let head = Hash32(fixed(&head, what)?);
            streams.push((id, StreamAt { nr, next_seq: from_sql(next_seq), head }));
        }
        Ok(streams)
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

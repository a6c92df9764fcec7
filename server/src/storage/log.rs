//! 日志 – every entry that ever advanced a chain, and where each chain stands.

use ed25519_dalek::SIGNATURE_LENGTH;
use ruhu_core::entry::{Entry, Envelope, Payload, SealedBody, StreamId};
use ruhu_core::ids::Hash32;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{Refusal, Verdict};
use rusqlite::{OptionalExtension, Row, params};

use super::enrolments::EnrolmentNr;
use super::units::unit_bytes;
use super::{StorageError, Tried, Tx, fixed, from_sql, to_sql};

/// Position in the log, from 1, in the order of receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pos(pub i64);

/// An entry as kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Where in the log.
    pub pos: Pos,
    /// Whose.
    pub enrolment: EnrolmentNr,
    /// Envelope, signature, payload.
    pub entry: Entry,
    /// When the hub received it, milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// When it was recorded, as the hub can vouch for, milliseconds since 1970 UTC.
    pub recorded_ms: i64,
    /// What was said to it.
    pub verdict: Verdict,
    /// The same payload, sealed earlier and placed there.
    pub repeats: Option<Pos>,
    /// When it was placed, if later than on receipt.
    pub placed_ms: Option<i64>,
    /// Hash of a body that was erased by decision.
    pub erased_body: Option<Hash32>,
}

/// An entry to be kept.
#[derive(Clone, Copy, Debug)]
pub struct Arrived<'a> {
    /// Whose.
    pub enrolment: EnrolmentNr,
    /// Envelope, signature, payload.
    pub entry: &'a Entry,
    /// When the hub received it, milliseconds since 1970 UTC.
    pub received_ms: i64,
    /// When it was recorded, as the hub can vouch for, milliseconds since 1970 UTC.
    pub recorded_ms: i64,
}

/// Where a chain stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainAt {
    /// Sequence number of the next entry.
    pub next_seq: u64,
    /// Hash of the last envelope.
    pub previous: Hash32,
}

const COLUMNS: &str = "e.pos, e.enrolment, e.envelope, e.signature, e.version, e.skeleton, e.salt, e.body, \
     e.body_hash, e.received_ms, e.recorded_ms, e.state, e.reason, s.id, e.stream_seq, e.counts_in, e.repeats, \
     e.placed_ms FROM entry e LEFT JOIN stream s ON s.nr = e.stream";

const ACCEPTED: i64 = 1;
const PARKED: i64 = 2;
const QUARANTINED: i64 = 3;

impl Tx<'_> {
    /// Keeps an entry as parked for nothing yet: [`Tx::settle`] says what became of it.
    ///
    /// # Errors
    /// [`StorageError`]; a place in a chain is never taken twice.
    pub fn append(&self, new: Arrived<'_>) -> Result<Pos, StorageError> {
        let Entry { envelope, signature, payload } = new.entry;
        let body = payload.body.as_ref();
        self.conn()
            .prepare_cached(
                "INSERT INTO entry (enrolment, epoch, seq, envelope, signature, version, skeleton, salt, body,
                                    received_ms, recorded_ms, state)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 2)",
            )
            .writing("entry")?
            .execute(params![
                new.enrolment.0,
                envelope.epoch,
                to_sql(envelope.seq),
                envelope.to_bytes(),
                signature,
                payload.version,
                payload.skeleton,
                body.map(|body| body.salt),
                body.map(|body| body.bytes.as_slice()),
                new.received_ms,
                new.recorded_ms,
            ])
            .writing("entry")?;
        Ok(Pos(self.conn().last_insert_rowid()))
    }

    /// Writes down what became of an entry.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn settle(
        &self,
        pos: Pos,
        verdict: &Verdict,
        repeats: Option<Pos>,
        placed_ms: Option<i64>,
    ) -> Result<(), StorageError> {
        let (state, reason, stream, seq, recorded_ms, counts_in) = match verdict {
            Verdict::Accepted { stream, seq, recorded_ms, counts_in } => {
                (ACCEPTED, None, Some(self.stream_nr(*stream)?), Some(*seq), Some(*recorded_ms), *counts_in)
            }
            Verdict::Parked { reason } => (PARKED, Some(code(*reason)), None, None, None, None),
            Verdict::Quarantined { reason } => (QUARANTINED, Some(code(*reason)), None, None, None, None),
            // Never kept, so never settled.
            Verdict::NotTaken { .. } | Verdict::RetryLater => return Ok(()),
        };
        self.conn()
            .prepare_cached(
                "UPDATE entry SET state = ?2, reason = ?3, stream = ?4, stream_seq = ?5,
                     recorded_ms = ifnull(?6, recorded_ms), counts_in = ?7, repeats = ?8, placed_ms = ?9
                 WHERE pos = ?1",
            )
            .writing("verdict")?
            .execute(params![
                pos.0,
                state,
                reason,
                stream,
                seq.map(to_sql),
                recorded_ms,
                counts_in.map(|period| period.to_string()),
                repeats.map(|pos| pos.0),
                placed_ms
            ])
            .writing("verdict")
            .map(drop)
    }

    /// The entry at a position.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn entry(&self, pos: Pos) -> Result<Option<Kept>, StorageError> {
        self.conn()
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE e.pos = ?1"))
            .reading("entry")?
            .query_row([pos.0], |row| Ok(kept(row)))
            .optional()
            .reading("entry")?
            .transpose()
    }

    /// The entry at a place of a chain.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn entry_at(
        &self,
        enrolment: EnrolmentNr,
        epoch: u32,
        seq: u64,
    ) -> Result<Option<Kept>, StorageError> {
        self.conn()
            .prepare_cached(&format!(
                "SELECT {COLUMNS} WHERE e.enrolment = ?1 AND e.epoch = ?2 AND e.seq = ?3"
            ))
            .reading("entry")?
            .query_row(params![enrolment.0, epoch, to_sql(seq)], |row| Ok(kept(row)))
            .optional()
            .reading("entry")?
            .transpose()
    }

    /// Every entry of the log in order, handed to `each`; nothing is held in memory.
    ///
    /// # Errors
    /// [`StorageError`], or what `each` returned.
    pub fn each_entry<E: From<StorageError>>(
        &self,
        each: impl FnMut(Pos, Result<Kept, StorageError>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_entry_after(Pos(0), each)
    }

    /// Every entry behind a position, in order; nothing is held in memory.
    ///
    /// # Errors
    /// [`StorageError`], or what `each` returned.
    pub fn each_entry_after<E: From<StorageError>>(
        &self,
        after: Pos,
        mut each: impl FnMut(Pos, Result<Kept, StorageError>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self
            .conn()
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE ?1 < e.pos ORDER BY e.pos"))
            .reading("log")?;
        let mut rows = statement.query([after.0]).reading("log")?;
        while let Some(row) = rows.next().reading("log")? {
            each(Pos(row.get(0).reading("log")?), kept(row))?;
        }
        Ok(())
    }

    /// The last position of the log; 0 when it is empty.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn last_pos(&self) -> Result<Pos, StorageError> {
        self.conn()
            .query_row("SELECT ifnull(max(pos), 0) FROM entry", [], |row| row.get(0).map(Pos))
            .reading("log")
    }

    /// Looks through one enrolment's entries for a payload. Slow on purpose: there is no index on random hashes, and
    /// only withdrawals of records nobody knows, and re-sealed chains, ask.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn find_payload(&self, enrolment: EnrolmentNr, hash: Hash32) -> Result<Option<Pos>, StorageError> {
        // 112 bytes stand before the payload's hash in an envelope (see `Envelope::to_bytes`).
        self.conn()
            .prepare_cached(
                "SELECT min(pos) FROM entry
                 WHERE enrolment = ?1 AND substr(envelope, 113, 32) = ?2 AND repeats IS NULL",
            )
            .reading("entry")?
            .query_row(params![enrolment.0, hash.0.as_slice()], |row| row.get::<_, Option<i64>>(0))
            .reading("entry")
            .map(|pos| pos.map(Pos))
    }

    /// The first entry about a unit, in force or waiting, that carries this payload.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn find_about(&self, unit: Unit, hash: Hash32, before: Pos) -> Result<Option<Pos>, StorageError> {
        self.conn()
            .prepare_cached(
                "SELECT min(e.pos) FROM entry e WHERE e.repeats IS NULL AND e.pos < ?3
                 AND substr(e.envelope, 113, 32) = ?2 AND e.pos IN (
                     SELECT ue.pos FROM unit_entry ue JOIN unit u ON u.nr = ue.unit WHERE u.unit = ?1
                     UNION SELECT w.pos FROM waiting w WHERE w.unit = ?1)",
            )
            .reading("entry")?
            .query_row(params![unit_bytes(unit), hash.0.as_slice(), before.0], |row| {
                row.get::<_, Option<i64>>(0)
            })
            .reading("entry")
            .map(|pos| pos.map(Pos))
    }

    /// Where a chain stands; `None` before its first entry.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn chain(&self, enrolment: EnrolmentNr, epoch: u32) -> Result<Option<ChainAt>, StorageError> {
        let found: Option<(i64, Vec<u8>)> = self
            .conn()
            .prepare_cached("SELECT next_seq, previous FROM chain WHERE enrolment = ?1 AND epoch = ?2")
            .reading("chain")?
            .query_row(params![enrolment.0, epoch], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .reading("chain")?;
        let Some((next_seq, previous)) = found else { return Ok(None) };
        Ok(Some(ChainAt { next_seq: from_sql(next_seq), previous: Hash32(fixed(&previous, "chain")?) }))
    }

    /// Advances a chain.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn set_chain(&self, enrolment: EnrolmentNr, epoch: u32, at: ChainAt) -> Result<(), StorageError> {
        self.conn()
            .prepare_cached(
                "INSERT INTO chain (enrolment, epoch, next_seq, previous) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (enrolment, epoch) DO UPDATE SET next_seq = excluded.next_seq, previous = excluded.previous",
            )
            .writing("chain")?
            .execute(params![enrolment.0, epoch, to_sql(at.next_seq), at.previous.0])
            .writing("chain")
            .map(drop)
    }

    /// The lowest and highest epoch of an enrolment; `None` before its first entry.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn epochs(&self, enrolment: EnrolmentNr) -> Result<Option<(u32, u32)>, StorageError> {
        let (first, last): (Option<u32>, Option<u32>) = self
            .conn()
            .prepare_cached("SELECT min(epoch), max(epoch) FROM chain WHERE enrolment = ?1")
            .reading("chain")?
            .query_row([enrolment.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .reading("chain")?;
        Ok(first.zip(last))
    }

    /// Every chain with where it stands, for `ruhu verify`.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn chains(&self) -> Result<Vec<(EnrolmentNr, u32, ChainAt)>, StorageError> {
        let mut statement = self
            .conn()
            .prepare("SELECT enrolment, epoch, next_seq, previous FROM chain ORDER BY 1, 2")
            .reading("chain")?;
        let rows = statement
            .query_map([], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, u32>(1)?,
                    row.get::<_, i64>(2)?,
                    row.get::<_, Vec<u8>>(3)?,
                ))
            })
            .reading("chain")?;
        let mut chains = Vec::new();
        for row in rows {
            let (enrolment, epoch, next_seq, previous) = row.reading("chain")?;
            let previous = Hash32(fixed(&previous, "chain")?);
            chains.push((EnrolmentNr(enrolment), epoch, ChainAt { next_seq: from_sql(next_seq), previous }));
        }
        Ok(chains)
    }
}

/// A refusal's code, as stored and counted.
#[must_use]
pub fn code(reason: Refusal) -> String {
    serde_json::to_value(reason).ok().and_then(|code| code.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Back from [`code`].
pub(crate) fn reason(code: &str) -> Result<Refusal, StorageError> {
    serde_json::from_value(code.into()).map_err(|_| StorageError::Damaged { what: "reason of a verdict" })
}

fn kept(row: &Row<'_>) -> Result<Kept, StorageError> {
    let what = "entry";
    let envelope: Vec<u8> = row.get(2).reading(what)?;
    let envelope = Envelope::from_bytes(&envelope).map_err(|_| StorageError::Damaged { what: "envelope" })?;
    let signature = fixed::<SIGNATURE_LENGTH>(&row.get::<_, Vec<u8>>(3).reading(what)?, "signature")?;
    let salt: Option<Vec<u8>> = row.get(6).reading(what)?;
    let bytes: Option<Vec<u8>> = row.get(7).reading(what)?;
    let body = match salt.zip(bytes) {
        Some((salt, bytes)) => Some(SealedBody { salt: fixed(&salt, "salt")?, bytes }),
        None => None,
    };
    let payload = Payload {
        kind: envelope.kind,
        version: row.get(4).reading(what)?,
        skeleton: row.get(5).reading(what)?,
        body,
    };
    let erased: Option<Vec<u8>> = row.get(8).reading(what)?;
    let recorded_ms = row.get(10).reading(what)?;
    Ok(Kept {
        pos: Pos(row.get(0).reading(what)?),
        enrolment: EnrolmentNr(row.get(1).reading(what)?),
        entry: Entry { envelope, signature, payload },
        received_ms: row.get(9).reading(what)?,
        recorded_ms,
        verdict: verdict(row, recorded_ms)?,
        repeats: row.get::<_, Option<i64>>(16).reading(what)?.map(Pos),
        placed_ms: row.get(17).reading(what)?,
        erased_body: erased.map(|hash| fixed(&hash, "hash of an erased body").map(Hash32)).transpose()?,
    })
}

fn verdict(row: &Row<'_>, recorded_ms: i64) -> Result<Verdict, StorageError> {
    let what = "verdict";
    let damaged = || StorageError::Damaged { what };
    let said: Option<String> = row.get(12).reading(what)?;
    let said = || said.as_deref().map_or(Ok(Refusal::Malformed), reason);
    match row.get::<_, i64>(11).reading(what)? {
        ACCEPTED => {
            let stream: Option<Vec<u8>> = row.get(13).reading(what)?;
            let counts_in: Option<String> = row.get(15).reading(what)?;
            Ok(Verdict::Accepted {
                stream: stream.as_deref().and_then(StreamId::from_bytes).ok_or_else(damaged)?,
                seq: row.get::<_, Option<i64>>(14).reading(what)?.map(from_sql).ok_or_else(damaged)?,
                recorded_ms,
                counts_in: counts_in.map(|period| period.parse().map_err(|_| damaged())).transpose()?,
            })
        }
        PARKED => Ok(Verdict::Parked { reason: said()? }),
        QUARANTINED => Ok(Verdict::Quarantined { reason: said()? }),
        _ => Err(damaged()),
    }
}

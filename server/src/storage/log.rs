//! 日志 – every entry that ever advanced a chain, and where each chain stands.

mod append;

pub(super) use append::NewEntry;

use super::db::{Row, values};
use super::enrolments::EnrolmentNr;
use super::units::unit_bytes;
use super::vault::owner::{Owner, body_from, place_of};
use super::{StorageError, Tx, from_sql, to_sql};
use ed25519_dalek::SIGNATURE_LENGTH;
use ruhu_core::entry::{Entry, Envelope, Payload, StreamId};
use ruhu_core::ids::{GridId, Hash32};
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{Refusal, Verdict};

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
    /// Whether the body could be opened; one that could not is missing here, and its hash with it.
    pub opens: bool,
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

/// 35 bytes stand before the unit in an envelope (see `Envelope::to_bytes`).
const COLUMNS: &str = "e.pos, e.enrolment, e.envelope, e.signature, e.version, e.skeleton, e.body, \
     e.body_hash, e.received_ms, e.recorded_ms, e.state, e.reason, s.id, e.stream_seq, e.counts_in, e.repeats, \
     e.placed_ms, k.generation, k.wrapped FROM entry e LEFT JOIN stream s ON s.nr = e.stream
     LEFT JOIN owner_key k ON k.owner = substr(e.envelope, 36, 17)";

/// Entries read at once by [`Tx::each_entry_after`].
const PAGE: u32 = 256;

const ACCEPTED: i64 = 1;
const PARKED: i64 = 2;
const QUARANTINED: i64 = 3;

impl Tx<'_> {
    /// The entry at a position.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn entry(&self, pos: Pos) -> Result<Option<Kept>, StorageError> {
        self.entry_as_found(pos)?.map(whole).transpose()
    }

    /// The entry at a position, also one whose body cannot be opened; for `ruhu verify`.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn entry_as_found(&self, pos: Pos) -> Result<Option<Kept>, StorageError> {
        self.first("entry", &format!("SELECT {COLUMNS} WHERE e.pos = ?1"), values![pos.0], |row| {
            kept(self, row)
        })
    }

    /// The entry at a place of a chain, also one whose body cannot be opened: only its envelope and verdict are asked for.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn entry_at(
        &self,
        enrolment: EnrolmentNr,
        epoch: u32,
        seq: u64,
    ) -> Result<Option<Kept>, StorageError> {
        let sql = format!("SELECT {COLUMNS} WHERE e.enrolment = ?1 AND e.epoch = ?2 AND e.seq = ?3");
        self.first("entry", &sql, values![enrolment.0, epoch, to_sql(seq)], |row| kept(self, row))
    }

    /// Every entry of the log in order, handed to `each`; never more than a page of them is in memory.
    ///
    /// # Errors
    /// [`StorageError`], or what `each` returned.
    pub fn each_entry<E: From<StorageError>>(
        &self,
        each: impl FnMut(Pos, Result<Kept, StorageError>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_entry_after(Pos(0), each)
    }

    /// Every entry of the log in order, also those whose bodies cannot be opened; for `ruhu verify`.
    ///
    /// # Errors
    /// [`StorageError`], or what `each` returned.
    pub fn each_entry_as_found<E: From<StorageError>>(
        &self,
        each: impl FnMut(Pos, Result<Kept, StorageError>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_found_after(Pos(0), each)
    }

    /// Every entry behind a position, in order; never more than a page of them is in memory.
    ///
    /// # Errors
    /// [`StorageError`], or what `each` returned.
    pub fn each_entry_after<E: From<StorageError>>(
        &self,
        after: Pos,
        mut each: impl FnMut(Pos, Result<Kept, StorageError>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_found_after(after, |pos, kept| each(pos, kept.and_then(whole)))
    }

    fn each_found_after<E: From<StorageError>>(
        &self,
        mut after: Pos,
        mut each: impl FnMut(Pos, Result<Kept, StorageError>) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!("SELECT {COLUMNS} WHERE ?1 < e.pos ORDER BY e.pos LIMIT ?2");
        loop {
            let page: Vec<(Pos, Result<Kept, StorageError>)> =
                self.all("log", &sql, values![after.0, PAGE], |row| Ok((Pos(row.get(0)?), kept(self, row))))?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = *last;
            for (pos, kept) in page {
                each(pos, kept)?;
            }
        }
    }

    /// What was accepted about the units at home in a grid and received since then, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn entries_since(&self, grid: GridId, since_ms: i64) -> Result<Vec<Kept>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} WHERE ?2 <= e.received_ms AND e.pos IN (
                 SELECT ue.pos FROM unit u JOIN unit_entry ue ON ue.unit = u.nr WHERE u.grid = ?1)
             ORDER BY e.pos"
        );
        self.all("entries of a grid", &sql, values![grid.as_bytes(), since_ms], |row| whole(kept(self, row)?))
    }

    /// The last position of the log; 0 when it is empty.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn last_pos(&self) -> Result<Pos, StorageError> {
        self.one("log", "SELECT coalesce(max(pos), 0) FROM entry", values![], |row| row.get(0).map(Pos))
    }

    /// Looks through one enrolment's entries for a payload. Slow on purpose: there is no index on random hashes, and
    /// only withdrawals of records nobody knows, and re-sealed chains, ask.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn find_payload(&self, enrolment: EnrolmentNr, hash: Hash32) -> Result<Option<Pos>, StorageError> {
        // 112 bytes stand before the payload's hash in an envelope (see `Envelope::to_bytes`).
        self.one(
            "entry",
            "SELECT min(pos) FROM entry
             WHERE enrolment = ?1 AND substr(envelope, 113, 32) = ?2 AND repeats IS NULL",
            values![enrolment.0, hash.0],
            |row| Ok(row.get::<Option<i64>>(0)?.map(Pos)),
        )
    }

    /// The first entry about a unit, in force or waiting, that carries this payload.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn find_about(&self, unit: Unit, hash: Hash32, before: Pos) -> Result<Option<Pos>, StorageError> {
        self.one(
            "entry",
            "SELECT min(e.pos) FROM entry e WHERE e.repeats IS NULL AND e.pos < ?3
             AND substr(e.envelope, 113, 32) = ?2 AND e.pos IN (
                 SELECT ue.pos FROM unit_entry ue JOIN unit u ON u.nr = ue.unit WHERE u.unit = ?1
                 UNION SELECT w.pos FROM waiting w WHERE w.unit = ?1)",
            values![unit_bytes(unit), hash.0, before.0],
            |row| Ok(row.get::<Option<i64>>(0)?.map(Pos)),
        )
    }

    /// Where a chain stands; `None` before its first entry.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn chain(&self, enrolment: EnrolmentNr, epoch: u32) -> Result<Option<ChainAt>, StorageError> {
        let sql = "SELECT next_seq, previous FROM chain WHERE enrolment = ?1 AND epoch = ?2";
        self.first_apart("chain", sql, values![enrolment.0, epoch], |row| {
            Ok(ChainAt { next_seq: from_sql(row.get(0)?), previous: Hash32(row.fixed(1)?) })
        })
    }

    /// Advances a chain.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn set_chain(&self, enrolment: EnrolmentNr, epoch: u32, at: ChainAt) -> Result<(), StorageError> {
        self.execute_apart(
            "chain",
            "INSERT INTO chain (enrolment, epoch, next_seq, previous) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (enrolment, epoch) DO UPDATE SET next_seq = excluded.next_seq, previous = excluded.previous",
            values![enrolment.0, epoch, to_sql(at.next_seq), at.previous.0],
        )
        .map(drop)
    }

    /// The lowest and highest epoch of an enrolment; `None` before its first entry.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn epochs(&self, enrolment: EnrolmentNr) -> Result<Option<(u32, u32)>, StorageError> {
        let sql = "SELECT min(epoch), max(epoch) FROM chain WHERE enrolment = ?1";
        let found = self.first_apart("chain", sql, values![enrolment.0], |row| {
            let (first, last): (Option<u32>, Option<u32>) = (row.get(0)?, row.get(1)?);
            Ok(first.zip(last))
        })?;
        Ok(found.flatten())
    }

    /// Every chain with where it stands, for `ruhu verify`.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn chains(&self) -> Result<Vec<(EnrolmentNr, u32, ChainAt)>, StorageError> {
        let sql = "SELECT enrolment, epoch, next_seq, previous FROM chain ORDER BY 1, 2";
        self.all("chain", sql, values![], |row| {
            let at = ChainAt { next_seq: from_sql(row.get(2)?), previous: Hash32(row.fixed(3)?) };
            Ok((EnrolmentNr(row.get(0)?), row.get(1)?, at))
        })
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

/// Only for those who look for damage may a body be missing unsaid.
fn whole(kept: Kept) -> Result<Kept, StorageError> {
    if kept.opens { Ok(kept) } else { Err(StorageError::Damaged { what: "body of an entry" }) }
}

fn kept(tx: &Tx<'_>, row: Row<'_>) -> Result<Kept, StorageError> {
    let envelope =
        Envelope::from_bytes(row.blob(2)?).map_err(|_| StorageError::Damaged { what: "envelope" })?;
    let (body, opens) = match row.get::<Option<Vec<u8>>>(6)? {
        Some(sealed) => {
            let place = place_of(&envelope.payload_hash);
            let opened = tx.opened(Owner::of(envelope.unit), (row, 17), place, &sealed);
            match opened.and_then(|bytes| body_from(&bytes)) {
                Ok(body) => (Some(body), true),
                Err(StorageError::Damaged { .. }) => (None, false),
                Err(why) => return Err(why),
            }
        }
        None => (None, true),
    };
    let payload = Payload {
        kind: envelope.kind,
        version: row.get(4)?,
        skeleton: row.get(5)?,
        body,
        erased: row.get::<Option<[u8; 32]>>(7)?.map(Hash32),
    };
    let recorded_ms = row.get(9)?;
    Ok(Kept {
        pos: Pos(row.get(0)?),
        enrolment: EnrolmentNr(row.get(1)?),
        entry: Entry { envelope, signature: row.fixed::<SIGNATURE_LENGTH>(3)?, payload },
        received_ms: row.get(8)?,
        recorded_ms,
        verdict: verdict(row, recorded_ms)?,
        repeats: row.get::<Option<i64>>(15)?.map(Pos),
        placed_ms: row.get(16)?,
        opens,
    })
}

fn verdict(row: Row<'_>, recorded_ms: i64) -> Result<Verdict, StorageError> {
    let damaged = || StorageError::Damaged { what: "verdict" };
    let said: Option<String> = row.get(11)?;
    let said = || said.as_deref().map_or(Ok(Refusal::Malformed), reason);
    match row.get::<i64>(10)? {
        ACCEPTED => {
            let stream: Option<Vec<u8>> = row.get(12)?;
            let counts_in: Option<String> = row.get(14)?;
            Ok(Verdict::Accepted {
                stream: stream.as_deref().and_then(StreamId::from_bytes).ok_or_else(damaged)?,
                seq: row.get::<Option<i64>>(13)?.map(from_sql).ok_or_else(damaged)?,
                recorded_ms,
                counts_in: counts_in.map(|period| period.parse().map_err(|_| damaged())).transpose()?,
            })
        }
        PARKED => Ok(Verdict::Parked { reason: said()? }),
        QUARANTINED => Ok(Verdict::Quarantined { reason: said()? }),
        _ => Err(damaged()),
    }
}

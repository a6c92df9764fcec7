//! 入日志 – entries on their way into the log: held back with their verdict, and written together.

use ruhu_core::entry::{Entry, Envelope};
use ruhu_core::sync::wire::Verdict;

use super::{ACCEPTED, Arrived, PARKED, Pos, QUARANTINED, code};
use crate::storage::db::{Rows, Value, values};
use crate::storage::enrolments::EnrolmentNr;
use crate::storage::vault::owner::{Owner, body_bytes, place_of};
use crate::storage::{StorageError, Tx, to_sql};

const ENTRIES: Rows = Rows {
    into: "INSERT INTO entry (pos, enrolment, epoch, seq, envelope, signature, version, skeleton, body, body_hash,
                 received_ms, recorded_ms, state, reason, stream, stream_seq, counts_in, repeats, placed_ms)",
    columns: 19,
    then: "",
};

/// An entry that is not written yet.
pub(in crate::storage) struct NewEntry {
    pos: Pos,
    enrolment: EnrolmentNr,
    entry: Entry,
    /// The body as it is sealed.
    sealed: Option<Vec<u8>>,
    received_ms: i64,
    settled: Settled,
}

/// What became of an entry, as stored.
#[derive(Default)]
struct Settled {
    state: i64,
    reason: Option<String>,
    stream: Option<(i64, u64)>,
    recorded_ms: i64,
    counts_in: Option<String>,
    repeats: Option<Pos>,
    placed_ms: Option<i64>,
}

impl Tx<'_> {
    /// Keeps an entry as parked for nothing yet: [`Tx::settle`] says what became of it.
    ///
    /// # Errors
    /// [`StorageError`]; a place in a chain is never taken twice.
    pub fn append(&self, new: Arrived<'_>) -> Result<Pos, StorageError> {
        self.bound()?;
        let known = self.ahead.held().read.last_pos;
        let last = known.map_or_else(|| self.last_pos(), Ok)?;
        let pos = Pos(last.0 + 1);
        let Arrived { enrolment, entry, received_ms, recorded_ms } = new;
        let (place, owner) = (place_of(&entry.envelope.payload_hash), Owner::of(entry.envelope.unit));
        let body = entry.payload.body.as_ref();
        let sealed = body.map(|body| self.sealed(owner, place, &body_bytes(body))).transpose()?;
        let held = &mut *self.ahead.held();
        held.read.last_pos = Some(pos);
        held.back.entries.push(NewEntry {
            pos,
            enrolment,
            entry: entry.clone(),
            sealed,
            received_ms,
            settled: Settled { state: PARKED, recorded_ms, ..Settled::default() },
        });
        Ok(pos)
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
        let mut settled = Settled { repeats, placed_ms, ..Settled::default() };
        let mut bounded_ms = None;
        match verdict {
            Verdict::Accepted { stream, seq, recorded_ms, counts_in } => {
                bounded_ms = Some(*recorded_ms);
                settled.state = ACCEPTED;
                settled.stream = Some((self.stream_nr(*stream)?, *seq));
                settled.counts_in = counts_in.map(|period| period.to_string());
            }
            Verdict::Parked { reason } => (settled.state, settled.reason) = (PARKED, Some(code(*reason))),
            Verdict::Quarantined { reason } => {
                (settled.state, settled.reason) = (QUARANTINED, Some(code(*reason)));
            }
            // Never kept, so never settled.
            Verdict::NotTaken { .. } | Verdict::RetryLater => return Ok(()),
        }
        if let Some(new) = self.ahead.held().back.entries.iter_mut().rev().find(|new| new.pos == pos) {
            settled.recorded_ms = bounded_ms.unwrap_or(new.settled.recorded_ms);
            new.settled = settled;
            return Ok(());
        }
        self.execute(
            "verdict",
            "UPDATE entry SET state = ?2, reason = ?3, stream = ?4, stream_seq = ?5,
                 recorded_ms = coalesce(?6, recorded_ms), counts_in = ?7, repeats = ?8, placed_ms = ?9
             WHERE pos = ?1",
            values![
                pos.0,
                settled.state,
                settled.reason,
                settled.stream.map(|(nr, _)| nr),
                settled.stream.map(|(_, seq)| to_sql(seq)),
                bounded_ms,
                settled.counts_in,
                repeats.map(|pos| pos.0),
                placed_ms
            ],
        )
        .map(drop)
    }

    pub(in crate::storage) fn write_entries(&self, entries: &[NewEntry]) -> Result<(), StorageError> {
        let envelopes: Vec<Vec<u8>> = entries.iter().map(|new| new.entry.envelope.to_bytes()).collect();
        let mut all: Vec<Value<'_>> = Vec::with_capacity(entries.len() * ENTRIES.columns);
        for (new, envelope) in entries.iter().zip(&envelopes) {
            let Entry { envelope: Envelope { epoch, seq, .. }, signature, payload } = &new.entry;
            let settled = &new.settled;
            all.extend_from_slice(&[
                Value::Int(new.pos.0),
                Value::Int(new.enrolment.0),
                Value::Int(i64::from(*epoch)),
                Value::Int(to_sql(*seq)),
                Value::Blob(envelope),
                Value::Blob(signature),
                Value::Int(i64::from(payload.version)),
                Value::Blob(&payload.skeleton),
                new.sealed.as_deref().map_or(Value::Null, Value::Blob),
                payload.erased.as_ref().map_or(Value::Null, |hash| Value::Blob(&hash.0)),
                Value::Int(new.received_ms),
                Value::Int(settled.recorded_ms),
                Value::Int(settled.state),
                settled.reason.as_deref().map_or(Value::Null, Value::Text),
                settled.stream.map_or(Value::Null, |(nr, _)| Value::Int(nr)),
                settled.stream.map_or(Value::Null, |(_, seq)| Value::Int(to_sql(seq))),
                settled.counts_in.as_deref().map_or(Value::Null, Value::Text),
                settled.repeats.map_or(Value::Null, |pos| Value::Int(pos.0)),
                settled.placed_ms.map_or(Value::Null, Value::Int),
            ]);
        }
        self.insert_apart("entry", &ENTRIES, &all)
    }
}

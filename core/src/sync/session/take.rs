//! Taking one proven answer, inside one transaction.

use rusqlite::{Connection, Transaction};

use super::{Exchange, HUB_EPOCH, Pushed, refusal_code};
use crate::entry::{Kind, Payload, StreamId};
use crate::ids::Hash32;
use crate::store::log::{Kept, ReadTo};
use crate::store::{
    EnrolmentRow, EntryState, Projector, StoreError, applying, enrolment, erased, forget, lease, log, outbox,
    restored, units,
};
use crate::sync::wire::{Pull, Pulled, PulledEntry, Refusal, SyncReply, Verdict};
use crate::time::PhoneTime;

/// What was taken, and whether to ask again at once.
pub(super) struct Taken {
    pub(super) exchange: Exchange,
    pub(super) more: bool,
}

pub(super) fn take(
    tx: &Transaction<'_>,
    row: &EnrolmentRow,
    pushed: &[Pushed],
    reply: &SyncReply,
    read: PhoneTime,
) -> Result<Taken, StoreError> {
    let mut exchange =
        Exchange { sent: u32::try_from(pushed.len()).unwrap_or(u32::MAX), ..Exchange::default() };
    // Before any row is held: a grid that went and came back, or a hub that was put back, is read from the start.
    let read_to = log::cursors(tx)?;
    for pull in &reply.pulls {
        if read_to.get(&pull.stream).is_none_or(|to| to.seq == 0) {
            forget::unmark_stream(tx, pull.stream)?;
        }
    }
    let mut projector = Projector::new(tx);
    let (mut seal_again, mut send_from) = (None, None);
    for (pushed, verdict) in pushed.iter().zip(&reply.verdicts) {
        match take_verdict(tx, &mut projector, pushed, verdict, reply.token.hub_ms, &mut exchange)? {
            Next::Nothing => {}
            Next::SendFrom(epoch, seq) => send_from = send_from.or(Some((epoch, seq))),
            Next::SealAgain(suspect) => seal_again = seal_again.or(Some(suspect)),
        }
    }
    for pull in &reply.pulls {
        take_pull(tx, &mut projector, pull, &mut exchange)?;
    }
    projector.finish()?;
    applying::done(tx)?;
    match (seal_again, send_from) {
        // A new epoch holds all that is to be sent; what the hub lacks of the old one it will not ask for again.
        (Some(suspect), _) => drop(outbox::seal_again(tx, suspect)?),
        (None, Some((epoch, seq))) => drop(outbox::send_from(tx, epoch, seq)?),
        (None, None) => {}
    }
    for stream in &reply.dropped {
        log::unfollow(tx, *stream)?;
        forget::mark_stream(tx, *stream)?;
    }
    let restored = take_hub_epoch(tx, reply)?;
    if !restored && !reply.more && log::is_reading_again(tx)? {
        restored::finish(tx)?;
    }
    for (epoch, seq) in &reply.covered {
        outbox::cover(tx, *epoch, *seq)?;
    }
    exchange.forgotten = forget::sweep(tx, reply.token.hub_ms)?;
    forget::sweep_covered(tx, reply.token.hub_ms)?;
    enrolment::hold(tx, reply.token, read)?;
    lease::renew(tx, reply.token.hub_ms, read)?;
    let followed = follow_assignments(tx, row, reply)?;
    let line = serde_json::to_string(&exchange).unwrap_or_default();
    log::note_exchange(tx, reply.token.hub_ms, &line)?;
    let more = reply.more || restored || followed || seal_again.is_some() || send_from.is_some();
    Ok(Taken { exchange, more })
}

/// The changes of documents in what came that this phone neither holds nor made: they are marked before they are tried.
pub(super) fn changes_of_others(db: &Connection, pulls: &[Pull]) -> Result<Vec<Payload>, StoreError> {
    let pulled = pulls.iter().flat_map(|pull| &pull.entries).flat_map(|one| match &one.entry {
        Pulled::Payload(payload) => vec![payload],
        Pulled::MoveIn(moved) => moved.iter().map(|one| &one.payload).collect(),
        Pulled::MoveOut => Vec::new(),
    });
    let mut changes = Vec::new();
    for payload in pulled.filter(|payload| payload.kind == Kind::Doc) {
        let hash = payload.hash();
        if log::find(db, hash)?.is_none() && outbox::find(db, hash)?.is_none() {
            changes.push(payload.clone());
        }
    }
    Ok(changes)
}

/// The hub revoked the enrolment and put what was pushed aside. True while there is more to put aside.
pub(super) fn erase(tx: &Transaction<'_>, salvaged: &[Hash32]) -> Result<bool, StoreError> {
    for payload in salvaged {
        outbox::note(tx, *payload, &EntryState::Quarantined { reason: "erase".to_owned() }, false)?;
    }
    let (waiting, _) = outbox::to_send(tx, usize::MAX)?;
    if waiting.is_empty() {
        forget::erase_copy(tx)?;
    }
    Ok(!waiting.is_empty())
}

enum Next {
    Nothing,
    /// The hub lacks everything from this place of the chain on.
    SendFrom(u32, u64),
    /// A new epoch is needed; with the entry whose signature was not believed, if that was the reason.
    SealAgain(Option<Hash32>),
}

fn take_verdict(
    tx: &Transaction<'_>,
    projector: &mut Projector<'_>,
    pushed: &Pushed,
    verdict: &Verdict,
    hub_ms: i64,
    exchange: &mut Exchange,
) -> Result<Next, StoreError> {
    let Some(own) = outbox::find(tx, pushed.payload)? else { return Ok(Next::Nothing) };
    match verdict {
        Verdict::Accepted { stream, seq, recorded_ms, counts_in } => {
            let state = EntryState::Accepted {
                stream: *stream,
                seq: *seq,
                recorded_ms: *recorded_ms,
                counts_in: *counts_in,
                received_ms: hub_ms,
            };
            outbox::note(tx, pushed.payload, &state, false)?;
            if own.state.is_quarantined() {
                projector.take(&own.entry.payload, *recorded_ms, None)?;
            }
            projector.restamp(&own.entry.payload, *recorded_ms)?;
            if let Some(unit) = own.entry.envelope.unit
                && projector.erased_until(unit)?.is_some_and(|until| *recorded_ms <= until)
            {
                // It was on its way when the hub erased what was known: the hub has dropped its body.
                drop_body(tx, projector, &own.entry.payload.without_body())?;
            }
            exchange.accepted += 1;
        }
        Verdict::Parked { reason } => {
            outbox::note(tx, pushed.payload, &EntryState::Parked { reason: refusal_code(*reason) }, false)?;
            exchange.parked += 1;
        }
        Verdict::Quarantined { reason } => {
            refuse(tx, projector, pushed.payload, *reason)?;
            if *reason == Refusal::Erased {
                erased::erase(tx, pushed.payload, &own.entry.payload.without_body())?;
            }
            exchange.quarantined += 1;
        }
        Verdict::RetryLater => exchange.to_send_again += 1,
        Verdict::NotTaken { reason, expects_seq } => {
            exchange.to_send_again += 1;
            return not_taken(tx, projector, pushed, *reason, *expects_seq, own.sealed_again);
        }
    }
    Ok(Next::Nothing)
}

fn not_taken(
    tx: &Transaction<'_>,
    projector: &mut Projector<'_>,
    pushed: &Pushed,
    reason: Refusal,
    expects_seq: u64,
    sealed_again: u32,
) -> Result<Next, StoreError> {
    match reason {
        // The hub lacks earlier entries: they are sent again if they are still kept, else the chain starts anew.
        Refusal::Gap if expects_seq < pushed.seq && outbox::at(tx, pushed.epoch, expects_seq)?.is_some() => {
            Ok(Next::SendFrom(pushed.epoch, expects_seq))
        }
        Refusal::BadSignature if 0 < sealed_again => {
            // Sealed anew and still not believed: it is offered as a draft, and the rest goes on without it.
            refuse(tx, projector, pushed.payload, reason)?;
            Ok(Next::SealAgain(None))
        }
        Refusal::BadSignature => Ok(Next::SealAgain(Some(pushed.payload))),
        _ => Ok(Next::SealAgain(None)),
    }
}

/// Notes a refusal and takes what was refused out of the rows again; the values stay with the receipt.
fn refuse(
    tx: &Transaction<'_>,
    projector: &mut Projector<'_>,
    payload: Hash32,
    reason: Refusal,
) -> Result<(), StoreError> {
    let Some(own) = outbox::find(tx, payload)? else { return Ok(()) };
    outbox::note(tx, payload, &EntryState::Quarantined { reason: refusal_code(reason) }, false)?;
    if let Ok(effects) = crate::projection::project(&own.entry.payload, own.entry.envelope.recorded_ms) {
        for unit in crate::projection::units_of(&effects) {
            projector.rebuild(unit)?;
        }
    }
    Ok(())
}

/// Drops the body of a payload that the hub has dropped.
fn drop_body(
    tx: &Transaction<'_>,
    projector: &mut Projector<'_>,
    payload: &Payload,
) -> Result<(), StoreError> {
    if erased::erase(tx, payload.hash(), payload)?
        && let Ok(effects) = crate::projection::project(payload, 0)
    {
        projector.make_anew(crate::projection::units_of(&effects));
    }
    Ok(())
}

pub(super) fn take_pull(
    tx: &Transaction<'_>,
    projector: &mut Projector<'_>,
    pull: &Pull,
    exchange: &mut Exchange,
) -> Result<(), StoreError> {
    for one in &pull.entries {
        take_pulled(tx, projector, pull.stream, one, exchange)?;
    }
    log::put_cursor(tx, pull.stream, ReadTo { seq: pull.cursor.seq, head: pull.cursor.head })
}

fn take_pulled(
    tx: &Transaction<'_>,
    projector: &mut Projector<'_>,
    stream: StreamId,
    one: &PulledEntry,
    exchange: &mut Exchange,
) -> Result<(), StoreError> {
    match &one.entry {
        Pulled::Payload(payload) => {
            let kept = Kept { payload: payload.clone(), recorded_ms: one.recorded_ms };
            receive(tx, projector, stream, one.seq, &kept, exchange)
        }
        Pulled::MoveIn(moved) => {
            if let Some(unit) = one.unit {
                projector.arrive(unit, stream)?;
            }
            for one_moved in moved {
                let kept = Kept { payload: one_moved.payload.clone(), recorded_ms: one_moved.recorded_ms };
                receive(tx, projector, stream, one.seq, &kept, exchange)?;
            }
            Ok(())
        }
        Pulled::MoveOut => match one.unit {
            Some(unit) => projector.leave(unit, stream),
            None => Ok(()),
        },
    }
}

fn receive(
    tx: &Transaction<'_>,
    projector: &mut Projector<'_>,
    stream: StreamId,
    seq: u64,
    kept: &Kept,
    exchange: &mut Exchange,
) -> Result<(), StoreError> {
    let readable = projector.take(&kept.payload, kept.recorded_ms, Some(stream))?;
    if log::keep(tx, stream, seq, kept, readable)? {
        exchange.received += 1;
    }
    if kept.payload.erased.is_some() {
        drop_body(tx, projector, &kept.payload)?;
    }
    // An own entry that waited or was refused and now comes back from the log was taken in after all.
    let hash = kept.payload.hash();
    if let Some(own) = outbox::find(tx, hash)?
        && !matches!(own.state, EntryState::Accepted { .. })
    {
        let counts_in = crate::projection::counts_in(&kept.payload);
        let (recorded_ms, received_ms) = (kept.recorded_ms, kept.recorded_ms);
        let state = EntryState::Accepted { stream, seq, recorded_ms, counts_in, received_ms };
        outbox::note(tx, hash, &state, false)?;
        if own.entry.payload.kind == Kind::Doc
            && let Some(unit) = own.entry.envelope.unit
        {
            projector.rebuild(unit)?;
        }
    }
    Ok(())
}

fn take_hub_epoch(tx: &Transaction<'_>, reply: &SyncReply) -> Result<bool, StoreError> {
    let (known, heard) = (log::meta(tx, HUB_EPOCH)?, reply.hub_epoch);
    log::put_meta(tx, HUB_EPOCH, heard)?;
    if !reply.offer_again && (known == 0 || known == heard) {
        return Ok(false);
    }
    outbox::offer_all_again(tx)?;
    log::read_all_again(tx)?;
    Ok(true)
}

/// Follows the grids the community's file assigns to this worker today, beside the community's own stream.
fn follow_assignments(
    tx: &Transaction<'_>,
    row: &EnrolmentRow,
    reply: &SyncReply,
) -> Result<bool, StoreError> {
    let community = units::community(tx)?;
    let at = chrono::DateTime::from_timestamp_millis(reply.token.hub_ms).unwrap_or_default();
    let today = community.zone().date(at);
    let mut followed = false;
    for one in community.assignments() {
        if one.worker == row.worker && one.covers(today) {
            let stream = StreamId::Grid(one.grid);
            // What the hub has just taken away is not asked for again in the same breath.
            followed |= !reply.dropped.contains(&stream) && log::follow(tx, stream)?;
        }
    }
    Ok(followed)
}

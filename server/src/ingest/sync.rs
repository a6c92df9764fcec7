//! 一次往返 – a signed request in, a signed reply out: push first, then rights, then what the phone lacks.

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::entry::StreamId;
use ruhu_core::ids::Hash32;
use ruhu_core::sync::wire::{
    BadFrame, ChainMark, Cursor, PROTOCOL, Refusal, SyncReply, SyncRequest, Trouble, TroubleCode, Verdict,
    open_request, pack_reply, peek_enrolment,
};
use ruhu_core::time::Zone;

use super::amended::amend_closed;
use super::applying::{Marked, mark};
use super::erased::without_erased;
use super::judge::{Case, Judge, Scope, bounded_ms};
use super::later::{decide, retry, verdict_at};
use super::office::Desk;
use super::prove::{Proven, prove};
use super::pull::{PAGE_BYTES, Wanted, pull};
use super::scope::{local_date, streams_of};
pub use super::trouble::trouble;
use crate::storage::enrolments::{Enrolment, EnrolmentNr};
use crate::storage::hub::Means;
use crate::storage::log::{Arrived, ChainAt, Pos};
use crate::storage::{Hub, StorageError, Tx};

/// Most entries an enrolment may push a day (`design.md` 7).
pub const ENTRIES_A_DAY: u64 = 2_000;
/// Most bytes an enrolment may push a day.
pub const BYTES_A_DAY: u64 = 20 * 1024 * 1024;
/// A phone whose cursor disagrees may make the hub open a new epoch once in this time, in milliseconds.
const EPOCH_ASKED_EVERY_MS: i64 = 24 * 3600 * 1000;
/// Contact is noted at most this often when nothing else is written, in milliseconds.
const CONTACT_EVERY_MS: i64 = 60 * 1000;
/// Pause asked of a phone that is over today's limit, in seconds.
const RETRY_AFTER_S: u32 = 3600;

/// A reply ready to be sent, and what was said in it, for the counters.
#[derive(Clone, Debug)]
pub struct Synced {
    /// The packed and signed reply.
    pub reply: Vec<u8>,
    /// One verdict per pushed entry.
    pub verdicts: Vec<Verdict>,
    /// Entries that had come before and were told the same again.
    pub repeated: usize,
}

/// What a push job takes with it into the writer.
struct Pushed {
    enrolment: Enrolment,
    runs: Vec<(u32, Vec<Proven>)>,
    app: String,
    unsent_after: u32,
    received_ms: i64,
    asks_epoch: bool,
    salvage: bool,
    marked: Marked,
}

/// What the writer found.
#[derive(Default)]
struct Taken {
    verdicts: Vec<Verdict>,
    accepted: BTreeSet<Pos>,
    repeated: usize,
    /// Whether a parked change of somebody is to be tried now.
    marked: bool,
}

impl Hub {
    /// Answers one request. Blocks on the disk: call it from a blocking thread.
    ///
    /// # Errors
    /// [`Trouble`]: the whole request is refused, with a code the phone can act on. Entries that were proven are kept
    /// even then.
    pub fn sync(&self, bytes: &[u8]) -> Result<Synced, Trouble> {
        // Signed like every answer: a phone erases nothing on anybody else's word.
        self.sync_request(bytes).map_err(|trouble| self.tell_keys(trouble).signed(bytes, &self.signing_key()))
    }

    fn sync_request(&self, bytes: &[u8]) -> Result<Synced, Trouble> {
        let now_ms = self.now_ms();
        let trouble = |code| trouble(code, now_ms);
        let storage = |why: StorageError| {
            tracing::error!(error = %chain_of(&why), "sync");
            trouble(TroubleCode::Busy)
        };
        let id = peek_enrolment(bytes).ok_or_else(|| trouble(TroubleCode::BadRequest))?;
        self.refresh_key().map_err(storage)?;
        let found =
            self.storage().read(|tx| tx.enrolment(id)).map_err(storage)?.filter(|one| one.of.is_some());
        let enrolment = found.ok_or_else(|| trouble(TroubleCode::UnknownEnrolment))?;
        let request = open_request(bytes, self.id(), &enrolment.key, now_ms).map_err(|why| {
            trouble(match why {
                BadFrame::Signature => TroubleCode::BadSignature,
                BadFrame::ClockSkew => TroubleCode::ClockSkew,
                BadFrame::CutShort | BadFrame::Unpack | BadFrame::Body(_) => TroubleCode::BadRequest,
            })
        })?;
        if request.protocol != PROTOCOL {
            return Err(trouble(TroubleCode::Version));
        }
        let answered = self.answer(enrolment, request, now_ms).map_err(storage)?;
        match answered {
            Some((reply, repeated)) => {
                let verdicts = reply.verdicts.clone();
                Ok(Synced { reply: pack_reply(&reply, bytes, &self.signing_key()), verdicts, repeated })
            }
            None => Err(trouble(TroubleCode::Erase)),
        }
    }

    /// The reply; `None` when the phone is to erase its copy, everything it held being safe here.
    fn answer(
        &self,
        enrolment: Enrolment,
        request: SyncRequest,
        now_ms: i64,
    ) -> Result<Option<(SyncReply, usize)>, StorageError> {
        let SyncRequest { app, hub_epoch, cursors, pushes, unsent_after, kept, whole, hub_key_nr, .. } =
            request;
        let (id, nr, revoked) = (enrolment.id, enrolment.nr, enrolment.revoked_ms.is_some());
        let (disagrees, epoch_now) = self.storage().read(|tx| {
            let disagrees = any_disagrees(tx, &cursors)? || lacks(tx, enrolment.nr, kept)?;
            Ok::<_, StorageError>((disagrees, tx.hub_epoch()?))
        })?;
        // A phone that has not heard of the present epoch will offer everything again as soon as it does.
        let disagrees = disagrees && !revoked && hub_epoch == epoch_now;
        let asks_epoch = disagrees && EPOCH_ASKED_EVERY_MS <= now_ms - enrolment.asked_epoch_ms;
        let offer_again = disagrees && !asks_epoch;
        let runs: Vec<(u32, Vec<Proven>)> =
            pushes.into_iter().map(|push| (push.epoch, prove(push, self.id(), id, &enrolment.key))).collect();
        let quiet = runs.is_empty()
            && !asks_epoch
            && enrolment.unsent_after == unsent_after
            && enrolment.app == app
            && now_ms - enrolment.contact_ms < CONTACT_EVERY_MS;
        let of = enrolment.of;
        let marked = mark(self, enrolment.nr, &runs)?;
        let held_back = marked.look_at.is_some();
        let taken = if quiet {
            Taken::default()
        } else {
            let pushed = Pushed {
                enrolment,
                runs,
                app,
                unsent_after,
                received_ms: now_ms,
                asks_epoch,
                salvage: revoked,
                marked,
            };
            let means = self.means();
            self.storage().write(move |tx| take(tx, &means, &pushed))?
        };
        if taken.marked {
            self.try_marked()?;
        }
        let Some((worker, community)) = of else { return Ok(None) };
        let safe = unsent_after == 0 && !taken.verdicts.iter().any(is_still_on_the_phone);
        self.storage().read(|tx| {
            let file = tx.community(community)?.unwrap_or_default();
            let today = local_date(file.zone(), now_ms);
            let ended = revoked || file.left_on(worker).is_some_and(|left| left <= today);
            if ended && safe {
                return Ok(None);
            }
            let streams = if ended { Vec::new() } else { streams_of(&file, (worker, community), today) };
            let told = if whole { BTreeSet::new() } else { taken.accepted };
            let wanted =
                Wanted { streams: &streams, cursors: &cursors, passed_over: &told, page_bytes: PAGE_BYTES };
            let pulled = pull(tx, wanted)?;
            let over = taken.verdicts.contains(&Verdict::RetryLater);
            let reply = SyncReply {
                protocol: PROTOCOL,
                hub_epoch: tx.hub_epoch()?,
                token: self.tokens().issue(id, now_ms),
                verdicts: taken.verdicts,
                pulls: pulled.pulls,
                more: pulled.more,
                dropped: cursors.keys().filter(|stream| !streams.contains(stream)).copied().collect(),
                retry_after_s: match (over, held_back) {
                    (false, _) => 0,
                    (true, false) => RETRY_AFTER_S,
                    (true, true) => 1,
                },
                offer_again,
                covered: tx.covered(nr)?,
                keys: tx.key_news(hub_key_nr)?,
            };
            Ok(Some((reply, taken.repeated)))
        })
    }
}

/// The writer's part: every entry in its chain's order, each with a verdict.
fn take(tx: &Tx<'_>, means: &Means, pushed: &Pushed) -> Result<Taken, StorageError> {
    let nr = pushed.enrolment.nr;
    tx.contact(nr, &pushed.app, pushed.unsent_after, pushed.received_ms)?;
    if pushed.asks_epoch {
        tx.open_hub_epoch()?;
        tx.asked_epoch(nr, pushed.received_ms)?;
    }
    let mut taken = Taken::default();
    let scope = if pushed.salvage { Scope::Salvage } else { Scope::Asked };
    let Some(judge) = Judge::of(tx, &pushed.enrolment, scope)? else { return Ok(taken) };
    // The day of the limits is UTC: it bounds load, it is nobody's working day.
    let day = local_date(Zone::east(0).unwrap_or(Zone::CHINA), pushed.received_ms);
    let mut used = tx.used_on(nr, day)?;
    let used_before = used;
    let mut recorded = Vec::new();
    let entries = pushed.runs.iter().flat_map(|(_, run)| run);
    tx.look_ahead(&entries.filter_map(|one| one.entry.envelope.unit).collect::<Vec<_>>())?;
    for (epoch, run) in &pushed.runs {
        let mut stopped: Option<Verdict> = None;
        let known = tx.chain(nr, *epoch)?.unwrap_or(ChainAt { next_seq: 1, previous: Hash32::ZERO });
        let mut link = Link {
            epoch: *epoch,
            at: known,
            may_repeat: tx.epochs(nr)?.is_some_and(|(first, _)| first != *epoch),
        };
        for proven in run {
            if pushed.marked.look_at.is_some_and(|look_at| look_at <= taken.verdicts.len()) {
                stopped.get_or_insert(Verdict::RetryLater);
            }
            let verdict = match &stopped {
                Some(verdict) => verdict.clone(),
                None => one(tx, means, pushed, &judge, (&mut link, proven), &mut used, &mut taken)?,
            };
            if matches!(verdict, Verdict::NotTaken { .. } | Verdict::RetryLater) {
                stopped = Some(verdict.clone());
            }
            if let (Verdict::Accepted { .. }, Ok(contents)) = (&verdict, &proven.contents) {
                recorded.extend(contents.unit_facts());
            }
            taken.verdicts.push(verdict);
        }
        if link.at != known {
            tx.set_chain(nr, *epoch, link.at)?;
        }
    }
    for change in &pushed.marked.changes {
        tx.applied(*change)?;
    }
    if used != used_before {
        tx.set_used_on(nr, day, used)?;
    }
    amend_closed(&Desk::new(*tx, means), judge.community(), &recorded)?;
    Ok(taken)
}

/// The end of a chain while a run is taken; written down once the run is.
struct Link {
    epoch: u32,
    at: ChainAt,
    /// Whether the phone started a new chain: what it brings may have come in the one before.
    may_repeat: bool,
}

fn one(
    tx: &Tx<'_>,
    means: &Means,
    pushed: &Pushed,
    judge: &Judge,
    (link, proven): (&mut Link, &Proven),
    used: &mut (u64, u64),
    taken: &mut Taken,
) -> Result<Verdict, StorageError> {
    let (nr, received_ms) = (pushed.enrolment.nr, pushed.received_ms);
    let envelope = &proven.entry.envelope;
    let (at, epoch) = (link.at, link.epoch);
    let not_taken = |reason| Ok(Verdict::NotTaken { reason, expects_seq: at.next_seq });
    if envelope.seq < at.next_seq {
        let kept = tx.entry_at(nr, epoch, envelope.seq)?;
        return match kept.filter(|kept| kept.entry.envelope_hash() == envelope.hash()) {
            Some(kept) => {
                taken.accepted.insert(kept.pos);
                taken.repeated += 1;
                verdict_at(tx, kept.pos)
            }
            None => not_taken(Refusal::Fork),
        };
    }
    if at.next_seq < envelope.seq {
        return not_taken(Refusal::Gap);
    }
    if at.previous != envelope.previous {
        return not_taken(Refusal::Fork);
    }
    if !proven.holds {
        return not_taken(Refusal::BadSignature);
    }
    let size = u64::try_from(proven.size_bytes).unwrap_or(u64::MAX);
    if ENTRIES_A_DAY <= used.0 || BYTES_A_DAY < used.1.saturating_add(size) {
        return Ok(Verdict::RetryLater);
    }
    *used = (used.0 + 1, used.1 + size);
    let tokens = means.tokens();
    let recorded_ms =
        bounded_ms(envelope.recorded_ms, envelope.token, tokens, pushed.enrolment.id, received_ms);
    let stripped = without_erased(tx, &proven.entry, recorded_ms)?;
    let stripped = stripped.map(|entry| (entry.payload.read(), entry));
    let (contents, entry) = match &stripped {
        Some((contents, entry)) => (contents, entry),
        None => (&proven.contents, &proven.entry),
    };
    let pos = tx.append(Arrived { enrolment: nr, entry, received_ms, recorded_ms })?;
    link.at = ChainAt { next_seq: envelope.seq + 1, previous: envelope.hash() };
    let case = Case {
        pos,
        entry,
        contents,
        size_bytes: proven.size_bytes,
        recorded_ms,
        received_ms,
        may_repeat: link.may_repeat,
        stripped: stripped.is_some(),
    };
    let decision = decide(tx, judge, case, received_ms, false)?;
    if matches!(decision.verdict, Verdict::Accepted { .. }) {
        taken.accepted.insert(pos);
        taken.marked |= retry(tx, decision.units, received_ms, means.node())?;
    }
    Ok(decision.verdict)
}

/// Entries the hub did not keep: the phone must not erase them.
fn is_still_on_the_phone(verdict: &Verdict) -> bool {
    match verdict {
        // A fork of what is already kept will never be taken under this number, but the phone can seal it anew.
        Verdict::NotTaken { .. } | Verdict::RetryLater => true,
        Verdict::Accepted { .. } | Verdict::Parked { .. } | Verdict::Quarantined { .. } => false,
    }
}

fn any_disagrees(tx: &Tx<'_>, cursors: &BTreeMap<StreamId, Cursor>) -> Result<bool, StorageError> {
    for (stream, cursor) in cursors {
        let agrees = match tx.stream(*stream)? {
            Some(at) => tx.agrees(at, cursor.seq, cursor.head)?,
            None => cursor.seq == 0,
        };
        if !agrees {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether an entry this hub said it keeps is not here: the database was put back to before it.
fn lacks(tx: &Tx<'_>, nr: EnrolmentNr, kept: Option<ChainMark>) -> Result<bool, StorageError> {
    let Some(mark) = kept else { return Ok(false) };
    let here = tx.entry_at(nr, mark.epoch, mark.seq)?;
    Ok(here.is_none_or(|here| here.entry.envelope_hash().head() != mark.head))
}

/// An error with everything behind it, on one line.
pub(crate) fn chain_of(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(why) = source {
        words.push_str(": ");
        words.push_str(&why.to_string());
        source = why.source();
    }
    words
}

//! 待核、隔离 – deciding about an entry, at once or when what it waited for has come, or when a person admits it.

use ruhu_core::entry::{Contents, Kind, OfficeAct, Payload, ReasonBody};
use ruhu_core::ids::{AccountId, Hash32};
use ruhu_core::projection::Effects;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::{Refusal, Verdict};

use super::amended::amend_closed;
use super::erased::builds_on_erased;
use super::judge::{Case, Judge, Ruling, Scope, counts_in};
use super::office::{ActError, Desk};
use super::place::{ToPlace, Unplaced, place};
use crate::storage::accounts::{LogKind, Logged};
use crate::storage::applying::Suspicion;
use crate::storage::log::Pos;
use crate::storage::waiting::{Waiting, Waits};
use crate::storage::{Hub, StorageError, Tx};

/// What was decided, and the units it touched.
pub(crate) struct Decision {
    pub(crate) verdict: Verdict,
    pub(crate) units: Vec<Unit>,
}

/// Judges a kept entry and writes down what becomes of it. `late` when it was received earlier.
pub(crate) fn decide(
    tx: &Tx<'_>,
    judge: &Judge,
    case: Case<'_>,
    at_ms: i64,
    late: bool,
) -> Result<Decision, StorageError> {
    let (verdict, repeats, units) = match judge.judge(tx, case)? {
        Ruling::Place(effects) => put(tx, judge, case, &effects, at_ms)?,
        Ruling::Repeat(pos) => (verdict_at(tx, pos)?, Some(pos), Vec::new()),
        Ruling::Park(reason) => (Verdict::Parked { reason }, None, Vec::new()),
        Ruling::Quarantine(reason) => (Verdict::Quarantined { reason }, None, Vec::new()),
    };
    let placed_ms = (late && matches!(verdict, Verdict::Accepted { .. })).then_some(at_ms);
    tx.settle(case.pos, &verdict, repeats, placed_ms)?;
    let waits = match &verdict {
        Verdict::Parked { reason } => Some((Waits::Parked, *reason)),
        Verdict::Quarantined { reason } => Some((Waits::Quarantined, *reason)),
        _ => None,
    };
    match waits {
        // A repeat waits where its original does.
        Some((waits, reason)) if repeats.is_none() => tx.wait(Waiting {
            pos: case.pos,
            waits,
            reason,
            unit: case.entry.envelope.unit,
            community: judge.community(),
            left_ms: None,
        })?,
        _ if late => tx.waits_no_longer(case.pos)?,
        _ => {}
    }
    Ok(Decision { verdict, units })
}

fn put(
    tx: &Tx<'_>,
    judge: &Judge,
    case: Case<'_>,
    effects: &Effects,
    at_ms: i64,
) -> Result<(Verdict, Option<Pos>, Vec<Unit>), StorageError> {
    // It ended the hub twice, the second time alone.
    let hash = case.entry.envelope.payload_hash;
    if effects.doc.is_some() && tx.suspicion(hash)? == Some(Suspicion::Lethal) {
        return Ok((Verdict::Quarantined { reason: Refusal::Gate }, None, Vec::new()));
    }
    let to = ToPlace {
        pos: case.pos,
        payload: case.entry.envelope.payload_hash,
        unit: case.entry.envelope.unit,
        effects,
        community: judge.community(),
        at_ms,
    };
    match place(tx, to) {
        Ok(place) => {
            let counts_in = case.contents.as_ref().ok().and_then(counts_in);
            let recorded_ms = case.recorded_ms;
            let accepted = Verdict::Accepted { stream: place.stream, seq: place.seq, recorded_ms, counts_in };
            Ok((accepted, None, place.units))
        }
        Err(Unplaced::Gate(ruhu_core::profile::GateRefusal::Dependency))
            if builds_on_erased(tx, effects)? =>
        {
            // It was made on a document that is no more; its values could be of whom was erased.
            tx.erase_body(case.pos, &case.entry.payload)?;
            effects.doc.iter().try_for_each(|doc| tx.note_erased_change(doc.change))?;
            Ok((Verdict::Quarantined { reason: Refusal::Erased }, None, Vec::new()))
        }
        Err(Unplaced::Gate(ruhu_core::profile::GateRefusal::Dependency)) => {
            Ok((Verdict::Parked { reason: Refusal::Dependency }, None, Vec::new()))
        }
        Err(Unplaced::Gate(_)) => Ok((Verdict::Quarantined { reason: Refusal::Gate }, None, Vec::new())),
        Err(Unplaced::Storage(why)) => Err(why),
    }
}

/// The verdict that holds now for an entry: a repeat's is its original's.
pub(crate) fn verdict_at(tx: &Tx<'_>, pos: Pos) -> Result<Verdict, StorageError> {
    let missing = StorageError::Damaged { what: "entry" };
    let kept = tx.entry(pos)?.ok_or(missing)?;
    match kept.repeats {
        Some(original) if original < pos => verdict_at(tx, original),
        _ => Ok(kept.verdict),
    }
}

/// Looks again at what was parked about these units, until nothing more moves. A change of a document is only marked:
/// [`Hub::try_marked`] tries it after this transaction, when the mark is on the disk. Whether there is such a one.
pub(crate) fn retry(tx: &Tx<'_>, units: Vec<Unit>, at_ms: i64, node: i64) -> Result<bool, StorageError> {
    let (mut touched, mut marked) = (units, false);
    while let Some(unit) = touched.pop() {
        for waiting in tx.parked_about(unit)? {
            match mark_change(tx, waiting.pos, node)? {
                true => marked = true,
                false => touched.extend(look_again(tx, waiting.pos, at_ms)?),
            }
        }
    }
    Ok(marked)
}

/// Marks a parked change as about to be tried; `false` for anything else, and for one that is never tried again.
fn mark_change(tx: &Tx<'_>, pos: Pos, node: i64) -> Result<bool, StorageError> {
    let Some(kept) = tx.entry(pos)?.filter(|kept| kept.entry.payload.kind == Kind::Doc) else {
        return Ok(false);
    };
    let change = kept.entry.envelope.payload_hash;
    if tx.suspicion(change)? == Some(Suspicion::Lethal) {
        return Ok(false);
    }
    tx.about_to_apply(change, false, node)?;
    Ok(true)
}

/// Looks again at what an older version of this program could not read.
///
/// # Errors
/// [`StorageError`].
pub fn retry_too_new(hub: &Hub) -> Result<(), StorageError> {
    let means = hub.means();
    hub.storage().write::<_, StorageError, _>(move |tx| {
        let at_ms = means.now_ms();
        for waiting in tx.parked_too_new()? {
            if !mark_change(tx, waiting.pos, means.node())? {
                let touched = look_again(tx, waiting.pos, at_ms)?;
                retry(tx, touched, at_ms, means.node())?;
            }
        }
        Ok(())
    })?;
    hub.try_marked()
}

impl Hub {
    /// Tries every parked change that is marked, one at a time, each in a transaction of its own: one that ends the hub is
    /// known when it starts again, is tried alone then, and set aside if it ends it again.
    ///
    /// # Errors
    /// [`StorageError`]; what was not tried keeps its mark.
    pub fn try_marked(&self) -> Result<(), StorageError> {
        while let Some((pos, change, suspected)) = self.storage().read(next_marked)? {
            let node = self.node();
            if suspected {
                self.storage().write(move |tx| tx.about_to_apply(change, true, node))?;
            }
            let means = self.means();
            self.storage().write(move |tx| {
                let at_ms = means.now_ms();
                let touched = look_again(tx, pos, at_ms)?;
                tx.applied(change)?;
                retry(tx, touched, at_ms, node).map(drop)
            })?;
        }
        Ok(())
    }
}

/// The first parked change that is marked, and whether it is suspect.
fn next_marked(tx: &Tx<'_>) -> Result<Option<(Pos, Hash32, bool)>, StorageError> {
    let marked = tx.marked_changes()?;
    if marked.is_empty() {
        return Ok(None);
    }
    for waiting in tx.parked()? {
        let change = tx.entry(waiting.pos)?.map(|kept| kept.entry.envelope.payload_hash);
        if let Some(change) = change.filter(|change| marked.contains(change)) {
            let suspected = tx.suspicion(change)? == Some(Suspicion::Suspect);
            return Ok(Some((waiting.pos, change, suspected)));
        }
    }
    Ok(None)
}

fn look_again(tx: &Tx<'_>, pos: Pos, at_ms: i64) -> Result<Vec<Unit>, StorageError> {
    let Some(kept) = tx.entry(pos)? else { return Ok(Vec::new()) };
    let enrolment = tx.enrolment_by_nr(kept.enrolment)?;
    let salvage = enrolment.revoked_ms.is_some_and(|revoked| revoked <= kept.received_ms);
    let scope = if salvage { Scope::Salvage } else { Scope::Asked };
    let Some(judge) = Judge::of(tx, &enrolment, scope)? else { return Ok(Vec::new()) };
    let contents = kept.entry.payload.read();
    Ok(decide(tx, &judge, Case::again(&kept, &contents), at_ms, true)?.units)
}

impl Desk<'_> {
    /// 准入 – a person admits a quarantined entry: it enters the log at this point. The act is signed into the hub's
    /// chain with its reason, and stands in the audit log.
    ///
    /// # Errors
    /// [`ActError::NotWaiting`], or [`ActError::NotAdmissible`] with the reason that no person can lift: only scope,
    /// and a unit that has come into the roster since, are for a person to decide.
    pub fn admit(&self, pos: Pos, by: AccountId, reason: &str) -> Result<Verdict, ActError> {
        let tx = self.tx();
        let waiting = tx.waiting(pos)?.filter(|one| one.waits == Waits::Quarantined);
        let (Some(waiting), Some(kept)) = (waiting, tx.entry(pos)?) else {
            return Err(ActError::NotWaiting { pos: pos.0 });
        };
        let enrolment = tx.enrolment_by_nr(kept.enrolment)?;
        let judge = Judge::of(tx, &enrolment, Scope::Admitted)?.ok_or(ActError::NotWaiting { pos: pos.0 })?;
        let contents = kept.entry.payload.read();
        let at_ms = self.act_ms()?;
        let decision = decide(tx, &judge, Case::again(&kept, &contents), at_ms, true)?;
        match decision.verdict {
            Verdict::Accepted { .. } => {}
            Verdict::Parked { reason } | Verdict::Quarantined { reason } => {
                // Nothing of it is kept: the error rolls the job back.
                return Err(ActError::NotAdmissible { reason });
            }
            _ => return Err(ActError::NotWaiting { pos: pos.0 }),
        }
        let act = OfficeAct::of(by);
        let words = format!("准入 {}: {reason}", kept.entry.envelope.payload_hash);
        let payload = Payload::of_office(&act, &ReasonBody { words }, self.salt());
        let contents = Contents::Office { act, reason: None };
        self.append(payload, &contents, waiting.unit, waiting.community, at_ms)?;
        self.log(LogKind::Audit, Some(by), "quarantine.admit", &pos.0.to_string())?;
        retry(tx, decision.units, at_ms, self.node())?;
        let recorded = kept.entry.payload.read().map(|contents| contents.unit_facts()).unwrap_or_default();
        amend_closed(self, waiting.community, &recorded)?;
        Ok(decision.verdict)
    }

    /// 不予准入 – a person decides to leave an entry in quarantine; it is kept.
    ///
    /// # Errors
    /// [`ActError::NotWaiting`].
    pub fn leave_in_quarantine(&self, pos: Pos, by: AccountId) -> Result<(), ActError> {
        let tx = self.tx();
        let waiting = tx.waiting(pos)?.filter(|one| one.waits == Waits::Quarantined);
        let waiting = waiting.ok_or(ActError::NotWaiting { pos: pos.0 })?;
        tx.wait(Waiting { left_ms: Some(self.now_ms()), ..waiting })?;
        self.log(LogKind::Audit, Some(by), "quarantine.leave", &pos.0.to_string())?;
        Ok(())
    }

    fn log(
        &self,
        log: LogKind,
        account: Option<AccountId>,
        what: &str,
        target: &str,
    ) -> Result<(), StorageError> {
        let logged = Logged { at_ms: self.now_ms(), account, what: what.into(), target: target.into() };
        self.tx().append_log(log, &logged).map(drop)
    }
}

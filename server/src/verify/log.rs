//! The log itself: every entry proven, every chain unbroken.

use std::collections::BTreeMap;

use ed25519_dalek::VerifyingKey;
use ruhu_core::community::CommunityFile;
use ruhu_core::entry::StreamId;
use ruhu_core::ids::{CommunityId, EnrolmentId, Hash32};
use ruhu_core::projection::{Effects, units_of};
use ruhu_core::sync::wire::Verdict;

use super::checkpoints::Trail;
use super::erasures::Decisions;
use super::{Fault, Report, in_force};
use crate::storage::enrolments::EnrolmentNr;
use crate::storage::log::{ChainAt, Kept, Pos};
use crate::storage::privates::{PrivateRow, Subject};
use crate::storage::waiting::{Waiting, Waits};
use crate::storage::{StorageError, Tx};

type Keys = BTreeMap<EnrolmentNr, (EnrolmentId, VerifyingKey)>;
type Chains = BTreeMap<(EnrolmentNr, u32), ChainAt>;

/// Verifies signatures and chains; the communities as the log tells them.
pub(super) fn verify_log(
    tx: &Tx<'_>,
    trail: &mut Trail,
    report: &mut Report,
) -> Result<BTreeMap<CommunityId, CommunityFile>, StorageError> {
    let enrolled = report.looked(tx.enrolments())?.unwrap_or_default();
    trail.phones(&enrolled);
    let waits = report.looked(tx.all_waiting())?.unwrap_or_default();
    let mut waits: BTreeMap<Pos, Waiting> = waits.into_iter().map(|one| (one.pos, one)).collect();
    let communities_of: BTreeMap<EnrolmentNr, CommunityId> =
        enrolled.iter().filter_map(|one| Some((one.nr, one.of?.1))).collect();
    let privates = report.looked(tx.all_private())?.unwrap_or_default();
    let mut privates: BTreeMap<Pos, PrivateRow> = privates.into_iter().map(|row| (row.pos, row)).collect();
    let keys: Keys = enrolled.into_iter().map(|one| (one.nr, (one.id, one.key))).collect();
    let mut chains = Chains::new();
    let decisions = report.looked(tx.erasures())?.unwrap_or_default();
    let mut decisions = Decisions::new(decisions);
    let mut communities: BTreeMap<CommunityId, CommunityFile> = BTreeMap::new();
    let read = tx.each_entry_as_found(|pos, kept| {
        report.entries += 1;
        let Ok(kept) = kept else {
            report.fault(Fault::Entry(pos));
            return Ok(());
        };
        match keys.get(&kept.enrolment) {
            Some((id, key)) if *id == kept.entry.envelope.enrolment && is_proven(&kept, key) => {}
            _ => report.fault(Fault::Unproven(pos)),
        }
        trail.entry(&kept, report);
        decisions.entry(tx, &kept, report)?;
        link(&mut chains, &kept, report);
        let at = tx.entry_at(kept.enrolment, kept.entry.envelope.epoch, kept.entry.envelope.seq);
        if report.looked_at(at, || Fault::Link(pos))?.is_some_and(|at| at.map(|at| at.pos) != Some(pos)) {
            report.fault(Fault::Link(pos));
        }
        if !waits_so(&kept, waits.remove(&pos), communities_of.get(&kept.enrolment).copied()) {
            report.fault(Fault::Waiting(pos));
        }
        if let Some(effects) = in_force(&kept) {
            decisions.said(&kept, &effects);
            if !is_listed(&kept, &effects, privates.remove(&pos), &communities_of) {
                report.fault(Fault::Private(pos));
            }
            let placed = is_concerned(tx, &kept, &effects);
            if report.looked_at(placed, || Fault::Misplaced(pos))? == Some(false) {
                report.fault(Fault::Misplaced(pos));
            }
            if let Verdict::Accepted { stream: StreamId::Community(id), .. } = kept.verdict {
                let file = communities.entry(id).or_default();
                for one in effects.community {
                    file.insert(one.stamp, one.by, one.fact);
                }
            }
        }
        Ok::<_, StorageError>(())
    });
    report.looked(read)?;
    trail.end(report);
    decisions.end(report);
    for pos in waits.into_keys() {
        report.fault(Fault::Waiting(pos));
    }
    for pos in privates.into_keys() {
        report.fault(Fault::Private(pos));
    }
    verify_chains(tx, chains, &keys, report)?;
    Ok(communities)
}

/// Holds where each chain stands against where its entries lead.
fn verify_chains(tx: &Tx<'_>, chains: Chains, keys: &Keys, report: &mut Report) -> Result<(), StorageError> {
    let stored = report.looked(tx.chains())?.unwrap_or_default();
    let mut unseen = chains;
    for (nr, epoch, at) in stored {
        if unseen.remove(&(nr, epoch)) != Some(at)
            && let Some((id, _)) = keys.get(&nr)
        {
            report.fault(Fault::Chain(*id, epoch));
        }
    }
    for (nr, epoch) in unseen.into_keys() {
        if let Some((id, _)) = keys.get(&nr) {
            report.fault(Fault::Chain(*id, epoch));
        }
    }
    Ok(())
}

/// Whether what stands between the desk and a worker is listed as it says, and nothing else is. The hub's own entries name
/// no community: theirs is the one the row gives.
fn is_listed(
    kept: &Kept,
    effects: &Effects,
    noted: Option<PrivateRow>,
    of: &BTreeMap<EnrolmentNr, CommunityId>,
) -> bool {
    match (effects.private.as_deref(), noted) {
        (None, None) => true,
        (Some(private), Some(row)) => {
            let community = of.get(&kept.enrolment).copied().unwrap_or(row.community);
            (row.worker, row.subject, row.community) == (private.worker(), Subject::of(private), community)
        }
        _ => false,
    }
}

fn is_proven(kept: &Kept, key: &VerifyingKey) -> bool {
    kept.entry.prove(key).is_ok()
}

fn link(chains: &mut Chains, kept: &Kept, report: &mut Report) {
    let envelope = &kept.entry.envelope;
    let start = ChainAt { next_seq: 1, previous: Hash32::ZERO };
    let at = chains.entry((kept.enrolment, envelope.epoch)).or_insert(start);
    if (at.next_seq, at.previous) != (envelope.seq, envelope.previous) {
        report.fault(Fault::Link(kept.pos));
    }
    *at = ChainAt { next_seq: envelope.seq + 1, previous: envelope.hash() };
}

/// Whether an entry that is not in force is written down as waiting, as its verdict says and for whom it says. A repeat
/// waits where its original does.
fn waits_so(kept: &Kept, noted: Option<Waiting>, of: Option<CommunityId>) -> bool {
    let waits = match kept.verdict {
        Verdict::Parked { reason } => Some((Waits::Parked, reason)),
        Verdict::Quarantined { reason } => Some((Waits::Quarantined, reason)),
        _ => None,
    };
    let expected = waits.filter(|_| kept.repeats.is_none());
    let unit = kept.entry.envelope.unit;
    match (expected, noted) {
        (None, None) => true,
        (Some((waits, reason)), Some(noted)) => {
            (noted.waits, noted.reason, noted.unit) == (waits, reason, unit) && Some(noted.community) == of
        }
        _ => false,
    }
}

fn is_concerned(tx: &Tx<'_>, kept: &Kept, effects: &Effects) -> Result<bool, StorageError> {
    for unit in units_of(effects) {
        let known = tx.unit(unit)?;
        let concerned = match known {
            Some(row) => tx.entries_of(row.nr)?.contains(&kept.pos),
            None => false,
        };
        if !concerned {
            return Ok(false);
        }
    }
    Ok(true)
}

//! 有效 – which facts of a file hold, and which visits are in effect.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::fact::Fact;
use crate::file::{Stamp, StampedFact, UnitFile};
use crate::ids::{DwellingId, Hash32, WorkerId};
use crate::roster::{By, Unit};
use crate::time::DayBand;
use crate::visit::{VisitOutcome, VisitSkeleton};

/// What was said in a file about its other records: taken back, returned, confirmed, found false, corrected.
///
/// Where `coverage.md` is silent:
/// * A withdrawal takes back every fact of the entry it names and is final itself; who wants the record back
///   records it again.
/// * Confirmed and returned answer each other: the later stamp holds. A returned entry loses its provisional
///   facts, never a visit.
/// * A correction that its author was not allowed to make, or whose target is unknown, stands as a record of its
///   own and corrects nothing.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    withdrawn: Vec<(Hash32, By)>,
    /// Sorted by target, then by stamp; `true` is confirmed, `false` returned.
    judged: Vec<(Hash32, bool)>,
    /// Sorted by target, then by stamp.
    found_false: Vec<(Hash32, bool)>,
    superseded: BTreeSet<Hash32>,
}

/// 有效走访 – a visit that is neither withdrawn nor superseded, reduced to what coverage reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EffectiveVisit {
    /// The record; its `entry` is the payload hash.
    pub record: Stamp,
    /// The door that was knocked on.
    pub dwelling: DwellingId,
    /// Who knocked.
    pub made_by: WorkerId,
    /// The stated local date.
    pub visited_on: NaiveDate,
    /// The part of the day; `None` when the time is not known.
    pub band: Option<DayBand>,
    /// What happened.
    pub outcome: VisitOutcome,
    /// Recorded or confirmed by the lead.
    pub confirmed: bool,
    /// Found false, and not restored since.
    pub found_false: bool,
    /// The door was the unit's own that day: an observation of another door says nothing about this unit.
    pub at_home: bool,
}

impl EffectiveVisit {
    /// 见面 – an adult was met in person, and nobody found otherwise.
    #[must_use]
    pub const fn is_meeting(&self) -> bool {
        !self.found_false && matches!(self.outcome, VisitOutcome::Met { .. })
    }
}

impl Standing {
    /// Reads what a file says about its own records.
    #[must_use]
    pub fn of(file: &UnitFile) -> Self {
        let mut standing = Self::default();
        if !file.facts().any(|(_, stamped)| speaks_of_records(&stamped.fact)) {
            return standing;
        }
        standing.withdrawn = file
            .facts()
            .filter_map(|(_, stamped)| match &stamped.fact {
                Fact::Withdrawn { target } => Some((*target, stamped.by)),
                _ => None,
            })
            .collect();
        standing.withdrawn.sort_unstable();
        for (stamp, stamped) in file.facts().filter(|(_, stamped)| is_desk(stamped.by)) {
            if standing.is_withdrawn(stamp, stamped.by) {
                continue;
            }
            match &stamped.fact {
                Fact::Confirmed { target } => standing.judged.push((*target, true)),
                Fact::Returned { target } => standing.judged.push((*target, false)),
                Fact::Found { target, falsified } => standing.found_false.push((*target, *falsified)),
                _ => {}
            }
        }
        // Stable, so that within one target the order of recording stays.
        standing.judged.sort_by_key(|(target, _)| *target);
        standing.found_false.sort_by_key(|(target, _)| *target);
        standing.superseded = standing.superseded_records(file);
        standing
    }

    /// Whether a fact holds: said by somebody who may, not withdrawn, not returned, not superseded.
    #[must_use]
    pub fn holds(&self, stamp: &Stamp, stamped: &StampedFact) -> bool {
        let may_say = is_desk(stamped.by) || stamped.fact.may_come_from_a_phone();
        if !may_say || self.is_withdrawn(stamp, stamped.by) || self.is_returned(stamp, stamped) {
            return false;
        }
        !matches!(stamped.fact, Fact::Visited(_)) || !self.superseded.contains(&stamp.entry)
    }

    /// Whether the lead returned this provisional fact; the desk's own facts and visits cannot be returned.
    #[must_use]
    pub fn is_returned(&self, stamp: &Stamp, stamped: &StampedFact) -> bool {
        !is_desk(stamped.by)
            && !matches!(stamped.fact, Fact::Visited(_) | Fact::Withdrawn { .. })
            && last_said(&self.judged, &stamp.entry) == Some(false)
    }

    /// Whether the lead vouches for a record: it is the desk's own, or confirmed and not returned since.
    #[must_use]
    pub fn is_confirmed(&self, stamp: &Stamp, stamped: &StampedFact) -> bool {
        is_desk(stamped.by) || last_said(&self.judged, &stamp.entry) == Some(true)
    }

    /// The visits in effect that were paid to one of `units`, by date, then stamp.
    ///
    /// A correction may move a visit to another unit: it then stands in both files, corrects the record here and
    /// counts there.
    #[must_use]
    pub fn effective_visits(&self, file: &UnitFile, units: &[Unit]) -> Vec<EffectiveVisit> {
        let mut visits: Vec<EffectiveVisit> = file
            .facts()
            .filter_map(|(stamp, stamped)| match &stamped.fact {
                Fact::Visited(visit) if units.contains(&visit.unit) && self.holds(stamp, stamped) => {
                    Some(self.effective(stamp, stamped, visit))
                }
                _ => None,
            })
            .collect();
        visits.sort_unstable_by_key(|visit| (visit.visited_on, visit.record));
        visits
    }

    fn effective(&self, stamp: &Stamp, stamped: &StampedFact, visit: &VisitSkeleton) -> EffectiveVisit {
        EffectiveVisit {
            record: *stamp,
            dwelling: visit.dwelling,
            made_by: visit.made_by,
            visited_on: visit.visited_on,
            band: visit.visited_at.map(DayBand::of),
            outcome: visit.outcome,
            confirmed: self.is_confirmed(stamp, stamped),
            found_false: last_said(&self.found_false, &stamp.entry) == Some(true),
            at_home: true,
        }
    }

    fn is_withdrawn(&self, stamp: &Stamp, author: By) -> bool {
        let first = self.withdrawn.partition_point(|(target, _)| *target < stamp.entry);
        let of_this = self.withdrawn.iter().skip(first).take_while(|(target, _)| *target == stamp.entry);
        of_this.map(|(_, by)| *by).any(|by| is_desk(by) || by == author)
    }

    /// Every record with a descendant that was not withdrawn. Each record names one ancestor at most, so the walk
    /// up is a line; it ends at a record already marked, so that a circle of hostile records cannot hold it.
    fn superseded_records(&self, file: &UnitFile) -> BTreeSet<Hash32> {
        let mut superseded = BTreeSet::new();
        let mut records: Vec<(Hash32, By, Option<Hash32>)> = file
            .facts()
            .filter_map(|(stamp, stamped)| match &stamped.fact {
                Fact::Visited(visit) => Some((stamp.entry, stamped.by, visit.supersedes)),
                _ => None,
            })
            .collect();
        if records.iter().all(|(.., supersedes)| supersedes.is_none()) {
            return superseded;
        }
        records.sort_unstable();
        let find = |hash: &Hash32| {
            let at = records.partition_point(|(entry, ..)| entry < hash);
            records.get(at).filter(|(entry, ..)| entry == hash).copied()
        };
        for (stamp, stamped) in file.facts() {
            let Fact::Visited(visit) = &stamped.fact else { continue };
            if self.is_withdrawn(stamp, stamped.by) {
                continue;
            }
            let (mut by, mut next) = (stamped.by, visit.supersedes);
            while let Some((target, author, further)) = next.as_ref().and_then(&find) {
                let allowed = is_desk(by) || by == author;
                if !allowed || target == stamp.entry || !superseded.insert(target) {
                    break;
                }
                (by, next) = (author, further);
            }
        }
        superseded
    }
}

pub(super) const fn is_desk(by: By) -> bool {
    matches!(by, By::Desk(_))
}

const fn speaks_of_records(fact: &Fact) -> bool {
    match fact {
        Fact::Withdrawn { .. } | Fact::Confirmed { .. } | Fact::Returned { .. } | Fact::Found { .. } => true,
        Fact::Visited(visit) => visit.supersedes.is_some(),
        _ => false,
    }
}

fn last_said(said: &[(Hash32, bool)], target: &Hash32) -> Option<bool> {
    let after = said.partition_point(|(one, _)| one <= target);
    let last = said.get(after.checked_sub(1)?)?;
    (last.0 == *target).then_some(last.1)
}

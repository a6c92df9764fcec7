//! 户档 – everything known of one unit, as a grow-only set of stamped facts.
//!
//! The set is the same whatever the order of arrival and however often a fact arrives: phone and hub agree
//! because both only ever insert. What the facts *mean* on a given day is derived, never stored.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::ids::Hash32;
use crate::roster::{By, Unit};

/// 户档 – the facts of one household or one door, in the order of recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitFile {
    unit: Unit,
    facts: Vec<(Stamp, StampedFact)>,
}

/// Where a fact stands in the one order that phones and hub share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stamp {
    /// When it was recorded, in milliseconds since 1970 UTC; bounded by the hub (see [`UnitFile::restamp`]).
    pub recorded_ms: i64,
    /// Payload hash of the entry that carried it.
    pub entry: Hash32,
    /// Which fact of that entry, from 0.
    pub nth: u16,
}

/// A fact with who recorded it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StampedFact {
    /// The worker or the desk.
    pub by: By,
    /// What is said.
    pub fact: Fact,
}

impl Stamp {
    /// The instant of recording.
    #[must_use]
    pub fn recorded_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.recorded_ms).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

impl UnitFile {
    /// A file of a unit nothing is known of yet.
    #[must_use]
    pub const fn new(unit: Unit) -> Self {
        Self { unit, facts: Vec::new() }
    }

    /// Whose file it is.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        self.unit
    }

    /// Adds a fact. The same fact of the same entry is never added twice, whatever time it is stamped with.
    /// Returns whether it was new.
    pub fn insert(&mut self, stamp: Stamp, fact: StampedFact) -> bool {
        if self.facts.iter().any(|(known, _)| (known.entry, known.nth) == (stamp.entry, stamp.nth)) {
            return false;
        }
        let place = self.facts.partition_point(|(known, _)| *known < stamp);
        self.facts.insert(place, (stamp, fact));
        true
    }

    /// Puts an entry's facts at the time the hub bounded it to: not before the phone's last hub time, not after
    /// receipt (`design.md` 5, "Time"). Returns whether anything moved.
    pub fn restamp(&mut self, entry: Hash32, recorded_ms: i64) -> bool {
        let mut moved = false;
        for (stamp, _) in self.facts.iter_mut().filter(|(stamp, _)| stamp.entry == entry) {
            moved |= stamp.recorded_ms != recorded_ms;
            stamp.recorded_ms = recorded_ms;
        }
        if moved {
            self.facts.sort_by_key(|(stamp, _)| *stamp);
        }
        moved
    }

    /// All facts in the order of recording.
    pub fn facts(&self) -> impl DoubleEndedIterator<Item = (&Stamp, &StampedFact)> {
        self.facts.iter().map(|(stamp, fact)| (stamp, fact))
    }

    /// Whether nothing is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The facts of both files; for two records of one household.
    #[must_use]
    pub fn union(mut self, other: &Self) -> Self {
        for (stamp, fact) in other.facts() {
            self.insert(*stamp, fact.clone());
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{HouseholdId, WorkerId};
    use proptest::prelude::*;

    fn stamped(recorded_ms: i64, entry: u8) -> (Stamp, StampedFact) {
        let fact = Fact::Withdrawn { target: Hash32([entry; 32]) };
        let stamp = Stamp { recorded_ms, entry: Hash32([entry; 32]), nth: 0 };
        (stamp, StampedFact { by: By::Worker(WorkerId::from_bytes([1; 16])), fact })
    }

    fn file_of(facts: &[(Stamp, StampedFact)]) -> UnitFile {
        let mut file = UnitFile::new(Unit::Household(HouseholdId::from_bytes([9; 16])));
        for (stamp, fact) in facts {
            file.insert(*stamp, fact.clone());
        }
        file
    }

    proptest! {
        #[test]
        fn a_file_ignores_order_and_repeats(times in prop::collection::vec(0i64..5, 1..12), swaps in any::<u64>()) {
            let facts: Vec<_> = times.iter().zip(0u8..).map(|(ms, entry)| stamped(*ms, entry)).collect();
            let mut shuffled = facts.clone();
            let len = shuffled.len();
            for nth in 0..len {
                shuffled.swap(nth, (usize::try_from(swaps % 97).unwrap() + nth * 7) % len);
            }
            shuffled.extend(facts.clone());
            prop_assert_eq!(file_of(&facts), file_of(&shuffled));
        }
    }

    #[test]
    fn a_file_survives_the_compact_form_it_is_stored_in() {
        let mut file = file_of(&[stamped(5, 1)]);
        let listed = Fact::DwellingListed {
            address: crate::roster::Address { door: "501".into(), ..Default::default() },
            used_as: crate::roster::DwellingUse::Home,
            grid: crate::ids::GridId::from_bytes([4; 16]),
            from: "2026-07-01".parse().unwrap(),
        };
        let visited = Fact::Visited(crate::visit::VisitSkeleton {
            visit: crate::ids::VisitId::from_bytes([1; 16]),
            unit: file.unit(),
            dwelling: crate::ids::DwellingId::from_bytes([2; 16]),
            made_by: WorkerId::from_bytes([3; 16]),
            visited_on: "2026-07-05".parse().unwrap(),
            visited_at: None,
            outcome: crate::visit::VisitOutcome::Declined { do_not_ask_until: None },
            late_entry: false,
            supersedes: None,
        });
        for (nth, fact) in [(1, listed), (2, visited)] {
            let by = By::Worker(WorkerId::from_bytes([1; 16]));
            file.insert(Stamp { recorded_ms: 6, entry: Hash32([9; 32]), nth }, StampedFact { by, fact });
        }
        let bytes = postcard::to_allocvec(&file).unwrap();
        assert_eq!(postcard::from_bytes::<UnitFile>(&bytes).unwrap(), file);
    }

    #[test]
    fn the_hub_moves_an_entry_to_the_time_it_can_vouch_for() {
        let mut file = file_of(&[stamped(5, 1), stamped(6, 2)]);
        assert!(file.restamp(Hash32([2; 32]), 1));
        assert_eq!(file.facts().map(|(stamp, _)| stamp.recorded_ms).collect::<Vec<_>>(), [1, 5]);
        assert!(!file.restamp(Hash32([2; 32]), 1));
    }
}

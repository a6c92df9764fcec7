//! 合并记录 – which records of one household were joined into another.

use std::collections::{BTreeMap, BTreeSet};

use super::standing::{Standing, is_desk};
use crate::fact::Fact;
use crate::file::{Stamp, UnitFile};
use crate::ids::HouseholdId;
use crate::roster::Unit;

/// Every joined record with the record that goes on for it. Records that stand alone are not named.
///
/// For each two records the latest word of the desk decides, in whichever of the two files it stands; a record
/// joined into several goes to the one joined last. A chain is followed to its end; in a circle, which only
/// contradicting decisions can make, the record with the smallest id goes on.
#[must_use]
pub fn survivors<'a>(files: impl IntoIterator<Item = &'a UnitFile>) -> BTreeMap<HouseholdId, HouseholdId> {
    let mut words: BTreeMap<(HouseholdId, HouseholdId), (Stamp, Word)> = BTreeMap::new();
    for file in files {
        let Unit::Household(own) = file.unit() else { continue };
        if !file.facts().any(|(_, stamped)| speaks_of_joining(&stamped.fact)) {
            continue;
        }
        let standing = Standing::of(file);
        for (stamp, stamped) in file.facts() {
            if !is_desk(stamped.by) || !standing.holds(stamp, stamped) {
                continue;
            }
            let (from, into, joined) = match &stamped.fact {
                Fact::SameAs { into } => (own, *into, true),
                Fact::Absorbs { other } => (*other, own, true),
                Fact::Parted { other } => (own, *other, false),
                _ => continue,
            };
            let word = if joined { Word::Joined { from, into } } else { Word::Parted };
            let pair = (from.min(into), from.max(into));
            let said = words.entry(pair).or_insert((*stamp, word));
            if said.0 < *stamp {
                *said = (*stamp, word);
            }
        }
    }
    let mut next: BTreeMap<HouseholdId, (Stamp, HouseholdId)> = BTreeMap::new();
    for (stamp, word) in words.into_values() {
        let Word::Joined { from, into } = word else { continue };
        let last = next.entry(from).or_insert((stamp, into));
        if from != into && last.0 < stamp {
            *last = (stamp, into);
        }
    }
    next.keys().map(|from| (*from, end_of(&next, *from))).filter(|(from, into)| from != into).collect()
}

#[derive(Clone, Copy)]
enum Word {
    Joined { from: HouseholdId, into: HouseholdId },
    Parted,
}

const fn speaks_of_joining(fact: &Fact) -> bool {
    matches!(fact, Fact::SameAs { .. } | Fact::Absorbs { .. } | Fact::Parted { .. })
}

fn end_of(next: &BTreeMap<HouseholdId, (Stamp, HouseholdId)>, from: HouseholdId) -> HouseholdId {
    let mut seen = BTreeSet::new();
    let mut at = from;
    while seen.insert(at) {
        match next.get(&at) {
            Some((_, into)) => at = *into,
            None => return at,
        }
    }
    // `at` is on the circle: once around it for its smallest id.
    let (start, mut smallest) = (at, at);
    while let Some((_, into)) = next.get(&at) {
        at = *into;
        smallest = smallest.min(at);
        if at == start {
            break;
        }
    }
    smallest
}

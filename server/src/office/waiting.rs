//! 待定 – what waits for the lead: provisional facts, observations that need confirming, suggested joins.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ruhu_core::category::Scalar;
use ruhu_core::closing;
use ruhu_core::fact::Fact;
use ruhu_core::file::{Stamp, StampedFact, UnitFile};
use ruhu_core::ids::{Hash32, HouseholdId, WorkerId};
use ruhu_core::life::Standing;
use ruhu_core::profile::Profile;
use ruhu_core::roster::{By, Unit};
use ruhu_core::time::Period;
use ruhu_core::visit::VisitOutcome;

use super::OfficeError;
use super::roll::Roll;
use crate::storage::{StorageError, Tx};

/// Most days between the first recordings of two records that may be one household.
const PAIR_DAYS: i64 = 60;

/// 待确认 – one record of a phone about one unit that the lead has not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// About whom.
    pub unit: Unit,
    /// The record; what it is confirmed and returned by.
    pub entry: Hash32,
    /// Who recorded it.
    pub by: WorkerId,
    /// The local date of recording, of a visit its stated date.
    pub on: NaiveDate,
    /// What it says, in order.
    pub facts: Vec<Fact>,
}

/// 建议合并 – two records that may be one household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Recorded first: the one that would go on.
    pub first: HouseholdId,
    /// Recorded later.
    pub later: HouseholdId,
    /// Whether they have a member's name in common.
    pub same_name: bool,
    /// Whether they have a telephone in common.
    pub same_phone: bool,
}

/// Everything of a community that waits, as doors are walked.
#[must_use]
pub fn pending(roll: &Roll) -> Vec<Pending> {
    roll.units().flat_map(|one| pending_of(roll, &one.file)).collect()
}

/// What waits of one unit: provisional facts of phones; 查无此户 and 不便/不安全 of every quarter that is not closed.
#[must_use]
pub fn pending_of(roll: &Roll, file: &UnitFile) -> Vec<Pending> {
    let standing = Standing::of(file);
    let answered = answered(file, &standing);
    // What the figures of an open quarter still depend on goes on waiting when the next one begins.
    let open = |day: NaiveDate| closing::of(roll.file(), Period::quarter_of(day)).is_none();
    let mut found: BTreeMap<(Stamp, Hash32), Pending> = BTreeMap::new();
    for (stamp, stamped) in file.facts() {
        let By::Worker(by) = stamped.by else { continue };
        if answered.contains(&stamp.entry) || !standing.holds(stamp, stamped) {
            continue;
        }
        let on = match &stamped.fact {
            Fact::Visited(visit) if needs_the_lead(visit.outcome) && open(visit.visited_on) => {
                visit.visited_on
            }
            Fact::Visited(_) | Fact::Withdrawn { .. } => continue,
            _ => roll.file().zone().date(stamp.recorded_at()),
        };
        let first = Stamp { nth: 0, ..*stamp };
        let waits = found.entry((first, stamp.entry)).or_insert_with(|| Pending {
            unit: file.unit(),
            entry: stamp.entry,
            by,
            on,
            facts: Vec::new(),
        });
        waits.facts.push(stamped.fact.clone());
    }
    found.into_values().collect()
}

/// Whether an outcome leaves the base only once the lead confirmed it (`coverage.md`, "Evidence").
#[must_use]
pub const fn needs_the_lead(outcome: VisitOutcome) -> bool {
    matches!(outcome, VisitOutcome::NoSuchAddress | VisitOutcome::Unsafe)
}

/// 建议合并 – households living at one address, first recorded by different hands within 60 days of each other, that
/// share a name or a telephone and that nobody joined or parted before.
///
/// # Errors
/// [`StorageError`].
pub fn pairs(tx: &Tx<'_>, roll: &Roll) -> Result<Vec<Pair>, OfficeError> {
    let mut at: BTreeMap<&str, Vec<HouseholdId>> = BTreeMap::new();
    for one in roll.units() {
        if let Unit::Household(id) = one.row.unit
            && !one.row.walking_key.is_empty()
            && roll.survivor(id) == id
        {
            at.entry(&one.row.walking_key).or_default().push(id);
        }
    }
    let mut pairs = Vec::new();
    for ids in at.into_values().filter(|ids| 1 < ids.len()) {
        let living: Vec<HouseholdId> = ids.into_iter().filter(|id| roll.is_living(*id)).collect();
        for (nth, one) in living.iter().enumerate() {
            for other in living.iter().skip(nth + 1) {
                pairs.extend(pair(tx, roll, *one, *other)?);
            }
        }
    }
    Ok(pairs)
}

fn pair(
    tx: &Tx<'_>,
    roll: &Roll,
    one: HouseholdId,
    other: HouseholdId,
) -> Result<Option<Pair>, StorageError> {
    let (Some((one_at, one_by)), Some((other_at, other_by))) = (recorded(roll, one), recorded(roll, other))
    else {
        return Ok(None);
    };
    let apart = (one_at.recorded_at() - other_at.recorded_at()).num_days().abs();
    if one_by == other_by || PAIR_DAYS < apart || were_parted(roll, one, other) {
        return Ok(None);
    }
    let (mine, others) = (Marks::of(tx, one)?, Marks::of(tx, other)?);
    let same_name = !mine.names.is_disjoint(&others.names);
    let same_phone = !mine.phones.is_disjoint(&others.phones);
    if !same_name && !same_phone {
        return Ok(None);
    }
    let (first, later) = if one_at <= other_at { (one, other) } else { (other, one) };
    Ok(Some(Pair { first, later, same_name, same_phone }))
}

/// Names and telephones of a household, to be compared and never shown.
struct Marks {
    names: BTreeSet<String>,
    phones: BTreeSet<String>,
}

impl Marks {
    fn of(tx: &Tx<'_>, household: HouseholdId) -> Result<Self, StorageError> {
        let mut marks = Self { names: BTreeSet::new(), phones: BTreeSet::new() };
        for (key, values) in fields_of(tx, Unit::Household(household))? {
            let last = key.rsplit('/').next().unwrap_or_default();
            for text in values.iter().map(ToString::to_string) {
                match last {
                    "name" => marks.names.insert(text.split_whitespace().collect()),
                    "phone" | "phone2" => {
                        marks.phones.insert(text.chars().filter(char::is_ascii_digit).collect())
                    }
                    _ => continue,
                };
            }
        }
        Ok(marks)
    }
}

/// The fields of a household; none before its first edit.
///
/// # Errors
/// [`StorageError`], also when the document is damaged.
pub fn fields_of(tx: &Tx<'_>, unit: Unit) -> Result<BTreeMap<String, Vec<Scalar>>, StorageError> {
    let Some(row) = tx.unit(unit)? else { return Ok(BTreeMap::new()) };
    let Some(doc) = tx.unit_doc(row.nr)? else { return Ok(BTreeMap::new()) };
    let profile = Profile::load(&doc).map_err(|_| StorageError::Damaged { what: "household document" })?;
    Ok(profile.fields())
}

fn recorded(roll: &Roll, household: HouseholdId) -> Option<(Stamp, By)> {
    let file = &roll.unit(Unit::Household(household))?.file;
    let settled = file.facts().find(|(_, stamped)| matches!(stamped.fact, Fact::Settled { .. }));
    settled.map(|(stamp, stamped)| (*stamp, stamped.by))
}

/// A person looked at these two before, said they are two, and did not take it back.
fn were_parted(roll: &Roll, one: HouseholdId, other: HouseholdId) -> bool {
    let says = |own: HouseholdId, of: HouseholdId| {
        let Some(listed) = roll.unit(Unit::Household(own)) else { return false };
        let standing = Standing::of(&listed.file);
        listed.file.facts().any(|(stamp, stamped)| {
            matches!(stamped.fact, Fact::Parted { other } if other == of) && standing.holds(stamp, stamped)
        })
    };
    says(one, other) || says(other, one)
}

/// The records of a file that the desk confirmed or returned.
fn answered(file: &UnitFile, standing: &Standing) -> BTreeSet<Hash32> {
    let says = |(stamp, stamped): (&Stamp, &StampedFact)| match stamped.fact {
        Fact::Confirmed { target } | Fact::Returned { target } if standing.holds(stamp, stamped) => {
            Some(target)
        }
        _ => None,
    };
    file.facts().filter_map(says).collect()
}

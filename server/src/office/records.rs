//! 对单条记录的决定 – confirming and returning what phones recorded, taking a record back, correcting a visit.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::ids::{Hash32, VisitId};
use ruhu_core::life::Standing;
use ruhu_core::roster::{Informant, Unit};
use ruhu_core::visit::{MeetingPlace, OutcomeCode, VisitOutcome};

use super::OfficeError;
use super::roll::Roll;
use super::waiting::{Pending, pending, pending_of};

/// 确认 – the lead vouches for a record, named by its number or by the unit it is about. A suggested key household
/// becomes one: a phone's own mark has no effect.
///
/// # Errors
/// [`OfficeError::NothingWaits`], or a name that names nothing.
pub fn confirm(roll: &Roll, wanted: &str) -> Result<Vec<UnitFact>, OfficeError> {
    let mut facts = Vec::new();
    for one in waiting(roll, wanted)? {
        facts.push(UnitFact { unit: one.unit, fact: Fact::Confirmed { target: one.entry } });
        facts.extend(one.facts.iter().filter_map(|fact| match fact {
            Fact::KeyMark { key, .. } => {
                Some(UnitFact { unit: one.unit, fact: Fact::KeyMark { key: *key, on: roll.today() } })
            }
            _ => None,
        }));
    }
    Ok(facts)
}

/// 退回 – the lead returns a record: its provisional facts hold no longer, its observation deducts nothing. A visit
/// itself stays.
///
/// # Errors
/// [`OfficeError::NothingWaits`], or a name that names nothing.
pub fn give_back(roll: &Roll, wanted: &str) -> Result<Vec<UnitFact>, OfficeError> {
    let returned = |one: Pending| UnitFact { unit: one.unit, fact: Fact::Returned { target: one.entry } };
    Ok(waiting(roll, wanted)?.into_iter().map(returned).collect())
}

/// 撤回 – takes a record back, of whomever; every unit it says something about is told. Final: who wants it back
/// records it again.
///
/// # Errors
/// [`OfficeError::HoldsNoLonger`], or a number that names nothing.
pub fn withdraw(roll: &Roll, wanted: &str) -> Result<Vec<UnitFact>, OfficeError> {
    let target = roll.entry(wanted)?;
    let units: BTreeSet<Unit> = roll
        .facts_of(target)
        .filter(|(one, stamp, stamped)| Standing::of(&one.file).holds(stamp, stamped))
        .filter(|(.., stamped)| !matches!(stamped.fact, Fact::Withdrawn { .. }))
        .map(|(one, ..)| one.row.unit)
        .collect();
    if units.is_empty() {
        return Err(OfficeError::HoldsNoLonger);
    }
    Ok(units.into_iter().map(|unit| UnitFact { unit, fact: Fact::Withdrawn { target } }).collect())
}

/// 撤销 – takes the entries of one decision back together, named by their numbers with commas between them.
///
/// # Errors
/// As [`withdraw`].
pub fn withdraw_all(roll: &Roll, wanted: &str) -> Result<Vec<UnitFact>, OfficeError> {
    let each = wanted.split(',').filter(|one| !one.is_empty()).map(|one| withdraw(roll, one));
    Ok(each.collect::<Result<Vec<_>, _>>()?.concat())
}

/// 更正 – what the lead corrects of a visit; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Correction {
    /// What happened.
    pub outcome: Option<OutcomeCode>,
    /// On which day.
    pub visited_on: Option<NaiveDate>,
    /// Whose word it is, where the outcome needs one.
    pub told_by: Option<Informant>,
}

/// 更正走访 – a new record that supersedes a visit; `visit` is the new record's id. Who knocked stays who knocked.
///
/// # Errors
/// [`OfficeError`]: not a visit in effect, nothing changed, or a day that has not come.
pub fn supersede(
    roll: &Roll,
    wanted: &str,
    correction: &Correction,
    visit: VisitId,
) -> Result<Vec<UnitFact>, OfficeError> {
    let target = roll.entry(wanted)?;
    let found = roll.facts_of(target).find_map(|(one, stamp, stamped)| match &stamped.fact {
        Fact::Visited(old) if Standing::of(&one.file).holds(stamp, stamped) => Some(old),
        _ => None,
    });
    let old = found.ok_or(OfficeError::NotAVisit)?;
    let outcome = correction.outcome.map(|code| outcome(code, correction.told_by)).transpose()?;
    let mut new = old.clone();
    new.outcome = outcome.unwrap_or(old.outcome);
    new.visited_on = correction.visited_on.unwrap_or(old.visited_on);
    if &new == old {
        return Err(OfficeError::NothingCorrected);
    }
    let (day, today) = (new.visited_on, roll.today());
    if today < day {
        return Err(OfficeError::InFuture { day, today });
    }
    (new.visit, new.supersedes) = (visit, Some(target));
    Ok(vec![UnitFact { unit: new.unit, fact: Fact::Visited(new) }])
}

fn waiting(roll: &Roll, wanted: &str) -> Result<Vec<Pending>, OfficeError> {
    let found: Vec<Pending> = match roll.entry(wanted) {
        Ok(entry) => of_entry(roll, entry),
        Err(why @ OfficeError::SeveralEntries { .. }) => return Err(why),
        Err(_) => {
            let unit = roll.find(wanted)?;
            roll.unit(unit).map(|one| pending_of(roll, &one.file)).unwrap_or_default()
        }
    };
    if found.is_empty() { Err(OfficeError::NothingWaits) } else { Ok(found) }
}

fn of_entry(roll: &Roll, entry: Hash32) -> Vec<Pending> {
    pending(roll).into_iter().filter(|one| one.entry == entry).collect()
}

fn outcome(code: OutcomeCode, told_by: Option<Informant>) -> Result<VisitOutcome, OfficeError> {
    let needs = |missing| OfficeError::OutcomeNeeds { outcome: code.to_string(), missing };
    let told = || told_by.ok_or_else(|| needs("--told-by"));
    Ok(match code {
        OutcomeCode::Met => VisitOutcome::Met { place: MeetingPlace::Inside },
        OutcomeCode::MetAtDoor => VisitOutcome::Met { place: MeetingPlace::Door },
        OutcomeCode::NotHome => VisitOutcome::NotHome { note_left: false },
        OutcomeCode::Declined => VisitOutcome::Declined { do_not_ask_until: None },
        OutcomeCode::Phone => VisitOutcome::Phone,
        OutcomeCode::CameToOffice => VisitOutcome::CameToOffice,
        OutcomeCode::Vacant => VisitOutcome::Vacant { confirmed_by: told_by },
        OutcomeCode::LetUnverified => VisitOutcome::LetUnverified,
        OutcomeCode::MovedAway => VisitOutcome::MovedAway { told_by: told()?, left_on: None },
        OutcomeCode::RegisteredOnly => VisitOutcome::RegisteredOnly,
        OutcomeCode::NoSuchAddress => VisitOutcome::NoSuchAddress,
        OutcomeCode::Rescheduled => VisitOutcome::Rescheduled,
        OutcomeCode::Unsafe => VisitOutcome::Unsafe,
        OutcomeCode::Told => VisitOutcome::Told { by: told()? },
    })
}

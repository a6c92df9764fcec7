//! 户的决定 – joining, parting, moving, regridding and the rest, each as the facts that say so. Pure over a [`Roll`].

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};
use ruhu_core::closing;
use ruhu_core::coverage::ObligationState;
use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::ids::{DwellingId, GridId, HouseholdId};
use ruhu_core::roster::{DwellingUse, Informant, Unit};
use ruhu_core::time::Period;
use ruhu_core::visit::VisitDraft;

use super::OfficeError;
use super::roll::Roll;

/// 合并 – two records of one household: `joined` becomes part of `into`, which goes on. Reversible by [`part`].
///
/// # Errors
/// [`OfficeError`]: not found, the same record, or joined already.
pub fn join(roll: &Roll, joined: &str, into: &str) -> Result<Vec<UnitFact>, OfficeError> {
    let (joined, into) = (roll.standing_household(joined)?, roll.standing_household(into)?);
    if joined == into {
        return Err(OfficeError::SameRecord);
    }
    Ok(vec![about(joined, Fact::SameAs { into }), about(into, Fact::Absorbs { other: joined })])
}

/// 拆开 – takes a joining back: two households again, with both histories.
///
/// # Errors
/// [`OfficeError`]: not found, or not joined.
pub fn part(roll: &Roll, one: &str, other: &str) -> Result<Vec<UnitFact>, OfficeError> {
    let (one, other) = (roll.household(one)?, roll.household(other)?);
    if one == other {
        return Err(OfficeError::SameRecord);
    }
    if roll.survivor(one) != roll.survivor(other) {
        return Err(OfficeError::NotJoined);
    }
    Ok(vec![about(one, Fact::Parted { other }), about(other, Fact::Parted { other: one })])
}

/// 不是同一户 – two records that look like one household are two: they are not suggested again.
///
/// # Errors
/// [`OfficeError`]: not found, the same record, or joined already: those are taken apart by [`part`].
pub fn keep_apart(roll: &Roll, one: &str, other: &str) -> Result<Vec<UnitFact>, OfficeError> {
    let (one, other) = (roll.standing_household(one)?, roll.standing_household(other)?);
    if one == other {
        return Err(OfficeError::SameRecord);
    }
    Ok(vec![about(one, Fact::Parted { other }), about(other, Fact::Parted { other: one })])
}

/// 重点户 – marked or unmarked from a day on; it acts on the months after that day (D1b-16).
///
/// # Errors
/// [`OfficeError`]: not found, or so already.
pub fn mark_key(roll: &Roll, unit: &str, key: bool, on: NaiveDate) -> Result<Vec<UnitFact>, OfficeError> {
    let id = roll.standing_household(unit)?;
    if roll.life(id).is_some_and(|life| life.is_key(on.max(roll.today())) == key) {
        return Err(OfficeError::AlreadySo);
    }
    Ok(vec![about(id, Fact::KeyMark { key, on })])
}

/// 迁出 – the household left the community on a day; `None` is the roster owner's own edit.
///
/// # Errors
/// [`OfficeError`]: not found, not living here, or in the future.
pub fn left(
    roll: &Roll,
    unit: &str,
    on: NaiveDate,
    told_by: Option<Informant>,
) -> Result<Vec<UnitFact>, OfficeError> {
    let id = living(roll, unit)?;
    Ok(vec![about(id, Fact::Left { on: not_later(roll, on)?, told_by })])
}

/// 销户, 并户 – the household ceased, or became part of another one.
///
/// # Errors
/// [`OfficeError`]: not found, not living here, or in the future.
pub fn dissolve(
    roll: &Roll,
    unit: &str,
    on: NaiveDate,
    into: Option<&str>,
) -> Result<Vec<UnitFact>, OfficeError> {
    let id = living(roll, unit)?;
    let into = into.map(|into| roll.standing_household(into)).transpose()?;
    if into == Some(id) {
        return Err(OfficeError::SameRecord);
    }
    Ok(vec![about(id, Fact::Dissolved { on: not_later(roll, on)?, into })])
}

/// 社区内迁居, 迁回 – the household lives behind another door from a day on, in the grid of that door.
///
/// # Errors
/// [`OfficeError`]: not found, no home, there already, or in the future.
pub fn move_to(roll: &Roll, unit: &str, door: &str, on: NaiveDate) -> Result<Vec<UnitFact>, OfficeError> {
    let id = roll.standing_household(unit)?;
    let dwelling = roll.door(door)?;
    let on = not_later(roll, on)?;
    if roll.use_on(dwelling, on) != Some(DwellingUse::Home) {
        return Err(OfficeError::NoHome);
    }
    let own = roll.unit(Unit::Household(id));
    if own.is_some_and(|own| own.row.dwelling == Some(dwelling)) && roll.is_living(id) {
        return Err(OfficeError::AlreadySo);
    }
    let grid = roll.unit(Unit::Vacant(dwelling)).and_then(|door| door.row.grid);
    let grid = grid.ok_or(OfficeError::NoUnit { wanted: "户室 door" })?;
    Ok(vec![about(id, Fact::Settled { dwelling, grid, from: Some(on) })])
}

/// 调整网格 – doors are drawn into another grid, and the households living behind them go with them.
///
/// # Errors
/// [`OfficeError`]: not found, there already, or in the future.
pub fn regrid(
    roll: &Roll,
    doors: &[String],
    grid: GridId,
    from: NaiveDate,
) -> Result<Vec<UnitFact>, OfficeError> {
    let from = not_later(roll, from)?;
    let found: Result<BTreeSet<DwellingId>, OfficeError> = doors.iter().map(|door| roll.door(door)).collect();
    let moved: Vec<DwellingId> = found?
        .into_iter()
        .filter(|door| roll.unit(Unit::Vacant(*door)).is_some_and(|one| one.row.grid != Some(grid)))
        .collect();
    if moved.is_empty() {
        return Err(OfficeError::AlreadySo);
    }
    let mut facts: Vec<UnitFact> = moved
        .iter()
        .map(|door| UnitFact { unit: Unit::Vacant(*door), fact: Fact::Regridded { grid, from } })
        .collect();
    for dwelling in moved {
        // Who left stays where it left from: settling it again would bring it back.
        let living = roll.settled_at(dwelling).filter(|id| roll.is_living(*id));
        facts.extend(living.map(|id| about(id, Fact::Settled { dwelling, grid, from: Some(from) })));
    }
    Ok(facts)
}

/// 请勿打扰 – asked at the counter or in writing, from today to a day at most twelve months later.
///
/// # Errors
/// [`OfficeError`]: not found, or too long.
pub fn do_not_ask(roll: &Roll, unit: &str, until: NaiveDate) -> Result<Vec<UnitFact>, OfficeError> {
    let id = roll.standing_household(unit)?;
    let from = roll.today();
    let latest = from.checked_add_months(Months::new(VisitDraft::DO_NOT_ASK_MONTHS));
    if until < from || latest.is_none_or(|latest| latest < until) {
        return Err(OfficeError::BadUntil { until });
    }
    Ok(vec![about(id, Fact::DoNotAsk { from, until })])
}

/// 核减不予认可 – the obligation of a period counts as open again; only while the period is not closed.
///
/// # Errors
/// [`OfficeError`]: not found, not deducted, or closed.
pub fn reject_deduction(roll: &Roll, unit: &str, period: Period) -> Result<Vec<UnitFact>, OfficeError> {
    let unit = match roll.find(unit)? {
        Unit::Household(id) => Unit::Household(roll.survivor(id)),
        door @ Unit::Vacant(_) => door,
    };
    // A month is closed with its quarter.
    let quarter = Period::quarter_of(period.first_day());
    if let Some(closed) = [period, quarter].into_iter().find(|one| closing::of(roll.file(), *one).is_some()) {
        return Err(OfficeError::Closed { period: closed });
    }
    let state = state_of(roll, unit, period)?;
    if !matches!(state, Some(ObligationState::Deducted(_))) {
        return Err(OfficeError::NotDeducted { period, state });
    }
    Ok(vec![UnitFact { unit, fact: Fact::DeductionRejected { period, cadence: period.cadence() } }])
}

/// The state of a unit's obligation in a period; `None` when it is not due.
///
/// # Errors
/// When a holiday notice is damaged.
pub fn state_of(roll: &Roll, unit: Unit, period: Period) -> Result<Option<ObligationState>, OfficeError> {
    let coverage = roll.coverage(period)?;
    Ok(coverage.obligations.iter().find(|one| one.unit == unit).map(|one| one.state))
}

fn about(id: HouseholdId, fact: Fact) -> UnitFact {
    UnitFact { unit: Unit::Household(id), fact }
}

fn living(roll: &Roll, unit: &str) -> Result<HouseholdId, OfficeError> {
    let id = roll.standing_household(unit)?;
    if roll.is_living(id) { Ok(id) } else { Err(OfficeError::NotLiving) }
}

/// Units change streams at once, so a day that has not come would take a household from its worker too early.
fn not_later(roll: &Roll, day: NaiveDate) -> Result<NaiveDate, OfficeError> {
    let today = roll.today();
    if day <= today { Ok(day) } else { Err(OfficeError::InFuture { day, today }) }
}

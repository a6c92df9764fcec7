//! What stands behind a line of the lists: the days of the observations, and when to knock next.

use chrono::{Days, NaiveDate};
use ruhu_core::coverage::{Deduction, Register};
use ruhu_core::life::EffectiveVisit;
use ruhu_core::roster::Unit;
use ruhu_core::time::{DayBand, Period};
use ruhu_core::visit::VisitOutcome;

use super::Attempt;

/// The earlier of two observations of a vacant flat may lie this many days before the period (`coverage.md`).
const VACANT_DAYS: u64 = 180;
/// 人户分离 is reconfirmed yearly (`coverage.md`).
const YEAR_DAYS: u64 = 366;

/// 依据日期 – the days of the observations a deduction rests on, in order; a register entry alone has none.
pub(crate) fn evidence(register: &Register, unit: Unit, kind: Deduction, period: Period) -> Vec<NaiveDate> {
    let until = period.last_day();
    let within = |days| period.first_day().checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN);
    let speaks = |visit: &&EffectiveVisit| match (kind, visit.outcome) {
        (Deduction::VacantConfirmed, VisitOutcome::Vacant { .. }) => within(VACANT_DAYS) <= visit.visited_on,
        (Deduction::RegisteredOnly, VisitOutcome::RegisteredOnly) => within(YEAR_DAYS) <= visit.visited_on,
        (Deduction::Declined, VisitOutcome::Declined { do_not_ask_until }) => {
            period.contains(visit.visited_on) || do_not_ask_until.is_some_and(|day| until <= day)
        }
        (Deduction::ThreeAttempts, VisitOutcome::NotHome { .. }) => period.contains(visit.visited_on),
        (Deduction::MovedOut, VisitOutcome::MovedAway { .. })
        | (Deduction::Unsafe, VisitOutcome::Unsafe)
        | (Deduction::NoSuchAddress, VisitOutcome::NoSuchAddress) => true,
        _ => false,
    };
    let observed =
        visits(register, unit).iter().filter(|visit| !visit.found_false && visit.visited_on <= until);
    let mut days: Vec<NaiveDate> = observed.filter(speaks).map(|visit| visit.visited_on).collect();
    if kind == Deduction::MovedOut || kind == Deduction::Dissolved {
        days.extend(left_on(register, unit, until));
    }
    if kind == Deduction::Declined
        && let Unit::Household(id) = unit
    {
        let spans = register.household(id).map_or(&[][..], |life| life.do_not_ask());
        days.extend(
            spans.iter().filter(|span| span.from <= until && until <= span.until).map(|span| span.from),
        );
    }
    days.sort_unstable();
    days.dedup();
    days
}

/// 已尝试 – the knocks of the period at which nobody was met, in order.
pub(crate) fn attempts(register: &Register, unit: Unit, period: Period) -> Vec<Attempt> {
    let knocks =
        visits(register, unit).iter().filter(|visit| !visit.found_false && period.contains(visit.visited_on));
    let mut attempts: Vec<Attempt> = knocks
        .filter(|visit| visit.outcome.code().is_knock() && !visit.outcome.met_somebody())
        .map(|visit| Attempt { on: visit.visited_on, band: visit.band })
        .collect();
    attempts.sort_by_key(|attempt| (attempt.on, attempt.band));
    attempts
}

/// 上次走访 – the last day on or before `until` on which somebody was met, or that an import knew of.
pub(crate) fn last_met_on(register: &Register, unit: Unit, until: NaiveDate) -> Option<NaiveDate> {
    let met = visits(register, unit).iter().filter(|visit| visit.is_meeting()).map(|visit| visit.visited_on);
    let imported = match unit {
        Unit::Household(id) => register.household(id).map_or(&[][..], |life| life.imported()),
        Unit::Vacant(_) => &[],
    };
    met.chain(imported.iter().copied()).filter(|day| *day <= until).max()
}

/// 建议时段 – the first part of the day that was not tried: evenings find most people in.
pub(crate) fn suggested(attempts: &[Attempt]) -> Option<DayBand> {
    let order = [DayBand::Evening, DayBand::Afternoon, DayBand::Morning];
    order.into_iter().find(|band| attempts.iter().all(|attempt| attempt.band != Some(*band)))
}

fn visits(register: &Register, unit: Unit) -> &[EffectiveVisit] {
    match unit {
        Unit::Household(id) => register.household(id).map_or(&[], |life| life.visits()),
        Unit::Vacant(id) => register.door(id).map_or(&[], |life| life.visits()),
    }
}

fn left_on(register: &Register, unit: Unit, until: NaiveDate) -> Option<NaiveDate> {
    let Unit::Household(id) = unit else { return None };
    let timeline = register.household(id)?.timeline(until);
    timeline.presences().filter_map(|(_, left)| left).filter(|left| *left <= until).max()
}

//! 核减依据 – whether the evidence for a deduction is complete (`coverage.md`, "Evidence for a deduction").

use std::collections::BTreeSet;

use chrono::{Days, Months, NaiveDate};

use super::obligation::{Deduction, Open};
use super::reckon::Frame;
use crate::life::{DoNotAsk, EffectiveVisit};
use crate::roster::Unit;
use crate::time::DayBand;
use crate::visit::VisitOutcome;

/// Least days between two observations of an empty flat.
const VACANT_APART_DAYS: u64 = 7;
/// Most days the earlier of the two lies before the later.
const VACANT_BACK_DAYS: u64 = 180;
/// Parts of the day that unanswered knocks must cover.
const ATTEMPT_BANDS: usize = 2;
/// 人户分离 is reconfirmed yearly.
const REGISTERED_ONLY_MONTHS: u32 = 12;

/// What is known of one obligation.
pub(super) struct Case<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) unit: Unit,
    /// All visits in effect to the unit, by date.
    pub(super) visits: &'a [EffectiveVisit],
    /// Those of the period, up to today.
    pub(super) within: &'a [EffectiveVisit],
    /// How the unit ended, if it did.
    pub(super) ended: Option<Deduction>,
    pub(super) do_not_ask: &'a [DoNotAsk],
}

impl Case<'_> {
    /// The first deduction that holds, in the order of [`Deduction`].
    pub(super) fn deduction(&self) -> Option<Deduction> {
        if let Some(ended @ (Deduction::Dissolved | Deduction::MovedOut)) = self.ended {
            return Some(ended);
        }
        if self.is_confirmed(|outcome| matches!(outcome, VisitOutcome::NoSuchAddress)) {
            return Some(Deduction::NoSuchAddress);
        }
        if self.is_registered_only() {
            return Some(Deduction::RegisteredOnly);
        }
        if self.ended.is_some() {
            return self.ended;
        }
        // All that follow need something that happened in the period, or a do-not-ask span.
        if self.within.is_empty() && self.do_not_ask.is_empty() {
            return None;
        }
        if self.is_vacant() {
            return Some(Deduction::VacantConfirmed);
        }
        if self.is_declined() {
            return Some(Deduction::Declined);
        }
        if self.is_confirmed(|outcome| matches!(outcome, VisitOutcome::Unsafe)) {
            return Some(Deduction::Unsafe);
        }
        self.is_tried_enough().then_some(Deduction::ThreeAttempts)
    }

    /// Why the obligation is still open.
    pub(super) fn open(&self) -> Open {
        if self.within.iter().any(|visit| visit.found_false) {
            return Open::FoundFalse;
        }
        if self.within.last().is_some_and(|visit| visit.outcome == VisitOutcome::Rescheduled) {
            return Open::Appointment;
        }
        if self.within.iter().any(|visit| vacant(visit).is_some()) {
            return Open::SeenVacantOnce;
        }
        match self.knocks().count() {
            0 => Open::NeverTried,
            knocks => Open::Tried(u16::try_from(knocks).unwrap_or(u16::MAX)),
        }
    }

    /// 当面而未计入 – attempts in person whose outcome does not count and that nobody found false.
    fn knocks(&self) -> impl Iterator<Item = &EffectiveVisit> {
        self.within.iter().filter(|visit| {
            let code = visit.outcome.code();
            !visit.found_false && code.is_knock() && !self.frame.counted_outcomes.contains(&code)
        })
    }

    fn is_confirmed(&self, wanted: impl Fn(VisitOutcome) -> bool) -> bool {
        self.within.iter().any(|visit| visit.confirmed && !visit.found_false && wanted(visit.outcome))
    }

    /// Of households only: nobody is registered as a vacant unit, which needs two looks to be believed empty.
    fn is_registered_only(&self) -> bool {
        if matches!(self.unit, Unit::Vacant(_)) {
            return false;
        }
        let Some(after) = self.frame.last.checked_sub_months(Months::new(REGISTERED_ONLY_MONTHS)) else {
            return false;
        };
        let until_today = || self.visits.iter().rev().filter(|visit| visit.visited_on <= self.frame.horizon);
        let seen = until_today().find(|visit| {
            visit.at_home && !visit.found_false && visit.outcome == VisitOutcome::RegisteredOnly
        });
        seen.is_some_and(|seen| {
            after < seen.visited_on
                && !until_today().any(|visit| visit.is_meeting() && seen.visited_on < visit.visited_on)
        })
    }

    fn is_vacant(&self) -> bool {
        self.within.iter().any(|later| match vacant(later) {
            None => false,
            Some(by_named_role) => {
                by_named_role
                    || self.visits.iter().any(|earlier| {
                        vacant(earlier).is_some()
                            && days_before(later.visited_on, VACANT_BACK_DAYS) <= earlier.visited_on
                            && earlier.visited_on <= days_before(later.visited_on, VACANT_APART_DAYS)
                    })
            }
        })
    }

    fn is_declined(&self) -> bool {
        let declined = |visit: &EffectiveVisit| {
            !visit.found_false && matches!(visit.outcome, VisitOutcome::Declined { .. })
        };
        let whole = |span: &DoNotAsk| span.from <= self.frame.first && self.frame.last <= span.until;
        self.within.iter().any(declined) || self.do_not_ask.iter().any(whole)
    }

    fn is_tried_enough(&self) -> bool {
        let days: BTreeSet<NaiveDate> = self.knocks().map(|visit| visit.visited_on).collect();
        let bands: BTreeSet<DayBand> = self.knocks().filter_map(|visit| visit.band).collect();
        let off_hours = bands.contains(&DayBand::Evening)
            || days.iter().any(|day| !self.frame.register.calendar().is_working_day(*day));
        self.frame.attempts <= days.len() && ATTEMPT_BANDS <= bands.len() && off_hours
    }
}

/// An observation of the unit's own flat as empty, and whether a named role confirmed it.
fn vacant(visit: &EffectiveVisit) -> Option<bool> {
    match visit.outcome {
        VisitOutcome::Vacant { confirmed_by } if visit.at_home && !visit.found_false => {
            Some(confirmed_by.is_some_and(crate::roster::Informant::is_named_role))
        }
        _ => None,
    }
}

fn days_before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN)
}

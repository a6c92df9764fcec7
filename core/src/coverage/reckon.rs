//! 计算 – every due obligation of a period in exactly one state.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::evidence::Case;
use super::obligation::{Deduction, ExtraVisit, Obligation, ObligationState, Served};
use super::register::{Door, Register};
use crate::ids::GridId;
use crate::life::{EffectiveVisit, HouseholdLife, Timeline};
use crate::roster::{DwellingUse, Unit};
use crate::time::{Cadence, Period};
use crate::visit::OutcomeCode;

/// 入户情况 – every obligation of a period, as known on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The quarter or month.
    pub period: Period,
    /// The local date it was reckoned for; a running period counts up to this day.
    pub as_of: NaiveDate,
    /// 试行 – the period can produce no finding.
    pub trial: bool,
    /// 规则版本 – [`super::COVERAGE_RULES_VERSION`] of the code that reckoned it.
    pub rules_version: u16,
    /// One per due unit: households by id, then vacant units by id.
    pub obligations: Vec<Obligation>,
    /// 多访 – visited and not due, in the same order. Of a quarter only: a household that is not key is still due
    /// once in the quarter, so that a visit to it in any month is none too many.
    pub extra: Vec<ExtraVisit>,
}

/// Reckons a period as of a day, from all that the register holds.
///
/// `as_of` is today's local date. It cuts what has happened: visits, moves and observations of later days are not
/// read. It does not cut what was recorded: late entries of earlier days are in as soon as the register has them.
/// Of a period that has not begun, nothing is due.
#[must_use]
pub fn reckon(register: &Register, period: Period, as_of: NaiveDate) -> Coverage {
    let frame = Frame::of(register, period, as_of);
    let mut coverage = Coverage {
        period,
        as_of,
        trial: register.rules().is_trial(period),
        rules_version: super::COVERAGE_RULES_VERSION,
        obligations: Vec::with_capacity(register.households().len()),
        extra: Vec::new(),
    };
    if as_of < frame.first {
        return coverage;
    }
    for life in register.households() {
        frame.household(life, &mut coverage);
    }
    if frame.cadence == Cadence::Quarter {
        for door in register.occupied_doors() {
            coverage.obligations.extend(frame.vacant(door));
        }
    }
    coverage
}

/// A period seen from a day.
pub(super) struct Frame<'a> {
    pub(super) register: &'a Register,
    pub(super) period: Period,
    pub(super) cadence: Cadence,
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
    pub(super) as_of: NaiveDate,
    /// The day on which it is asked where a household lives: the last day, or today.
    pub(super) horizon: NaiveDate,
    pub(super) counted_outcomes: &'a BTreeSet<OutcomeCode>,
    pub(super) attempts: usize,
}

impl<'a> Frame<'a> {
    pub(super) fn of(register: &'a Register, period: Period, as_of: NaiveDate) -> Self {
        let last = period.last_day();
        Self {
            register,
            period,
            cadence: period.cadence(),
            first: period.first_day(),
            last,
            as_of,
            horizon: last.min(as_of),
            counted_outcomes: &register.rules().counted_outcomes,
            attempts: usize::try_from(register.rules().attempts).unwrap_or(usize::MAX),
        }
    }

    /// Whether the household is due in the period.
    pub(super) fn is_due(&self, life: &HouseholdLife, timeline: &Timeline) -> bool {
        if self.as_of < self.first {
            return false;
        }
        match self.cadence {
            Cadence::Quarter => self
                .is_due_when_known_from(timeline, self.register.rules().known_from(life.first_recorded_on())),
            Cadence::Month => {
                let eve = self.first.pred_opt().unwrap_or(NaiveDate::MIN);
                life.is_key(eve) && timeline.on(self.first).is_some()
            }
        }
    }

    /// Whether a household is due in the quarter if it was known from `known_from` on.
    pub(super) fn is_due_when_known_from(&self, timeline: &Timeline, known_from: NaiveDate) -> bool {
        timeline.presences().any(|(from, until)| {
            let begins = from.max(known_from).max(self.first);
            begins <= self.horizon
                && until.is_none_or(|until| begins < until)
                && self.register.rules().min_days_left <= self.period.days_left(begins)
        })
    }

    /// Whether the door is a vacant unit due in the quarter: a home behind which nobody lives on the first day.
    pub(super) fn is_vacant_due(&self, door: &Door) -> bool {
        self.first <= self.as_of
            && door.life.use_on(self.first) == Some(DwellingUse::Home)
            && !self.is_lived_in(door, self.first, self.first)
    }

    fn household(&self, life: &HouseholdLife, coverage: &mut Coverage) {
        let timeline = life.timeline(self.as_of);
        let visits = life.visits();
        let within = self.within(visits);
        let unit = Unit::Household(life.id());
        let place = timeline.last_begun(self.horizon);
        let grid_on = |day| timeline.on(day).or(place).map(|stay| stay.grid);
        let served = self.served(unit, within, grid_on).or_else(|| self.imported(life, coverage.trial));
        let Some(place) = place.filter(|_| self.is_due(life, &timeline)) else {
            if let (Cadence::Quarter, Some(visit)) = (self.cadence, served) {
                coverage.extra.push(ExtraVisit { unit, grid: place.map(|stay| stay.grid), visit });
            }
            return;
        };
        let ended = (!place.covers(self.horizon)).then(|| {
            if timeline.ceased_by(self.horizon) { Deduction::Dissolved } else { Deduction::MovedOut }
        });
        let case = Case { frame: self, unit, visits, within, ended, do_not_ask: life.do_not_ask() };
        let state = self.state(served, life.is_rejected(self.period), &case);
        let (responsible, taken_over_late) = self.responsible(place.grid);
        let obligation = Obligation {
            unit,
            grid: place.grid,
            dwelling: place.dwelling,
            responsible,
            taken_over_late,
            state,
        };
        coverage.obligations.push(obligation);
    }

    fn vacant(&self, door: &Door) -> Option<Obligation> {
        if !self.is_vacant_due(door) {
            return None;
        }
        let life = &door.life;
        let grid = life.grid_on(self.horizon)?;
        let unit = Unit::Vacant(life.dwelling());
        let within = self.within(life.visits());
        let served = self.served(unit, within, |day| life.grid_on(day).or(Some(grid)));
        let ended = if life.is_confirmed_no_home(self.horizon) {
            Some(Deduction::Dissolved)
        } else {
            self.is_lived_in(door, self.first, self.horizon).then_some(Deduction::BecameOccupied)
        };
        let case = Case { frame: self, unit, visits: life.visits(), within, ended, do_not_ask: &[] };
        let state = self.state(served, life.is_rejected(self.period), &case);
        let (responsible, taken_over_late) = self.responsible(grid);
        Some(Obligation { unit, grid, dwelling: life.dwelling(), responsible, taken_over_late, state })
    }

    fn state(&self, served: Option<Served>, rejected: bool, case: &Case<'_>) -> ObligationState {
        if let Some(served) = served {
            return ObligationState::Visited(served);
        }
        match case.deduction().filter(|_| !rejected) {
            Some(deduction) => ObligationState::Deducted(deduction),
            None => ObligationState::Outstanding(case.open()),
        }
    }

    fn within<'v>(&self, visits: &'v [EffectiveVisit]) -> &'v [EffectiveVisit] {
        let from = visits.partition_point(|visit| visit.visited_on < self.first);
        let until = visits.partition_point(|visit| visit.visited_on <= self.horizon);
        visits.get(from..until).unwrap_or(&[])
    }

    /// The first counted visit. Nobody can be met at a vacant unit: that would be a new household.
    fn served(
        &self,
        unit: Unit,
        within: &[EffectiveVisit],
        grid_on: impl Fn(NaiveDate) -> Option<GridId>,
    ) -> Option<Served> {
        let nobody = matches!(unit, Unit::Vacant(_));
        let visit = within.iter().find(|visit| {
            !visit.found_false
                && self.counted_outcomes.contains(&visit.outcome.code())
                && !(nobody && visit.outcome.met_somebody())
        })?;
        let responsible =
            grid_on(visit.visited_on).and_then(|grid| self.register.responsible(grid, visit.visited_on));
        Some(Served::Visit {
            record: visit.record.entry,
            visited_on: visit.visited_on,
            made_by: visit.made_by,
            cover: responsible.is_some_and(|one| one.worker != visit.made_by),
        })
    }

    fn imported(&self, life: &HouseholdLife, trial: bool) -> Option<Served> {
        let days = life.imported();
        let from = days.partition_point(|day| *day < self.first);
        let visited_on = days.get(from).copied().filter(|day| trial && *day <= self.horizon)?;
        Some(Served::Imported { visited_on })
    }

    fn is_lived_in(&self, door: &Door, first: NaiveDate, last: NaiveDate) -> bool {
        self.register.households_of(door).any(|life| {
            let timeline: Cow<'_, Timeline> = life.timeline(self.as_of);
            timeline
                .stays()
                .iter()
                .any(|stay| stay.dwelling == door.life.dwelling() && stay.meets(first, last))
        })
    }

    /// 责任人, 交接期 – a quarter's obligation taken over with too few days left, a month's after the 1st.
    fn responsible(&self, grid: GridId) -> (Option<crate::ids::WorkerId>, bool) {
        let Some(now) = self.register.responsible(grid, self.horizon) else { return (None, false) };
        let late = self.first < now.since
            && match self.cadence {
                Cadence::Quarter => self.period.days_left(now.since) < self.register.rules().handover_days,
                Cadence::Month => true,
            };
        (Some(now.worker), late)
    }
}

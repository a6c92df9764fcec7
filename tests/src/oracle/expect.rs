//! What `coverage.md` expects of a period, day by day.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};
use ruhu_core::coverage::{
    COVERAGE_RULES_VERSION, Coverage, Deduction, ExtraVisit, Obligation, ObligationState, Open, Served,
};
use ruhu_core::fact::Fact;
use ruhu_core::ids::{DwellingId, GridId, HouseholdId, WorkerId};
use ruhu_core::roster::{AssignmentKind, DwellingUse, Unit};
use ruhu_core::time::{Cadence, DayBand, Period};
use ruhu_core::visit::VisitOutcome;

use super::draw::shift;
use super::history::History;
use super::naive::{Arrival, Folder, Seen, Whereabouts, first_day, goes_on_as, is_desk, place_of};

/// Reckons a period as of a day, slowly.
#[must_use]
pub fn expect(history: &History, period: Period, as_of: NaiveDate) -> Coverage {
    let world = World::of(history, period, as_of);
    let mut coverage = Coverage {
        period,
        as_of,
        trial: world.is_trial(),
        rules_version: COVERAGE_RULES_VERSION,
        obligations: Vec::new(),
        extra: Vec::new(),
    };
    if as_of < period.first_day() {
        return coverage;
    }
    for home in &world.homes {
        match world.household(home) {
            Some(Ok(obligation)) => coverage.obligations.push(obligation),
            Some(Err(extra)) => coverage.extra.push(extra),
            None => {}
        }
    }
    if period.cadence() == Cadence::Quarter {
        coverage
            .obligations
            .extend(world.doors.iter().filter_map(|(door, folder)| world.door(*door, folder)));
    }
    coverage
}

struct Home<'a> {
    folder: Folder<'a>,
    days: Vec<(NaiveDate, Whereabouts)>,
}

struct World<'a> {
    history: &'a History,
    period: Period,
    first: NaiveDate,
    last: NaiveDate,
    today: NaiveDate,
    homes: Vec<Home<'a>>,
    doors: Vec<(DwellingId, Folder<'a>)>,
}

/// What happened to the unit as such.
struct Fate {
    ceased: bool,
    moved_out: bool,
    occupied: bool,
    spans: Vec<(NaiveDate, NaiveDate)>,
}

impl Home<'_> {
    fn on(&self, day: NaiveDate) -> Whereabouts {
        let nth = usize::try_from((day - first_day()).num_days()).ok();
        nth.and_then(|nth| self.days.get(nth)).map_or(Whereabouts::NeverHere, |(_, then)| *then)
    }
}

impl<'a> World<'a> {
    fn of(history: &'a History, period: Period, as_of: NaiveDate) -> Self {
        let (first, last) = (period.first_day(), period.last_day());
        let today = as_of.min(last);
        let units: BTreeSet<Unit> = history.facts.iter().map(|one| one.unit).collect();
        let household = |unit: &Unit| match unit {
            Unit::Household(id) => Some(*id),
            Unit::Vacant(_) => None,
        };
        let ids: Vec<HouseholdId> = units.iter().filter_map(household).collect();
        let roots = goes_on_as(history, &ids);
        let folders: Vec<(HouseholdId, Folder<'a>)> = roots
            .iter()
            .filter(|(id, root)| id == root)
            .map(|(id, _)| {
                let joined = roots.iter().filter(|(other, root)| root == id && other != id);
                let joined: Vec<HouseholdId> = joined.map(|(other, _)| *other).collect();
                (*id, Folder::of(history, Unit::Household(*id), &joined))
            })
            .collect();
        let arrivals: Vec<(HouseholdId, Vec<Arrival<'a>>)> =
            folders.iter().map(|(id, folder)| (*id, folder.arrivals())).collect();
        let homes = folders
            .into_iter()
            .map(|(_, folder)| Home { days: folder.days(today, as_of, &arrivals), folder })
            .collect();
        let doors = units.iter().filter_map(|unit| match unit {
            Unit::Vacant(door) => Some((*door, Folder::of(history, *unit, &[]))),
            Unit::Household(_) => None,
        });
        Self { history, period, first, last, today, homes, doors: doors.collect() }
    }

    fn is_trial(&self) -> bool {
        self.history.rules.go_live.is_none_or(|go_live| self.first < go_live)
    }

    fn household(&self, home: &Home<'_>) -> Option<Result<Obligation, ExtraVisit>> {
        let folder = &home.folder;
        let seen = folder.seen();
        let now = home.days.last().map_or(Whereabouts::NeverHere, |(_, now)| *now);
        let place = place_of(now);
        let grid_on = |day: NaiveDate| match home.on(day) {
            Whereabouts::Here(_, grid) => Some(grid),
            _ => place.map(|(_, grid)| grid),
        };
        let imported = folder.desk().filter_map(|one| match one.said.fact {
            Fact::ImportedVisit { visited_on } => Some(visited_on),
            _ => None,
        });
        let imported =
            imported.filter(|day| self.is_trial() && self.first <= *day && *day <= self.today).min();
        let served = self
            .served(seen, true, grid_on)
            .or_else(|| imported.map(|visited_on| Served::Imported { visited_on }));
        let Some((dwelling, grid)) = place.filter(|_| self.is_due(home)) else {
            let extra = served.filter(|_| self.period.cadence() == Cadence::Quarter);
            let grid = place.map(|(_, grid)| grid);
            return extra.map(|visit| Err(ExtraVisit { unit: folder.unit, grid, visit }));
        };
        let fate = Fate {
            ceased: matches!(now, Whereabouts::Ceased(_)),
            moved_out: matches!(now, Whereabouts::Away(..)),
            occupied: false,
            spans: folder.spans(),
        };
        let at_home = |one: &Seen<'_>| folder.home(one.visit.visited_on) == Some(one.visit.dwelling);
        let state = self.state(folder, served, seen, &fate, &at_home);
        Some(Ok(self.obligation(folder.unit, dwelling, grid, state)))
    }

    fn is_due(&self, home: &Home<'_>) -> bool {
        let here = |day: NaiveDate| matches!(home.on(day), Whereabouts::Here(..));
        if self.period.cadence() == Cadence::Month {
            return home.folder.is_key(shift(self.first, -1)) && here(self.first);
        }
        let recorded_on = home.folder.recorded_on();
        // The first import writes down what was so before.
        let late = match self.history.rules.go_live {
            Some(go_live) => recorded_on.filter(|recorded_on| go_live < *recorded_on),
            None => None,
        };
        let days = self.first.iter_days().take_while(|day| *day <= self.today);
        let mut days = days.filter(|day| late.is_none_or(|late| late <= *day));
        days.any(|day| (self.last - day).num_days() + 1 >= 30 && here(day))
    }

    fn door(&self, door: DwellingId, folder: &Folder<'_>) -> Option<Obligation> {
        let uses = |day: NaiveDate| {
            let uses = folder.standing().filter_map(|one| match &one.said.fact {
                Fact::DwellingListed { used_as, from, .. } => Some((*from, one, *used_as)),
                Fact::UseChanged { to, from } => Some((*from, one, *to)),
                _ => None,
            });
            uses.filter(|(from, ..)| *from <= day).max_by_key(|(from, one, _)| (*from, one.stamp))
        };
        let grid_on = |day: NaiveDate| {
            let grids = folder.standing().filter_map(|one| match one.said.fact {
                Fact::DwellingListed { grid, from, .. } | Fact::Regridded { grid, from } => {
                    Some((from, one.stamp, grid))
                }
                _ => None,
            });
            grids.filter(|(from, ..)| *from <= day).max().map(|(.., grid)| grid)
        };
        let lived_in = |day: NaiveDate| {
            self.homes.iter().any(|home| matches!(home.on(day), Whereabouts::Here(at, _) if at == door))
        };
        if uses(self.first).is_none_or(|(.., used_as)| used_as != DwellingUse::Home) || lived_in(self.first) {
            return None;
        }
        let grid = grid_on(self.today)?;
        let seen = folder.seen();
        let served = self.served(seen, false, |day| grid_on(day).or(Some(grid)));
        let no_home = uses(self.today).filter(|(.., used_as)| *used_as != DwellingUse::Home);
        let fate = Fate {
            ceased: no_home.is_some_and(|(_, one, _)| self.is_vouched(folder, one)),
            moved_out: false,
            occupied: self.first.iter_days().take_while(|day| *day <= self.today).any(lived_in),
            spans: Vec::new(),
        };
        let state = self.state(folder, served, seen, &fate, &|one| one.visit.dwelling == door);
        Some(self.obligation(folder.unit, door, grid, state))
    }

    fn is_vouched(&self, folder: &Folder<'_>, one: &super::history::Written) -> bool {
        is_desk(one.said.by) || {
            let words = folder.desk().filter_map(|word| match word.said.fact {
                Fact::Confirmed { target } if target == one.stamp.entry => Some((word.stamp, true)),
                Fact::Returned { target } if target == one.stamp.entry => Some((word.stamp, false)),
                _ => None,
            });
            words.max().is_some_and(|(_, confirmed)| confirmed)
        }
    }

    fn obligation(
        &self,
        unit: Unit,
        dwelling: DwellingId,
        grid: GridId,
        state: ObligationState,
    ) -> Obligation {
        let responsible = self.responsible(grid, self.today);
        let taken_over_late = responsible.is_some_and(|worker| {
            let days = self.first.iter_days().take_while(|day| *day <= self.today).collect::<Vec<_>>();
            let held = days.iter().rev().take_while(|day| self.responsible(grid, **day) == Some(worker));
            let since = held.last().copied().unwrap_or(self.first);
            let held_before = self.responsible(grid, shift(since, -1)) == Some(worker);
            self.first < since
                && !held_before
                && (self.period.cadence() == Cadence::Month || (self.last - since).num_days() + 1 < 30)
        });
        Obligation { unit, grid, dwelling, responsible, taken_over_late, state }
    }

    fn responsible(&self, grid: GridId, day: NaiveDate) -> Option<WorkerId> {
        let mut holding: Vec<_> = self.history.assignments.iter().collect();
        holding.retain(|one| one.grid == grid && one.kind == AssignmentKind::Responsible && one.covers(day));
        holding.sort_by(|one, other| other.from.cmp(&one.from).then(one.worker.cmp(&other.worker)));
        holding.first().map(|one| one.worker)
    }

    fn in_period<'s, 'f>(&self, seen: &'s [Seen<'f>]) -> Vec<&'s Seen<'f>> {
        let within =
            |one: &&Seen<'_>| self.first <= one.visit.visited_on && one.visit.visited_on <= self.today;
        seen.iter().filter(within).collect()
    }

    fn counts(&self, outcome: VisitOutcome) -> bool {
        self.history.rules.counted_outcomes.contains(&outcome.code())
    }

    fn served(
        &self,
        seen: &[Seen<'_>],
        somebody_lives_there: bool,
        grid_on: impl Fn(NaiveDate) -> Option<GridId>,
    ) -> Option<Served> {
        let counted = self.in_period(seen).into_iter().find(|one| {
            let met = one.visit.outcome.met_somebody();
            !one.found_false && self.counts(one.visit.outcome) && (somebody_lives_there || !met)
        })?;
        let (visited_on, made_by) = (counted.visit.visited_on, counted.visit.made_by);
        let responsible = grid_on(visited_on).and_then(|grid| self.responsible(grid, visited_on));
        let cover = responsible.is_some_and(|worker| worker != made_by);
        Some(Served::Visit { record: counted.written.stamp.entry, visited_on, made_by, cover })
    }

    fn state(
        &self,
        folder: &Folder<'_>,
        served: Option<Served>,
        seen: &[Seen<'_>],
        fate: &Fate,
        at_home: &dyn Fn(&Seen<'_>) -> bool,
    ) -> ObligationState {
        if let Some(served) = served {
            return ObligationState::Visited(served);
        }
        if !folder.is_rejected(self.period) {
            let household = matches!(folder.unit, Unit::Household(_));
            let mut order = Deduction::ALL.iter().map(|(deduction, _)| *deduction);
            let first = order.find(|one| self.holds(*one, household, seen, fate, at_home));
            if let Some(deduction) = first {
                return ObligationState::Deducted(deduction);
            }
        }
        ObligationState::Outstanding(self.open(seen, at_home))
    }

    fn holds(
        &self,
        deduction: Deduction,
        household: bool,
        seen: &[Seen<'_>],
        fate: &Fate,
        at_home: &dyn Fn(&Seen<'_>) -> bool,
    ) -> bool {
        let true_ones: Vec<Seen<'_>> = seen.iter().filter(|one| !one.found_false).copied().collect();
        let within = self.in_period(&true_ones);
        let outcome = |wanted: fn(&VisitOutcome) -> bool| {
            within.iter().any(move |one| one.confirmed && wanted(&one.visit.outcome))
        };
        match deduction {
            Deduction::Dissolved => fate.ceased,
            Deduction::MovedOut => fate.moved_out,
            Deduction::NoSuchAddress => outcome(|one| matches!(one, VisitOutcome::NoSuchAddress)),
            Deduction::RegisteredOnly => {
                let year_ago = self.last.checked_sub_months(Months::new(12)).unwrap_or(self.last);
                let until_today = true_ones.iter().filter(|one| one.visit.visited_on <= self.today);
                let looks = until_today.clone().filter(|one| {
                    one.visit.outcome == VisitOutcome::RegisteredOnly
                        && at_home(one)
                        && year_ago < one.visit.visited_on
                });
                let met_after = |day: NaiveDate| {
                    let mut met = until_today.clone().filter(|one| day < one.visit.visited_on);
                    met.any(|one| matches!(one.visit.outcome, VisitOutcome::Met { .. }))
                };
                household && looks.map(|look| look.visit.visited_on).any(|day| !met_after(day))
            }
            Deduction::BecameOccupied => fate.occupied,
            Deduction::VacantConfirmed => within.iter().any(|later| {
                let VisitOutcome::Vacant { confirmed_by } = later.visit.outcome else { return false };
                let twice = true_ones.iter().any(|earlier| {
                    let apart = (later.visit.visited_on - earlier.visit.visited_on).num_days();
                    matches!(earlier.visit.outcome, VisitOutcome::Vacant { .. })
                        && at_home(earlier)
                        && (7..=180).contains(&apart)
                });
                at_home(later) && (twice || confirmed_by.is_some_and(|role| role.is_named_role()))
            }),
            Deduction::Declined => {
                within.iter().any(|one| matches!(one.visit.outcome, VisitOutcome::Declined { .. }))
                    || fate.spans.iter().any(|(from, until)| *from <= self.first && self.last <= *until)
            }
            Deduction::Unsafe => outcome(|one| matches!(one, VisitOutcome::Unsafe)),
            Deduction::ThreeAttempts => {
                let knocks: Vec<_> = within
                    .iter()
                    .filter(|one| one.visit.outcome.code().is_knock() && !self.counts(one.visit.outcome))
                    .collect();
                let days: BTreeSet<NaiveDate> = knocks.iter().map(|one| one.visit.visited_on).collect();
                let bands: BTreeSet<DayBand> =
                    knocks.iter().filter_map(|one| one.visit.visited_at.map(DayBand::of)).collect();
                let free_day = days.iter().any(|day| !self.history.calendar.is_working_day(*day));
                days.len() >= 3 && bands.len() >= 2 && (free_day || bands.contains(&DayBand::Evening))
            }
        }
    }

    fn open(&self, seen: &[Seen<'_>], at_home: &dyn Fn(&Seen<'_>) -> bool) -> Open {
        let within = self.in_period(seen);
        if within.iter().any(|one| one.found_false) {
            return Open::FoundFalse;
        }
        if within.last().is_some_and(|one| one.visit.outcome == VisitOutcome::Rescheduled) {
            return Open::Appointment;
        }
        let vacant =
            |one: &&Seen<'_>| matches!(one.visit.outcome, VisitOutcome::Vacant { .. }) && at_home(one);
        if within.iter().copied().any(|one| vacant(&one)) {
            return Open::SeenVacantOnce;
        }
        let knocks = within
            .iter()
            .filter(|one| one.visit.outcome.code().is_knock() && !self.counts(one.visit.outcome));
        match knocks.count() {
            0 => Open::NeverTried,
            knocks => Open::Tried(u16::try_from(knocks).unwrap_or(u16::MAX)),
        }
    }
}

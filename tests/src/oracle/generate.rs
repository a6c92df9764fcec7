//! Random histories: three doors or so, a few households, and everything that can happen to them.

use chrono::NaiveDate;
use ruhu_core::coverage::CoverageRules;
use ruhu_core::fact::Fact;
use ruhu_core::file::{Stamp, StampedFact};
use ruhu_core::ids::{AccountId, DwellingId, GridId, Hash32, HouseholdId, VisitId, WorkerId};
use ruhu_core::roster::{Address, Assignment, AssignmentKind, By, DwellingUse, Unit};
use ruhu_core::time::{Cadence, Period, WorkCalendar};
use ruhu_core::visit::{OutcomeCode, VisitOutcome, VisitSkeleton};

use super::draw::{Draw, date, shift};
use super::history::{History, Written};

const DOORS: u8 = 4;
const HOUSEHOLDS: u8 = 4;

impl History {
    /// The history of a seed; the same for ever as long as this generator stays.
    #[must_use]
    pub fn random(seed: u64) -> Self {
        let mut writer = Writer { draw: Draw::new(seed), facts: Vec::new() };
        for door in 0..DOORS {
            writer.door(door_id(door));
        }
        for household in 0..HOUSEHOLDS {
            writer.household(household);
        }
        writer.joins();
        let assignments = writer.assignments();
        let go_live = match writer.draw.below(4) {
            0 => None,
            1 => Some(date((2026, 1, 1))),
            2 => Some(date((2026, 7, 1))),
            _ => Some(writer.draw.day()),
        };
        let mut rules = CoverageRules { go_live, ..CoverageRules::default() };
        if writer.draw.chance(20) {
            let also = [OutcomeCode::Phone, OutcomeCode::CameToOffice, OutcomeCode::Vacant];
            rules.counted_outcomes.extend(writer.draw.pick(&also));
        }
        let calendar = WorkCalendar::shipped().unwrap_or_default();
        Self { facts: writer.facts, assignments, rules, calendar }
    }
}

struct Writer {
    draw: Draw,
    facts: Vec<Written>,
}

fn door_id(nth: u8) -> DwellingId {
    DwellingId::from_bytes([nth + 1; 16])
}

fn household_id(nth: u8) -> HouseholdId {
    HouseholdId::from_bytes([nth + 101; 16])
}

fn worker_id(nth: u8) -> WorkerId {
    WorkerId::from_bytes([nth + 51; 16])
}

fn grid_id(nth: u8) -> GridId {
    GridId::from_bytes([nth + 11; 16])
}

impl Writer {
    fn nth(&mut self, end: u8) -> u8 {
        u8::try_from(self.draw.below(u32::from(end))).unwrap_or(0)
    }

    fn grid(&mut self) -> GridId {
        grid_id(self.nth(2))
    }

    fn desk(&mut self) -> By {
        By::Desk(AccountId::from_bytes([self.nth(2) + 201; 16]))
    }

    fn worker(&mut self) -> By {
        By::Worker(worker_id(self.nth(3)))
    }

    /// Mostly the desk, sometimes a phone that had no business saying it.
    fn mostly_desk(&mut self) -> By {
        if self.draw.chance(88) { self.desk() } else { self.worker() }
    }

    fn anybody(&mut self) -> By {
        if self.draw.chance(50) { self.desk() } else { self.worker() }
    }

    fn write(&mut self, unit: Unit, by: By, effective: NaiveDate, fact: Fact) -> Stamp {
        let recorded_ms = self.draw.recorded_ms(effective);
        let stamp = Stamp { recorded_ms, entry: self.draw.entry(), nth: 0 };
        self.facts.push(Written { unit, stamp, said: StampedFact { by, fact } });
        stamp
    }

    /// An entry already in the unit's file, now and then one that nobody has.
    fn target(&mut self, unit: Unit) -> (Hash32, Option<By>) {
        let known: Vec<(Hash32, By)> = self
            .facts
            .iter()
            .filter(|one| one.unit == unit)
            .map(|one| (one.stamp.entry, one.said.by))
            .collect();
        match self.draw.pick(&known) {
            Some((entry, by)) if self.draw.chance(96) => (entry, Some(by)),
            _ => (self.draw.entry(), None),
        }
    }

    fn visit_target(&mut self, unit: Unit) -> Option<(Hash32, By)> {
        let visits = self.facts.iter().filter(|one| one.unit == unit);
        let visits = visits.filter(|one| matches!(one.said.fact, Fact::Visited(_)));
        let visits: Vec<(Hash32, By)> = visits.map(|one| (one.stamp.entry, one.said.by)).collect();
        // The last ones more often, so that corrections are corrected.
        let from = if self.draw.chance(60) { visits.len().saturating_sub(2) } else { 0 };
        self.draw.pick(visits.get(from..).unwrap_or(&[]))
    }

    fn door(&mut self, dwelling: DwellingId) {
        let unit = Unit::Vacant(dwelling);
        if self.draw.chance(95) {
            let from = if self.draw.chance(80) { date((2026, 1, 1)) } else { self.draw.day() };
            self.list(unit, from);
        }
        for _ in 0..self.draw.below(4) {
            let on = self.draw.day();
            match self.draw.below(6) {
                0 | 1 => {
                    let to = self.used_as();
                    let by = self.anybody();
                    self.write(unit, by, on, Fact::UseChanged { to, from: on });
                }
                2 => {
                    let (by, grid) = (self.mostly_desk(), self.grid());
                    self.write(unit, by, on, Fact::Regridded { grid, from: on });
                }
                3 => self.list(unit, on),
                _ => self.mark(unit),
            }
        }
        for _ in 0..self.draw.below(6) {
            self.visit(unit, dwelling);
        }
        if self.draw.chance(30) {
            self.mark(unit);
        }
    }

    fn list(&mut self, unit: Unit, from: NaiveDate) {
        let used_as = if self.draw.chance(90) { DwellingUse::Home } else { self.used_as() };
        let (by, grid) = (self.anybody(), self.grid());
        let listed = Fact::DwellingListed { address: Address::default(), used_as, grid, from };
        self.write(unit, by, from, listed);
    }

    fn used_as(&mut self) -> DwellingUse {
        let annex = DwellingUse::AnnexOf(household_id(self.nth(HOUSEHOLDS)));
        let all =
            [DwellingUse::Home, DwellingUse::Home, annex, DwellingUse::NonResidential, DwellingUse::Gone];
        self.draw.pick(&all).unwrap_or(DwellingUse::Home)
    }

    fn household(&mut self, nth: u8) {
        let unit = Unit::Household(household_id(nth));
        let home = door_id(self.nth(DOORS));
        if self.draw.chance(85) {
            let from = if self.draw.chance(60) { None } else { Some(self.draw.day()) };
            self.settle(unit, home, from);
        }
        if self.draw.chance(15) {
            self.settle_returned(unit, home);
        }
        if self.draw.chance(35) {
            let on = if self.draw.chance(60) { date((2026, 6, 1)) } else { self.draw.day() };
            let by = self.mostly_desk();
            self.write(unit, by, on, Fact::KeyMark { key: true, on });
        }
        let calm = self.draw.chance(40);
        for _ in 0..self.draw.below(if calm { 2 } else { 6 }) {
            self.event(unit, nth, home);
        }
        for _ in 0..self.draw.below(8) {
            self.visit(unit, home);
        }
        for _ in 0..self.draw.below(if calm { 2 } else { 4 }) {
            self.mark(unit);
        }
    }

    fn settle(&mut self, unit: Unit, dwelling: DwellingId, from: Option<NaiveDate>) {
        let by = if self.draw.chance(75) { self.desk() } else { self.worker() };
        let grid = self.grid();
        let effective = match from {
            Some(from) => from,
            None if self.draw.chance(70) => date((2026, 1, 1)),
            None => self.draw.day(),
        };
        self.write(unit, by, effective, Fact::Settled { dwelling, grid, from });
    }

    /// A household that a phone proposed, the lead returned, and somebody found after all.
    fn settle_returned(&mut self, unit: Unit, dwelling: DwellingId) {
        let on = self.draw.day();
        let (by, grid) = (self.worker(), self.grid());
        let proposed = self.write(unit, by, on, Fact::Settled { dwelling, grid, from: Some(on) });
        let desk = self.desk();
        self.write(unit, desk, on, Fact::Returned { target: proposed.entry });
        if self.draw.chance(70) {
            let from = self.draw.day();
            self.settle(unit, dwelling, Some(from));
        }
    }

    fn event(&mut self, unit: Unit, nth: u8, home: DwellingId) {
        let on = self.draw.day();
        match self.draw.below(14) {
            0 | 1 => {
                let to = if self.draw.chance(30) { home } else { door_id(self.nth(DOORS)) };
                let from = (!self.draw.chance(8)).then_some(on);
                self.settle(unit, to, from);
            }
            2..5 => {
                let told_by = if self.draw.chance(40) { None } else { Some(self.draw.informant()) };
                let by = self.anybody();
                self.write(unit, by, on, Fact::Left { on, told_by });
            }
            5 => {
                let by = self.anybody();
                self.write(unit, by, on, Fact::Dissolved { on, into: None });
            }
            6 => {
                let other = household_id((nth + 1) % HOUSEHOLDS);
                let by = self.anybody();
                self.write(unit, by, on, Fact::SplitFrom { from: other, on });
            }
            7 | 8 => {
                let (by, key) = (self.mostly_desk(), self.draw.chance(55));
                self.write(unit, by, on, Fact::KeyMark { key, on });
            }
            9 => {
                let length = self.draw.pick(&[20, 91, 92, 93, 200, 400]).unwrap_or(0);
                let by = self.mostly_desk();
                self.write(unit, by, on, Fact::DoNotAsk { from: on, until: shift(on, length) });
            }
            10 => {
                let by = self.mostly_desk();
                self.write(unit, by, on, Fact::ImportedVisit { visited_on: on });
            }
            11 => {
                let vacant = VisitOutcome::Vacant { confirmed_by: None };
                self.write_visit(unit, home, on, vacant);
                let apart = self.draw.pick(&[-179, -180, -181, 6, 7]).unwrap_or(7);
                self.write_visit(unit, home, shift(on, apart), vacant);
            }
            12 => {
                let year_ago = [date((2025, 9, 29)), date((2025, 9, 30)), date((2025, 10, 1))];
                let seen = self.draw.pick(&year_ago).unwrap_or(on);
                self.write_visit(unit, home, seen, VisitOutcome::RegisteredOnly);
            }
            _ => {
                let moved = VisitOutcome::MovedAway { told_by: self.draw.informant(), left_on: None };
                self.write_visit(unit, home, on, moved);
                let seen = shift(on, self.draw.pick(&[6, 7, 8, 30]).unwrap_or(7));
                self.write_visit(unit, home, seen, VisitOutcome::Vacant { confirmed_by: None });
            }
        }
    }

    fn visit(&mut self, unit: Unit, home: DwellingId) {
        let on = self.draw.day();
        let door = if self.draw.chance(85) { home } else { door_id(self.nth(DOORS)) };
        let outcome = self.draw.outcome(on);
        self.write_visit(unit, door, on, outcome);
    }

    fn write_visit(&mut self, unit: Unit, dwelling: DwellingId, on: NaiveDate, outcome: VisitOutcome) {
        let mut by = if self.draw.chance(92) { self.worker() } else { self.desk() };
        let mut supersedes = None;
        if self.draw.chance(22)
            && let Some((target, author)) = self.visit_target(unit)
        {
            supersedes = Some(if self.draw.chance(95) { target } else { self.draw.entry() });
            by = match self.draw.below(10) {
                0..5 => author,
                5..8 => self.desk(),
                _ => self.worker(),
            };
        }
        let made_by = match by {
            By::Worker(worker) => worker,
            By::Desk(_) => worker_id(self.nth(3)),
        };
        let other =
            if self.draw.chance(97) { unit } else { Unit::Household(household_id(self.nth(HOUSEHOLDS))) };
        let skeleton = VisitSkeleton {
            visit: VisitId::from_bytes([0; 16]),
            unit: if supersedes.is_some() { other } else { unit },
            dwelling,
            made_by,
            visited_on: on,
            visited_at: self.draw.time(),
            outcome,
            late_entry: false,
            supersedes,
        };
        self.write(unit, by, on, Fact::Visited(skeleton));
    }

    /// A word about another record of the unit.
    fn mark(&mut self, unit: Unit) {
        let on = self.draw.day();
        let (target, author) = self.target(unit);
        match self.draw.below(12) {
            0..3 => {
                let by = match (self.draw.below(3), author) {
                    (0, Some(author)) => author,
                    (1, _) => self.worker(),
                    _ => self.desk(),
                };
                self.write(unit, by, on, Fact::Withdrawn { target });
            }
            3..6 => {
                let by = self.mostly_desk();
                self.write(unit, by, on, Fact::Confirmed { target });
            }
            6 | 7 => {
                let by = self.mostly_desk();
                self.write(unit, by, on, Fact::Returned { target });
            }
            8 => {
                let cadence = if self.draw.chance(70) { Cadence::Quarter } else { Cadence::Month };
                let period = Period::of(if self.draw.chance(95) { cadence } else { Cadence::Month }, on);
                let by = self.mostly_desk();
                self.write(unit, by, on, Fact::DeductionRejected { period, cadence });
            }
            _ => {
                let target = self.visit_target(unit).map_or(target, |(target, _)| target);
                let (by, falsified) = (self.mostly_desk(), self.draw.chance(75));
                self.write(unit, by, on, Fact::Found { target, falsified });
            }
        }
    }

    /// Joinings and partings of two records, each told in one of the two files or in both.
    fn joins(&mut self) {
        if !self.draw.chance(30) {
            return;
        }
        for _ in 0..=self.draw.below(4) {
            let one = self.nth(HOUSEHOLDS);
            let other = (one + 1 + self.nth(HOUSEHOLDS - 1)) % HOUSEHOLDS;
            let (from, into) = (household_id(one), household_id(other));
            let (here, there) = if self.draw.chance(70) {
                (Fact::SameAs { into }, Fact::Absorbs { other: from })
            } else {
                (Fact::Parted { other: into }, Fact::Parted { other: from })
            };
            let on = self.draw.day();
            let by = self.mostly_desk();
            let sides = self.draw.below(4);
            let entry = self.draw.entry();
            let recorded_ms = self.draw.recorded_ms(on);
            for (nth, unit, fact, leave_out) in [(0, from, here, 1), (1, into, there, 2)] {
                if sides != leave_out {
                    let stamp = Stamp { recorded_ms, entry, nth };
                    let said = StampedFact { by, fact };
                    self.facts.push(Written { unit: Unit::Household(unit), stamp, said });
                }
            }
        }
    }

    fn assignments(&mut self) -> Vec<Assignment> {
        let mut assignments = Vec::new();
        for grid in 0..2 {
            for _ in 0..self.draw.below(4) {
                let from = if self.draw.chance(50) { date((2026, 1, 1)) } else { self.draw.day() };
                let lasts = i64::from(self.draw.below(150));
                let kind =
                    if self.draw.chance(80) { AssignmentKind::Responsible } else { AssignmentKind::Cover };
                assignments.push(Assignment {
                    grid: grid_id(grid),
                    worker: worker_id(self.nth(3)),
                    kind,
                    from,
                    until: self.draw.chance(50).then(|| shift(from, lasts)),
                });
            }
        }
        assignments
    }
}

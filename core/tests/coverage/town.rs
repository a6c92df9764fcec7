//! A small community written down fact by fact, for stories about coverage.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use ruhu_core::coverage::{Coverage, CoverageRules, ObligationState, Register, Setting, reckon};
use ruhu_core::fact::Fact;
use ruhu_core::file::{Stamp, StampedFact, UnitFile};
use ruhu_core::ids::{AccountId, DwellingId, GridId, Hash32, HouseholdId, VisitId, WorkerId};
use ruhu_core::roster::{Address, Assignment, AssignmentKind, By, DwellingUse, Unit};
use ruhu_core::time::{WorkCalendar, Zone};
use ruhu_core::visit::{MeetingPlace, VisitOutcome, VisitSkeleton};

pub(crate) const MET: VisitOutcome = VisitOutcome::Met { place: MeetingPlace::Inside };
pub(crate) const NOT_HOME: VisitOutcome = VisitOutcome::NotHome { note_left: true };
pub(crate) const VACANT: VisitOutcome = VisitOutcome::Vacant { confirmed_by: None };

/// Everything recorded so far.
#[derive(Clone)]
pub(crate) struct Town {
    pub(crate) files: BTreeMap<Unit, UnitFile>,
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) rules: CoverageRules,
    entries: u32,
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn grid(nth: u16) -> GridId {
    GridId::from_bytes(numbered(nth))
}

pub(crate) fn worker(nth: u16) -> WorkerId {
    WorkerId::from_bytes(numbered(nth))
}

pub(crate) fn door(nth: u16) -> DwellingId {
    DwellingId::from_bytes(numbered(nth))
}

pub(crate) fn house(nth: u16) -> Unit {
    Unit::Household(house_id(nth))
}

pub(crate) fn house_id(nth: u16) -> HouseholdId {
    HouseholdId::from_bytes(numbered(nth))
}

pub(crate) fn empty(nth: u16) -> Unit {
    Unit::Vacant(door(nth))
}

pub(crate) fn desk() -> By {
    By::Desk(AccountId::from_bytes([9; 16]))
}

fn numbered(nth: u16) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[14..].copy_from_slice(&nth.to_be_bytes());
    bytes
}

impl Town {
    /// A community that went live at the turn of the year, with worker 1 in grid 1 and worker 2 in grid 2.
    pub(crate) fn new() -> Self {
        let rules = CoverageRules { go_live: Some(day("2026-01-01")), ..CoverageRules::default() };
        let mut town = Self { files: BTreeMap::new(), assignments: Vec::new(), rules, entries: 0 };
        town.assign(1, 1, "2026-01-01", None);
        town.assign(2, 2, "2026-01-01", None);
        town
    }

    pub(crate) fn assign(&mut self, to: u16, who: u16, from: &str, until: Option<&str>) {
        self.assignments.push(Assignment {
            grid: grid(to),
            worker: worker(who),
            kind: AssignmentKind::Responsible,
            from: day(from),
            until: until.map(day),
        });
    }

    /// Writes a fact down at noon of a day, as an entry of its own. Returns the entry's payload hash.
    pub(crate) fn say(&mut self, unit: Unit, by: By, recorded_on: &str, fact: Fact) -> Hash32 {
        self.entries += 1;
        let entry = Hash32::of(&[&self.entries.to_be_bytes()]);
        let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap();
        let recorded = Zone::CHINA.instant(day(recorded_on), noon);
        let stamp =
            Stamp { recorded_ms: recorded.timestamp_millis() + i64::from(self.entries), entry, nth: 0 };
        let file = self.files.entry(unit).or_insert_with(|| UnitFile::new(unit));
        assert!(file.insert(stamp, StampedFact { by, fact }));
        entry
    }

    /// Lists a door of grid 1 as a home, long ago.
    pub(crate) fn home(&mut self, nth: u16) {
        self.home_in(nth, 1);
    }

    pub(crate) fn home_in(&mut self, nth: u16, of: u16) {
        let address = Address {
            estate: "阳光小区".into(),
            building: (nth / 100).to_string(),
            stair: "1".into(),
            floor: Some(1),
            door: nth.to_string(),
            remainder: String::new(),
        };
        let listed = Fact::DwellingListed {
            address,
            used_as: DwellingUse::Home,
            grid: grid(of),
            from: day("2020-01-01"),
        };
        self.say(empty(nth), desk(), "2025-12-20", listed);
    }

    /// A household that has lived behind its door in grid 1 since before anybody wrote.
    pub(crate) fn old_house(&mut self, nth: u16) {
        self.home(nth);
        self.settle(nth, nth, 1, None, "2025-12-20");
    }

    pub(crate) fn settle(
        &mut self,
        who: u16,
        at: u16,
        of: u16,
        from: Option<&str>,
        recorded_on: &str,
    ) -> Hash32 {
        let settled = Fact::Settled { dwelling: door(at), grid: grid(of), from: from.map(day) };
        self.say(house(who), desk(), recorded_on, settled)
    }

    /// The roster owner's own edit, on the day itself.
    pub(crate) fn leave(&mut self, who: u16, on: &str) -> Hash32 {
        self.say(house(who), desk(), on, Fact::Left { on: day(on), told_by: None })
    }

    pub(crate) fn mark_key(&mut self, who: u16, key: bool, on: &str) -> Hash32 {
        self.say(house(who), desk(), on, Fact::KeyMark { key, on: day(on) })
    }

    /// A visit by the worker of grid 1 at the household's own number, in the morning unless a time is given.
    pub(crate) fn visit(&mut self, unit: Unit, when: &str, outcome: VisitOutcome) -> Hash32 {
        let skeleton = skeleton(unit, when, outcome);
        let recorded_on = skeleton.visited_on.to_string();
        self.say(unit, By::Worker(skeleton.made_by), &recorded_on, Fact::Visited(skeleton))
    }

    pub(crate) fn met(&mut self, nth: u16, when: &str) -> Hash32 {
        self.visit(house(nth), when, MET)
    }

    pub(crate) fn register(&self) -> Register {
        let setting = Setting {
            assignments: self.assignments.clone(),
            rules: self.rules.clone(),
            zone: Zone::CHINA,
            calendar: WorkCalendar::shipped().unwrap(),
        };
        Register::new(self.files.values(), setting)
    }

    /// Reckons a period as of its last day.
    pub(crate) fn reckon(&self, period: &str) -> Coverage {
        let period: ruhu_core::time::Period = period.parse().unwrap();
        reckon(&self.register(), period, period.last_day())
    }

    /// The state of one unit in a period, if it is due.
    pub(crate) fn state(&self, period: &str, unit: Unit) -> Option<ObligationState> {
        let coverage = self.reckon(period);
        let mut of_unit = coverage.obligations.iter().filter(|one| one.unit == unit);
        let state = of_unit.next().map(|one| one.state);
        assert!(of_unit.next().is_none(), "one state per obligation");
        state
    }
}

/// A visit of worker 1 to the unit's own number; `when` is a day, or a day and a time.
pub(crate) fn skeleton(unit: Unit, when: &str, outcome: VisitOutcome) -> VisitSkeleton {
    let (on, at) = when.split_once(' ').map_or((when, None), |(on, at)| (on, Some(at)));
    VisitSkeleton {
        visit: VisitId::from_bytes([7; 16]),
        unit,
        dwelling: DwellingId::from_bytes(*unit.as_bytes()),
        made_by: worker(1),
        visited_on: day(on),
        visited_at: at.map(|at| format!("{at}:00").parse().unwrap()),
        outcome,
        late_entry: false,
        supersedes: None,
    }
}

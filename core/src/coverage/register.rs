//! 名册 – the lives of all units of a community, or of one grid with everything that touches it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::responsible::{Responsibilities, Responsible};
use super::rules::CoverageRules;
use crate::file::UnitFile;
use crate::ids::{DwellingId, GridId, HouseholdId};
use crate::life::{DoorLife, HouseholdLife, survivors};
use crate::roster::{Assignment, Unit};
use crate::time::{WorkCalendar, Zone};

/// Everything besides the files that a reckoning depends on.
#[derive(Clone, Debug)]
pub struct Setting {
    /// 分管 – who is responsible for which grid when.
    pub assignments: Vec<Assignment>,
    /// 走访口径.
    pub rules: CoverageRules,
    /// 时区 – the zone of the community, in which recording dates are read.
    pub zone: Zone,
    /// 工作日历.
    pub calendar: WorkCalendar,
}

/// The derived lives of all units, ready to be reckoned for any period.
#[derive(Clone, Debug)]
pub struct Register {
    households: Vec<HouseholdLife>,
    doors: Vec<Door>,
    responsibilities: Responsibilities,
    rules: CoverageRules,
    calendar: WorkCalendar,
}

/// A door with the households that were ever settled there.
#[derive(Clone, Debug)]
pub(super) struct Door {
    pub(super) life: DoorLife,
    pub(super) households: Vec<usize>,
}

impl Register {
    /// Derives the lives of all units from their files. Two files of one unit are read as one.
    #[must_use]
    pub fn new<'a>(files: impl IntoIterator<Item = &'a UnitFile>, setting: Setting) -> Self {
        let mut own: BTreeMap<HouseholdId, Vec<&UnitFile>> = BTreeMap::new();
        let mut doors: BTreeMap<DwellingId, Vec<&UnitFile>> = BTreeMap::new();
        for file in files {
            match file.unit() {
                Unit::Household(id) => own.entry(id).or_default().push(file),
                Unit::Vacant(dwelling) => doors.entry(dwelling).or_default().push(file),
            }
        }
        let joined = survivors(own.values().flatten().copied());
        let mut absorbed: BTreeMap<HouseholdId, Vec<&UnitFile>> = BTreeMap::new();
        for (from, into) in &joined {
            absorbed.entry(*into).or_default().extend(own.get(from).into_iter().flatten());
        }
        let mut households: Vec<HouseholdLife> = own
            .iter()
            .filter(|(id, _)| !joined.contains_key(id))
            .map(|(id, files)| {
                let others = absorbed.get(id).map_or(&[][..], Vec::as_slice);
                with_one_file(files, |file| HouseholdLife::derive(*id, file, others, setting.zone))
            })
            .collect();
        hear_of_successors(&mut households);
        let doors = doors
            .iter()
            .map(|(dwelling, files)| Door {
                life: with_one_file(files, |file| DoorLife::derive(*dwelling, file)),
                households: Vec::new(),
            })
            .collect();
        let mut register = Self {
            households,
            doors,
            responsibilities: Responsibilities::of(&setting.assignments),
            rules: setting.rules,
            calendar: setting.calendar,
        };
        register.index_doors();
        register
    }

    /// The households, by id; records joined into another are part of that one.
    #[must_use]
    pub fn households(&self) -> &[HouseholdLife] {
        &self.households
    }

    /// One household by its id.
    #[must_use]
    pub fn household(&self, id: HouseholdId) -> Option<&HouseholdLife> {
        let at = self.households.binary_search_by_key(&id, HouseholdLife::id).ok()?;
        self.households.get(at)
    }

    /// The doors, by id.
    pub fn doors(&self) -> impl Iterator<Item = &DoorLife> {
        self.doors.iter().map(|door| &door.life)
    }

    /// One door by its id.
    #[must_use]
    pub fn door(&self, id: DwellingId) -> Option<&DoorLife> {
        self.find_door(id).map(|door| &door.life)
    }

    /// 责任人 – who is responsible for a grid on a day.
    #[must_use]
    pub fn responsible(&self, grid: GridId, day: NaiveDate) -> Option<Responsible> {
        self.responsibilities.on(grid, day)
    }

    /// 走访口径.
    #[must_use]
    pub const fn rules(&self) -> &CoverageRules {
        &self.rules
    }

    /// 工作日历.
    #[must_use]
    pub const fn calendar(&self) -> &WorkCalendar {
        &self.calendar
    }

    pub(super) fn occupied_doors(&self) -> &[Door] {
        &self.doors
    }

    pub(super) fn find_door(&self, id: DwellingId) -> Option<&Door> {
        let at = self.doors.binary_search_by_key(&id, |door| door.life.dwelling()).ok()?;
        self.doors.get(at)
    }

    pub(super) fn households_of<'a>(&'a self, door: &'a Door) -> impl Iterator<Item = &'a HouseholdLife> {
        door.households.iter().filter_map(|at| self.households.get(*at))
    }

    fn index_doors(&mut self) {
        for (nth, life) in self.households.iter().enumerate() {
            for (dwelling, _) in life.doors() {
                let Ok(at) = self.doors.binary_search_by_key(&dwelling, |door| door.life.dwelling()) else {
                    continue;
                };
                if let Some(door) = self.doors.get_mut(at)
                    && door.households.last() != Some(&nth)
                {
                    door.households.push(nth);
                }
            }
        }
    }
}

fn with_one_file<T>(files: &[&UnitFile], derive: impl FnOnce(&UnitFile) -> T) -> T {
    match files {
        [only] => derive(only),
        [first, others @ ..] => derive(&others.iter().fold((*first).clone(), |all, file| all.union(file))),
        [] => derive(&UnitFile::new(Unit::Vacant(DwellingId::from_bytes([0; 16])))),
    }
}

/// A successor is another household recorded as settling at the door on or after the day of the departure.
fn hear_of_successors(households: &mut [HouseholdLife]) {
    if !households.iter().any(HouseholdLife::awaits_successor) {
        return;
    }
    let mut came: BTreeMap<DwellingId, Vec<(NaiveDate, HouseholdId)>> = BTreeMap::new();
    for life in households.iter() {
        for (dwelling, from) in life.doors() {
            if let Some(from) = from {
                came.entry(dwelling).or_default().push((from, life.id()));
            }
        }
    }
    for life in households.iter_mut().filter(|life| life.awaits_successor()) {
        let own = life.id();
        life.hear_of_successors(|door, since| {
            let others = came.get(&door).into_iter().flatten().filter(|(_, id)| *id != own);
            others.map(|(from, _)| *from).filter(|from| since <= *from).min()
        });
    }
}

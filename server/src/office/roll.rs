//! 户册 – all units of one community in one view: found by id, household number or address, with their lives.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate};
use ruhu_core::community::CommunityFile;
use ruhu_core::coverage::{Coverage, Register, reckon};
use ruhu_core::fact::Fact;
use ruhu_core::file::{Stamp, StampedFact, UnitFile};
use ruhu_core::ids::{CommunityId, DwellingId, GridId, Hash32, HouseholdId};
use ruhu_core::life::{HouseholdLife, survivors};
use ruhu_core::projection::standing;
use ruhu_core::roster::{Address, DwellingUse, Unit};
use ruhu_core::time::Period;

use super::OfficeError;
use crate::import::plan::household_id;
use crate::storage::Tx;
use crate::storage::units::UnitRow;

/// Least digits of a record's number that are looked for.
const HASH_DIGITS: usize = 8;
/// Most ids named in an error.
const NAMED_MAX: usize = 8;

/// 户册 – the community as it is in one view of the database.
#[derive(Clone, Debug)]
pub struct Roll {
    community: CommunityId,
    file: CommunityFile,
    today: NaiveDate,
    units: BTreeMap<Unit, Listed>,
    /// As doors are walked, grid by grid.
    order: Vec<Unit>,
    joined: BTreeMap<HouseholdId, HouseholdId>,
}

/// One unit with its file.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Where it is at home.
    pub row: UnitRow,
    /// Everything recorded of it.
    pub file: UnitFile,
}

impl Roll {
    /// Reads a community whole; `now_ms` in milliseconds since 1970 UTC.
    ///
    /// # Errors
    /// [`OfficeError::Storage`].
    pub fn load(tx: &Tx<'_>, community: CommunityId, now_ms: i64) -> Result<Self, OfficeError> {
        let file = tx.community(community)?.unwrap_or_default();
        let today = file.zone().date(DateTime::from_timestamp_millis(now_ms).unwrap_or_default());
        let (mut units, mut order) = (BTreeMap::new(), Vec::new());
        for grid in file.grids().into_keys() {
            for (row, file) in tx.files_in(grid)? {
                order.push(row.unit);
                units.insert(row.unit, Listed { row, file });
            }
        }
        let joined = survivors(units.values().map(|one: &Listed| &one.file));
        Ok(Self { community, file, today, units, order, joined })
    }

    /// Which community.
    #[must_use]
    pub const fn community(&self) -> CommunityId {
        self.community
    }

    /// Its grids, workers and rules.
    #[must_use]
    pub const fn file(&self) -> &CommunityFile {
        &self.file
    }

    /// Today's local date.
    #[must_use]
    pub const fn today(&self) -> NaiveDate {
        self.today
    }

    /// All units, grid by grid, as doors are walked.
    pub fn units(&self) -> impl Iterator<Item = &Listed> {
        self.order.iter().filter_map(|unit| self.units.get(unit))
    }

    /// One unit.
    #[must_use]
    pub fn unit(&self, unit: Unit) -> Option<&Listed> {
        self.units.get(&unit)
    }

    /// The record that goes on for a household: its own, or the one it was joined into.
    #[must_use]
    pub fn survivor(&self, household: HouseholdId) -> HouseholdId {
        self.joined.get(&household).copied().unwrap_or(household)
    }

    /// The name of a grid, empty where none is known.
    #[must_use]
    pub fn grid_name(&self, grid: Option<GridId>) -> String {
        let grids = self.file.grids();
        grid.and_then(|grid| grids.get(&grid).map(|one| one.name.clone())).unwrap_or_default()
    }

    /// The address of a unit's door; empty where none is known.
    #[must_use]
    pub fn address(&self, unit: Unit) -> String {
        let door = self.unit(unit).and_then(|one| one.row.dwelling);
        door.and_then(|door| self.address_of(door)).map(ToString::to_string).unwrap_or_default()
    }

    /// A door's address as last listed.
    #[must_use]
    pub fn address_of(&self, door: DwellingId) -> Option<&Address> {
        let file = &self.unit(Unit::Vacant(door))?.file;
        standing(file).rev().find_map(|(_, stamped)| match &stamped.fact {
            Fact::DwellingListed { address, .. } => Some(address),
            _ => None,
        })
    }

    /// What a door is used for on a day.
    #[must_use]
    pub fn use_on(&self, door: DwellingId, day: NaiveDate) -> Option<DwellingUse> {
        let file = &self.unit(Unit::Vacant(door))?.file;
        ruhu_core::life::DoorLife::derive(door, file).use_on(day)
    }

    /// The life of a household, with those of the records joined to it; of a joined record, its own.
    #[must_use]
    pub fn life(&self, household: HouseholdId) -> Option<HouseholdLife> {
        let own = &self.unit(Unit::Household(household))?.file;
        let others = self.joined.iter().filter(|(_, into)| **into == household);
        let others: Vec<&UnitFile> =
            others.filter_map(|(from, _)| self.unit(Unit::Household(*from))).map(|one| &one.file).collect();
        Some(HouseholdLife::derive(household, own, &others, self.file.zone()))
    }

    /// Whether a household lives in the community today; a joined record as if it stood alone.
    #[must_use]
    pub fn is_living(&self, household: HouseholdId) -> bool {
        self.life(household).is_some_and(|life| life.timeline(self.today).on(self.today).is_some())
    }

    /// The households settled at a door as last recorded, joined records and those that left included.
    pub fn settled_at(&self, door: DwellingId) -> impl Iterator<Item = HouseholdId> {
        self.units().filter_map(move |one| match one.row.unit {
            Unit::Household(id) if one.row.dwelling == Some(door) => Some(id),
            _ => None,
        })
    }

    /// A unit by id, household number or address. An address names the household behind the door, or the door
    /// itself where nobody lives.
    ///
    /// # Errors
    /// [`OfficeError`]: nothing, or several.
    pub fn find(&self, wanted: &str) -> Result<Unit, OfficeError> {
        if let Some(unit) = self.by_number(wanted) {
            return Ok(unit);
        }
        let door = self.door_at(wanted, "户室 unit")?;
        let living: Vec<HouseholdId> = self.living_at(door);
        match living.as_slice() {
            [] => Ok(Unit::Vacant(door)),
            [only] => Ok(Unit::Household(*only)),
            _ => Err(several(&living)),
        }
    }

    /// A household by id, household number or address.
    ///
    /// # Errors
    /// [`OfficeError`]: nothing, several, or a door nobody lives behind.
    pub fn household(&self, wanted: &str) -> Result<HouseholdId, OfficeError> {
        match self.find(wanted)? {
            Unit::Household(id) => Ok(id),
            Unit::Vacant(_) => Err(OfficeError::WrongUnit { wanted: "户 household" }),
        }
    }

    /// A household as [`Roll::household`]; a record joined into another is refused by the id of that one.
    ///
    /// # Errors
    /// [`OfficeError`].
    pub fn standing_household(&self, wanted: &str) -> Result<HouseholdId, OfficeError> {
        let one = self.household(wanted)?;
        match self.joined.get(&one) {
            Some(into) => Err(OfficeError::AlreadyJoined { one, into: *into }),
            None => Ok(one),
        }
    }

    /// A door by id or address.
    ///
    /// # Errors
    /// [`OfficeError`]: nothing, or several.
    pub fn door(&self, wanted: &str) -> Result<DwellingId, OfficeError> {
        match self.by_number(wanted) {
            Some(Unit::Vacant(door)) => Ok(door),
            Some(Unit::Household(_)) => Err(OfficeError::WrongUnit { wanted: "户室 door" }),
            None => self.door_at(wanted, "户室 door"),
        }
    }

    /// A record by the first digits of its number.
    ///
    /// # Errors
    /// [`OfficeError`]: none, or several.
    pub fn entry(&self, wanted: &str) -> Result<Hash32, OfficeError> {
        let typed = wanted.to_ascii_lowercase();
        let is_number = HASH_DIGITS <= typed.len() && typed.chars().all(|sign| sign.is_ascii_hexdigit());
        let all = self.units.values().flat_map(|one| one.file.facts());
        let found: BTreeSet<Hash32> = all
            .map(|(stamp, _)| stamp.entry)
            .filter(|entry| is_number && entry.to_string().starts_with(&typed))
            .collect();
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(only),
            (None, _) => Err(OfficeError::NoEntry { hash: wanted.to_owned() }),
            _ => Err(OfficeError::SeveralEntries { hash: wanted.to_owned() }),
        }
    }

    /// Every fact of a record, with the unit whose file it stands in.
    pub fn facts_of(&self, entry: Hash32) -> impl Iterator<Item = (&Listed, &Stamp, &StampedFact)> {
        self.units().flat_map(move |one| {
            let facts = one.file.facts().filter(move |(stamp, _)| stamp.entry == entry);
            facts.map(move |(stamp, stamped)| (one, stamp, stamped))
        })
    }

    /// Reckons a period for the whole community, as known today.
    ///
    /// # Errors
    /// When a holiday notice is damaged.
    pub fn coverage(&self, period: Period) -> Result<Coverage, OfficeError> {
        let files = self.units.values().map(|one| &one.file);
        let register = Register::new(files, self.file.coverage_setting(period)?);
        Ok(reckon(&register, period, self.today.min(period.last_day())))
    }

    fn by_number(&self, wanted: &str) -> Option<Unit> {
        let wanted = wanted.trim();
        let household = wanted.parse().map(Unit::Household).ok();
        let door = wanted.parse().map(Unit::Vacant).ok();
        // 户号 of a roster: the import made the household's id from it.
        let imported = Unit::Household(household_id(self.community, &format!("code:{wanted}")));
        [household, door, Some(imported)].into_iter().flatten().find(|unit| self.units.contains_key(unit))
    }

    fn door_at(&self, wanted: &str, what: &'static str) -> Result<DwellingId, OfficeError> {
        let bare = |words: &str| words.chars().filter(|sign| !sign.is_whitespace()).collect::<String>();
        let wanted = bare(wanted);
        let (mut whole, mut part) = (Vec::new(), Vec::new());
        for one in self.units() {
            let Unit::Vacant(door) = one.row.unit else { continue };
            let address = self.address_of(door).map(|address| bare(&address.to_string())).unwrap_or_default();
            if address == wanted {
                whole.push(door);
            } else if !wanted.is_empty() && address.contains(&wanted) {
                part.push(door);
            }
        }
        let found = if whole.is_empty() { part } else { whole };
        match found.as_slice() {
            [] => Err(OfficeError::NoUnit { wanted: what }),
            [only] => Ok(*only),
            _ => Err(several(&found)),
        }
    }

    fn living_at(&self, door: DwellingId) -> Vec<HouseholdId> {
        let stands = |id: &HouseholdId| !self.joined.contains_key(id) && self.is_living(*id);
        self.settled_at(door).filter(stands).collect()
    }
}

fn several<I: ToString>(found: &[I]) -> OfficeError {
    let mut ids: Vec<String> = found.iter().take(NAMED_MAX).map(ToString::to_string).collect();
    if NAMED_MAX < found.len() {
        ids.push("……".to_owned());
    }
    OfficeError::SeveralUnits { ids: ids.join("、") }
}

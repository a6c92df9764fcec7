//! 对照 – which door and family of the city the product's ids mean. The product never sees it.

use std::collections::BTreeMap;

use ruhu_core::fieldbook::Fieldbook;
use ruhu_core::ids::{DwellingId, HouseholdId, PersonId};
use ruhu_core::profile::Scalar;
use ruhu_core::roster::Unit;

use super::HarnessError;
use crate::city::{City, DoorNo, FamilyNo};

/// The names two worlds have for the same things.
#[derive(Clone, Debug, Default)]
pub struct Known {
    doors: BTreeMap<DwellingId, DoorNo>,
    dwellings: BTreeMap<DoorNo, DwellingId>,
    families: BTreeMap<HouseholdId, FamilyNo>,
    households: BTreeMap<FamilyNo, HouseholdId>,
    people: BTreeMap<FamilyNo, BTreeMap<String, PersonId>>,
}

impl Known {
    /// Learns the doors and families a phone holds, by their addresses, while everybody lives where the roster says.
    ///
    /// # Errors
    /// [`HarnessError::Phone`].
    pub fn learn(&mut self, city: &City, book: &Fieldbook) -> Result<(), HarnessError> {
        let by_address: BTreeMap<String, DoorNo> =
            city.doors.iter().map(|(no, door)| (door.address.walking_key(), *no)).collect();
        let by_door: BTreeMap<DoorNo, FamilyNo> =
            city.families.iter().map(|(no, family)| (family.door, *no)).collect();
        for line in book.units()? {
            let door = line.address.as_ref().and_then(|address| by_address.get(&address.walking_key()));
            let (Some(dwelling), Some(door)) = (line.dwelling, door) else { continue };
            self.doors.insert(dwelling, *door);
            self.dwellings.insert(*door, dwelling);
            if let (Unit::Household(household), Some(family)) = (line.unit, by_door.get(door)) {
                self.meet(*family, household, people_of(book, line.unit)?);
            }
        }
        Ok(())
    }

    /// Notes that a family has been recorded as a household.
    pub fn meet(&mut self, family: FamilyNo, household: HouseholdId, people: BTreeMap<String, PersonId>) {
        self.families.insert(household, family);
        self.households.insert(family, household);
        self.people.insert(family, people);
    }

    /// The city's door.
    #[must_use]
    pub fn door(&self, dwelling: DwellingId) -> Option<DoorNo> {
        self.doors.get(&dwelling).copied()
    }

    /// The product's door.
    #[must_use]
    pub fn dwelling(&self, door: DoorNo) -> Option<DwellingId> {
        self.dwellings.get(&door).copied()
    }

    /// The city's family.
    #[must_use]
    pub fn family(&self, household: HouseholdId) -> Option<FamilyNo> {
        self.families.get(&household).copied()
    }

    /// The product's household; `None` for a family nobody has recorded.
    #[must_use]
    pub fn household(&self, family: FamilyNo) -> Option<HouseholdId> {
        self.households.get(&family).copied()
    }

    /// The ids of a family's members by name.
    pub fn people(&mut self, family: FamilyNo) -> &mut BTreeMap<String, PersonId> {
        self.people.entry(family).or_default()
    }
}

/// Members by name, as their household's document has them.
fn people_of(book: &Fieldbook, unit: Unit) -> Result<BTreeMap<String, PersonId>, HarnessError> {
    let sheet = book.household(unit)?;
    let named = sheet.fields.iter().filter_map(|(key, values)| {
        let person = key.strip_prefix("m/")?.strip_suffix("/name")?.parse().ok()?;
        match values.first()? {
            Scalar::Str(name) => Some((name.clone(), person)),
            Scalar::Bool(_) | Scalar::Int(_) => None,
        }
    });
    Ok(named.collect())
}

//! What a source said, field by field, as kept between two imports.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ruhu_core::roster::Address;
use serde::{Deserialize, Serialize};

use crate::import::roster::{ReadDwelling, ReadHousehold, ReadPerson, ReadRoster};
use crate::import::terms::Tenure;

/// Field name → value as text. A field the source leaves blank is absent.
pub type Fields = BTreeMap<String, String>;

/// 来源快照 – what one source has said so far. It holds names and numbers: keep it sealed like the roster itself.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceSnapshot {
    /// Doors by the source's key.
    pub doors: BTreeMap<String, DoorSaid>,
    /// Households by the source's key.
    pub households: BTreeMap<String, HouseholdSaid>,
}

/// A snapshot does not belong in logs; its size does.
impl std::fmt::Debug for SourceSnapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SourceSnapshot({} doors, {} households)", self.doors.len(), self.households.len())
    }
}

/// What was said of a door: estate, building, stair, floor, door, remainder, grid, use.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorSaid {
    /// By name.
    pub fields: Fields,
}

/// What was said of a household: dwelling and head (keys), key, `last_visit`, `moved_in`, `p/phone`, `p/phone2`,
/// `p/tenure`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdSaid {
    /// By name.
    pub fields: Fields,
    /// Its people by key: name, relation, sex, birth, phone, `id_number`, `c/<category>/since`.
    pub persons: BTreeMap<String, Fields>,
}

impl SourceSnapshot {
    /// What a file says.
    #[must_use]
    pub fn of(read: &ReadRoster) -> Self {
        let doors = read.dwellings.iter().map(|door| (door.key.clone(), DoorSaid { fields: of_door(door) }));
        let households = read.households.iter().map(|home| {
            let persons =
                home.members.iter().map(|one| (one.key.clone(), of_person(one, read.read_on))).collect();
            (home.key.clone(), HouseholdSaid { fields: of_household(home), persons })
        });
        Self { doors: doors.collect(), households: households.collect() }
    }
}

impl DoorSaid {
    /// The address as said.
    #[must_use]
    pub fn address(&self) -> Address {
        let level = |name: &str| self.fields.get(name).cloned().unwrap_or_default();
        Address {
            estate: level("estate"),
            building: level("building"),
            stair: level("stair"),
            floor: self.fields.get("floor").and_then(|floor| floor.parse().ok()),
            door: level("door"),
            remainder: level("remainder"),
        }
    }
}

fn fields<const N: usize>(said: [(&str, Option<String>); N]) -> Fields {
    said.into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value.filter(|value| !value.is_empty())?)))
        .collect()
}

fn of_door(door: &ReadDwelling) -> Fields {
    let at = &door.address;
    fields([
        ("estate", Some(at.estate.clone())),
        ("building", Some(at.building.clone())),
        ("stair", Some(at.stair.clone())),
        ("floor", at.floor.map(|floor| floor.to_string())),
        ("door", Some(at.door.clone())),
        ("remainder", Some(at.remainder.clone())),
        ("grid", door.grid.clone()),
        ("use", Some(door.used_as.word().to_owned())),
    ])
}

fn of_household(home: &ReadHousehold) -> Fields {
    let numbers = home.numbers();
    let number = |nth: usize| numbers.get(nth).map(|number| (*number).to_owned());
    fields([
        ("dwelling", Some(home.dwelling.clone())),
        ("head", home.head().map(|head| head.key.clone())),
        ("key", home.is_key.map(|yes| if yes { "yes" } else { "no" }.to_owned())),
        ("last_visit", home.last_visit.map(|day| day.to_string())),
        ("moved_in", home.moved_in.map(|day| day.to_string())),
        ("p/phone", number(0)),
        ("p/phone2", number(1)),
        ("p/tenure", home.tenure.and_then(Tenure::word).map(str::to_owned)),
    ])
}

fn of_person(person: &ReadPerson, read_on: NaiveDate) -> Fields {
    let mut said = fields([
        ("name", Some(person.name.clone())),
        ("relation", person.relation.map(|relation| relation.zh().to_owned())),
        ("sex", person.sex.map(|sex| sex.word().to_owned())),
        ("birth", person.birth.map(|birth| birth.to_string())),
        ("phone", person.phones.first().cloned()),
        // The document takes numbers of the second generation only.
        ("id_number", person.id_number.clone().filter(|number| number.len() == 18)),
    ]);
    // A roster says that somebody belongs to a category, not since when: known since the day it was first read.
    let since = |category: &String| (format!("c/{category}/since"), read_on.to_string());
    said.extend(person.categories.iter().map(since));
    said
}

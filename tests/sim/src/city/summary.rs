//! The city in figures, to be compared with the census and with `domain.md` 1.5.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{City, Tenure};
use crate::people::Category;

/// The figures of one city; shares in a thousand, cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// 户室.
    pub doors: usize,
    /// 家庭户.
    pub households: usize,
    /// 居民.
    pub persons: usize,
    /// 空户, in a thousand doors.
    pub vacant_permille: usize,
    /// 出租, in a thousand households.
    pub let_permille: usize,
    /// 重点户, in a thousand households.
    pub key_permille: usize,
    /// Persons in a hundred households.
    pub persons_per_100_households: usize,
    /// Persons of sixty and more, in a thousand.
    pub aged_60_permille: usize,
    /// Households of each grid, from the first.
    pub households_per_grid: Vec<usize>,
    /// Doors of each kind of house.
    pub doors_by_housing: BTreeMap<&'static str, usize>,
    /// Persons of each category.
    pub categories: BTreeMap<&'static str, usize>,
}

/// Counts a city.
#[must_use]
pub fn summarise(city: &City) -> Summary {
    let households = city.families.len();
    let members = || city.families.values().flat_map(|family| &family.members);
    let persons = members().count();
    let lived_in: BTreeSet<_> = city.families.values().map(|family| family.door).collect();
    let share = |part: usize, whole: usize| (part * 1000).checked_div(whole).unwrap_or(0);
    let mut per_grid: BTreeMap<_, usize> = BTreeMap::new();
    for family in city.families.values() {
        if let Some(door) = city.doors.get(&family.door) {
            *per_grid.entry(door.grid).or_default() += 1;
        }
    }
    let mut doors_by_housing: BTreeMap<_, usize> = BTreeMap::new();
    for door in city.doors.values() {
        *doors_by_housing.entry(door.housing.zh()).or_default() += 1;
    }
    let of_category = |category| members().filter(|one| one.categories.contains_key(&category)).count();
    Summary {
        doors: city.doors.len(),
        households,
        persons,
        vacant_permille: share(city.doors.len() - lived_in.len(), city.doors.len()),
        let_permille: share(
            city.families.values().filter(|one| one.tenure == Tenure::Let).count(),
            households,
        ),
        key_permille: share(city.families.values().filter(|one| one.key).count(), households),
        persons_per_100_households: (persons * 100).checked_div(households).unwrap_or(0),
        aged_60_permille: share(members().filter(|one| 60 <= one.age_on(city.plan.on)).count(), persons),
        households_per_grid: per_grid.into_values().collect(),
        doors_by_housing,
        categories: Category::ALL.iter().map(|(one, _, zh)| (*zh, of_category(*one))).collect(),
    }
}

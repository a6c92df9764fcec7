use super::{City, Plan, summarise};

fn plan(seed: u64, households: u32) -> Plan {
    Plan { seed, households, grids: 6, on: "2026-06-30".parse().unwrap() }
}

#[test]
fn one_seed_gives_one_city() {
    assert_eq!(City::build(plan(1, 240)), City::build(plan(1, 240)));
    assert_ne!(City::build(plan(1, 240)), City::build(plan(2, 240)));
}

#[test]
fn a_community_has_the_proportions_of_the_census() {
    for seed in 1..=3 {
        let found = summarise(&City::build(plan(seed, 2400)));
        assert_eq!(found.households, 2400);
        assert!((80..=150).contains(&found.vacant_permille), "vacant: {found:?}");
        assert!((210..=290).contains(&found.let_permille), "let: {found:?}");
        assert!((75..=125).contains(&found.key_permille), "key: {found:?}");
        assert!((245..=280).contains(&found.persons_per_100_households), "persons: {found:?}");
        assert!((140..=260).contains(&found.aged_60_permille), "aged: {found:?}");
        assert_eq!(found.households_per_grid.len(), 6);
        assert!(found.households_per_grid.iter().all(|count| (320..=480).contains(count)), "{found:?}");
        assert_eq!(found.doors_by_housing.len(), 4);
        assert!(found.categories.values().all(|count| 20 < *count), "{found:?}");
    }
}

#[test]
fn doors_are_numbered_as_they_are_walked_inside_an_estate_and_no_address_comes_twice() {
    let city = City::build(plan(1, 600));
    let mut addresses: Vec<_> = city.doors.values().map(|door| &door.address).collect();
    for pair in addresses.windows(2).filter(|pair| pair[0].estate == pair[1].estate) {
        assert!(pair[0].walking_key() < pair[1].walking_key(), "{} {}", pair[0], pair[1]);
    }
    let count = addresses.len();
    addresses.sort_by_key(|address| address.walking_key());
    addresses.dedup();
    assert_eq!(addresses.len(), count);
}

#[test]
fn a_grid_never_cuts_a_building() {
    let city = City::build(plan(5, 1200));
    let mut grids = std::collections::BTreeMap::new();
    for door in city.doors.values() {
        let first = *grids.entry(door.address.building_ref()).or_insert(door.grid);
        assert_eq!(first, door.grid);
    }
}

#[test]
fn a_small_city_still_has_every_kind_of_house_and_six_grids() {
    let found = summarise(&City::build(plan(9, 240)));
    assert_eq!(found.households, 240);
    assert!(3 <= found.doors_by_housing.len());
    assert_eq!(found.households_per_grid.len(), 6);
}

//! The building plan and the due list tell the same of each door.

use ruhu_port::ask::{BuildingAsk, Nothing, TodayAsk};
use ruhu_port::view::{DoorState, VisitForm};
use ruhu_sim::village::{Home, Village};

use crate::{ask, household, on, outcome};

#[test]
fn a_building_shows_each_door_as_it_stands() {
    let village = Village::new(75, 3);
    let homes = village.homes(1);
    let phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    let (_, ()) = on(phone, |port| {
        let buildings = port.buildings(Nothing {}).unwrap();
        let open: u32 = buildings.iter().map(|one| one.open).sum();
        for (home, code) in [(homes[0], "met"), (homes[1], "not-home")] {
            let form = port.draft(ask(&household(home))).unwrap();
            port.save(VisitForm { outcome: outcome(code), ..form }).unwrap();
        }
        let after: u32 = port.buildings(Nothing {}).unwrap().iter().map(|one| one.open).sum();
        assert_eq!(after, open - 1);
        let mut states = Vec::new();
        for line in buildings {
            let shown = port.building(BuildingAsk { estate: line.estate, building: line.building }).unwrap();
            let floors = shown.stairs.into_iter().flat_map(|stair| stair.floors);
            let doors = floors.flat_map(|floor| floor.doors);
            states.extend(doors.flat_map(|door| door.homes).map(|home| (home.unit, home.state)));
        }
        let state = |home: Home| states.iter().find(|(unit, _)| *unit == household(home)).unwrap().1;
        assert_eq!(
            [state(homes[0]), state(homes[1]), state(homes[2])],
            [DoorState::Done, DoorState::Tried, DoorState::Due]
        );
        assert!(states.iter().any(|(unit, state)| unit.starts_with("vacant/") && *state == DoorState::Due));
    });
}

#[test]
fn the_door_of_a_household_that_went_to_another_grid_is_due_neither_in_the_list_nor_in_the_plan() {
    let village = Village::new(82, 3);
    let home = village.homes(1)[0];
    let mut phone = village.phone(1, "first");
    village.to("2026-07-02 10:00");
    village.act(vec![village.settled(home, 2)], Vec::new());
    village.sync(&mut phone);
    let (_, ()) = on(phone, |port| {
        let door = format!("vacant/{}", home.dwelling);
        assert!(port.today(TodayAsk::default()).unwrap().doors.iter().all(|one| one.unit != door));
        for line in port.buildings(Nothing {}).unwrap() {
            let ask = BuildingAsk { estate: line.estate, building: line.building };
            let floors = port.building(ask).unwrap().stairs.into_iter().flat_map(|stair| stair.floors);
            let homes = floors.flat_map(|floor| floor.doors).flat_map(|door| door.homes);
            assert!(homes.filter(|one| one.unit == door).all(|one| one.state == DoorState::NotDue));
        }
    });
}

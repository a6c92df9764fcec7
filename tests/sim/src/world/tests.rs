use chrono::{NaiveDate, NaiveDateTime};
use ruhu_core::time::WorkCalendar;

use super::{Abode, What, World, days};
use crate::city::{City, Plan};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn world(seed: u64, households: u32) -> World {
    let plan = Plan { seed, households, grids: 6, on: day("2026-06-30") };
    World::new(City::build(plan), day("2026-07-01"), day("2026-09-30"))
}

#[test]
fn a_quarter_sees_every_kind_of_event_and_the_city_keeps_its_size() {
    let mut world = world(1, 2400);
    world.live_to(day("2026-09-30"));
    let count = |kind: fn(&What) -> bool| world.events().iter().filter(|event| kind(&event.what)).count();
    let counts = [
        count(|what| matches!(what, What::MovedIn { .. })),
        count(|what| matches!(what, What::MovedOut { .. })),
        count(|what| matches!(what, What::MovedInside { .. })),
        count(|what| matches!(what, What::Birth { .. })),
        count(|what| matches!(what, What::Death { .. })),
        count(|what| matches!(what, What::SplitOff { .. })),
        count(|what| matches!(what, What::Merged { .. })),
        count(|what| matches!(what, What::CategoryIn { .. })),
        count(|what| matches!(what, What::CategoryOut { .. })),
        count(|what| matches!(what, What::Phone { .. })),
    ];
    assert!(counts.iter().all(|count| 0 < *count), "{counts:?}");
    let here = world.abodes.values().filter(|abode| matches!(abode, Abode::Behind(_))).count();
    assert!((2300..=2400).contains(&here), "{here}");
}

#[test]
fn it_does_not_matter_in_how_many_steps_a_quarter_passes() {
    let (mut daily, mut at_once) = (world(3, 300), world(3, 300));
    days(day("2026-07-01"), day("2026-09-30")).for_each(|day| daily.live_to(day));
    at_once.live_to(day("2026-09-30"));
    assert_eq!(daily.events(), at_once.events());
    assert_eq!(daily.city(), at_once.city());
}

#[test]
fn whoever_lives_behind_a_door_has_that_door_for_a_home() {
    let mut world = world(2, 600);
    world.live_to(day("2026-09-30"));
    for (door, families) in &world.behind {
        assert!(families.iter().all(|one| world.abode(*one) == Some(Abode::Behind(*door))));
    }
    for (family, abode) in &world.abodes {
        if let Abode::Behind(door) = abode {
            assert!(world.behind(*door).any(|one| one == *family));
        }
    }
}

#[test]
fn more_people_open_in_the_evening_than_by_day() {
    let world = world(1, 2400);
    let calendar = WorkCalendar::shipped().unwrap();
    let mean = |at: &str| {
        let at: NaiveDateTime = at.parse().unwrap();
        let here = world.abodes.iter().filter(|(_, abode)| matches!(abode, Abode::Behind(_)));
        let opened = here.clone().filter(|(family, _)| world.opens(**family, at, &calendar)).count();
        opened * 1000 / here.count()
    };
    let (day, evening, weekend) =
        (mean("2026-07-08T10:00:00"), mean("2026-07-08T19:00:00"), mean("2026-07-11T10:00:00"));
    assert!((310..=390).contains(&day), "day {day}");
    assert!((600..=690).contains(&evening), "evening {evening}");
    assert!((550..=640).contains(&weekend), "weekend {weekend}");
    assert_eq!(mean("2026-07-08T23:00:00"), 0);
}

#[test]
fn an_event_is_told_once() {
    let mut world = world(4, 300);
    world.live_to(day("2026-09-30"));
    let family = world.events().first().unwrap().family;
    let untold = world.untold(family);
    assert!(!untold.is_empty());
    untold.iter().for_each(|event| world.tell(*event));
    assert_eq!(world.untold(family), []);
}

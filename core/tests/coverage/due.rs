//! The due list of a day.

use std::collections::BTreeMap;

use ruhu_core::coverage::Open;
use ruhu_core::due::{DueList, Hint, Why, list};
use ruhu_core::time::DayBand;
use ruhu_core::visit::{Appointment, VisitOutcome};

use crate::town::{NOT_HOME, Town, day, empty, grid, house};

fn of(town: &Town, on: &str) -> DueList {
    list(&town.register(), day(on), Some(grid(1)), &BTreeMap::new())
}

fn units(list: &DueList) -> Vec<ruhu_core::roster::Unit> {
    list.rows.iter().map(|row| row.unit).collect()
}

#[test]
fn the_list_counts_what_is_done_and_walks_the_rest_in_order() {
    let mut town = Town::new();
    for nth in [1002, 201, 301, 302] {
        town.old_house(nth);
    }
    town.home(303);
    town.met(302, "2026-08-03");
    let list = of(&town, "2026-09-28");
    assert_eq!(list.quarter.to_string(), "已访 1 / 应访 5");
    assert_eq!(units(&list), [house(201), house(301), empty(303), house(1002)]);
    // Monday 28 to Wednesday 30 September: three working days for four doors.
    assert_eq!((list.working_days_left, list.per_working_day), (3, 2));
}

#[test]
fn a_key_household_is_due_again_each_month_and_says_what_was_left_open() {
    let mut town = Town::new();
    town.old_house(101);
    town.old_house(102);
    town.mark_key(101, true, "2026-06-01");
    town.met(101, "2026-07-10");
    let list = of(&town, "2026-09-05");
    let key = list.rows.iter().find(|row| row.unit == house(101)).unwrap();
    assert!(key.key);
    assert_eq!((key.quarter, key.month), (None, Some(Open::NeverTried)));
    assert!(key.overdue.month, "August was left open");
    assert!(!key.overdue.quarter);
    let other = list.rows.iter().find(|row| row.unit == house(102)).unwrap();
    assert_eq!((other.quarter, other.month), (Some(Open::NeverTried), None));
    assert!(other.overdue.quarter, "the second quarter was left open");
    assert_eq!(list.month.to_string(), "已访 0 / 应访 1");
}

#[test]
fn nobody_is_sent_to_a_household_that_asked_not_to_be_called_on() {
    let mut town = Town::new();
    town.old_house(101);
    let until = Some(day("2026-12-31"));
    town.visit(house(101), "2026-07-03", VisitOutcome::Declined { do_not_ask_until: until });
    assert!(of(&town, "2026-10-08").rows.is_empty());
    // An open request brings it back on the list, still without a time to knock.
    let hints = BTreeMap::from([(house(101), Hint { appointment: None, open_requests: 1 })]);
    let list = list(&town.register(), day("2026-10-08"), Some(grid(1)), &hints);
    assert_eq!(list.rows[0].do_not_ask_until, until);
    assert_eq!(list.rows[0].best_time, None);
    assert_eq!(list.per_working_day, 0);
}

#[test]
fn the_best_time_is_when_somebody_was_met_before_or_else_what_was_not_tried() {
    let mut town = Town::new();
    town.old_house(101);
    let best = |town: &Town| of(town, "2026-09-28").rows[0].best_time.unwrap();
    assert_eq!((best(&town).band, best(&town).why), (DayBand::Evening, Why::NotTried));
    town.met(101, "2026-05-10 10:00");
    assert_eq!((best(&town).band, best(&town).why), (DayBand::Morning, Why::MetThen));
    town.visit(house(101), "2026-08-03 09:30", NOT_HOME);
    assert_eq!((best(&town).band, best(&town).why), (DayBand::Evening, Why::NotTried));
    town.visit(house(101), "2026-08-04 18:30", NOT_HOME);
    assert_eq!((best(&town).band, best(&town).why), (DayBand::Afternoon, Why::NotTried));
    town.visit(house(101), "2026-08-05 15:00", NOT_HOME);
    // Three attempts: the quarter is deducted, and the door leaves the list.
    assert!(of(&town, "2026-09-28").rows.is_empty());
}

#[test]
fn an_appointment_stands_on_the_list_of_its_own_household() {
    let mut town = Town::new();
    town.old_house(101);
    town.old_house(102);
    town.met(102, "2026-09-01");
    let agreed = Appointment { on: day("2026-09-29"), at: None };
    let hints = BTreeMap::from([
        (house(102), Hint { appointment: Some(agreed.clone()), open_requests: 0 }),
        (house(999), Hint { appointment: Some(agreed.clone()), open_requests: 2 }),
    ]);
    let list = list(&town.register(), day("2026-09-28"), Some(grid(1)), &hints);
    assert_eq!(units(&list), [house(101), house(102)]);
    assert_eq!(list.rows[1].appointment, Some(agreed));
}

#[test]
fn another_grids_doors_are_not_listed() {
    let mut town = Town::new();
    town.old_house(101);
    town.settle(201, 201, 2, None, "2025-12-20");
    assert_eq!(units(&of(&town, "2026-09-28")), [house(101)]);
    assert_eq!(list(&town.register(), day("2026-09-28"), None, &BTreeMap::new()).rows.len(), 2);
}

#[test]
fn the_stored_shape_of_a_due_list() {
    let mut town = Town::new();
    town.old_house(101);
    town.visit(house(101), "2026-08-04 18:30", NOT_HOME);
    insta::assert_json_snapshot!("due_list", of(&town, "2026-09-28"));
}

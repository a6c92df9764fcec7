//! Laws: order of arrival, the identity, one state each, and that a counted visit never lowers what is done.

use std::collections::BTreeSet;

use proptest::prelude::*;
use ruhu_core::fact::Fact;
use ruhu_core::roster::{By, Informant};
use ruhu_core::visit::VisitOutcome;

use crate::town::{MET, NOT_HOME, Town, VACANT, day, desk, door, empty, grid, house, skeleton, worker};

/// Something that happens on a day from 1 June on, to a household or to its door.
fn happens(town: &mut Town, what: u8, nth: u16, days: u64) {
    let on = day("2026-06-01") + chrono::Days::new(days);
    let text = on.to_string();
    let unit = house(nth);
    let moved = VisitOutcome::MovedAway { told_by: Informant::Neighbour, left_on: None };
    match what {
        0 => drop(town.met(nth, &text)),
        1 => drop(town.visit(unit, &format!("{text} 18:00"), NOT_HOME)),
        2 => drop(town.visit(unit, &text, VACANT)),
        3 => drop(town.visit(unit, &text, moved)),
        4 => drop(town.visit(empty(nth), &text, VACANT)),
        5 => drop(town.leave(nth, &text)),
        6 => drop(town.settle(nth, nth + 1, 2, Some(&text), &text)),
        7 => drop(town.mark_key(nth, days.is_multiple_of(2), &text)),
        8 => drop(town.say(unit, desk(), &text, Fact::Dissolved { on, into: None })),
        9 => {
            let visit = town.met(nth, &text);
            town.say(unit, By::Worker(worker(1)), &text, Fact::Withdrawn { target: visit });
        }
        10 => {
            let visit = town.visit(unit, &text, NOT_HOME);
            let mut correction = skeleton(unit, &text, MET);
            correction.supersedes = Some(visit);
            town.say(unit, By::Worker(worker(1)), &text, Fact::Visited(correction));
        }
        _ => drop(town.say(unit, desk(), &text, Fact::Regridded { grid: grid(2), from: on })),
    }
}

fn histories() -> impl Strategy<Value = Vec<(u8, u16, u64)>> {
    prop::collection::vec((0u8..12, 101u16..104, 0u64..150), 0..25)
}

fn town_of(history: &[(u8, u16, u64)]) -> Town {
    let mut town = Town::new();
    for nth in 101..=104 {
        town.old_house(nth);
    }
    for (what, nth, days) in history {
        happens(&mut town, *what, *nth, *days);
    }
    town
}

const PERIODS: [&str; 4] = ["2026Q2", "2026Q3", "2026-08", "2026Q4"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_obligation_is_in_one_state_and_the_identity_holds(history in histories()) {
        let town = town_of(&history);
        for period in PERIODS {
            let coverage = town.reckon(period);
            prop_assert!(coverage.total().is_identity());
            let units: BTreeSet<_> = coverage.obligations.iter().map(|one| one.unit).collect();
            prop_assert_eq!(units.len(), coverage.obligations.len());
            prop_assert!(coverage.extra.iter().all(|extra| !units.contains(&extra.unit)));
            let by_grid: u32 = coverage.tallies().values().map(|tally| tally.due).sum();
            prop_assert_eq!(by_grid, coverage.total().due);
            let cells: u32 = coverage.cells().values().sum();
            prop_assert_eq!(cells, coverage.total().due);
        }
    }

    #[test]
    fn the_order_of_arrival_changes_nothing(history in histories(), turn in 1usize..20) {
        let town = town_of(&history);
        let mut shuffled = town.clone();
        for file in shuffled.files.values_mut() {
            let mut facts: Vec<_> = file.facts().map(|(stamp, fact)| (*stamp, fact.clone())).collect();
            let len = facts.len();
            facts.rotate_left(turn % len);
            facts.reverse();
            let mut again = ruhu_core::file::UnitFile::new(file.unit());
            for (stamp, fact) in facts {
                again.insert(stamp, fact);
            }
            *file = again;
        }
        for period in PERIODS {
            prop_assert_eq!(town.reckon(period), shuffled.reckon(period));
        }
    }

    #[test]
    fn one_more_counted_visit_never_lowers_what_is_done(history in histories(), nth in 101u16..104, days in 0u64..150) {
        let mut town = town_of(&history);
        let before: Vec<u32> = PERIODS.iter().map(|period| town.reckon(period).total().done).collect();
        let on = (day("2026-06-01") + chrono::Days::new(days)).to_string();
        town.met(nth, &on);
        let after: Vec<u32> = PERIODS.iter().map(|period| town.reckon(period).total().done).collect();
        prop_assert!(before.iter().zip(&after).all(|(before, after)| before <= after));
    }
}

#[test]
fn a_visit_with_a_foreign_door_still_counts_as_a_meeting() {
    let mut town = town_of(&[]);
    let mut visit = skeleton(house(101), "2026-08-01", MET);
    visit.dwelling = door(999);
    town.say(house(101), By::Worker(worker(1)), "2026-08-01", Fact::Visited(visit));
    assert!(town.state("2026Q3", house(101)).unwrap().is_done());
}

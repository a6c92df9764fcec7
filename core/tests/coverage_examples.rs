//! The worked examples of `coverage.md`, each a story with its exact counts (Q3 = 1 July to 30 September 2026),
//! and beside them the stories of single sentences of that page.

#[cfg(test)]
#[path = "coverage/town.rs"]
mod town;

#[cfg(test)]
#[path = "coverage/due.rs"]
mod due;
#[cfg(test)]
#[path = "coverage/evidence.rs"]
mod evidence;
#[cfg(test)]
#[path = "coverage/laws.rs"]
mod laws;
#[cfg(test)]
#[path = "coverage/life.rs"]
mod life;
#[cfg(test)]
#[path = "coverage/reports.rs"]
mod reports;

use ruhu_core::coverage::{
    CellState, Coverage, Deduction, ObligationState, Open, handover_sheet, quarter_report, reckon,
};
use ruhu_core::fact::Fact;
use ruhu_core::roster::{DwellingUse, Informant, Unit};
use ruhu_core::visit::VisitOutcome;
use town::{MET, NOT_HOME, Town, VACANT, day, empty, grid, house, house_id, worker};

/// Due, done, deducted, outstanding; the identity is checked on the way.
fn counts(coverage: &Coverage) -> (u32, u32, u32, u32) {
    let total = coverage.total();
    assert!(total.is_identity(), "{total:?}");
    (total.due, total.done, total.deducted_total(), total.outstanding_total())
}

fn deducted(coverage: &Coverage, deduction: Deduction) -> u32 {
    coverage.total().deducted.get(&deduction).copied().unwrap_or(0)
}

fn outstanding(coverage: &Coverage, open: CellState) -> u32 {
    coverage.total().outstanding.get(&open).copied().unwrap_or(0)
}

#[test]
fn example_1_thirty_days_left_are_due_and_twenty_nine_are_not() {
    let mut town = Town::new();
    town.settle(101, 101, 1, Some("2026-09-01"), "2026-09-01");
    assert_eq!(counts(&town.reckon("2026Q3")), (1, 0, 0, 1));

    let mut town = Town::new();
    town.settle(101, 101, 1, Some("2026-09-02"), "2026-09-02");
    assert_eq!(counts(&town.reckon("2026Q3")), (0, 0, 0, 0));
    assert_eq!(town.reckon("2026Q3").total().strict().to_string(), "—");
    town.met(101, "2026-09-05");
    let coverage = town.reckon("2026Q3");
    assert_eq!(counts(&coverage), (0, 0, 0, 0));
    assert_eq!(coverage.total().extra, 1);
}

/// Household A (501) leaves on 10 August, household B enters its flat on 20 August and is met on 3 September.
fn one_leaves_and_one_enters() -> Town {
    let mut town = Town::new();
    town.old_house(501);
    town.leave(501, "2026-08-10");
    town.settle(601, 501, 1, Some("2026-08-20"), "2026-08-20");
    town.met(601, "2026-09-03");
    town
}

#[test]
fn example_2_one_household_leaves_unvisited_and_the_next_is_met() {
    let coverage = one_leaves_and_one_enters().reckon("2026Q3");
    assert_eq!(counts(&coverage), (2, 1, 1, 0));
    assert_eq!(deducted(&coverage, Deduction::MovedOut), 1);
    assert!(coverage.obligations.iter().all(|one| matches!(one.unit, Unit::Household(_))));
    assert_eq!(coverage.total().strict().to_string(), "50.00 %");
    assert_eq!(coverage.total().adjusted().to_string(), "100.00 %");
}

#[test]
fn example_2_a_flat_left_empty_is_a_unit_only_from_the_next_quarter() {
    let mut town = Town::new();
    town.old_house(501);
    town.leave(501, "2026-08-10");
    assert_eq!(town.state("2026Q3", empty(501)), None);
    assert_eq!(town.state("2026Q4", empty(501)), Some(ObligationState::Outstanding(Open::NeverTried)));
}

#[test]
fn example_3_a_household_met_before_it_left_stays_done() {
    let mut town = one_leaves_and_one_enters();
    town.met(501, "2026-07-05");
    let coverage = town.reckon("2026Q3");
    assert_eq!(counts(&coverage), (2, 2, 0, 0));
    assert_eq!(coverage.total().strict().to_string(), "100.00 %");
}

#[test]
fn example_4_a_move_inside_the_community_takes_the_obligation_along() {
    let mut town = Town::new();
    town.old_house(101);
    town.met(101, "2026-07-05");
    town.settle(101, 201, 2, Some("2026-08-10"), "2026-08-10");
    let coverage = town.reckon("2026Q3");
    assert_eq!(counts(&coverage), (1, 1, 0, 0));
    let tallies = coverage.tallies();
    assert_eq!(tallies.keys().copied().collect::<Vec<_>>(), [grid(2)]);
    assert_eq!((tallies[&grid(2)].due, tallies[&grid(2)].done), (1, 1));
    // It was met by its own worker of that day: not a cover visit.
    assert_eq!(coverage.total().covered, 0);
}

#[test]
fn example_5_four_days_apart_prove_nothing_and_seven_prove_a_vacancy() {
    let mut town = Town::new();
    town.home(501);
    town.visit(empty(501), "2026-07-04", VACANT);
    let mut later = town.clone();
    town.visit(empty(501), "2026-07-08", VACANT);
    assert_eq!(counts(&town.reckon("2026Q3")), (1, 0, 0, 1));
    assert_eq!(outstanding(&town.reckon("2026Q3"), CellState::SeenVacantOnce), 1);

    later.visit(empty(501), "2026-07-11", VACANT);
    assert_eq!(counts(&later.reckon("2026Q3")), (1, 0, 1, 0));
    assert_eq!(deducted(&later.reckon("2026Q3"), Deduction::VacantConfirmed), 1);
    assert_eq!(later.reckon("2026Q3").total().adjusted().to_string(), "—");
}

#[test]
fn example_6_a_vacant_unit_that_somebody_moves_into() {
    let mut town = Town::new();
    town.home(501);
    town.settle(601, 501, 1, Some("2026-07-15"), "2026-07-15");
    town.met(601, "2026-07-20");
    let coverage = town.reckon("2026Q3");
    assert_eq!(counts(&coverage), (2, 1, 1, 0));
    assert_eq!(deducted(&coverage, Deduction::BecameOccupied), 1);
    assert!(town.state("2026Q3", house(601)).unwrap().is_done());
}

#[test]
fn example_7_a_late_meeting_beats_three_attempts() {
    let mut town = Town::new();
    town.old_house(101);
    for when in ["2026-07-06 10:00", "2026-08-08 15:00", "2026-09-03 18:00"] {
        town.visit(house(101), when, NOT_HOME);
    }
    assert_eq!(deducted(&town.reckon("2026Q3"), Deduction::ThreeAttempts), 1);
    town.met(101, "2026-09-28");
    assert_eq!(counts(&town.reckon("2026Q3")), (1, 1, 0, 0));
}

#[test]
fn example_8_three_weekday_mornings_are_no_three_attempts() {
    let mut town = Town::new();
    town.old_house(101);
    for when in ["2026-07-06 10:00", "2026-07-07 09:00", "2026-07-08 11:00"] {
        town.visit(house(101), when, NOT_HOME);
    }
    assert_eq!(counts(&town.reckon("2026Q3")), (1, 0, 0, 1));
    assert_eq!(town.state("2026Q3", house(101)), Some(ObligationState::Outstanding(Open::Tried(3))));
}

#[test]
fn example_9_key_on_the_last_day_of_august_is_monthly_from_september() {
    let mut town = Town::new();
    town.old_house(101);
    town.old_house(102);
    town.mark_key(101, true, "2026-08-31");
    town.mark_key(102, true, "2026-09-01");
    assert_eq!(counts(&town.reckon("2026-08")), (0, 0, 0, 0));
    assert_eq!(counts(&town.reckon("2026-09")), (1, 0, 0, 1));
    assert!(town.state("2026-09", house(101)).is_some());
    assert_eq!(counts(&town.reckon("2026-10")), (2, 0, 0, 2));
}

#[test]
fn example_10_losing_the_key_mark_in_october_leaves_october_open() {
    let mut town = Town::new();
    town.old_house(101);
    town.mark_key(101, true, "2026-06-01");
    town.mark_key(101, false, "2026-10-10");
    assert_eq!(counts(&town.reckon("2026-10")), (1, 0, 0, 1));
    assert_eq!(counts(&town.reckon("2026-11")), (0, 0, 0, 0));
}

#[test]
fn example_11_two_visits_in_july_are_one_quarter_and_one_month_of_three() {
    let mut town = Town::new();
    town.old_house(101);
    town.mark_key(101, true, "2026-06-01");
    town.met(101, "2026-07-02");
    town.met(101, "2026-07-30");
    let report = quarter_report(&town.register(), "2026Q3".parse().unwrap(), day("2026-09-30"));
    assert_eq!(counts(&report.quarter), (1, 1, 0, 0));
    let key = report.key_months();
    assert_eq!((key.due, key.done), (3, 1));
    assert_eq!(key.strict().to_string(), "33.33 %");
}

#[test]
fn example_12_a_family_in_two_flats_is_due_once() {
    let mut town = Town::new();
    town.old_house(501);
    town.home(502);
    let annex = Fact::UseChanged { to: DwellingUse::AnnexOf(house_id(501)), from: day("2026-01-01") };
    town.say(empty(502), town::desk(), "2026-01-01", annex);
    assert_eq!(counts(&town.reckon("2026Q3")), (1, 0, 0, 1));
}

#[test]
fn example_13_a_couple_that_splits_is_two_households() {
    let mut town = Town::new();
    town.old_house(501);
    town.home(603);
    let annex = Fact::UseChanged { to: DwellingUse::AnnexOf(house_id(501)), from: day("2026-01-01") };
    town.say(empty(603), town::desk(), "2026-01-01", annex);
    let home_again = Fact::UseChanged { to: DwellingUse::Home, from: day("2026-08-01") };
    town.say(empty(603), town::desk(), "2026-08-01", home_again);
    let split = Fact::SplitFrom { from: house_id(501), on: day("2026-08-01") };
    town.say(house(603), town::desk(), "2026-08-01", split);
    town.settle(603, 603, 1, Some("2026-08-01"), "2026-08-01");
    let coverage = town.reckon("2026Q3");
    assert_eq!(counts(&coverage), (2, 0, 0, 2));
    assert_eq!(outstanding(&coverage, CellState::NeverTried), 2);
}

#[test]
fn example_14_a_household_that_asked_not_to_be_called_on() {
    let mut town = Town::new();
    town.old_house(101);
    let until = Some(day("2026-12-31"));
    town.visit(house(101), "2026-07-03", VisitOutcome::Declined { do_not_ask_until: until });
    for quarter in ["2026Q3", "2026Q4"] {
        assert_eq!(
            town.state(quarter, house(101)),
            Some(ObligationState::Deducted(Deduction::Declined)),
            "{quarter}"
        );
    }
    assert_eq!(town.state("2027Q1", house(101)), Some(ObligationState::Outstanding(Open::NeverTried)));
}

#[test]
fn example_15_strict_and_adjusted_of_ten() {
    let mut town = Town::new();
    for nth in 101..=110 {
        town.old_house(nth);
    }
    for nth in 101..=106 {
        town.met(nth, "2026-08-03");
    }
    let confirmed = VisitOutcome::Vacant { confirmed_by: Some(Informant::PropertyManager) };
    town.visit(house(107), "2026-08-04", confirmed);
    town.visit(house(108), "2026-08-04", VisitOutcome::Declined { do_not_ask_until: None });
    let moved = VisitOutcome::MovedAway { told_by: Informant::Landlord, left_on: None };
    town.visit(house(109), "2026-08-04", moved);
    let coverage = town.reckon("2026Q3");
    assert_eq!(counts(&coverage), (10, 6, 3, 1));
    assert_eq!(coverage.total().strict().to_string(), "60.00 %");
    assert_eq!(coverage.total().adjusted().to_string(), "85.71 %");
}

#[test]
fn example_16_one_of_three_thousand_missing_is_never_a_hundred_percent() {
    let mut town = Town::new();
    for nth in 1..=3000 {
        town.settle(nth, nth, 1, None, "2025-12-20");
        if nth != 1234 {
            town.met(nth, "2026-08-03");
        }
    }
    let coverage = town.reckon("2026Q3");
    assert_eq!(counts(&coverage), (3000, 2999, 0, 1));
    assert_eq!(coverage.total().strict().to_string(), "99.96 %");
}

#[test]
fn example_17_a_hand_over_three_weeks_before_the_end() {
    let mut town = Town::new();
    town.assignments.clear();
    town.assign(1, 1, "2026-01-01", Some("2026-09-09"));
    town.assign(1, 2, "2026-09-10", None);
    for nth in 1..=400 {
        town.settle(nth, nth, 1, None, "2025-12-20");
    }
    for nth in 1..=330 {
        town.met(nth, "2026-08-20");
    }
    let sheet = handover_sheet(&town.register(), grid(1), day("2026-09-09"));
    assert_eq!(sheet.quarter.len(), 70);
    for nth in 331..=370 {
        let mut visit = town::skeleton(house(nth), "2026-09-15", MET);
        visit.made_by = worker(2);
        town.say(house(nth), ruhu_core::roster::By::Worker(worker(2)), "2026-09-15", Fact::Visited(visit));
    }
    let coverage = town.reckon("2026Q3");
    assert_eq!(counts(&coverage), (400, 370, 0, 30));
    assert_eq!(coverage.total().strict().to_string(), "92.50 %");
    assert_eq!(coverage.total().taken_over_late, 30);
    assert_eq!(coverage.total().covered, 0);
    assert!(coverage.obligations.iter().all(|one| one.responsible == Some(worker(2))));
}

#[test]
fn example_18_a_visit_that_arrives_after_closing_is_an_amendment() {
    let mut town = Town::new();
    town.old_house(101);
    let closed = reckon(&town.register(), "2026Q3".parse().unwrap(), day("2026-10-10"));
    town.met(101, "2026-09-29");
    let now = reckon(&town.register(), "2026Q3".parse().unwrap(), day("2026-10-12"));
    assert_eq!(closed.total().done, 0);
    assert_eq!(now.total().done, closed.total().done + 1);
}

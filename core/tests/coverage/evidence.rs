//! Evidence for each deduction, sentence by sentence.

use ruhu_core::coverage::{Deduction, ObligationState, Open};
use ruhu_core::fact::Fact;
use ruhu_core::roster::{By, DwellingUse, Informant};
use ruhu_core::time::Cadence;
use ruhu_core::visit::VisitOutcome;

use crate::town::{MET, NOT_HOME, Town, VACANT, day, desk, empty, grid, house, worker};

const Q3: &str = "2026Q3";

fn deducted(deduction: Deduction) -> Option<ObligationState> {
    Some(ObligationState::Deducted(deduction))
}

fn open(open: Open) -> Option<ObligationState> {
    Some(ObligationState::Outstanding(open))
}

fn moved_away(told_by: Informant) -> VisitOutcome {
    VisitOutcome::MovedAway { told_by, left_on: None }
}

fn one_house() -> Town {
    let mut town = Town::new();
    town.old_house(101);
    town
}

#[test]
fn an_earlier_look_at_an_empty_flat_may_lie_180_days_back_and_no_more() {
    for (earlier, expected) in
        [("2026-02-02", deducted(Deduction::VacantConfirmed)), ("2026-02-01", open(Open::SeenVacantOnce))]
    {
        let mut town = Town::new();
        town.home(501);
        town.visit(empty(501), earlier, VACANT);
        town.visit(empty(501), "2026-08-01", VACANT);
        assert_eq!(town.state(Q3, empty(501)), expected, "{earlier}");
    }
}

#[test]
fn the_later_look_must_lie_in_the_period_itself() {
    let mut town = Town::new();
    town.home(501);
    town.visit(empty(501), "2026-06-01", VACANT);
    town.visit(empty(501), "2026-06-20", VACANT);
    assert_eq!(town.state(Q3, empty(501)), open(Open::NeverTried));
}

#[test]
fn a_named_role_confirms_one_look_and_a_neighbour_does_not() {
    for (role, expected) in [
        (Informant::PropertyManager, deducted(Deduction::VacantConfirmed)),
        (Informant::BuildingSteward, deducted(Deduction::VacantConfirmed)),
        (Informant::Landlord, deducted(Deduction::VacantConfirmed)),
        (Informant::Neighbour, open(Open::SeenVacantOnce)),
    ] {
        let mut town = one_house();
        town.visit(house(101), "2026-08-01", VisitOutcome::Vacant { confirmed_by: Some(role) });
        assert_eq!(town.state(Q3, house(101)), expected, "{role:?}");
    }
}

#[test]
fn the_residents_and_the_landlords_word_need_no_second_one() {
    for role in [Informant::Resident, Informant::Landlord] {
        let mut town = one_house();
        town.visit(house(101), "2026-08-01", moved_away(role));
        assert_eq!(town.state(Q3, house(101)), deducted(Deduction::MovedOut), "{role:?}");
        assert_eq!(town.state("2026Q4", house(101)), None, "{role:?}");
    }
}

#[test]
fn a_neighbours_word_needs_a_second_look_seven_days_later() {
    for (second, expected) in
        [("2026-08-07", open(Open::SeenVacantOnce)), ("2026-08-08", deducted(Deduction::MovedOut))]
    {
        let mut town = one_house();
        town.visit(house(101), "2026-08-01", moved_away(Informant::Neighbour));
        assert_eq!(town.state(Q3, house(101)), open(Open::Tried(1)));
        town.visit(house(101), second, VACANT);
        assert_eq!(town.state(Q3, house(101)), expected, "{second}");
    }
}

#[test]
fn a_successor_bears_a_neighbours_word_out() {
    let mut town = one_house();
    town.visit(house(101), "2026-08-01", moved_away(Informant::Neighbour));
    town.settle(201, 101, 1, Some("2026-08-20"), "2026-08-20");
    assert_eq!(town.state(Q3, house(101)), deducted(Deduction::MovedOut));
}

#[test]
fn two_tenants_of_one_flat_are_not_each_others_successors() {
    let mut town = one_house();
    town.settle(201, 101, 1, Some("2026-08-20"), "2026-08-20");
    assert_eq!(town.state(Q3, house(101)), open(Open::NeverTried));
    assert_eq!(town.state(Q3, house(201)), open(Open::NeverTried));
}

#[test]
fn a_phone_is_not_the_roster_owner() {
    let mut town = one_house();
    let left = Fact::Left { on: day("2026-08-10"), told_by: None };
    let entry = town.say(house(101), By::Worker(worker(1)), "2026-08-10", left);
    assert_eq!(town.state(Q3, house(101)), open(Open::NeverTried));
    town.say(house(101), desk(), "2026-08-12", Fact::Confirmed { target: entry });
    assert_eq!(town.state(Q3, house(101)), deducted(Deduction::MovedOut));
}

#[test]
fn a_household_met_after_it_was_said_to_have_left_is_due_again_from_that_day() {
    let mut town = one_house();
    town.visit(house(101), "2026-08-01", moved_away(Informant::Landlord));
    town.met(101, "2026-10-05");
    assert_eq!(town.state(Q3, house(101)), deducted(Deduction::MovedOut));
    assert!(town.state("2026Q4", house(101)).unwrap().is_done());
    assert_eq!(town.state("2027Q1", house(101)), open(Open::NeverTried));
}

#[test]
fn word_of_a_move_inside_the_community_is_no_moving_out() {
    let mut town = one_house();
    town.settle(101, 603, 1, Some("2026-08-01"), "2026-08-20");
    town.visit(house(101), "2026-08-12", moved_away(Informant::Landlord));
    assert_eq!(town.state(Q3, house(101)), open(Open::Tried(1)));
}

#[test]
fn a_dissolution_from_a_phone_waits_for_the_lead() {
    let mut town = one_house();
    let dissolved = Fact::Dissolved { on: day("2026-08-10"), into: None };
    let entry = town.say(house(101), By::Worker(worker(1)), "2026-08-10", dissolved);
    assert_eq!(town.state(Q3, house(101)), open(Open::NeverTried));
    town.say(house(101), desk(), "2026-08-12", Fact::Confirmed { target: entry });
    assert_eq!(town.state(Q3, house(101)), deducted(Deduction::Dissolved));
    assert_eq!(town.state("2026Q4", house(101)), None);
}

#[test]
fn unsafe_and_no_such_address_count_once_the_lead_confirms() {
    for (outcome, deduction) in
        [(VisitOutcome::Unsafe, Deduction::Unsafe), (VisitOutcome::NoSuchAddress, Deduction::NoSuchAddress)]
    {
        let mut town = one_house();
        let visit = town.visit(house(101), "2026-08-10 10:00", outcome);
        assert_eq!(town.state(Q3, house(101)), open(Open::Tried(1)));
        town.say(house(101), desk(), "2026-08-12", Fact::Confirmed { target: visit });
        assert_eq!(town.state(Q3, house(101)), deducted(deduction));
        assert_eq!(town.state("2026Q4", house(101)), open(Open::NeverTried));
    }
}

#[test]
fn registered_only_holds_for_a_year_or_until_the_next_meeting() {
    let mut town = one_house();
    town.visit(house(101), "2025-10-01", VisitOutcome::RegisteredOnly);
    assert_eq!(town.state(Q3, house(101)), deducted(Deduction::RegisteredOnly));
    assert_eq!(town.state("2026Q4", house(101)), open(Open::NeverTried));
    town.met(101, "2026-04-01");
    assert_eq!(town.state(Q3, house(101)), open(Open::NeverTried));
}

#[test]
fn do_not_ask_is_cut_to_twelve_months_and_must_cover_the_whole_period() {
    let mut town = one_house();
    let asked = Fact::DoNotAsk { from: day("2026-07-01"), until: day("2028-12-31") };
    town.say(house(101), desk(), "2026-07-01", asked);
    for quarter in [Q3, "2026Q4", "2027Q1", "2027Q2"] {
        assert_eq!(town.state(quarter, house(101)), deducted(Deduction::Declined), "{quarter}");
    }
    assert_eq!(town.state("2027Q3", house(101)), open(Open::NeverTried));

    let mut town = one_house();
    let asked = Fact::DoNotAsk { from: day("2026-07-02"), until: day("2026-12-31") };
    town.say(house(101), desk(), "2026-07-02", asked);
    assert_eq!(town.state(Q3, house(101)), open(Open::NeverTried));
    assert_eq!(town.state("2026Q4", house(101)), deducted(Deduction::Declined));
}

#[test]
fn three_attempts_need_three_days_two_bands_and_one_off_hours() {
    let tried = |knocks: &[&str]| {
        let mut town = one_house();
        for when in knocks {
            town.visit(house(101), when, NOT_HOME);
        }
        town.state(Q3, house(101))
    };
    let three = deducted(Deduction::ThreeAttempts);
    assert_eq!(tried(&["2026-07-06 10:00", "2026-07-07 10:00", "2026-07-08 17:30"]), three);
    assert_eq!(tried(&["2026-07-06 10:00", "2026-07-07 15:00", "2026-07-11 10:00"]), three);
    // Three knocks on two days; two bands but all in working hours; a time nobody remembers is no band.
    assert_eq!(tried(&["2026-07-06 10:00", "2026-07-06 18:00", "2026-07-07 18:00"]), open(Open::Tried(3)));
    assert_eq!(tried(&["2026-07-06 10:00", "2026-07-07 15:00", "2026-07-08 17:29"]), open(Open::Tried(3)));
    assert_eq!(tried(&["2026-07-06 18:00", "2026-07-07", "2026-07-11"]), open(Open::Tried(3)));
    // A make-up Sunday is a working day.
    assert_eq!(tried(&["2026-09-17 10:00", "2026-09-18 15:00", "2026-09-20 10:00"]), open(Open::Tried(3)));
    // All inside the period.
    assert_eq!(tried(&["2026-06-30 18:00", "2026-07-07 15:00", "2026-07-11 10:00"]), open(Open::Tried(2)));
}

#[test]
fn a_phone_call_is_neither_a_visit_nor_an_attempt() {
    let mut town = one_house();
    town.visit(house(101), "2026-07-06 10:00", NOT_HOME);
    town.visit(house(101), "2026-07-07 15:00", NOT_HOME);
    town.visit(house(101), "2026-07-08 18:00", VisitOutcome::Phone);
    assert_eq!(town.state(Q3, house(101)), open(Open::Tried(2)));
}

#[test]
fn the_lead_may_reject_a_deduction_and_take_the_rejection_back() {
    let mut town = one_house();
    town.visit(house(101), "2026-08-01", VisitOutcome::Declined { do_not_ask_until: None });
    let rejected = Fact::DeductionRejected { period: Q3.parse().unwrap(), cadence: Cadence::Quarter };
    town.say(house(101), By::Worker(worker(1)), "2026-10-01", rejected.clone());
    assert_eq!(town.state(Q3, house(101)), deducted(Deduction::Declined));
    let entry = town.say(house(101), desk(), "2026-10-02", rejected);
    assert_eq!(town.state(Q3, house(101)), open(Open::Tried(1)));
    town.say(house(101), desk(), "2026-10-03", Fact::Withdrawn { target: entry });
    assert_eq!(town.state(Q3, house(101)), deducted(Deduction::Declined));
}

#[test]
fn a_rejected_moving_out_keeps_the_household_due_in_the_next_quarter() {
    let mut town = one_house();
    town.visit(house(101), "2026-08-01", moved_away(Informant::Landlord));
    let rejected = Fact::DeductionRejected { period: Q3.parse().unwrap(), cadence: Cadence::Quarter };
    town.say(house(101), desk(), "2026-09-01", rejected);
    assert_eq!(town.state(Q3, house(101)), open(Open::Tried(1)));
    assert_eq!(town.state("2026Q4", house(101)), open(Open::NeverTried));
}

#[test]
fn a_visit_found_false_does_not_count_until_the_finding_is_reversed() {
    let mut town = one_house();
    let visit = town.met(101, "2026-08-01");
    town.say(house(101), desk(), "2026-09-01", Fact::Found { target: visit, falsified: true });
    assert_eq!(town.state(Q3, house(101)), open(Open::FoundFalse));
    town.say(house(101), desk(), "2026-09-20", Fact::Found { target: visit, falsified: false });
    assert!(town.state(Q3, house(101)).unwrap().is_done());
}

#[test]
fn a_vacant_unit_turned_into_a_shop_is_no_unit_any_more() {
    let mut town = Town::new();
    town.home(501);
    let shop = Fact::UseChanged { to: DwellingUse::NonResidential, from: day("2026-08-01") };
    let entry = town.say(empty(501), By::Worker(worker(1)), "2026-08-01", shop);
    assert_eq!(town.state(Q3, empty(501)), open(Open::NeverTried));
    town.say(empty(501), desk(), "2026-08-03", Fact::Confirmed { target: entry });
    assert_eq!(town.state(Q3, empty(501)), deducted(Deduction::Dissolved));
    assert_eq!(town.state("2026Q4", empty(501)), None);
}

#[test]
fn an_appointment_is_the_label_while_it_was_the_last_that_happened() {
    let mut town = one_house();
    town.visit(house(101), "2026-08-01", VisitOutcome::Rescheduled);
    assert_eq!(town.state(Q3, house(101)), open(Open::Appointment));
    town.visit(house(101), "2026-08-05", NOT_HOME);
    assert_eq!(town.state(Q3, house(101)), open(Open::Tried(2)));
}

#[test]
fn a_cover_visit_is_shown_and_is_done_all_the_same() {
    let mut town = Town::new();
    town.home_in(201, 2);
    town.settle(201, 201, 2, None, "2025-12-20");
    // Worker 1 knocks; worker 2 is responsible for grid 2.
    town.visit(house(201), "2026-08-01", MET);
    let total = town.reckon(Q3).total();
    assert_eq!((total.due, total.done, total.covered), (1, 1, 1));
    assert_eq!(town.reckon(Q3).obligations[0].responsible, Some(worker(2)));
    assert_eq!(town.reckon(Q3).obligations[0].grid, grid(2));
}

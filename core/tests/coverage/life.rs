//! What a file's facts mean: corrections, key spans, stays, joined records, recording days.

use chrono::NaiveDate;
use ruhu_core::coverage::{ObligationState, Open};
use ruhu_core::fact::Fact;
use ruhu_core::file::{Stamp, StampedFact, UnitFile};
use ruhu_core::ids::Hash32;
use ruhu_core::life::{HouseholdLife, Standing, survivors};
use ruhu_core::roster::By;
use ruhu_core::time::Zone;

use crate::town::{MET, NOT_HOME, Town, day, desk, door, empty, grid, house, house_id, skeleton, worker};

const Q3: &str = "2026Q3";
const NEVER: Option<ObligationState> = Some(ObligationState::Outstanding(Open::NeverTried));

fn one_house() -> Town {
    let mut town = Town::new();
    town.old_house(101);
    town
}

fn done(town: &Town, nth: u16) -> bool {
    town.state(Q3, house(nth)).unwrap().is_done()
}

/// A correction of `target` by `by`: nobody was at home after all.
fn correct(town: &mut Town, by: By, target: Hash32) -> Hash32 {
    let mut visit = skeleton(house(101), "2026-08-01", NOT_HOME);
    visit.supersedes = Some(target);
    town.say(house(101), by, "2026-08-02", Fact::Visited(visit))
}

fn life(town: &Town, nth: u16) -> HouseholdLife {
    HouseholdLife::derive(house_id(nth), &town.files[&house(nth)], &[], Zone::CHINA)
}

#[test]
fn its_author_and_the_lead_may_correct_a_visit_and_nobody_else() {
    for (by, still_done) in [(By::Worker(worker(1)), false), (desk(), false), (By::Worker(worker(2)), true)] {
        let mut town = one_house();
        let visit = town.met(101, "2026-08-01");
        correct(&mut town, by, visit);
        assert_eq!(done(&town, 101), still_done, "{by:?}");
    }
}

#[test]
fn withdrawing_a_correction_revives_what_it_corrected() {
    let mut town = one_house();
    let visit = town.met(101, "2026-08-01");
    let correction = correct(&mut town, By::Worker(worker(1)), visit);
    assert!(!done(&town, 101));
    town.say(house(101), By::Worker(worker(2)), "2026-08-03", Fact::Withdrawn { target: correction });
    assert!(!done(&town, 101), "a withdrawal by somebody else is none");
    town.say(house(101), By::Worker(worker(1)), "2026-08-03", Fact::Withdrawn { target: correction });
    assert!(done(&town, 101));
}

#[test]
fn a_correction_of_a_withdrawn_correction_still_stands() {
    let mut town = one_house();
    let visit = town.met(101, "2026-08-01");
    let first = correct(&mut town, By::Worker(worker(1)), visit);
    correct(&mut town, desk(), first);
    town.say(house(101), desk(), "2026-08-03", Fact::Withdrawn { target: first });
    assert!(!done(&town, 101));
}

#[test]
fn two_corrections_made_apart_are_judged_alone() {
    let mut town = one_house();
    let visit = town.visit(house(101), "2026-08-01", NOT_HOME);
    correct(&mut town, By::Worker(worker(1)), visit);
    let mut met = skeleton(house(101), "2026-08-01", MET);
    met.supersedes = Some(visit);
    town.say(house(101), desk(), "2026-08-04", Fact::Visited(met));
    assert!(done(&town, 101));
    assert_eq!(life(&town, 101).visits().len(), 2);
}

#[test]
fn a_correction_that_moves_the_visit_to_another_household_leaves_nothing_behind() {
    let mut town = one_house();
    let visit = town.met(101, "2026-08-01");
    let mut other = skeleton(house(102), "2026-08-01", MET);
    other.supersedes = Some(visit);
    town.say(house(101), By::Worker(worker(1)), "2026-08-02", Fact::Visited(other));
    assert_eq!(town.state(Q3, house(101)), NEVER);
}

#[test]
fn a_circle_of_corrections_from_a_broken_phone_does_not_hang() {
    let mut file = UnitFile::new(house(101));
    for nth in 0..50u8 {
        let mut visit = skeleton(house(101), "2026-08-01", MET);
        visit.supersedes = Some(Hash32([(nth + 1) % 50; 32]));
        let stamp = Stamp { recorded_ms: i64::from(nth), entry: Hash32([nth; 32]), nth: 0 };
        file.insert(stamp, StampedFact { by: desk(), fact: Fact::Visited(visit) });
    }
    assert!(Standing::of(&file).effective_visits(&file, &[house(101)]).len() <= 1);
}

#[test]
fn a_key_mark_acts_from_the_later_of_the_day_stated_and_the_day_recorded() {
    let mut town = one_house();
    let mark = |on: &str| Fact::KeyMark { key: true, on: day(on) };
    town.say(house(101), desk(), "2026-08-10", mark("2026-06-01"));
    let key = |town: &Town, on: &str| life(town, 101).is_key(day(on));
    assert!(!key(&town, "2026-08-09"));
    assert!(key(&town, "2026-08-10"));
    assert_eq!(town.state("2026-08", house(101)), None);
    assert_eq!(town.state("2026-09", house(101)), NEVER);
}

#[test]
fn a_key_mark_from_a_phone_is_a_suggestion_even_when_confirmed() {
    let mut town = one_house();
    let mark = Fact::KeyMark { key: true, on: day("2026-06-01") };
    let entry = town.say(house(101), By::Worker(worker(1)), "2026-06-01", mark);
    town.say(house(101), desk(), "2026-06-02", Fact::Confirmed { target: entry });
    assert_eq!(town.state("2026-08", house(101)), None);
}

#[test]
fn back_dated_moves_are_put_in_the_order_of_their_dates() {
    let mut town = one_house();
    town.settle(101, 301, 1, Some("2026-09-01"), "2026-09-01");
    town.settle(101, 201, 2, Some("2026-08-01"), "2026-09-05");
    let life = life(&town, 101);
    let timeline = life.timeline(day("2026-12-31"));
    let stays: Vec<_> = timeline.stays().iter().map(|stay| (stay.dwelling, stay.from, stay.until)).collect();
    let date = |text: &str| Some(day(text));
    assert_eq!(
        stays,
        [
            (door(101), None, date("2026-08-01")),
            (door(201), date("2026-08-01"), date("2026-09-01")),
            (door(301), date("2026-09-01"), None),
        ]
    );
    assert_eq!(timeline.presences().collect::<Vec<_>>(), [(NaiveDate::MIN, None)]);
}

#[test]
fn on_one_date_the_later_word_holds() {
    let mut town = one_house();
    town.leave(101, "2026-08-10");
    town.settle(101, 201, 2, Some("2026-08-10"), "2026-08-11");
    assert_eq!(town.state(Q3, house(101)), NEVER);
    assert_eq!(town.reckon(Q3).obligations[0].grid, grid(2));
}

#[test]
fn a_returned_household_was_never_here() {
    let mut town = Town::new();
    let settled = Fact::Settled { dwelling: door(501), grid: grid(1), from: None };
    let entry = town.say(house(601), By::Worker(worker(1)), "2026-07-05", settled);
    assert_eq!(town.state(Q3, house(601)), NEVER);
    town.say(house(601), desk(), "2026-07-08", Fact::Returned { target: entry });
    assert_eq!(town.state(Q3, house(601)), None);
    town.say(house(601), desk(), "2026-07-09", Fact::Confirmed { target: entry });
    assert_eq!(town.state(Q3, house(601)), NEVER);
}

#[test]
fn a_household_recorded_late_is_due_from_its_recording_unless_the_first_import_did_it() {
    let mut town = Town::new();
    town.settle(101, 101, 1, None, "2026-09-02");
    assert_eq!(town.state(Q3, house(101)), None);
    assert_eq!(town.state("2026Q4", house(101)), NEVER);
    town.rules.go_live = Some(day("2026-09-02"));
    assert_eq!(town.state(Q3, house(101)), NEVER);
}

#[test]
fn the_day_of_recording_is_the_local_one() {
    let settled = Fact::Settled { dwelling: door(101), grid: grid(1), from: None };
    let at: chrono::DateTime<chrono::Utc> = "2026-08-31T17:00:00Z".parse().unwrap();
    let mut file = UnitFile::new(house(101));
    let stamp = Stamp { recorded_ms: at.timestamp_millis(), entry: Hash32::ZERO, nth: 0 };
    file.insert(stamp, StampedFact { by: desk(), fact: settled });
    let life = HouseholdLife::derive(house_id(101), &file, &[], Zone::CHINA);
    assert_eq!(life.first_recorded_on(), Some(day("2026-09-01")));
}

#[test]
fn two_records_of_one_household_are_one_unit_until_they_are_parted() {
    let mut town = one_house();
    town.settle(102, 101, 1, None, "2026-08-01");
    town.met(102, "2026-08-01");
    let (one, other) = (house_id(101), house_id(102));
    assert_eq!(town.reckon(Q3).total().due, 2);
    town.say(house(102), desk(), "2026-08-05", Fact::SameAs { into: one });
    town.say(house(101), desk(), "2026-08-05", Fact::Absorbs { other });
    assert_eq!(town.reckon(Q3).total().due, 1);
    assert!(done(&town, 101), "the visit to the other record counts for the survivor");
    town.say(house(102), desk(), "2026-08-20", Fact::Parted { other: one });
    assert_eq!(town.reckon(Q3).total().due, 2);
    assert_eq!(town.state(Q3, house(101)), NEVER);
}

#[test]
fn records_joined_in_a_circle_are_one_household_all_the_same() {
    let mut town = Town::new();
    for (from, into) in [(101, 102), (102, 103), (103, 101)] {
        town.settle(from, 101, 1, None, "2026-01-01");
        town.say(house(from), desk(), "2026-02-01", Fact::SameAs { into: house_id(into) });
    }
    let joined = survivors(town.files.values());
    assert_eq!(
        joined.into_iter().collect::<Vec<_>>(),
        [(house_id(102), house_id(101)), (house_id(103), house_id(101))]
    );
    assert_eq!(town.reckon(Q3).total().due, 1);
}

#[test]
fn what_only_the_desk_may_say_a_phone_says_in_vain() {
    let mut town = one_house();
    let asked = Fact::DoNotAsk { from: day("2026-06-01"), until: day("2026-12-31") };
    town.say(house(101), By::Worker(worker(1)), "2026-06-01", asked);
    town.say(
        house(101),
        By::Worker(worker(1)),
        "2026-06-01",
        Fact::ImportedVisit { visited_on: day("2026-08-01") },
    );
    assert_eq!(town.state(Q3, house(101)), NEVER);
}

#[test]
fn imported_visits_count_in_trial_periods_only() {
    let mut town = one_house();
    let imported = Fact::ImportedVisit { visited_on: day("2026-07-03") };
    town.say(house(101), desk(), "2026-07-20", imported);
    assert_eq!(town.state(Q3, house(101)), NEVER);
    town.rules.go_live = Some(day("2026-07-20"));
    assert!(town.reckon(Q3).trial);
    assert!(done(&town, 101));
    assert!(!town.reckon("2026Q4").trial);
}

#[test]
fn an_annex_that_becomes_a_home_is_a_vacant_unit_from_the_next_quarter() {
    use ruhu_core::roster::DwellingUse;
    let mut town = one_house();
    town.home(502);
    let annex = Fact::UseChanged { to: DwellingUse::AnnexOf(house_id(101)), from: day("2026-01-01") };
    town.say(empty(502), By::Worker(worker(1)), "2026-01-01", annex);
    let home = Fact::UseChanged { to: DwellingUse::Home, from: day("2026-07-02") };
    town.say(empty(502), desk(), "2026-07-02", home);
    assert_eq!(town.state(Q3, empty(502)), None);
    assert_eq!(town.state("2026Q4", empty(502)), NEVER);
}

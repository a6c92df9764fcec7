//! Honest work that looks odd: each of these was once held against somebody, or took the place of what could be checked.

use super::*;

/// Milliseconds of an hour.
const HOUR_MS: i64 = 3_600_000;

#[test]
fn with_too_few_cleared_workers_a_test_that_could_put_nobody_up_is_not_made() {
    let mut town = small();
    (1..=8).for_each(|by| town.quarter(by, 20));
    let record = {
        let one = town.met(1, 30, 600);
        one.times.wall_ms -= 30 * HOUR_MS;
        one.record
    };
    let material = town.material();
    let mut model = Model { floor: 0.001, ..Model::default() };
    // Eight workers at q = 0.10: the least p-value must be 1/80.
    for (cleared, tested) in [(40, 0), (78, 0), (79, 8)] {
        model.reference.insert(Housing::WalkUp, vec![-9.0; cleared]);
        let chosen = choose(&material, &review(&material, &model), &model);
        assert_eq!((chosen.tested, chosen.untested), (tested, 8 - tested), "{cleared}");
        assert_eq!(chosen.records, [record], "{cleared}");
    }
}

#[test]
fn capacity_goes_to_records_somebody_can_be_asked_about() {
    let mut town = small();
    town.quarter(1, 20);
    // Proven to be dated back, all of them; of one household that was met twice, of a door found empty, and of shut doors.
    let mut odd = Vec::new();
    for (nth, outcome) in (0..).zip([
        OutcomeCode::NotHome,
        OutcomeCode::Rescheduled,
        OutcomeCode::Told,
        OutcomeCode::Vacant,
        OutcomeCode::MetAtDoor,
        OutcomeCode::MetAtDoor,
    ]) {
        let one = town.met(1, 40, 600 + nth);
        (one.visited_on, one.outcome) = (day(20 + nth), outcome);
        odd.push((one.record, one.unit));
    }
    let again = odd[4].1;
    town.last().unit = again;
    let material = town.material();
    let chosen = choose(&material, &review(&material, &Model::default()), &Model::default());
    assert_eq!(chosen.capacity, 5);
    let mut wanted = vec![odd[3].0, odd[4].0];
    let mut found = chosen.records;
    wanted.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, wanted, "the door found empty and the visit that counts");
}

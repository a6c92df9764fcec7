//! Honest work that looks odd: each of these was once held against somebody, or took the place of what could be checked.

use super::*;

/// Milliseconds of an hour.
const HOUR_MS: i64 = 3_600_000;

fn bears(review: &Review, record: Hash32, kind: Kind) -> bool {
    kinds(review, record).contains(&kind)
}

#[test]
fn paper_notes_typed_in_the_evening_of_the_same_day_are_no_burst() {
    for (states_its_time, told) in [(true, false), (false, true)] {
        let mut town = small();
        (1..=3).for_each(|by| town.quarter(by, 20));
        let mut evening = Vec::new();
        for nth in 0..20 {
            let typed = 1200 + nth;
            let one = town.met(1, 22, typed);
            // The phone marks as late only what is of another day: nobody can declare this.
            if states_its_time {
                one.visited_at = NaiveTime::from_hms_opt(9 + nth / 3, 7 + nth % 3 * 19, 0);
            }
            evening.push(one.record);
        }
        let found = town.review();
        assert!(evening.into_iter().all(|record| bears(&found, record, Kind::Burst) == told));
    }
}

#[test]
fn a_clock_that_ran_fast_and_was_put_right_accuses_nobody() {
    // By the clock since boot the phone knew better; without one, its receipt or the hub time after it does.
    for (has_boot, fast_ms) in [(true, 5 * HOUR_MS), (false, 9 * HOUR_MS)] {
        let mut town = small();
        town.quarter(1, 20);
        let fast = town.met(1, 21, 600);
        fast.times.wall_ms += fast_ms;
        if !has_boot {
            (fast.times.boot, fast.times.stated_ms) = (None, fast.times.wall_ms);
        }
        let mut after = Vec::new();
        for minute in [630, 660] {
            let one = town.met(1, 21, minute);
            if !has_boot {
                one.times.boot = None;
            }
            after.push(one.record);
        }
        let found = town.review();
        assert!(after.into_iter().all(|record| !bears(&found, record, Kind::Backdated)), "{has_boot}");
    }
}

#[test]
fn a_day_ahead_by_a_fast_clock_is_no_statement_of_the_worker() {
    for (fast, told) in [(true, false), (false, true)] {
        let mut town = small();
        town.quarter(1, 20);
        let one = town.met(1, 21, 600);
        one.visited_on = day(24);
        one.times.boot = None;
        if fast {
            one.times.wall_ms += 3 * DAY_MS;
        }
        let record = one.record;
        assert_eq!(bears(&town.review(), record, Kind::Backdated), told);
    }
}

#[test]
fn a_clock_behind_the_time_by_boot_is_told_from_its_first_record_on() {
    let mut town = small();
    let one = town.met(1, 21, 900);
    one.times.wall_ms -= 6 * HOUR_MS;
    let record = one.record;
    assert!(bears(&town.review(), record, Kind::Backdated), "no earlier record is needed");
}

#[test]
fn alarms_at_the_usual_rate_do_not_add_up_with_the_workload() {
    // One of fifty meetings is stated for the night by whoever inspects at night now and then.
    let summary = |days: u32| {
        let mut town = small();
        (1..=3).for_each(|by| town.quarter(by, 20));
        for on in 0..days {
            for nth in 0..10 {
                let one = town.met(9, on, 540 + nth * 25);
                match nth {
                    0 if on % 5 == 0 => one.visited_at = NaiveTime::from_hms_opt(1, 20, 0),
                    1 | 4 => one.outcome = OutcomeCode::NotHome,
                    3 => one.told.as_mut().unwrap().changes.extend(["Phone".to_owned()]),
                    _ => {}
                }
            }
        }
        town.review().quarters.iter().find(|one| one.worker == worker(9)).unwrap().summary
    };
    let (short, long) = (summary(10), summary(60));
    assert!(long <= short + 0.05, "{short} {long}");
}

#[test]
fn a_phone_that_was_repaired_is_told_once() {
    let mut town = small();
    town.quarter(1, 10);
    let mut after = Vec::new();
    for nth in 0..8 {
        let one = town.met(1, 20 + nth, 600);
        one.chain.epoch = 2;
        after.push(one.record);
    }
    let found = town.review();
    let told = after.iter().filter(|record| bears(&found, **record, Kind::Integrity)).count();
    assert_eq!(told, 1);
}

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

#[test]
fn a_card_says_whether_a_roster_or_the_desk_knew() {
    for (said_by, zh, en) in [
        (SaidBy::Register(ImportId::from_bytes([4; 16])), "后来导入的名册显示", "an imported roster says"),
        (SaidBy::Desk, "窗口后来登记", "the desk entered later"),
    ] {
        let mut town = small();
        town.quarter(1, 20);
        let one = town.met(1, 30, 600);
        let (unit, record, known_ms) = (one.unit, one.record, one.times.received_ms + DAY_MS);
        let change = KnownChange { unit, on: day(5), known_ms, what: KnownWhat::CategoryIn, said_by };
        town.material.changes.push(change);
        let material = town.material();
        let text = card(&material, &review(&material, &Model::default()), record).unwrap().text();
        assert!(text.contains(zh) && text.contains(en), "{text}");
    }
}

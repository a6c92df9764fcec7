//! Small communities in which one thing is odd at a time.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};
use proptest::prelude::*;
use ruhu_core::ids::{
    CommunityId, DwellingId, EnrolmentId, Hash32, HouseholdId, ImportId, QuestionId, WorkerId,
};
use ruhu_core::roster::Unit;
use ruhu_core::time::{Period, Zone};
use ruhu_core::visit::OutcomeCode;
use uuid::Uuid;

use super::evidence::{
    Boot, Chain, Evidence, Housing, KnownChange, KnownWhat, Material, Place, Said, SaidBy, Times, Told, Words,
};
use super::{Kind, Model, Review, Standing, Strength, card, choose, review};

mod innocent;

const DAY_MS: i64 = 86_400_000;

/// A community that is put together record by record.
struct Small {
    material: Material,
    made: u32,
}

fn small() -> Small {
    let period: Period = "2026Q3".parse().unwrap();
    let material = Material {
        community: CommunityId::from_bytes([1; 16]),
        period,
        zone: Zone::CHINA,
        records: Vec::new(),
        places: BTreeMap::new(),
        changes: Vec::new(),
        missing: [].into(),
    };
    Small { material, made: 0 }
}

fn bytes(nth: u32) -> [u8; 16] {
    Hash32::of(&[&nth.to_be_bytes()]).0[..16].try_into().unwrap()
}

fn day(nth: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, 1).unwrap() + Days::new(u64::from(nth))
}

fn worker(nth: u8) -> WorkerId {
    WorkerId::from_bytes([nth; 16])
}

impl Small {
    /// A meeting of a worker on a day at a minute, at a door of its own; recorded then, received in the evening.
    fn met(&mut self, by: u8, on: u32, minute: u32) -> &mut Evidence {
        self.made += 1;
        let nth = self.made;
        let dwelling = DwellingId::from_bytes(bytes(nth));
        let place = Place {
            estate: "东里".into(),
            building: format!("{by}"),
            stair: (nth % 5).to_string(),
            floor: Some(1),
            housing: Housing::WalkUp,
            walking_key: format!("{by}-{:04}", 9999 - nth),
            shown: format!("东里{by}栋{nth}室"),
        };
        self.material.places.insert(dwelling, place);
        let at = NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0).unwrap();
        let ms = Zone::CHINA.instant(day(on), at).timestamp_millis();
        self.material.records.push(Evidence {
            record: Hash32::of(&[b"record", &nth.to_be_bytes()]),
            worker: worker(by),
            unit: Unit::Household(HouseholdId::from_bytes(bytes(nth))),
            dwelling,
            visited_on: day(on),
            visited_at: Some(at),
            outcome: OutcomeCode::MetAtDoor,
            late_entry: false,
            corrects: false,
            days_since_met: Some(91),
            times: Times {
                token_ms: Some(ms - DAY_MS / 2),
                stated_ms: ms,
                recorded_ms: ms,
                received_ms: ms + DAY_MS / 4,
                wall_ms: ms,
                boot: Some(Boot { id: Uuid::from_bytes([by; 16]), ms: u64::try_from(ms).unwrap() }),
            },
            chain: Chain { enrolment: EnrolmentId::from_bytes([by; 16]), epoch: 1, seq: u64::from(nth) },
            told: Some(Told::default()),
        });
        self.material.records.last_mut().unwrap()
    }

    /// A quarter of ordinary work: eight meetings a day, a fifth of the doors shut, a change now and then.
    fn quarter(&mut self, by: u8, days: u32) {
        for on in 0..days {
            for nth in 0..10u32 {
                let made = self.made;
                let one = self.met(by, on, 540 + nth * 25 + u32::from(by));
                match (made + 7 * on) % 10 {
                    0 | 5 => one.outcome = OutcomeCode::NotHome,
                    3 => one.told.as_mut().unwrap().changes.extend(["Phone".to_owned()]),
                    _ => {}
                }
            }
        }
    }

    fn material(&self) -> Material {
        self.material.clone().sorted()
    }

    fn review(&self) -> Review {
        review(&self.material(), &Model::default())
    }

    fn last(&mut self) -> &mut Evidence {
        self.material.records.last_mut().unwrap()
    }
}

fn kinds(review: &Review, record: Hash32) -> Vec<Kind> {
    let line = review.lines.iter().find(|line| line.record == record).unwrap();
    line.reasons.iter().map(|reason| reason.signal).collect()
}

#[test]
fn an_ordinary_quarter_puts_nobody_up() {
    let mut town = small();
    (1..=4).for_each(|by| town.quarter(by, 20));
    let found = town.review();
    assert_eq!(found.lines.len(), 800);
    assert!(found.lines.iter().all(|line| line.reasons.is_empty()), "no reason at all");
    assert_eq!(choose(&town.material(), &found, &Model::default()).records, []);
    for quarter in &found.quarters {
        assert!(matches!(quarter.standing, Standing::Said { over_a_tenth, .. } if over_a_tenth < 0.05));
    }
}

#[test]
fn the_same_records_in_any_order_give_the_same_bits() {
    let mut town = small();
    (1..=3).for_each(|by| town.quarter(by, 12));
    let (one, mut turned) = (town.review(), town.material);
    turned.records.reverse();
    let other = review(&turned.sorted(), &Model::default());
    assert_eq!(one.inputs_hash, other.inputs_hash);
    let bits = |review: &Review| review.lines.iter().map(|line| line.risk().to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&one), bits(&other));
}

#[test]
fn a_silent_household_and_a_short_list_say_nothing() {
    let mut town = small();
    (1..=3).for_each(|by| town.quarter(by, 20));
    for on in 0..2 {
        for nth in 0..9 {
            town.met(9, on, 540 + nth * 30);
        }
    }
    let record = town.last().record;
    let found = town.review();
    assert_eq!(kinds(&found, record), []);
    let few = found.not_enough.iter().find(|one| one.signal == Kind::FewChanges).unwrap();
    assert_eq!((few.workers, few.of), (1, 4));
    assert!(found.quarters.iter().any(|one| one.worker == worker(9) && one.standing == Standing::NotEnough));
}

#[test]
fn a_quarter_in_which_nothing_ever_changes_and_everybody_opens_is_told() {
    let mut town = small();
    (1..=4).for_each(|by| town.quarter(by, 20));
    for on in 0..25 {
        for nth in 0..10 {
            town.met(9, on, 540 + nth * 25);
        }
    }
    let record = town.last().record;
    let found = town.review();
    assert_eq!(kinds(&found, record), [Kind::FewChanges, Kind::FewAbsent]);
    let line = found.lines.iter().find(|line| line.record == record).unwrap();
    assert!(line.reasons.iter().all(|reason| reason.about_the_quarter));
    let honest = found.lines.iter().filter(|line| line.reasons.is_empty()).map(super::ReviewLine::risk);
    assert!(honest.fold(f64::MIN, f64::max) < line.risk());
}

#[test]
fn a_visit_stated_before_the_hub_last_spoke_with_the_phone_is_told_unless_declared_late() {
    let mut town = small();
    town.quarter(1, 20);
    let one = town.met(1, 30, 600);
    one.visited_on = day(20);
    let record = one.record;
    let found = town.review();
    assert_eq!(kinds(&found, record), [Kind::Backdated]);
    let line = found.lines.iter().find(|line| line.record == record).unwrap();
    assert_eq!(line.reasons[0].strength, Strength::Strong);
    town.last().late_entry = true;
    assert_eq!(kinds(&town.review(), record), [], "the box is free of penalty");
}

#[test]
fn a_clock_that_went_back_hours_is_told_and_one_of_a_minute_is_not() {
    for (back_ms, told) in [(6 * 3_600_000, true), (60_000, false)] {
        let mut town = small();
        town.quarter(1, 20);
        let one = town.met(1, 21, 900);
        one.times.wall_ms -= back_ms;
        let record = one.record;
        assert_eq!(kinds(&town.review(), record).contains(&Kind::Backdated), told, "{back_ms}");
    }
}

#[test]
fn a_rush_through_several_stairs_is_told_and_one_landing_is_not() {
    for (several, told) in [(true, true), (false, false)] {
        let mut town = small();
        (1..=3).for_each(|by| town.quarter(by, 20));
        for nth in 0..20 {
            let door = town.met(1, 22, 1200 + nth).dwelling;
            if !several {
                town.material.places.get_mut(&door).unwrap().stair = "1".into();
            }
        }
        let record = town.last().record;
        assert_eq!(kinds(&town.review(), record).contains(&Kind::Burst), told);
    }
}

#[test]
fn a_meeting_with_a_household_that_had_left_is_told_with_its_innocent_readings() {
    let mut town = small();
    town.quarter(1, 20);
    let (unit, received_ms, record) = {
        let one = town.met(1, 30, 600);
        (one.unit, one.times.received_ms, one.record)
    };
    let known_ms = received_ms + 10 * DAY_MS;
    let said_by = SaidBy::Register(ImportId::from_bytes([4; 16]));
    let change = KnownChange { unit, on: day(5), known_ms, what: KnownWhat::Left, said_by };
    town.material.changes.push(change.clone());
    let material = town.material();
    let found = review(&material, &Model::default());
    assert_eq!(kinds(&found, record), [Kind::MissedChange]);
    assert_eq!(choose(&material, &found, &Model::default()).records, [record]);
    let card = card(&material, &found, record).unwrap();
    assert_eq!(card.points[0].innocent.len(), 3);
    let text = card.text();
    assert!(text.contains("迁出") && text.contains("had left") && text.contains("2026-07-06"), "{text}");
    assert!(!text.contains(&worker(1).to_string()), "nobody is named");
    assert_eq!(text, super::card(&material, &review(&material, &Model::default()), record).unwrap().text());
    // What the phone already showed is no test of anybody.
    town.material.changes = vec![KnownChange { known_ms: received_ms - DAY_MS, ..change }];
    assert_eq!(kinds(&town.review(), record), []);
}

#[test]
fn a_remark_used_in_four_households_is_told_and_a_phrase_of_two_workers_is_not() {
    for (others, told) in [(false, true), (true, false)] {
        let mut town = small();
        town.quarter(1, 10);
        for on in 0..4 {
            let words = Words::new("阳台花盆已请住户收到室内,下次再看");
            town.met(1, 12 + on, 600).told.as_mut().unwrap().remark = words;
        }
        let record = town.last().record;
        if others {
            let words = Words::new("阳台花盆已请住户收到室内,下次再看");
            town.met(2, 12, 600).told.as_mut().unwrap().remark = words;
        }
        assert_eq!(kinds(&town.review(), record).contains(&Kind::ReusedText), told);
    }
}

#[test]
fn rare_answers_shared_with_another_household_are_told_but_not_within_one_tower() {
    for (tower, told) in [(false, true), (true, false)] {
        let mut town = small();
        for by in 1..=3u8 {
            for nth in 0..60u32 {
                let one = town.met(by, nth, 600);
                let answers = (0..5u8).map(|question| {
                    let value = u16::try_from((nth * (u32::from(question) + 1) + u32::from(by)) % 3).unwrap();
                    (QuestionId::from_bytes([question; 16]), Said::Choice(value))
                });
                one.told.as_mut().unwrap().answers = answers.collect();
            }
        }
        for _ in 0..2 {
            let one = town.met(1, 70, 600);
            let answers = (0..5u8).map(|question| (QuestionId::from_bytes([question; 16]), Said::Choice(9)));
            one.told.as_mut().unwrap().answers = answers.collect();
        }
        if tower {
            // Their stairs differ: it is the tower that counts.
            town.material.places.values_mut().for_each(|place| place.housing = Housing::Tower);
        }
        let record = town.last().record;
        assert_eq!(kinds(&town.review(), record).contains(&Kind::Copied), told, "tower: {tower}");
    }
}

#[test]
fn two_phones_of_one_worker_in_two_buildings_at_once_are_told() {
    let mut town = small();
    town.quarter(1, 10);
    let here = town.met(1, 20, 600).record;
    let there = town.met(1, 20, 601);
    there.chain.enrolment = EnrolmentId::from_bytes([77; 16]);
    let (door, other) = (there.dwelling, there.record);
    town.material.places.get_mut(&door).unwrap().building = "12".into();
    let found = town.review();
    assert!([here, other].into_iter().all(|record| kinds(&found, record) == [Kind::TwoPlaces]));
}

#[test]
fn a_clock_since_boot_that_runs_backwards_is_told_of_the_phone() {
    let mut town = small();
    town.quarter(1, 10);
    let one = town.met(1, 20, 600);
    one.times.boot = Some(Boot { id: Uuid::from_bytes([1; 16]), ms: 5 });
    let record = one.record;
    assert!(kinds(&town.review(), record).contains(&Kind::Integrity));
}

#[test]
fn what_is_put_up_stands_in_the_order_of_doors_and_within_capacity() {
    let mut town = small();
    town.quarter(1, 20);
    for on in 30..45 {
        town.met(1, on, 600).visited_on = day(on - 12);
    }
    let material = town.material();
    let found = review(&material, &Model::default());
    let chosen = choose(&material, &found, &Model::default());
    assert_eq!((chosen.capacity, chosen.records.len()), (5, 5));
    let key = |record: &Hash32| {
        let one = material.records.iter().find(|one| one.record == *record).unwrap();
        material.places[&one.dwelling].walking_key.clone()
    };
    assert!(chosen.records.windows(2).all(|pair| key(&pair[0]) < key(&pair[1])));
}

#[test]
fn with_cleared_workers_to_compare_with_an_ordinary_one_is_not_put_up() {
    let mut town = small();
    town.quarter(1, 20);
    let record = {
        let one = town.met(1, 30, 600);
        one.times.wall_ms -= 30 * 3_600_000;
        one.record
    };
    let material = town.material();
    let mut model = Model { floor: 0.000_1, ..Model::default() };
    let found = review(&material, &model);
    assert_eq!(choose(&material, &found, &model).records, [record]);
    model.reference.insert(Housing::WalkUp, vec![0.0; 40]);
    let chosen = choose(&material, &review(&material, &model), &model);
    assert_eq!((chosen.records.len(), chosen.tested, chosen.untested), (0, 1, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// A box that is ticked honestly never makes a record look worse.
    #[test]
    fn declaring_a_late_entry_never_raises_a_risk(on in 20u32..60, minute in 0u32..1400, back in 0i64..20) {
        let mut town = small();
        town.quarter(1, 8);
        let one = town.met(1, on, minute);
        one.visited_on = one.visited_on - Days::new(u64::try_from(back).unwrap());
        one.times.wall_ms -= back * 3_600_000;
        let record = one.record;
        let risk = |town: &Small| {
            town.review().lines.iter().find(|line| line.record == record).map(super::ReviewLine::risk).unwrap()
        };
        let before = risk(&town);
        town.last().late_entry = true;
        prop_assert!(risk(&town) <= before + 1e-12);
    }
}

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ruhu_core::ids::{DwellingId, HouseholdId, IdSource, derived};
use ruhu_core::roster::Unit;
use ruhu_core::time::{Period, WorkCalendar, Zone};
use ruhu_core::visit::{DraftRules, OutcomeCode, VisitOutcome};

use super::{Diary, Errand, Found, Knock, Round, Staff, plan_day, staff};
use crate::city::{City, FamilyNo, GridNo, Plan};
use crate::dice::Dice;
use crate::world::{World, days};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn errand_of(world: &World, family: FamilyNo) -> Errand {
    let door = world.family(family).unwrap().door;
    Errand {
        unit: Unit::Household(derived::<HouseholdId>("family", &[&family.0.to_be_bytes()])),
        dwelling: derived::<DwellingId>("door", &[&door.0.to_be_bytes()]),
        door,
        family: Some(family),
        monthly: false,
    }
}

fn errands(world: &World) -> Vec<Errand> {
    let families = world.city().families.keys().map(|family| errand_of(world, *family));
    let lived_in: BTreeSet<_> = world.city().families.values().map(|family| family.door).collect();
    let vacant = world.city().doors.keys().filter(|door| !lived_in.contains(door)).map(|door| {
        let dwelling = derived::<DwellingId>("door", &[&door.0.to_be_bytes()]);
        Errand { unit: Unit::Vacant(dwelling), dwelling, door: *door, family: None, monthly: false }
    });
    families.chain(vacant).collect()
}

/// A quarter worked on paper: what is met or settled leaves the list, nothing goes through a phone.
fn quarter(seed: u64, households: u32) -> (World, Staff, Vec<Knock>, usize) {
    let plan = Plan { seed, households, grids: 6, on: day("2026-06-30") };
    let quarter = Period::quarter_of(day("2026-07-01"));
    let calendar = WorkCalendar::shipped().unwrap();
    let mut world = World::new(City::build(plan), quarter.first_day(), quarter.last_day());
    let staff = staff(&plan, quarter);
    let mut open = errands(&world);
    let mut diaries: BTreeMap<GridNo, Diary> = BTreeMap::new();
    let mut all = Vec::new();
    for today in days(quarter.first_day(), quarter.last_day()) {
        world.live_to(today);
        for grid in (1..=6).map(GridNo) {
            let diary = diaries.entry(grid).or_default();
            let here: Vec<_> =
                open.iter().filter(|one| world.door(one.door).unwrap().grid == grid).copied().collect();
            let worker = staff.on_duty(grid, today).unwrap();
            let round = Round {
                world: &world,
                calendar: &calendar,
                worker,
                diary,
                errands: &here,
                quarter,
                day: today,
            };
            let knocks = plan_day(&round);
            for knock in &knocks {
                diary.note(knock);
                knock.learnt.iter().for_each(|event| world.tell(*event));
                let settled = match knock.outcome {
                    VisitOutcome::Met { .. } | VisitOutcome::CameToOffice => true,
                    VisitOutcome::Vacant { .. } => {
                        let seen = diary.of(knock.errand.unit).iter();
                        1 < seen.filter(|one| matches!(one.outcome, VisitOutcome::Vacant { .. })).count()
                    }
                    VisitOutcome::NotHome { .. } => 5 < diary.of(knock.errand.unit).len(),
                    VisitOutcome::Declined { .. }
                    | VisitOutcome::MovedAway { .. }
                    | VisitOutcome::RegisteredOnly
                    | VisitOutcome::NoSuchAddress
                    | VisitOutcome::Unsafe => true,
                    _ => false,
                };
                open.retain(|one| !settled || one.unit != knock.errand.unit);
            }
            all.extend(knocks);
        }
    }
    (world, staff, all, open.len())
}

#[test]
fn a_quarter_of_honest_work_sees_every_outcome_and_nearly_everybody() {
    let (world, _, knocks, open) = quarter(1, 2400);
    let codes: BTreeSet<_> = knocks.iter().map(|knock| knock.outcome.code()).collect();
    let missing: Vec<_> = OutcomeCode::ALL.iter().filter(|row| !codes.contains(&row.0)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let units = errands(&world).len();
    assert!(open * 100 < units * 4, "{open} of {units} outstanding");
    let met = knocks.iter().filter(|knock| matches!(knock.outcome, VisitOutcome::Met { .. })).count();
    assert!((1850..2450).contains(&met), "{met}");
    assert!((met..met * 4).contains(&knocks.len()), "{} knocks for {met}", knocks.len());
    assert!(knocks.iter().any(|knock| knock.slip.is_some()));
    assert!(knocks.iter().any(|knock| knock.written.date() != knock.at.date()));
    assert!(knocks.iter().any(|knock| !knock.requests.is_empty()));
    assert!(knocks.iter().any(|knock| !knock.hazards.is_empty()));
    let found: Vec<_> = knocks.iter().flat_map(|knock| &knock.found).collect();
    assert!(found.iter().any(|one| matches!(one, Found::Newcomers { came_from: None, .. })));
    assert!(found.iter().any(|one| matches!(one, Found::Newcomers { came_from: Some(_), .. })));
    assert!(found.iter().any(|one| matches!(one, Found::LivesAt { .. })));
    assert!(found.iter().any(|one| matches!(one, Found::PartOf { .. })));
}

#[test]
fn a_quarter_can_be_repeated_knock_for_knock() {
    assert_eq!(quarter(7, 240).2, quarter(7, 240).2);
    assert_ne!(quarter(7, 240).2, quarter(8, 240).2);
}

#[test]
fn every_draft_of_an_honest_worker_passes_the_check() {
    let (world, _, knocks, _) = quarter(3, 600);
    let mut ids = IdSource::new(Dice::new(1, "ids", &[]).rng().clone());
    for knock in &knocks {
        let now = Zone::CHINA.instant(knock.written.date(), knock.written.time());
        let rules = DraftRules {
            today: knock.written.date(),
            time: knock.written.time(),
            visit: ids.make(now),
            made_by: ids.make(now),
        };
        let newcomer = Unit::Household(ids.make(now));
        let unit = if knock.errand.family.is_none() && knock.outcome.met_somebody() {
            newcomer
        } else {
            knock.errand.unit
        };
        let people = knock.met.iter().map(|name| (name.clone(), ids.make(now))).collect();
        let draft = knock.draft(&world, (unit, knock.errand.dwelling), &people, &mut ids, now);
        let visit = draft.check(&rules).unwrap_or_else(|problems| panic!("{problems:?} {knock:?}"));
        assert_eq!(visit.skeleton().late_entry, knock.written.date() != knock.at.date());
        if let Some(slip) = knock.slip_draft((unit, knock.errand.dwelling)) {
            slip.check(&rules).unwrap();
        }
    }
}

#[test]
fn who_is_on_leave_knocks_nowhere_and_is_covered() {
    let plan = Plan { seed: 1, households: 240, grids: 6, on: day("2026-06-30") };
    let staff = staff(&plan, Period::quarter_of(day("2026-07-01")));
    let leave = *staff.leave.first().unwrap();
    assert_eq!(staff.on_duty(leave.grid, leave.from).unwrap().grid, leave.cover);
    assert_eq!(staff.on_duty(leave.grid, leave.until.succ_opt().unwrap()).unwrap().grid, leave.grid);
    assert!(staff.is_away(leave.grid, leave.until) && !staff.is_away(leave.cover, leave.until));
}

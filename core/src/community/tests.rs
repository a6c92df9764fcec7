use proptest::prelude::*;

use super::*;
use crate::coverage::Register;
use crate::ids::{AccountId, Hash32};
use crate::time::Period;

fn file_of(facts: Vec<CommunityFact>) -> CommunityFile {
    let mut file = CommunityFile::default();
    for (nth, fact) in (0u16..).zip(facts) {
        let stamp = Stamp { recorded_ms: i64::from(nth), entry: Hash32([1; 32]), nth };
        file.insert(stamp, By::Desk(AccountId::from_bytes([1; 16])), fact);
    }
    file
}

fn assigned(worker: u8, kind: AssignmentKind, from: &str) -> CommunityFact {
    CommunityFact::Assigned(Assignment {
        grid: GridId::from_bytes([1; 16]),
        worker: WorkerId::from_bytes([worker; 16]),
        kind,
        from: from.parse().unwrap(),
        until: None,
    })
}

#[test]
fn a_new_responsible_worker_ends_the_former_ones_time_and_a_cover_does_not() {
    let file = file_of(vec![
        assigned(1, AssignmentKind::Responsible, "2026-01-01"),
        assigned(3, AssignmentKind::Cover, "2026-08-01"),
        assigned(2, AssignmentKind::Responsible, "2026-09-10"),
    ]);
    let grid = GridId::from_bytes([1; 16]);
    let responsible = |day: &str| file.responsible(grid, day.parse().unwrap());
    assert_eq!(responsible("2026-09-09"), Some(WorkerId::from_bytes([1; 16])));
    assert_eq!(responsible("2026-09-10"), Some(WorkerId::from_bytes([2; 16])));
    assert_eq!(file.assignments().len(), 3);
}

#[test]
fn a_cover_ends_on_the_day_that_was_set() {
    let mut facts = vec![assigned(3, AssignmentKind::Cover, "2026-08-01")];
    facts.push(CommunityFact::AssignmentEnded {
        grid: GridId::from_bytes([1; 16]),
        worker: WorkerId::from_bytes([3; 16]),
        kind: AssignmentKind::Cover,
        on: "2026-08-14".parse().unwrap(),
    });
    let file = file_of(facts);
    assert_eq!(file.assignments().first().and_then(|one| one.until), "2026-08-14".parse().ok());
}

const GRID: GridId = GridId::from_bytes([1; 16]);

fn worker(nth: u8) -> WorkerId {
    WorkerId::from_bytes([nth; 16])
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Whom the figures name.
fn reckoned(file: &CommunityFile, on: NaiveDate) -> Option<WorkerId> {
    let setting = file.coverage_setting(Period::quarter_of(on)).unwrap();
    Register::new(&[] as &[crate::file::UnitFile], setting).responsible(GRID, on).map(|held| held.worker)
}

#[test]
fn a_hand_over_before_the_first_day_of_another_leaves_one_responsible_worker_and_no_rights_to_the_other() {
    for before in ["2025-12-15", "2026-01-01"] {
        let file = file_of(vec![
            assigned(1, AssignmentKind::Responsible, "2026-01-01"),
            assigned(2, AssignmentKind::Responsible, before),
        ]);
        assert_eq!(file.responsible(GRID, day("2026-03-01")), Some(worker(2)));
        assert_eq!(reckoned(&file, day("2026-03-01")), Some(worker(2)));
        assert!(file.assignments().iter().all(|one| one.worker == worker(2)), "the former holds nothing");
    }
}

#[test]
fn who_was_planned_for_later_is_planned_no_more_once_somebody_else_comes_before() {
    let file = file_of(vec![
        assigned(1, AssignmentKind::Responsible, "2026-01-01"),
        assigned(2, AssignmentKind::Responsible, "2026-09-10"),
        assigned(3, AssignmentKind::Responsible, "2026-09-01"),
    ]);
    for (on, who) in [("2026-08-31", 1), ("2026-09-01", 3), ("2026-09-10", 3)] {
        assert_eq!(file.responsible(GRID, day(on)), Some(worker(who)));
        assert_eq!(reckoned(&file, day(on)), Some(worker(who)));
    }
}

#[test]
fn who_left_is_responsible_for_nothing_from_that_day_on_until_he_is_listed_again() {
    let listed = |nth| {
        CommunityFact::WorkerListed(Worker {
            id: worker(nth),
            name: "王芳".into(),
            class: crate::roster::WorkerClass::Staff,
            role: crate::roster::CommitteeRole::GridWorker,
            engagement: crate::roster::Engagement::FullTime,
            contract: crate::roster::ContractKind::Unknown,
            office_phone: None,
        })
    };
    let mut facts = vec![listed(1), assigned(1, AssignmentKind::Responsible, "2026-01-01")];
    facts.push(CommunityFact::WorkerLeft { worker: worker(1), on: day("2026-08-01") });
    let file = file_of(facts.clone());
    assert_eq!(file.responsible(GRID, day("2026-07-31")), Some(worker(1)));
    assert_eq!(file.responsible(GRID, day("2026-08-01")), None);
    assert_eq!(reckoned(&file, day("2026-08-01")), None);
    facts.push(listed(1));
    assert_eq!(file_of(facts).responsible(GRID, day("2026-08-01")), Some(worker(1)));
}

#[test]
fn a_cover_that_has_not_begun_is_taken_back_and_another_of_the_same_worker_stays() {
    let cover = |from, until| {
        CommunityFact::Assigned(Assignment {
            grid: GRID,
            worker: worker(3),
            kind: AssignmentKind::Cover,
            from: day(from),
            until: Some(day(until)),
        })
    };
    let ended = CommunityFact::AssignmentEnded {
        grid: GRID,
        worker: worker(3),
        kind: AssignmentKind::Cover,
        on: day("2026-09-09"),
    };
    let file = file_of(vec![cover("2026-08-01", "2026-08-05"), cover("2026-09-10", "2026-09-20"), ended]);
    let left = file.assignments();
    assert_eq!(left.iter().map(|one| one.until).collect::<Vec<_>>(), [Some(day("2026-08-05"))]);
}

#[test]
fn leave_said_again_from_the_same_day_is_shorter_or_taken_back() {
    let away = |from, until| {
        CommunityFact::OnLeave(LeaveSpan { worker: worker(1), from: day(from), until: day(until) })
    };
    let mut facts = vec![away("2026-07-06", "9999-12-31"), away("2026-09-01", "2026-09-02")];
    facts.push(away("2026-07-06", "2026-07-08"));
    let spans = |facts| file_of(facts).leave().iter().map(|one| one.until).collect::<Vec<_>>();
    assert_eq!(spans(facts.clone()), [day("2026-09-02"), day("2026-07-08")]);
    facts.push(away("2026-07-06", "2026-07-05"));
    assert_eq!(spans(facts), [day("2026-09-02")]);
}

proptest! {
    #[test]
    fn whatever_was_assigned_one_grid_has_one_answer_on_any_day(
        made in proptest::collection::vec((1u8..4, 0u64..60, proptest::option::of(0u64..40)), 0..8),
        left in proptest::option::of((1u8..4, 0u64..60)),
    ) {
        let first = day("2026-07-01");
        let on = |nth: u64| first + chrono::Days::new(nth);
        let mut facts: Vec<CommunityFact> = made
            .into_iter()
            .map(|(who, from, lasts)| {
                CommunityFact::Assigned(Assignment {
                    grid: GRID,
                    worker: worker(who),
                    kind: AssignmentKind::Responsible,
                    from: on(from),
                    until: lasts.map(|days| on(from + days)),
                })
            })
            .collect();
        facts.extend(left.map(|(who, nth)| CommunityFact::WorkerLeft { worker: worker(who), on: on(nth) }));
        let file = file_of(facts);
        for nth in 0..100 {
            let held = file.assignments().into_iter().filter(|one| one.covers(on(nth))).count();
            prop_assert!(held <= 1);
            prop_assert_eq!(file.responsible(GRID, on(nth)), reckoned(&file, on(nth)));
        }
    }
}

use super::*;

const GRID: GridId = GridId::from_bytes([1; 16]);

fn worker(nth: u8) -> WorkerId {
    WorkerId::from_bytes([nth; 16])
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn held(nth: u8, kind: AssignmentKind, from: &str, until: Option<&str>) -> Assignment {
    Assignment { grid: GRID, worker: worker(nth), kind, from: day(from), until: until.map(day) }
}

#[test]
fn a_leave_to_the_end_of_time_is_looked_at_by_its_edges() {
    let responsible = held(1, AssignmentKind::Responsible, "2026-01-01", None);
    let away = LeaveSpan { worker: worker(1), from: day("2026-07-06"), until: day("9999-12-31") };
    let cover = |from, until| held(2, AssignmentKind::Cover, from, until);
    for (covers, open) in [
        (vec![], true),
        (vec![cover("2026-07-06", Some("9999-12-31"))], false),
        (vec![cover("2026-07-01", Some("2026-07-20")), cover("2026-07-21", None)], false),
        (vec![cover("2026-07-21", None), cover("2026-07-01", Some("2026-07-20"))], false),
        (vec![cover("2026-07-01", Some("2026-07-20")), cover("2026-07-22", None)], true),
        (vec![cover("2026-07-07", None)], true),
        (vec![held(1, AssignmentKind::Cover, "2026-07-01", None)], true),
    ] {
        let all: Vec<Assignment> = [responsible].into_iter().chain(covers).collect();
        assert_eq!(!uncovered(&all, &away).is_empty(), open, "{all:?}");
    }
    let ended = held(1, AssignmentKind::Responsible, "2026-01-01", Some("2026-07-05"));
    assert!(uncovered(&[ended], &away).is_empty(), "somebody else's grid by then");
}

#[test]
fn a_grid_is_ownerless_from_the_day_after_the_last_who_holds_it() {
    let first = held(1, AssignmentKind::Responsible, "2026-01-01", Some("2026-07-31"));
    let next = held(2, AssignmentKind::Responsible, "2026-08-01", Some("2026-08-31"));
    let from = |all: &[Assignment]| ownerless_from(all, GRID, day("2026-07-01"));
    assert_eq!(from(&[first, next]), Some(day("2026-09-01")));
    assert_eq!(from(&[held(1, AssignmentKind::Responsible, "2026-01-01", None)]), None);
    assert_eq!(from(&[]), Some(day("2026-07-01")));
}

#[test]
fn a_span_is_at_most_thirteen_months_and_begins_at_most_a_year_back() {
    let today = day("2026-07-01");
    let tried = |from, until| bounded((day(from), day(until)), today);
    assert!(tried("2026-07-06", "2027-08-09").is_ok());
    assert!(matches!(tried("2026-07-06", "2027-08-10"), Err(DutyError::TooLong)));
    assert!(matches!(tried("2026-07-06", "9999-12-31"), Err(DutyError::TooLong)));
    assert!(matches!(tried("2025-06-29", "2026-07-10"), Err(DutyError::OutOfReach { .. })));
    assert!(matches!(tried("9999-01-01", "9999-01-02"), Err(DutyError::OutOfReach { .. })));
    assert!(matches!(tried("2026-07-06", "2026-07-05"), Err(DutyError::Turned)));
}

//! Rates, cells, hand-over labels and the list of changes.

use ruhu_core::coverage::{
    CellState, Deduction, Entered, Gone, ObligationState, Open, Rate, Served, changes, handover_sheet,
};
use ruhu_core::fact::Fact;
use ruhu_core::visit::VisitOutcome;

use crate::town::{NOT_HOME, Town, day, desk, empty, grid, house, house_id};

#[test]
fn a_rate_is_cut_and_never_rounded_up() {
    for (done, base, text) in [
        (0, 0, "—"),
        (0, 3, "0.00 %"),
        (1, 3, "33.33 %"),
        (2, 3, "66.66 %"),
        (6, 7, "85.71 %"),
        (2_999, 3_000, "99.96 %"),
        (999_999, 1_000_000, "99.99 %"),
        (u32::MAX - 1, u32::MAX, "99.99 %"),
        (3_000, 3_000, "100.00 %"),
    ] {
        assert_eq!(Rate::of(done, base).to_string(), text);
    }
    assert_eq!(Rate::of(370, 400).hundredths(), Some(9_250));
}

#[test]
fn a_months_obligation_is_late_taken_over_from_the_second_day_on() {
    for (taken_over, late) in [("2026-09-01", 0), ("2026-09-02", 1)] {
        let mut town = Town::new();
        town.old_house(101);
        town.mark_key(101, true, "2026-06-01");
        town.assign(1, 2, taken_over, None);
        assert_eq!(town.reckon("2026-09").total().taken_over_late, late, "{taken_over}");
    }
}

#[test]
fn a_quarters_obligation_is_late_taken_over_with_29_days_left() {
    for (taken_over, late) in [("2026-09-01", 0), ("2026-09-02", 1)] {
        let mut town = Town::new();
        town.old_house(101);
        town.assign(1, 2, taken_over, None);
        assert_eq!(town.reckon("2026Q3").total().taken_over_late, late, "{taken_over}");
    }
}

#[test]
fn a_hand_over_sheet_names_months_and_quarters_apart() {
    let mut town = Town::new();
    town.old_house(101);
    town.old_house(102);
    town.mark_key(101, true, "2026-06-01");
    town.met(101, "2026-08-01");
    let sheet = handover_sheet(&town.register(), grid(1), day("2026-09-09"));
    assert_eq!(sheet.quarter.iter().map(|one| one.unit).collect::<Vec<_>>(), [house(102)]);
    assert_eq!(sheet.month.iter().map(|one| one.unit).collect::<Vec<_>>(), [house(101)]);
}

#[test]
fn the_list_of_changes_leads_from_one_due_to_the_next() {
    let mut town = Town::new();
    for nth in [101, 102, 103, 105] {
        town.old_house(nth);
    }
    town.home(104);
    town.leave(101, "2026-08-10");
    town.say(house(102), desk(), "2026-08-10", Fact::Dissolved { on: day("2026-08-10"), into: None });
    town.settle(104, 104, 1, Some("2026-09-20"), "2026-09-20");
    town.settle(201, 103, 1, None, "2026-09-25");
    town.say(
        house(202),
        desk(),
        "2026-09-10",
        Fact::SplitFrom { from: house_id(103), on: day("2026-09-10") },
    );
    town.settle(202, 103, 1, Some("2026-09-10"), "2026-09-10");
    let quarter = |text: &str| text.parse().unwrap();
    let list = changes(&town.register(), quarter("2026Q3"), quarter("2026Q4"), day("2026-12-31"));
    assert_eq!(list.opening, 5);
    assert_eq!(
        list.left,
        [(house(101), Gone::MovedOut), (house(102), Gone::Dissolved), (empty(104), Gone::Occupied)]
    );
    assert_eq!(
        list.entered,
        [
            (house(104), Entered::MovedIn),
            (house(201), Entered::Recorded),
            (house(202), Entered::Split),
            (empty(101), Entered::FellVacant),
            (empty(102), Entered::FellVacant),
        ]
    );
    assert_eq!(list.closing, 7);
}

#[test]
fn the_list_of_changes_of_key_months() {
    let mut town = Town::new();
    town.old_house(101);
    town.old_house(102);
    town.mark_key(101, true, "2026-08-15");
    town.mark_key(102, true, "2026-06-15");
    town.mark_key(102, false, "2026-08-20");
    let month = |text: &str| text.parse().unwrap();
    let list = changes(&town.register(), month("2026-08"), month("2026-09"), day("2026-09-30"));
    assert_eq!((list.opening, list.closing), (1, 1));
    assert_eq!(list.entered, [(house(101), Entered::BecameKey)]);
    assert_eq!(list.left, [(house(102), Gone::NoLongerKey)]);
}

#[test]
fn cells_count_by_grid_and_state_and_never_by_worker() {
    let mut town = Town::new();
    town.old_house(101);
    town.old_house(102);
    town.old_house(103);
    town.met(101, "2026-08-01");
    town.visit(house(102), "2026-08-01", NOT_HOME);
    town.visit(house(103), "2026-08-01", VisitOutcome::Declined { do_not_ask_until: None });
    let cells: Vec<_> =
        town.reckon("2026Q3").cells().into_iter().map(|(cell, count)| (cell.state, count)).collect();
    assert_eq!(
        cells,
        [(CellState::Visited, 1), (CellState::Deducted(Deduction::Declined), 1), (CellState::Tried, 1)]
    );
}

#[test]
fn the_stored_shape_of_a_reckoning_and_what_is_counted_from_it() {
    let mut town = Town::new();
    town.old_house(101);
    town.old_house(102);
    town.old_house(103);
    town.settle(104, 104, 1, Some("2026-09-10"), "2026-09-10");
    town.met(101, "2026-08-01");
    town.met(104, "2026-09-11");
    town.visit(house(102), "2026-08-01", VisitOutcome::Declined { do_not_ask_until: None });
    let coverage = town.reckon("2026Q3");
    let open = coverage.obligations.iter().find(|one| one.unit == house(103));
    assert_eq!(open.unwrap().state, ObligationState::Outstanding(Open::NeverTried));
    insta::assert_json_snapshot!("coverage", coverage);
    insta::assert_json_snapshot!("tally", coverage.total());
    insta::assert_json_snapshot!("cells", coverage.cells().into_iter().collect::<Vec<_>>());
    insta::assert_json_snapshot!("rules", town.rules);
    let period = |text: &str| text.parse().unwrap();
    let list = changes(&town.register(), period("2026Q3"), period("2026Q4"), day("2026-12-31"));
    insta::assert_json_snapshot!("changes", list);
    let sheet = handover_sheet(&town.register(), grid(1), day("2026-09-09"));
    insta::assert_json_snapshot!("handover_sheet", sheet);
    let imported = Served::Imported { visited_on: day("2026-07-03") };
    insta::assert_json_snapshot!("imported", (imported, coverage.total().strict(), Rate::of(0, 0)));
}

use super::{phone, sync};

#[test]
fn a_small_grid_can_be_measured_both_ways() {
    let folder = tempfile::tempdir().unwrap();
    let figures = sync::measure(folder.path(), 1, 50, 2, "2026-07-08".parse().unwrap()).unwrap();
    assert_eq!((figures.empty_round_trips, figures.day_round_trips), (1, 1));
    assert!(figures.empty_up + figures.empty_down < figures.day_up + figures.day_down);
    assert!(figures.day_up < figures.first_load && figures.day_down < figures.first_load);
    assert!(figures.day_up + figures.day_down < figures.automerge.day.up + figures.automerge.day.down);
}

#[test]
fn a_phone_of_some_households_can_be_measured() {
    let folder = tempfile::tempdir().unwrap();
    let probe = phone::prepare(folder.path(), 1, 30, "2026-07-08".parse().unwrap()).unwrap();
    let figures = phone::probe(&probe).unwrap();
    assert_eq!((figures.households, figures.visits), (30, 360));
    assert!(0.0 < figures.save_ms_p50 && figures.save_ms_p50 <= figures.save_ms_p99);
    assert!(0.0 < figures.rss_mb && 0.0 < figures.file_mb && 0.0 < figures.open_to_due_ms);
}

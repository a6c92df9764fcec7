use ruhu_core::sync::wire::Verdict;
use ruhu_server::verify::Fault;

use super::county::{County, Kept, Size, database};
use super::{pages, phone, pushes, raw, sync};

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

#[test]
fn a_small_county_takes_pushes_serves_its_pages_and_holds_the_rows_a_full_reckoning_gives() {
    let folder = tempfile::tempdir().unwrap();
    let (size, today) = (Size { households: 60, entries: 170 }, "2026-07-08".parse().unwrap());
    let county = County::at(&Kept::in_folder(folder.path()), size, today).unwrap();
    let patch = county.patches[0].clone();
    assert_eq!(county.standing(&patch).unwrap().chain.next_seq, u64::from(size.visits_of(&patch)) + 1);
    let request = pushes::push(&county, &patch, 30, today).unwrap();
    let synced = county.hub.sync(&request).unwrap();
    assert_eq!(synced.verdicts.len(), 30);
    assert!(synced.verdicts.iter().all(|verdict| matches!(verdict, Verdict::Accepted { .. })));
    // The county's documents are written beside the log, to save a minute; everything else is the product's own.
    let faults = county.hub.verify().unwrap().faults;
    assert!(faults.iter().all(|fault| matches!(fault, Fault::Doc(_))), "{faults:?}");
    let pages = pages::measure(&county, today).unwrap();
    assert!(0.0 < pages.county_ms && 0.0 < pages.community_ms && 0.0 < pages.grid_ms);
    assert!(0.0 < pages.waiting_ms && 0.0 < pages.staff_ms && 0.0 < pages.spot_checks_ms);
    drop(county);
    assert!(0.0 < raw::measure(&database(folder.path()), 1, 30).unwrap().rows_per_s);
}

use chrono::{Days, NaiveTime};
use ruhu_core::coverage::{Register, reckon};
use ruhu_core::time::{Period, Zone};

use super::{DayDone, Quarter, SimClock, SimHub};
use crate::city::{City, Plan};
use crate::sheet;
use crate::worker::staff;
use crate::world::days;

fn begin(folder: &std::path::Path, seed: u64, households: u32) -> Quarter {
    let period: Period = "2026Q3".parse().unwrap();
    let on = period.first_day() - Days::new(10);
    let plan = Plan { seed, households, grids: 6, on };
    let city = City::build(plan);
    let staff = staff(&plan, period);
    let clock = SimClock::at(Zone::CHINA.instant(on, NaiveTime::from_hms_opt(9, 0, 0).unwrap()));
    let hub = SimHub::open(&folder.join("ruhu.db"), clock, seed, &staff).unwrap();
    hub.import("roster.xlsx", &sheet::roster(&city).unwrap()).unwrap();
    Quarter::begin(city, staff, hub, period, seed).unwrap()
}

fn work(quarter: &mut Quarter, until: &str) -> DayDone {
    let until = until.parse().unwrap();
    let mut all = DayDone::default();
    for day in days("2026-07-01".parse().unwrap(), until) {
        let done = quarter.work_day(day, Zone::CHINA.instant(day, NaiveTime::MIN) + Days::new(1)).unwrap();
        all.saved += done.saved;
        all.mended += done.mended;
        all.accepted += done.accepted;
        all.quarantined += done.quarantined;
        all.decided += done.decided;
    }
    all
}

#[test]
fn a_quarter_worked_through_real_phones_reaches_the_hub_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut quarter = begin(folder.path(), 1, 180);
    let mut all = work(&mut quarter, "2026-09-30");
    let last = quarter.sync_all().unwrap();
    all.accepted += last.accepted;
    assert_eq!(all.quarantined + last.quarantined, 0, "{all:?}");
    assert!(all.saved > 300 && all.mended > 0 && all.decided > 0, "{all:?}");
    for phone in quarter.phones.values() {
        assert_eq!(phone.book.outbox().unwrap().unsent, 0);
    }
    // What the hub reckons is what the phones say is left.
    let community = quarter.hub.community();
    let (files, setting) = quarter
        .hub
        .hub()
        .storage()
        .read(|tx| {
            let file = tx.community(community)?.unwrap();
            let mut files = Vec::new();
            for grid in file.grids().keys() {
                files.extend(tx.files_in(*grid)?.into_iter().map(|(_, file)| file));
            }
            Ok::<_, ruhu_server::storage::StorageError>((
                files,
                file.coverage_setting("2026Q3".parse().unwrap()),
            ))
        })
        .unwrap();
    let register = Register::new(&files, setting.unwrap());
    let today = quarter.hub.today();
    let coverage = reckon(&register, "2026Q3".parse().unwrap(), today);
    let total = coverage.total();
    assert!(total.due > 170 && total.done * 100 / total.due > 60, "{total:?}");
    for (no, phone) in &quarter.phones {
        let grid = quarter.hub.grid(*no).unwrap();
        let of_phone = phone.book.due(Some(today), Some(grid)).unwrap();
        let of_hub = coverage.of_grid(grid).total();
        assert_eq!((of_phone.quarter.done, of_phone.quarter.due), (of_hub.done, of_hub.due), "grid {no:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_quarter() {
    let run = |seed| {
        let folder = tempfile::tempdir().unwrap();
        let mut quarter = begin(folder.path(), seed, 60);
        let done = work(&mut quarter, "2026-07-20");
        let traffic: Vec<_> = quarter.phones.values().map(|phone| phone.traffic).collect();
        (done, traffic)
    };
    assert_eq!(run(3), run(3));
}

//! Random histories pushed through the real hub as signed entries: its finished rows, and a phone's own reckoning,
//! against the slow second opinion.

#![expect(clippy::unwrap_used, reason = "a comparison that cannot be made has failed")]

use std::collections::BTreeMap;

use ruhu_core::coverage::{CellState, Coverage};
use ruhu_core::roster::Unit;
use ruhu_core::time::Period;
use ruhu_server::coverage::kept_periods;
use ruhu_server::storage::StorageError;
use ruhu_server::storage::cells::state_name;
use ruhu_tests::oracle::{History, expect};
use ruhu_tests::told::{GRIDS, Telling};

const HISTORIES: u64 = 150;
/// One per core of the smallest machine that runs the tests.
const THREADS: u64 = 2;

type Seen = BTreeMap<CellState, u64>;

/// Every finished row of the running quarter, the one before, and their months.
fn compare_hub(seed: u64, telling: &Telling, history: &History, seen: &mut Seen) {
    let today = telling.hub.today();
    telling.hub.hub().refresh_day().unwrap();
    let before_last = Period::quarter_of(today).previous().previous();
    let community = telling.hub.community();
    let (reckoned, file) = telling
        .hub
        .hub()
        .storage()
        .read(|tx| Ok::<_, StorageError>((tx.reckoned()?, tx.community(community)?.unwrap())))
        .unwrap();
    let kept = kept_periods(&file, today);
    for (grid, period, as_of) in reckoned {
        if !kept.contains(&period) || period.last_day() <= before_last.last_day() {
            continue;
        }
        assert_eq!(as_of, today.min(period.last_day()), "seed {seed}: rows of today");
        let (found, cells) = telling
            .hub
            .hub()
            .storage()
            .read(|tx| {
                Ok::<_, StorageError>((tx.grid_coverage(grid, period)?.unwrap(), tx.cells(grid, period)?))
            })
            .unwrap();
        let mut expected = expect(history, period, as_of);
        expected.obligations.retain(|one| one.grid == grid);
        expected.extra.retain(|one| one.grid == Some(grid));
        for (one, other) in found.obligations.iter().zip(&expected.obligations) {
            assert_eq!(one, other, "seed {seed}, {period} as of {as_of}");
        }
        assert_eq!(found, expected, "seed {seed}, {period} as of {as_of}");
        let mut counted: BTreeMap<String, u32> = BTreeMap::new();
        for obligation in &expected.obligations {
            let state = CellState::of(&obligation.state);
            *counted.entry(state_name(state).to_owned()).or_default() += 1;
            *seen.entry(state).or_default() += 1;
        }
        assert_eq!(cells, counted, "seed {seed}, {period}: cells");
    }
}

/// A phone that holds both grids says of each what the second opinion says.
fn compare_phone(seed: u64, telling: &mut Telling, history: &History) {
    telling.reader.sync(&telling.hub).unwrap();
    let today = telling.hub.today();
    for grid in GRIDS {
        let sheet = telling.reader.book.due(Some(today), Some(grid)).unwrap();
        let mut expected: Coverage = expect(history, Period::quarter_of(today), today);
        expected.obligations.retain(|one| one.grid == grid);
        let total = expected.total();
        assert_eq!(
            (sheet.quarter.done, sheet.quarter.due),
            (total.done, total.due),
            "seed {seed} on {today}"
        );
        let mut open: Vec<Unit> =
            sheet.rows.iter().filter(|row| row.due.quarter.is_some()).map(|row| row.due.unit).collect();
        open.sort_unstable();
        let outstanding = expected.obligations.iter().filter(|one| one.state.is_outstanding());
        let mut outstanding: Vec<Unit> = outstanding.map(|one| one.unit).collect();
        outstanding.sort_unstable();
        assert_eq!(open, outstanding, "seed {seed} on {today}");
    }
}

fn tell(seed: u64, mut telling: Telling, seen: &mut Seen) -> usize {
    // A history of about seventy facts, looked at three times on the way.
    while telling.tell(24) {
        let history = telling.in_force();
        compare_hub(seed, &telling, &history, seen);
        compare_phone(seed, &mut telling, &history);
    }
    if seed.is_multiple_of(8) {
        assert_eq!(telling.hub.hub().verify().unwrap().faults, [], "seed {seed}");
    }
    telling.in_force().facts.len()
}

#[test]
fn the_hubs_rows_and_a_phones_own_reckoning_agree_with_a_slow_second_opinion() {
    let share = |thread: u64| {
        move || {
            let (mut seen, mut facts) = (Seen::new(), 0);
            for seed in (0..HISTORIES).filter(|seed| seed % THREADS == thread) {
                facts += tell(seed, Telling::begin(seed), &mut seen);
            }
            (seen, facts)
        }
    };
    let threads: Vec<_> = (0..THREADS).map(|thread| std::thread::spawn(share(thread))).collect();
    let (mut seen, mut facts) = (Seen::new(), 0);
    for thread in threads {
        let (found, told) = thread.join().unwrap();
        facts += told;
        for (state, count) in found {
            *seen.entry(state).or_default() += count;
        }
    }
    // The histories must reach every state through the hub as well, or their agreement proves nothing.
    assert_eq!(seen.len(), 15, "{seen:?}");
    assert!(HISTORIES < u64::try_from(facts).unwrap() / 20, "{facts} facts in force");
}

mod on_postgres {
    use ruhu_server::storage::postgres::Server;
    use ruhu_tests::cluster::Cluster;
    use ruhu_tests::folder;

    use super::{Seen, Telling, tell};

    /// Few: what the histories reach is shown on files; here that another database counts the same.
    const HISTORIES: u64 = 9;

    #[test]
    fn random_histories_on_a_server_agree_with_the_slow_second_opinion() {
        let (cluster, mut seen, mut facts) = (Cluster::shared(), Seen::new(), 0);
        // Every eighth seed is verified as well.
        for seed in 0..HISTORIES {
            let server: Server = cluster.database().parse().unwrap();
            let telling = Telling::begin_on(server.into(), folder::new().unwrap(), seed);
            facts += tell(seed, telling, &mut seen);
        }
        assert!(4 < seen.len() && 100 < facts, "{facts} facts in force: {seen:?}");
    }
}

//! Ten thousand random histories, reckoned by the core and by a slow second opinion.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use ruhu_core::coverage::{CellState, reckon};
use ruhu_core::time::Period;
use ruhu_tests::oracle::{History, expect};

const HISTORIES: u64 = 10_000;
/// One per core of the smallest machine that runs the tests.
const THREADS: u64 = 2;

/// Periods and days on which each history is asked.
const ASKED: [(Period, (i32, u32, u32)); 6] = [
    (Period::Quarter { year: 2026, quarter: 3 }, (2026, 9, 30)),
    (Period::Quarter { year: 2026, quarter: 3 }, (2026, 8, 20)),
    (Period::Quarter { year: 2026, quarter: 2 }, (2026, 10, 15)),
    (Period::Quarter { year: 2026, quarter: 4 }, (2026, 11, 25)),
    (Period::Month { year: 2026, month: 8 }, (2026, 10, 1)),
    (Period::Month { year: 2026, month: 9 }, (2026, 9, 12)),
];

type Seen = BTreeMap<CellState, u64>;

fn compare(seed: u64, seen: &mut Seen) {
    let history = History::random(seed);
    let mut order = ChaCha8Rng::seed_from_u64(seed ^ 0x5eed);
    let register = history.register(&mut order);
    for (period, (year, month, day)) in ASKED {
        let as_of = NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MIN);
        let found = reckon(&register, period, as_of);
        let expected = expect(&history, period, as_of);
        for (one, other) in found.obligations.iter().zip(&expected.obligations) {
            assert_eq!(one, other, "seed {seed}, {period} as of {as_of}");
        }
        assert_eq!(found, expected, "seed {seed}, {period} as of {as_of}");
        assert!(found.total().is_identity(), "seed {seed}");
        for obligation in &found.obligations {
            *seen.entry(CellState::of(&obligation.state)).or_default() += 1;
        }
    }
}

#[test]
fn the_core_and_a_slow_second_opinion_agree_on_ten_thousand_histories() {
    let share = |thread: u64| {
        move || {
            let mut seen = Seen::new();
            (0..HISTORIES).filter(|seed| seed % THREADS == thread).for_each(|seed| compare(seed, &mut seen));
            seen
        }
    };
    let threads: Vec<_> = (0..THREADS).map(|thread| std::thread::spawn(share(thread))).collect();
    let mut seen = Seen::new();
    for thread in threads {
        for (state, count) in thread.join().unwrap() {
            *seen.entry(state).or_default() += count;
        }
    }
    // The histories must reach every state often, or their agreement proves nothing.
    assert_eq!(seen.len(), 15, "{seen:?}");
    assert!(seen.values().all(|count| 100 <= *count), "{seen:?}");
}

//! A part of the hostile run (`ruhu-sim hostile`), with every allocation counted: no abort, no poisoned document, no
//! answer but a verdict, and no memory beyond what is stated here.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use peak_alloc::PeakAlloc;
use ruhu_sim::hostile::{Meter, Plan, count_panics, run};
use ruhu_tests::folder;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Most memory one change may ask for on its way through the gate, in bytes: 64 KiB of change, and what automerge makes
/// of it and of the document it is tried on.
const CHANGE_MAX_BYTES: u64 = 4 * 1024 * 1024;
/// Most memory one request may ask for on its way through the hub, in bytes: 1 MiB unpacked, at most 256 at once.
const REQUEST_MAX_BYTES: u64 = 32 * 1024 * 1024;
const ENTRIES: u64 = 6_000;

/// Every rule of the gate must have been tried.
const RULES: [&str; 9] = [
    "dependency",
    "chunk",
    "hash",
    "unreadable",
    "not_canonical",
    "line",
    "count",
    "operation",
    "predecessor",
];

struct Counted(std::cell::Cell<usize>);

impl Meter for Counted {
    fn mark(&self) {
        MEMORY.reset_peak_usage();
        self.0.set(MEMORY.current_usage());
    }

    fn grown_bytes(&self) -> u64 {
        u64::try_from(MEMORY.peak_usage().saturating_sub(self.0.get())).unwrap()
    }
}

#[test]
fn hostile_pushes_neither_end_the_hub_nor_poison_a_household_nor_take_its_memory() {
    let folder = folder::new().unwrap();
    count_panics();
    let plan = Plan { seed: 1, entries: ENTRIES };
    let outcome = run(plan, folder.path(), &Counted(std::cell::Cell::default()), |_| {});
    drop(std::panic::take_hook());
    let figures = outcome.unwrap();
    assert_eq!(figures.told, Vec::<String>::new(), "{figures:?}");
    assert_eq!(figures.entries, ENTRIES);
    // A mutator that only makes rubbish, or only honest work, tries nothing.
    assert!(ENTRIES / 2 < figures.changes && ENTRIES / 50 < figures.changes_accepted, "{figures:?}");
    assert!(ENTRIES / 4 < figures.quarantined && 0 < figures.parked, "{figures:?}");
    for rule in RULES {
        assert!(figures.gate.contains_key(rule), "nothing met the rule {rule}: {:?}", figures.gate);
    }
    assert!(figures.change_grew_bytes < CHANGE_MAX_BYTES, "{figures:?}");
    assert!(figures.request_grew_bytes < REQUEST_MAX_BYTES, "{figures:?}");
}

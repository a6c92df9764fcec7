//! 故障 – seeded weeks in which everything goes wrong that can: lost, repeated, late, cut and garbled messages, wrong and
//! jumping clocks, phones and hub killed at any write, old copies of either put back, full disks, hand-overs and covers
//! in flight. At the end everybody meets over a good line, and everything must be in its place.
//!
//! | module | what it does |
//! |---|---|
//! | `prepared` | the village every seed begins with, as files |
//! | `files` | copies of a database as a kill or a restore finds them |
//! | `clock` | a phone's clock, set wrong and jumping |
//! | `week` | one seed: who works, decides, calls, breaks |
//! | `work` | what workers and the lead do |
//! | `line` | a round trip over a bad line |
//! | `breaks` | kills, restores, full disks |
//! | `check` | what must hold at the end |
//! | `kill` | the same with real processes and `kill -9` |

mod breaks;
mod check;
mod clock;
mod doubt;
mod files;
pub mod kill;
mod line;
mod prepared;
mod week;
mod work;

pub use prepared::Prepared;
pub use week::{Met, live};

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What one seed did, line by line; kept when it fails half-way.
#[derive(Clone, Debug, Default)]
pub struct Story(Arc<Mutex<Vec<String>>>);

impl Story {
    /// Adds a line.
    pub fn tell(&self, line: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// Everything so far.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A seed in which something was not in its place.
#[derive(Clone, Debug)]
pub struct Failed {
    /// Run it again with this number.
    pub seed: u64,
    /// What was wrong.
    pub why: String,
    /// What led to it.
    pub story: Vec<String>,
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in &self.story {
            writeln!(f, "{line}")?;
        }
        write!(f, "seed {}: {}", self.seed, self.why)
    }
}

/// One seed; what it did goes into `story`.
///
/// # Errors
/// [`Failed`].
pub fn try_seed(prepared: &Prepared, seed: u64, story: &Story) -> Result<Met, Failed> {
    let told = story.clone();
    catch_unwind(AssertUnwindSafe(|| live(prepared, seed, &told))).map_err(|thrown| {
        let words = thrown.downcast_ref::<String>().cloned();
        let words = words.or_else(|| thrown.downcast_ref::<&str>().map(|words| (*words).to_owned()));
        Failed { seed, why: words.unwrap_or_default(), story: story.lines() }
    })
}

/// Runs seeds on so many threads; stops beginning new ones after the first failure, which is what it returns.
///
/// # Errors
/// [`Failed`]: the failed seed with the smallest number among those that ran.
pub fn run(prepared: &Prepared, seeds: Range<u64>, threads: u32) -> Result<Met, Box<Failed>> {
    let (next, stop) = (AtomicU64::new(seeds.start), AtomicBool::new(false));
    let work = || {
        let mut all = Met::default();
        let mut failed: Option<Failed> = None;
        while !stop.load(Ordering::Relaxed) {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seeds.end <= seed {
                break;
            }
            match try_seed(prepared, seed, &Story::default()) {
                Ok(met) => all.add(met),
                Err(why) => {
                    stop.store(true, Ordering::Relaxed);
                    failed = Some(why);
                }
            }
        }
        (all, failed)
    };
    let done: Vec<(Met, Option<Failed>)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut all = Met::default();
    let mut first: Option<Failed> = None;
    for (met, failed) in done {
        all.add(met);
        if let Some(failed) = failed
            && first.as_ref().is_none_or(|first| failed.seed < first.seed)
        {
            first = Some(failed);
        }
    }
    first.map_or(Ok(all), |failed| Err(Box::new(failed)))
}

//! 恶意上传 – seeded hostile pushes against the real gate, the real hub and a real phone.
//!
//! | part | module |
//! |---|---|
//! | what an attacker sees of a document | `ground` |
//! | bytes of a change, bent | `chunk` |
//! | changes with hostile operations | `changes` |
//! | records, envelopes, clocks | `records` |
//! | cases to be replayed by later versions | [`corpus`] |
//! | a hostile phone | `attacker` |
//! | the gate alone, asked first | `shadow` |
//! | a hub under attack, and an honest phone | `site` |
//!
//! Signatures, chains and checksums are right, so that what is tried is what stands behind them. Whatever must not happen
//! is a finding: an answer other than a verdict, a verdict the gate alone would not give, a document that does not save,
//! load and take an honest edit, a phone and a hub that hold different fields, a hub that does not verify.

mod attacker;
mod changes;
mod chunk;
pub mod corpus;
mod ground;
mod records;
mod shadow;
mod site;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use crate::harness::HarnessError;

/// Most findings that are told in words.
const TOLD_MAX: usize = 20;

/// How much is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Everything follows from it.
    pub seed: u64,
    /// Hostile entries.
    pub entries: u64,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Entries pushed.
    pub entries: u64,
    /// Of which changes of documents.
    pub changes: u64,
    /// Hubs they were pushed at, one after the other.
    pub hubs: u64,
    /// Accepted: what was left of it was honest enough.
    pub accepted: u64,
    /// Changes of documents among them.
    pub changes_accepted: u64,
    /// Parked: waiting for something, or of a newer version.
    pub parked: u64,
    /// Put into quarantine.
    pub quarantined: u64,
    /// Never taken into the chain.
    pub not_taken: u64,
    /// What the gate refused, by the rule that did not hold.
    pub gate: BTreeMap<String, u64>,
    /// Panics of automerge that the gate contained.
    pub panics_contained: u64,
    /// Most memory one change asked for on its way through the gate, in bytes; 0 where it is not counted.
    pub change_grew_bytes: u64,
    /// Most memory one request asked for on its way through the hub, in bytes; 0 where it is not counted.
    pub request_grew_bytes: u64,
    /// What must not happen, and did.
    pub findings: u64,
    /// The first of them in words.
    pub told: Vec<String>,
}

impl Figures {
    pub(crate) fn finding(&mut self, words: String) {
        self.findings += 1;
        if self.told.len() < TOLD_MAX {
            self.told.push(words);
        }
    }
}

/// Counts memory, where the program has an allocator that counts.
pub trait Meter {
    /// Begins to watch for the peak.
    fn mark(&self);
    /// The peak since, above what was held at the mark, in bytes.
    fn grown_bytes(&self) -> u64;
}

/// No count.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMeter;

impl Meter for NoMeter {
    fn mark(&self) {}

    fn grown_bytes(&self) -> u64 {
        0
    }
}

static PANICS: AtomicU64 = AtomicU64::new(0);

/// From now on panics of this process are counted and not told: a contained one is no news here. To be called once, by
/// a program that does nothing else.
pub fn count_panics() {
    std::panic::set_hook(Box::new(|_| {
        PANICS.fetch_add(1, Ordering::Relaxed);
    }));
}

fn panics() -> u64 {
    PANICS.load(Ordering::Relaxed)
}

/// Pushes the plan's entries, in rounds of a hub each, whose databases lie in `folder`. `progress` is told after each.
///
/// # Errors
/// [`HarnessError`]: the run itself broke; a finding is a figure and no error.
pub fn run(
    plan: Plan,
    folder: &Path,
    meter: &dyn Meter,
    mut progress: impl FnMut(&Figures),
) -> Result<Figures, HarnessError> {
    let mut figures = Figures::default();
    let before = panics();
    let mut own = 0;
    while figures.entries < plan.entries {
        let round = folder.join(format!("round-{}", figures.hubs));
        std::fs::create_dir(&round)?;
        let mut site = site::Site::open(&round, plan.seed, figures.hubs)?;
        own += site.round(plan.entries, meter, &mut figures)?;
        figures.hubs += 1;
        figures.panics_contained = (panics() - before).saturating_sub(own);
        drop(site);
        std::fs::remove_dir_all(&round)?;
        progress(&figures);
    }
    Ok(figures)
}

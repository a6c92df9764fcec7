//! 复核 – how many records a second the signals read, communities of eight workers one after the other.

use std::time::Instant;

use ruhu_core::time::Period;
use ruhu_server::flags::{Model, choose, review};
use serde::Serialize;

use crate::falsify::{Strategy, community};

/// What was measured.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Figures {
    /// Records reviewed.
    pub records: usize,
    /// Communities, a quarter each.
    pub communities: u32,
    /// Records reviewed in a second, from typed material to the set that is put up, on one core.
    pub records_per_s: f64,
    /// The whole review of a community's quarter, in milliseconds, in the middle.
    pub community_ms: f64,
    /// One card made of a review, in milliseconds, in the middle.
    pub card_ms: f64,
    /// Whether a second review gave the same bits everywhere.
    pub same_again: bool,
}

/// Reviews communities until there were so many records. Making them is not timed.
#[must_use]
pub fn measure(seed: u64, records: usize, strategies: &[Strategy]) -> Figures {
    let first = Period::Quarter { year: 2026, quarter: 1 };
    let model = Model::default();
    let (mut read, mut communities, mut same_again) = (0, 0u32, true);
    let (mut times, mut cards) = (Vec::new(), Vec::new());
    while read < records {
        for quarter in community((seed, communities), &[first, first.next()], 0.05, strategies, 1.0) {
            let start = Instant::now();
            let found = review(&quarter.material, &model);
            let chosen = choose(&quarter.material, &found, &model);
            times.push(start.elapsed().as_secs_f64() * 1000.0);
            read += found.lines.len();
            if let Some(record) = chosen.records.first() {
                let start = Instant::now();
                let card = ruhu_server::flags::card(&quarter.material, &found, *record);
                cards.push(start.elapsed().as_secs_f64() * 1000.0);
                same_again &= card.is_some();
            }
            if communities.is_multiple_of(8) {
                let again = review(&quarter.material, &model);
                let mut pairs = found.lines.iter().zip(&again.lines);
                same_again &= pairs.all(|(one, other)| one.risk().to_bits() == other.risk().to_bits());
            }
        }
        communities += 1;
    }
    let total: f64 = times.iter().sum();
    Figures {
        records: read,
        communities,
        records_per_s: read as f64 / (total / 1000.0),
        community_ms: median(&mut times),
        card_ms: median(&mut cards),
        same_again,
    }
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}

//! 模型 – every number a review rests on, in one place and under one version.
//!
//! All of them are judgements of `detection.md` 4 and 5.1 until a pilot's random re-visits replace them: no public set of
//! falsified visits with what we record exists. A changed number is a new version, so that a card can name it.

use std::collections::BTreeMap;

use super::evidence::Housing;

/// Steps of the falsified share θ that a worker's quarter is weighed over.
pub const STEPS: usize = 14;
/// The falsified shares themselves; the first is "none".
pub const SHARES: [f64; STEPS] = [0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];

/// 模型 – what a review rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Names all numbers below; stands on every card.
    pub version: &'static str,
    /// Share of workers who falsify at all in a quarter (`detection.md` 1.1: 1–2 % watched, 5–10 % neglected).
    pub dishonest_workers: f64,
    /// Damping of several signals of one group, λ of 4.4.
    pub damping: f64,
    /// The least a record can count for honesty: good evidence about one record says little about the next.
    pub least: f64,
    /// Records of a worker below which nothing is said about his quarter.
    pub enough_records: usize,
    /// False discoveries among the workers put up, at most this share in expectation.
    pub q: f64,
    /// Share of a period's records that can be re-visited.
    pub capacity: f64,
    /// Probability below which no record is put up, whatever the capacity, unless it is contradicted by itself.
    pub floor: f64,
    /// Summaries of workers whose work was re-visited and cleared, by kind of house, ascending. Empty at first.
    pub reference: BTreeMap<Housing, Vec<f64>>,
    /// Cleared workers of a kind of house below which no test over all is made; with many workers to test more are needed.
    pub reference_min: usize,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            version: "2026-11-b",
            dishonest_workers: 0.03,
            damping: 0.5,
            least: 0.5,
            enough_records: 20,
            q: 0.10,
            capacity: 0.02,
            floor: 0.10,
            reference: BTreeMap::new(),
            reference_min: 19,
        }
    }
}

impl Model {
    /// The prior of each share θ, as logarithms: most workers exactly at none, a few spread as Beta(1, 2) (4.4).
    #[must_use]
    pub fn prior(&self) -> [f64; STEPS] {
        let mut prior = [0.0; STEPS];
        // Beta(1, 2) has the density 2(1 − θ); a step stands for the half-way to its neighbours.
        let mut total = 0.0;
        for (nth, weight) in prior.iter_mut().enumerate().skip(1) {
            let at = |nth: usize| SHARES.get(nth).copied().unwrap_or(1.0);
            let (low, high) = ((at(nth - 1) + at(nth)) / 2.0, (at(nth) + at(nth + 1)) / 2.0);
            *weight = 2.0 * (high - low) * (1.0 - (low + high) / 2.0).max(0.005);
            total += *weight;
        }
        for (nth, weight) in prior.iter_mut().enumerate() {
            *weight = match nth {
                0 => (1.0 - self.dishonest_workers).ln(),
                _ => (self.dishonest_workers * *weight / total).ln(),
            };
        }
        prior
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prior_is_certain_of_itself_and_expects_one_record_in_a_hundred() {
        let prior = Model::default().prior();
        let sum: f64 = prior.iter().map(|one| one.exp()).sum();
        assert!((sum - 1.0).abs() < 1e-12);
        let falsified: f64 = prior.iter().zip(SHARES).map(|(one, share)| one.exp() * share).sum();
        assert!((0.005..0.015).contains(&falsified), "{falsified}");
    }
}

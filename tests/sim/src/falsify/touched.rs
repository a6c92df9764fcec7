//! 触及 – what is put up for a re-visit, and which workers it touches: honest ones and falsifiers. Being touched is no finding;
//! it says that somebody would ask again about one record at least.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use ruhu_core::ids::{Hash32, WorkerId};
use ruhu_server::flags::Chosen;
use ruhu_server::flags::evidence::Housing;
use serde::Serialize;

use super::work::{Marks, Quarter};
use crate::dice::Dice;

/// Samples of the bootstrap.
const SAMPLES: u32 = 1000;

/// What one way of choosing put up, added up over communities.
#[derive(Debug, Default)]
pub(super) struct PutUp {
    /// All, and made up among it.
    chosen: (u32, u32),
    /// Workers' quarters that were tested over all, and that were not.
    tested: (usize, usize),
    /// Honest worker-months, and those with a record put up.
    months: (u32, u32),
    /// The same by stratum.
    strata: BTreeMap<String, (u32, u32)>,
    falsifiers: BTreeMap<WorkerId, Falsifier>,
}

/// A falsifying worker.
#[derive(Debug)]
struct Falsifier {
    share: f64,
    strategy: String,
    /// In which judged quarters one of his made-up records was put up.
    touched: BTreeSet<u32>,
    /// The chance that as many records, drawn by lot over the first two, would have held none of his made-up ones.
    missed_by_lot: f64,
}

/// How one way of choosing did.
#[derive(Clone, Debug, Serialize)]
pub struct Touch {
    /// Records put up, and the share of them made up.
    pub put_up: (u32, f64),
    /// Workers' quarters tested against cleared ones, and not tested.
    pub tested: (usize, usize),
    /// Honest worker-months judged.
    pub honest_worker_months: u32,
    /// Of a thousand of them, how many had a record put up for a re-visit. No accusation: a re-visit.
    pub review_entries_per_1000: f64,
    /// Falsifying workers by strategy.
    pub by_strategy: BTreeMap<String, Touched>,
    /// The same by share made up.
    pub by_share: BTreeMap<String, Touched>,
    /// Review rate of honest workers of a stratum against the mean: worker-months, ratio.
    pub fairness: BTreeMap<String, (u32, f64)>,
}

/// Of some falsifying workers, how many had a made-up record put up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Touched {
    /// How many there were.
    pub workers: usize,
    /// Share touched in the first judged quarter.
    pub in_one: f64,
    /// Share touched in the first two,
    pub in_two: f64,
    /// with its 95 % interval by bootstrap over workers: from here,
    pub low: f64,
    /// to here.
    pub high: f64,
    /// Share that as many records drawn by lot would touch in two quarters, in expectation.
    pub by_lot: f64,
}

impl PutUp {
    /// Adds one community's quarter, the `nth` of those judged.
    pub(super) fn take(&mut self, quarter: &Quarter, nth: u32, chosen: &Chosen) {
        self.tested = (self.tested.0 + chosen.tested, self.tested.1 + chosen.untested);
        let chosen: BTreeSet<Hash32> = chosen.records.iter().copied().collect();
        let mut months: BTreeMap<WorkerId, BTreeSet<u32>> = BTreeMap::new();
        let mut kinds: BTreeMap<WorkerId, Housing> = BTreeMap::new();
        let mut made_up: BTreeMap<WorkerId, (u32, bool, &String)> = BTreeMap::new();
        for one in &quarter.material.records {
            let strategy = quarter.made_up.get(&one.record);
            let is_chosen = chosen.contains(&one.record);
            if let Some(place) = quarter.material.places.get(&one.dwelling) {
                kinds.insert(one.worker, place.housing);
            }
            if is_chosen {
                months.entry(one.worker).or_default().insert(one.visited_on.month());
                self.chosen = (self.chosen.0 + 1, self.chosen.1 + u32::from(strategy.is_some()));
            }
            if let Some(strategy) = strategy {
                let sum = made_up.entry(one.worker).or_insert((0, false, strategy));
                *sum = (sum.0 + 1, sum.1 || is_chosen, strategy);
            }
        }
        let records = quarter.material.records.len() as f64;
        for (worker, marks) in &quarter.marks {
            if let Some((count, touched, strategy)) = made_up.get(worker) {
                let (share, strategy) = (marks.share, (*strategy).clone());
                let first = || Falsifier { share, strategy, touched: BTreeSet::new(), missed_by_lot: 1.0 };
                let falsifier = self.falsifiers.entry(*worker).or_insert_with(first);
                if nth < 2 {
                    falsifier.missed_by_lot *= missed_by_lot(records, f64::from(*count), chosen.len());
                }
                if *touched {
                    falsifier.touched.insert(nth);
                }
            } else if marks.share <= 0.0 {
                let entries = months.get(worker).map_or(0, |months| u32::try_from(months.len()).unwrap_or(3));
                self.honest(marks, kinds.get(worker).copied(), entries);
            }
        }
    }

    fn honest(&mut self, marks: &Marks, housing: Option<Housing>, entries: u32) {
        let housing = housing.map_or("", |kind| kind.names().1);
        let device = if marks.browser { "browser" } else { "native phone" };
        let late = if marks.late_habit { "late entries by habit" } else { "enters at once" };
        let strata = [format!("housing: {housing}"), format!("device: {device}"), format!("habit: {late}")];
        let decoys = marks.decoys.iter().map(|decoy| format!("decoy: {decoy}"));
        for stratum in strata.into_iter().chain(decoys) {
            let sum = self.strata.entry(stratum).or_default();
            *sum = (sum.0 + 3, sum.1 + entries);
        }
        self.months = (self.months.0 + 3, self.months.1 + entries);
    }

    /// What it comes to.
    pub(super) fn told(&self, seed: u64) -> Touch {
        let share = |part: u32, of: u32| f64::from(part) / f64::from(of.max(1));
        let rate = share(self.months.1, self.months.0);
        let group = |name: &dyn Fn(&Falsifier) -> String| {
            let mut groups: BTreeMap<String, Vec<&Falsifier>> = BTreeMap::new();
            for one in self.falsifiers.values() {
                groups.entry(name(one)).or_default().push(one);
            }
            groups.into_iter().map(|(name, all)| (name, touched(&all, seed))).collect()
        };
        Touch {
            put_up: (self.chosen.0, share(self.chosen.1, self.chosen.0)),
            tested: self.tested,
            honest_worker_months: self.months.0,
            review_entries_per_1000: 1000.0 * rate,
            by_strategy: group(&|one| one.strategy.clone()),
            by_share: group(&|one| format!("{:.0} %", one.share * 100.0)),
            fairness: self
                .strata
                .iter()
                .map(|(name, (months, entries))| {
                    let own = share(*entries, *months);
                    (name.clone(), (*months, if 0.0 < rate { own / rate } else { 0.0 }))
                })
                .collect(),
        }
    }
}

/// The chance that so many records drawn by lot hold none of a worker's made-up ones.
fn missed_by_lot(records: f64, made_up: f64, drawn: usize) -> f64 {
    let nth = std::iter::successors(Some(0.0), |nth: &f64| Some(nth + 1.0));
    nth.take(drawn).map(|nth| ((records - made_up - nth) / (records - nth).max(1.0)).max(0.0)).product()
}

fn touched(all: &[&Falsifier], seed: u64) -> Touched {
    let count = all.len().max(1) as f64;
    let share =
        |wanted: &dyn Fn(&Falsifier) -> bool| all.iter().filter(|one| wanted(one)).count() as f64 / count;
    let in_two = |one: &Falsifier| one.touched.contains(&0) || one.touched.contains(&1);
    let mut dice = Dice::new(seed, "falsify bootstrap", &[all.len() as u64]);
    let mut sampled: Vec<f64> = (0..SAMPLES)
        .map(|_| all.iter().filter(|_| dice.pick(all).is_some_and(|one| in_two(one))).count() as f64 / count)
        .collect();
    sampled.sort_by(f64::total_cmp);
    let at = |permille: usize| sampled.get(permille * sampled.len() / 1000).copied().unwrap_or(0.0);
    Touched {
        workers: all.len(),
        in_one: share(&|one| one.touched.contains(&0)),
        in_two: share(&in_two),
        low: at(25),
        high: at(975),
        by_lot: all.iter().map(|one| 1.0 - one.missed_by_lot).sum::<f64>() / count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn falsifier(quarters: &[u32]) -> Falsifier {
        let touched = quarters.iter().copied().collect();
        Falsifier { share: 0.3, strategy: "B".into(), touched, missed_by_lot: 0.8 }
    }

    #[test]
    fn a_lot_touches_whoever_made_up_much_and_all_of_it_touches_everybody() {
        // 10 of 100, two drawn: 90/100 · 89/99.
        assert!((missed_by_lot(100.0, 10.0, 2) - 0.9 * 89.0 / 99.0).abs() < 1e-12);
        assert!(missed_by_lot(100.0, 1.0, 100).abs() < 1e-12);
        assert!((missed_by_lot(0.0, 0.0, 0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_interval_is_one_over_workers() {
        let all = [falsifier(&[0]), falsifier(&[1]), falsifier(&[2]), falsifier(&[])];
        let found = touched(&all.iter().collect::<Vec<_>>(), 1);
        assert_eq!((found.workers, found.in_one, found.in_two), (4, 0.25, 0.5));
        assert!(found.low <= 0.25 && 0.75 <= found.high, "four workers say little: {found:?}");
        assert!((found.by_lot - 0.2).abs() < 1e-12);
    }
}

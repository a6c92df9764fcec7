//! 评估 – many workers over many quarters, split by worker, estate and quarter: one half clears and calibrates, the other is
//! judged (`detection.md` 5.3, 5.4). Nothing of the judged half is seen before. What is put up is told as the product runs, with
//! nobody cleared; what cleared workers would change stands beside it.

use std::collections::BTreeMap;

use ruhu_core::time::Period;
use ruhu_server::flags::Model;
use serde::Serialize;

use super::baselines;
use super::figures::{Calibration, Figures, Scored, calibration, figures};
use super::judge::{Judged, reference};
use super::strategy::Strategy;
use super::touched::Touch;
use super::town::WORKERS;
use super::work::community;
use crate::dice::Dice;

/// What is to be evaluated.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Falsifiers.
    pub strategies: Vec<Strategy>,
    /// Workers, rounded up to whole communities of eight; half of them are judged.
    pub workers: u32,
    /// Quarters; the later half is judged.
    pub quarters: u32,
    /// Share of all records that is made up, in expectation.
    pub base_rate: f64,
    /// Everything follows from it.
    pub seed: u64,
    /// How strong honest nuisances are; 2 doubles them.
    pub nuisance: f64,
}

/// What came out.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The numbers the signals rest on.
    pub model_version: &'static str,
    /// Always off for now: no phone sends a place.
    pub location: &'static str,
    /// As wanted.
    pub seed: u64,
    /// As wanted.
    pub base_rate_wanted: f64,
    /// As it came out among the records judged.
    pub base_rate: f64,
    /// Records judged.
    pub records: usize,
    /// Workers' quarters of the other half that simulated re-visits cleared, by kind of house; used by `later` alone.
    pub cleared: BTreeMap<String, usize>,
    /// All strategies together, at the capacity of the model.
    pub overall: Figures,
    /// Each strategy against all honest records, at its own base rate.
    pub by_strategy: BTreeMap<String, Figures>,
    /// What people use instead.
    pub baselines: BTreeMap<&'static str, Figures>,
    /// How far the probabilities hold.
    pub calibration: Calibration,
    /// What is put up as the product runs: no command clears anybody yet, so that floor and capacity decide.
    pub as_it_runs: Touch,
    /// What would be put up later, with quarters that simulated re-visits cleared to compare with.
    pub later: Touch,
    /// How often each signal gave a reason: per 1,000 honest records, per 1,000 made-up ones.
    pub reasons_per_1000: BTreeMap<String, (f64, f64)>,
}

/// Runs an evaluation. The same wish gives the same report.
#[must_use]
pub fn evaluate(wanted: &Wanted) -> Report {
    let shares: f64 = wanted.strategies.iter().map(|one| one.records).sum();
    let mean = shares / (wanted.strategies.len().max(1) as f64);
    let dishonest = (wanted.base_rate / mean.max(0.01)).min(0.5);
    // One more, to give the towns a past.
    let quarters = periods(wanted.quarters.max(2) + 1);
    let half = (quarters.len() - 1) / 2;
    let today = Model::default();
    let communities = wanted.workers.div_ceil(WORKERS).max(2);
    let run =
        |nth: u32| community((wanted.seed, nth), &quarters, dishonest, &wanted.strategies, wanted.nuisance);
    // Even communities and early quarters clear; odd ones and late quarters are judged: no worker, estate or quarter is shared.
    let mut cleared = BTreeMap::new();
    for nth in (0..communities).filter(|nth| nth.is_multiple_of(2)) {
        let mut dice = Dice::new(wanted.seed, "falsify re-visits", &[u64::from(nth)]);
        reference(run(nth).get(..half).unwrap_or_default(), &today, &mut dice, &mut cleared);
    }
    cleared.values_mut().for_each(|all| all.sort_by(f64::total_cmp));
    let later = Model { reference: cleared, ..Model::default() };
    let mut judged = Judged::default();
    for nth in (0..communities).filter(|nth| !nth.is_multiple_of(2)) {
        for (quarter, at) in run(nth).get(half..).unwrap_or_default().iter().zip(0u32..) {
            judged.take(quarter, at, (&today, &later));
        }
    }
    report(wanted, &later, judged)
}

fn periods(count: u32) -> Vec<Period> {
    let first = Period::Quarter { year: 2026, quarter: 1 };
    std::iter::successors(Some(first), |period| Some(period.next())).take(count as usize).collect()
}

fn report(wanted: &Wanted, model: &Model, judged: Judged) -> Report {
    let mut all: Vec<Scored> = judged.records.iter().map(|(scored, _)| *scored).collect();
    let made_up = all.iter().filter(|one| one.made_up).count();
    let honest: Vec<Scored> = all.iter().filter(|one| !one.made_up).copied().collect();
    let mut by_strategy: BTreeMap<String, Vec<Scored>> = BTreeMap::new();
    for (scored, strategy) in &judged.records {
        if let Some(strategy) = strategy {
            by_strategy.entry(strategy.clone()).or_insert_with(|| honest.clone()).push(*scored);
        }
    }
    let count = |of: usize| (of.max(1)) as f64 / 1000.0;
    Report {
        model_version: model.version,
        location: "off",
        seed: wanted.seed,
        base_rate_wanted: wanted.base_rate,
        base_rate: made_up as f64 / all.len().max(1) as f64,
        records: all.len(),
        cleared: model.reference.iter().map(|(kind, all)| (kind.names().1.to_owned(), all.len())).collect(),
        overall: figures(&mut all, model.capacity),
        by_strategy: by_strategy
            .into_iter()
            .map(|(name, mut scored)| (name, figures(&mut scored, model.capacity)))
            .collect(),
        baselines: baselines::NAMES
            .into_iter()
            .zip(judged.baselines)
            .map(|(name, mut scored)| (name, figures(&mut scored, model.capacity)))
            .collect(),
        calibration: calibration(&mut all),
        as_it_runs: judged.today.told(wanted.seed),
        later: judged.later.told(wanted.seed),
        reasons_per_1000: judged
            .reasons
            .into_iter()
            .map(|(name, (kept, fake))| {
                (name, (f64::from(kept) / count(honest.len()), f64::from(fake) / count(made_up)))
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(seed: u64) -> Wanted {
        let strategies = [include_str!("../../strategies/a.toml"), include_str!("../../strategies/d.toml")];
        let strategies = strategies.map(|text| Strategy::read(text).unwrap()).to_vec();
        Wanted { strategies, workers: 16, quarters: 2, base_rate: 0.15, seed, nuisance: 1.0 }
    }

    #[test]
    fn the_same_wish_gives_the_same_report_in_which_coarse_falsification_is_found() {
        let report = evaluate(&wanted(1));
        assert!(2.0 < report.overall.lift && 0.7 < report.overall.auroc, "{:?}", report.overall);
        let json = |report: &Report| serde_json::to_string(report).unwrap();
        assert_eq!(json(&report), json(&evaluate(&wanted(1))));
        assert_eq!(report.as_it_runs.tested.0, 0, "nobody is cleared as the product runs");
    }
}

//! 一季 – what the signals say together about a worker's quarter, and what follows for the risk of his records.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ruhu_core::ids::WorkerId;

use super::{Quarterly, Seen, Standing, together};
use crate::flags::evidence::Housing;
use crate::flags::model::{Model, SHARES, STEPS};
use crate::flags::reading::{Curve, Found, Reason, Strength, capped};
use crate::flags::scene::Scene;
use crate::flags::signals::{Group, Power, Signal};
use crate::flags::stats::logit;

/// What the signals say together about a worker's quarter, and the reasons that are about all of it.
pub(super) fn weigh_quarter(
    scene: &Scene<'_>,
    found: &[(Signal, Found)],
    seen: &[Seen],
    worker: usize,
    model: &Model,
) -> (Curve, Vec<Reason>) {
    let mut groups: BTreeMap<Group, Vec<Curve>> = BTreeMap::new();
    let mut reasons = Vec::new();
    for ((signal, found), seen) in found.iter().zip(seen) {
        // What a signal says of the whole quarter holds what it says of the records.
        let Some(quarter) = found.quarters.iter().find(|one| one.worker == worker) else {
            if let Some(curve) = by_days(scene, seen, signal.power, worker) {
                groups.entry(signal.group).or_default().push(capped(curve, signal.quarter_cap));
            }
            continue;
        };
        groups.entry(signal.group).or_default().push(quarter.curve);
        let most = quarter.curve.iter().copied().fold(0.0, f64::max);
        if Strength::of(most) != Strength::Weak {
            reasons.push(Reason {
                signal: signal.kind,
                strength: Strength::of(most),
                likelihood_ratio: most.exp(),
                about_the_quarter: true,
                words: quarter.words.clone(),
            });
        }
    }
    let mut curve = [0.0; STEPS];
    // The caps of groups are for records; for a quarter those of the signals hold.
    for curves in groups.into_values() {
        for (step, sum) in curve.iter_mut().enumerate() {
            let logs: Vec<f64> = curves.iter().filter_map(|one| one.get(step).copied()).collect();
            *sum += together(&logs, model);
        }
    }
    (curve, reasons)
}

/// What a signal's records say of each share; `None` where it looked at none of the worker's.
///
/// A record it struck speaks by its likelihood ratio L, `ln(1 − θ + θ·L)`; one it looked at and did not strike by
/// [`Power::of_silence`] in the place of L. On a day either kind counts as the root of its number. Falsifiers beyond the signal's
/// reach leave it as honest work does, so that its silence clears at most them: never below `ln(1 − reach)`.
fn by_days(scene: &Scene<'_>, seen: &Seen, power: Option<Power>, worker: usize) -> Option<Curve> {
    let mut days: BTreeMap<NaiveDate, (Vec<f64>, u32)> = BTreeMap::new();
    for (at, row) in scene.of_worker(worker) {
        if let Some(log_lr) = seen.struck.get(&at) {
            days.entry(row.is.visited_on).or_default().0.push(*log_lr);
        } else if seen.looked.contains(&at) {
            days.entry(row.is.visited_on).or_default().1 += 1;
        }
    }
    let (silence, reach) = power.map_or((1.0, 1.0), |power| (power.of_silence(), power.reach));
    let mut curve = [0.0; STEPS];
    for (logs, silent) in days.values() {
        // Several odd records of one day are one odd afternoon rather than so many odd records.
        let root = (logs.len().max(1) as f64).sqrt();
        for (sum, share) in curve.iter_mut().zip(SHARES) {
            let of = |ratio: f64| (1.0 - share + share * ratio).max(1e-12).ln();
            let struck: f64 = logs.iter().map(|log| of(log.exp())).sum();
            *sum += struck / root + of(silence) * f64::from(*silent).sqrt();
        }
    }
    (!days.is_empty()).then(|| curve.map(|sum| within_reach(sum, reach)))
}

/// `ln(1 − reach + reach·eˣ)`, for an x of any size.
fn within_reach(log: f64, reach: f64) -> f64 {
    let most = log.max(0.0);
    most + ((1.0 - reach) * (-most).exp() + reach * (log - most).exp()).ln()
}

/// The probability of each share θ.
pub(super) fn posterior(curve: &Curve, model: &Model) -> [f64; STEPS] {
    let mut logs = model.prior();
    for (sum, quarter) in logs.iter_mut().zip(curve) {
        *sum += quarter;
    }
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = logs.iter().map(|log| (log - most).exp()).sum();
    logs.map(|log| (log - most).exp() / total)
}

pub(super) fn risk_of(log_lr: f64, posterior: &[f64; STEPS]) -> f64 {
    let ratio = log_lr.exp();
    let chance: f64 = posterior
        .iter()
        .zip(SHARES)
        .map(|(weight, share)| weight * share * ratio / (1.0 - share + share * ratio))
        .sum();
    logit(chance)
}

pub(super) fn quarterly(
    scene: &Scene<'_>,
    worker: usize,
    posterior: &[f64; STEPS],
    model: &Model,
) -> Quarterly {
    let mut kinds: BTreeMap<Housing, usize> = BTreeMap::new();
    let mut records = 0;
    for (_, row) in scene.of_worker(worker) {
        *kinds.entry(row.housing).or_default() += 1;
        records += 1;
    }
    let housing = kinds.into_iter().max_by_key(|(_, count)| *count).map_or(Housing::WalkUp, |(kind, _)| kind);
    let over: f64 = posterior.iter().zip(SHARES).filter(|(_, share)| 0.1 < *share).map(|(one, _)| one).sum();
    let at = |wanted: f64| {
        let mut sum = 0.0;
        let reached = posterior.iter().zip(SHARES).find(|(one, _)| {
            sum += **one;
            wanted <= sum
        });
        reached.map_or(1.0, |(_, share)| share)
    };
    let standing = if records < model.enough_records {
        Standing::NotEnough
    } else {
        Standing::Said { over_a_tenth: over, low: at(0.05), high: at(0.95) }
    };
    let worker = scene.workers.get(worker).map_or(WorkerId::from_bytes([0; 16]), |worker| worker.id);
    Quarterly { worker, housing, summary: logit(over), standing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_clears_no_more_than_it_can_reach_and_accuses_in_full() {
        assert!(within_reach(0.0, 0.3).abs() < 1e-12 && within_reach(0.0, 1.0).abs() < 1e-12);
        assert!((within_reach(-1e6, 0.3) - 0.7f64.ln()).abs() < 1e-12);
        assert!((within_reach(900.0, 0.5) - (900.0 + 0.5f64.ln())).abs() < 1e-9);
        assert!((within_reach(2.5, 1.0) - 2.5).abs() < 1e-12, "without a stated reach it is the sum itself");
    }
}

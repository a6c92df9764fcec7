//! 合成 – from signals to the risk of a record (`detection.md` 4.4).
//!
//! 1. Of each record: within a group of signals the strongest counts whole and the others damped, the group is capped, groups
//!    add up. 2. Of each worker's quarter: the share θ that may be made up, a prior with nearly all its weight on none, and the
//!    likelihood of his records and of the signals about the whole quarter. Records of one day lean on the same afternoon, so
//!    a day counts as the root of its suspicious records. 3. The risk of a record is its posterior under that θ.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ruhu_core::ids::{Hash32, WorkerId};
use ruhu_core::roster::Unit;
use serde::Serialize;

use super::evidence::{Housing, Missing};
use super::model::{Model, SHARES, STEPS};
use super::reading::{Curve, Found, Reason, Strength, capped};
use super::scene::Scene;
use super::signals::{Group, Kind, Signal};
use super::stats::{expit, logit};

/// 复核结果 – what a review of one community and period found.
#[derive(Clone, Debug, Serialize)]
pub struct Review {
    /// One per record, in the order of their hashes.
    pub lines: Vec<ReviewLine>,
    /// Signals that could say nothing about some workers.
    pub not_enough: Vec<NotEnough>,
    /// What the hub did not have.
    pub missing: Vec<Missing>,
    /// The numbers it rests on.
    pub model_version: &'static str,
    /// SHA-256 of the material.
    pub inputs_hash: Hash32,
    /// Each worker's quarter; never serialised, because it would be a list of workers by score.
    #[serde(skip)]
    pub quarters: Vec<Quarterly>,
}

/// 一条 – a record with what speaks for a second visit.
#[derive(Clone, Debug, Serialize)]
pub struct ReviewLine {
    /// Payload hash of the record.
    pub record: Hash32,
    /// Whom it is about.
    pub unit: Unit,
    /// Log-odds that it is made up, for drawing a slice; never shown.
    #[serde(skip)]
    risk: f64,
    /// Why, in the order of the catalogue; often empty.
    pub reasons: Vec<Reason>,
}

impl ReviewLine {
    /// Log-odds that it is made up, given everything: for drawing a slice of re-visits, never for a page.
    #[must_use]
    pub const fn risk(&self) -> f64 {
        self.risk
    }
}

/// 样本不足 – a signal that could not be read for some workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct NotEnough {
    /// Which signal.
    pub signal: Kind,
    /// For how many workers.
    pub workers: usize,
    /// Of how many.
    pub of: usize,
}

/// A worker's quarter. For choosing and for evaluation; no page, export or log lists it.
#[derive(Clone, Copy, Debug)]
pub struct Quarterly {
    /// Whose.
    pub worker: WorkerId,
    /// The kind of house he mostly visits.
    pub housing: Housing,
    /// Log-odds that more than a tenth of it is made up.
    pub summary: f64,
    /// What can be said of it.
    pub standing: Standing,
}

/// What can be said of a quarter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Standing {
    /// Too few records to say anything.
    NotEnough,
    /// The share made up.
    Said {
        /// The chance that it is more than a tenth.
        over_a_tenth: f64,
        /// Nine in ten: from this share …
        low: f64,
        /// … to this.
        high: f64,
    },
}

/// What one record's signals weigh together.
#[derive(Clone, Debug, Default)]
struct Weight {
    log_lr: f64,
    reasons: Vec<Reason>,
}

/// A signal's strongest hit on a record.
struct Struck {
    record: usize,
    log_lr: f64,
}

pub(super) fn combine(scene: &Scene<'_>, model: &Model) -> Review {
    let found: Vec<(Signal, Found)> =
        Signal::ALL.into_iter().map(|signal| (signal, (signal.read)(scene, model))).collect();
    let (mut weights, struck) = weigh_records(scene, &found, model);
    let mut risks = vec![0.0; scene.rows.len()];
    let mut quarters = Vec::with_capacity(scene.workers.len());
    for worker in 0..scene.workers.len() {
        let (curve, reasons) = weigh_quarter(scene, &found, &struck, worker, model);
        let posterior = posterior(&curve, model);
        for (at, _) in scene.of_worker(worker) {
            let Some(weight) = weights.get_mut(at) else { continue };
            if let Some(risk) = risks.get_mut(at) {
                *risk = risk_of(weight.log_lr, &posterior);
            }
            weight.reasons.extend(reasons.iter().cloned());
        }
        quarters.push(quarterly(scene, worker, &posterior, model));
    }
    let lines = scene.rows.iter().zip(weights).zip(risks).map(|((row, weight), risk)| ReviewLine {
        record: row.is.record,
        unit: row.is.unit,
        risk,
        reasons: weight.reasons,
    });
    let not_enough = found
        .iter()
        .filter(|(_, found)| !found.not_enough.is_empty())
        .map(|(signal, found)| NotEnough {
            signal: signal.kind,
            workers: found.not_enough.len(),
            of: scene.workers.len(),
        })
        .collect();
    let mut missing = scene.material.missing.clone();
    if model.reference.is_empty() {
        missing.insert(Missing::Reference);
    }
    Review {
        lines: lines.collect(),
        not_enough,
        missing: missing.into_iter().collect(),
        model_version: model.version,
        inputs_hash: scene.material.hash(),
        quarters,
    }
}

fn weigh_records(
    scene: &Scene<'_>,
    found: &[(Signal, Found)],
    model: &Model,
) -> (Vec<Weight>, Vec<Vec<Struck>>) {
    let mut weights = vec![Weight::default(); scene.rows.len()];
    let mut groups: Vec<BTreeMap<Group, Vec<f64>>> = vec![BTreeMap::new(); scene.rows.len()];
    let mut struck = Vec::with_capacity(found.len());
    for (signal, found) in found {
        // A signal that hits a record twice, by two clocks, counts once: its stronger reading.
        let mut strongest: BTreeMap<usize, usize> = BTreeMap::new();
        for (nth, hit) in found.hits.iter().enumerate() {
            let best = strongest.entry(hit.record).or_insert(nth);
            if found.hits.get(*best).is_some_and(|best| best.log_lr < hit.log_lr) {
                *best = nth;
            }
        }
        let mut own = Vec::with_capacity(strongest.len());
        for (record, nth) in strongest {
            let Some(hit) = found.hits.get(nth) else { continue };
            let log_lr = hit.log_lr.min(signal.cap.ln());
            own.push(Struck { record, log_lr });
            if let Some(groups) = groups.get_mut(record) {
                groups.entry(signal.group).or_default().push(log_lr);
            }
            if let (Some(weight), Some(words)) = (weights.get_mut(record), &hit.words) {
                weight.reasons.push(Reason {
                    signal: signal.kind,
                    strength: Strength::of(log_lr),
                    likelihood_ratio: log_lr.exp(),
                    about_the_quarter: false,
                    words: words.clone(),
                });
            }
        }
        struck.push(own);
    }
    for (weight, groups) in weights.iter_mut().zip(groups) {
        let sum: f64 = groups.into_iter().map(|(group, logs)| of_group(group, &logs, model)).sum();
        weight.log_lr = sum.max(model.least.ln());
    }
    (weights, struck)
}

/// What the signals of a group say together about a record; never beyond the group's cap.
fn of_group(group: Group, logs: &[f64], model: &Model) -> f64 {
    let cap = Group::ALL.iter().find(|row| row.0 == group).map_or(0.0, |row| row.1.ln());
    together(logs, model).clamp(-cap, cap)
}

/// The strongest whole and the others damped, both ways.
fn together(logs: &[f64], model: &Model) -> f64 {
    let (mut most, mut least, mut up, mut down) = (0.0f64, 0.0f64, 0.0, 0.0);
    for log in logs {
        if 0.0 < *log {
            most = most.max(*log);
            up += *log;
        } else {
            least = least.min(*log);
            down += *log;
        }
    }
    most + model.damping * (up - most) + least + model.damping * (down - least)
}

/// What the signals say together about a worker's quarter, and the reasons that are about all of it.
fn weigh_quarter(
    scene: &Scene<'_>,
    found: &[(Signal, Found)],
    struck: &[Vec<Struck>],
    worker: usize,
    model: &Model,
) -> (Curve, Vec<Reason>) {
    let mut groups: BTreeMap<Group, Vec<Curve>> = BTreeMap::new();
    let mut reasons = Vec::new();
    for ((signal, found), struck) in found.iter().zip(struck) {
        // What a signal says of the whole quarter holds what it says of the records.
        let Some(quarter) = found.quarters.iter().find(|one| one.worker == worker) else {
            if let Some(curve) = by_days(scene, struck, worker) {
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

/// What a signal's records say of each share; `None` where it struck none of the worker's.
fn by_days(scene: &Scene<'_>, struck: &[Struck], worker: usize) -> Option<Curve> {
    let mut days: BTreeMap<NaiveDate, Vec<f64>> = BTreeMap::new();
    for one in struck {
        if let Some(row) = scene.rows.get(one.record).filter(|row| row.worker == worker) {
            days.entry(row.is.visited_on).or_default().push(one.log_lr);
        }
    }
    let mut curve = [0.0; STEPS];
    for logs in days.values() {
        // Several odd records of one day are one odd afternoon rather than so many odd records.
        let root = (logs.len() as f64).sqrt();
        for (sum, share) in curve.iter_mut().zip(SHARES) {
            let day: f64 = logs.iter().map(|log| (1.0 - share + share * log.exp()).max(1e-12).ln()).sum();
            *sum += day / root;
        }
    }
    (!days.is_empty()).then_some(curve)
}

/// The probability of each share θ.
fn posterior(curve: &Curve, model: &Model) -> [f64; STEPS] {
    let mut logs = model.prior();
    for (sum, quarter) in logs.iter_mut().zip(curve) {
        *sum += quarter;
    }
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = logs.iter().map(|log| (log - most).exp()).sum();
    logs.map(|log| (log - most).exp() / total)
}

fn risk_of(log_lr: f64, posterior: &[f64; STEPS]) -> f64 {
    let ratio = log_lr.exp();
    let chance: f64 = posterior
        .iter()
        .zip(SHARES)
        .map(|(weight, share)| weight * share * ratio / (1.0 - share + share * ratio))
        .sum();
    logit(chance)
}

fn quarterly(scene: &Scene<'_>, worker: usize, posterior: &[f64; STEPS], model: &Model) -> Quarterly {
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

/// The probability a risk stands for, in \[0, 1\].
#[must_use]
pub fn probability(line: &ReviewLine) -> f64 {
    expit(line.risk)
}

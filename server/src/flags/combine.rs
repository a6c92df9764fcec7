//! 合成 – from signals to the risk of a record (`detection.md` 4.4).
//!
//! 1. Of each record: within a group of signals the strongest counts whole and the others damped, the group is capped, groups
//!    add up. 2. Of each worker's quarter: the share θ that may be made up, a prior with nearly all its weight on none, and the
//!    likelihood of his records and of the signals about the whole quarter. Records of one day lean on the same afternoon, so
//!    a day counts as the root of its suspicious records. What a signal looked at and did not strike counts the other way, so
//!    that alarms as frequent as honest work gives them add up to nothing, however much work there is. 3. The risk of a record is its posterior under that θ.

mod quarter;

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::ids::{Hash32, WorkerId};
use ruhu_core::roster::Unit;
use serde::Serialize;

use super::evidence::{Housing, Missing};
use super::model::Model;
use super::reading::{Found, Reason, Strength};
use super::scene::Scene;
use super::signals::{Group, Kind, Signal};
use super::stats::expit;
use quarter::{posterior, quarterly, risk_of, weigh_quarter};

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

/// What one signal saw of single records.
struct Seen {
    /// Its strongest hit on each record it struck.
    struck: BTreeMap<usize, f64>,
    /// Every record it looked at.
    looked: BTreeSet<usize>,
}

pub(super) fn combine(scene: &Scene<'_>, model: &Model) -> Review {
    let found: Vec<(Signal, Found)> =
        Signal::ALL.into_iter().map(|signal| (signal, (signal.read)(scene, model))).collect();
    let (mut weights, seen) = weigh_records(scene, &found, model);
    let mut risks = vec![0.0; scene.rows.len()];
    let mut quarters = Vec::with_capacity(scene.workers.len());
    for worker in 0..scene.workers.len() {
        let (curve, reasons) = weigh_quarter(scene, &found, &seen, worker, model);
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

fn weigh_records(scene: &Scene<'_>, found: &[(Signal, Found)], model: &Model) -> (Vec<Weight>, Vec<Seen>) {
    let mut weights = vec![Weight::default(); scene.rows.len()];
    let mut groups: Vec<BTreeMap<Group, Vec<f64>>> = vec![BTreeMap::new(); scene.rows.len()];
    let mut seen = Vec::with_capacity(found.len());
    for (signal, found) in found {
        // A signal that hits a record twice, by two clocks, counts once: its stronger reading.
        let mut strongest: BTreeMap<usize, usize> = BTreeMap::new();
        for (nth, hit) in found.hits.iter().enumerate() {
            let best = strongest.entry(hit.record).or_insert(nth);
            if found.hits.get(*best).is_some_and(|best| best.log_lr < hit.log_lr) {
                *best = nth;
            }
        }
        let mut struck = BTreeMap::new();
        for (record, nth) in strongest {
            let Some(hit) = found.hits.get(nth) else { continue };
            let log_lr = hit.log_lr.min(signal.cap.ln());
            struck.insert(record, log_lr);
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
        seen.push(Seen { struck, looked: found.looked.iter().copied().collect() });
    }
    for (weight, groups) in weights.iter_mut().zip(groups) {
        let sum: f64 = groups.into_iter().map(|(group, logs)| of_group(group, &logs, model)).sum();
        weight.log_lr = sum.max(model.least.ln());
    }
    (weights, seen)
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

/// The probability a risk stands for, in \[0, 1\].
#[must_use]
pub fn probability(line: &ReviewLine) -> f64 {
    expit(line.risk)
}

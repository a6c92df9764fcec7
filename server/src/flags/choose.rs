//! 抽取 – the set of records that is put up for a second visit (`detection.md` 4.4, third layer).
//!
//! Where enough workers were re-visited and cleared in the same kind of house, a worker's quarter gets a conformal p-value
//! against theirs, and Benjamini–Hochberg decides over the community whose records come into question; without them only the
//! floor and the capacity do, and the review says so. A record that is contradicted by itself (a strong reason of its own) always
//! comes into question, whatever the rest of the quarter looks like. What comes out is a set in the order doors are walked: no rank, no worker.

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::ids::{Hash32, WorkerId};

use super::combine::{Review, ReviewLine, Standing};
use super::evidence::Material;
use super::model::Model;
use super::reading::Strength;
use super::stats::{benjamini_hochberg, conformal_p, logit};

/// 抽取结果 – what is put up.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Payload hashes, in the order doors are walked.
    pub records: Vec<Hash32>,
    /// How many there was room for.
    pub capacity: usize,
    /// Workers whose quarter was tested against cleared ones.
    pub tested: usize,
    /// Workers for whom there was nothing to test against, or too few records.
    pub untested: usize,
}

/// Chooses from a review. The same review and model give the same set.
#[must_use]
pub fn choose(material: &Material, review: &Review, model: &Model) -> Chosen {
    let mut p_values = Vec::new();
    let mut untested: BTreeSet<WorkerId> = BTreeSet::new();
    for quarter in &review.quarters {
        let cleared = model.reference.get(&quarter.housing).filter(|all| model.reference_min <= all.len());
        match (cleared, quarter.standing) {
            (Some(cleared), Standing::Said { .. }) => {
                p_values.push((quarter.worker, conformal_p(cleared, quarter.summary)));
            }
            _ => {
                untested.insert(quarter.worker);
            }
        }
    }
    let only_p: Vec<f64> = p_values.iter().map(|(_, p)| *p).collect();
    let put_up = p_values.iter().zip(benjamini_hochberg(&only_p, model.q));
    let put_up: BTreeSet<WorkerId> =
        put_up.filter(|(_, rejected)| *rejected).map(|((worker, _), _)| *worker).collect();
    let workers: BTreeMap<Hash32, &_> = material.records.iter().map(|one| (one.record, one)).collect();
    let floor = logit(model.floor);
    let mut lines: Vec<&ReviewLine> = review
        .lines
        .iter()
        .filter(|line| {
            let worker = workers.get(&line.record).map(|one| one.worker);
            let asked = worker.is_some_and(|worker| untested.contains(&worker) || put_up.contains(&worker));
            (asked && floor <= line.risk() && has_weight(line)) || is_contradicted(line)
        })
        .collect();
    // Ties go by the hash of the record, which is nobody's choice.
    lines.sort_by(|one, other| other.risk().total_cmp(&one.risk()).then(one.record.cmp(&other.record)));
    let capacity = capacity(review.lines.len(), model);
    lines.truncate(capacity);
    let mut records: Vec<(&str, Hash32)> = lines
        .iter()
        .map(|line| {
            let place = workers.get(&line.record).and_then(|one| material.places.get(&one.dwelling));
            (place.map_or("", |place| place.walking_key.as_str()), line.record)
        })
        .collect();
    records.sort_unstable();
    Chosen {
        records: records.into_iter().map(|(_, record)| record).collect(),
        capacity,
        tested: only_p.len(),
        untested: untested.len(),
    }
}

/// How many of so many records can be visited again; at least one while there are any.
fn capacity(records: usize, model: &Model) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a count is between 0 and that count"
    )]
    let share = (records as f64 * model.capacity.clamp(0.0, 1.0)).ceil() as usize;
    share
}

fn has_weight(line: &ReviewLine) -> bool {
    line.reasons.iter().any(|reason| reason.strength != Strength::Weak)
}

fn is_contradicted(line: &ReviewLine) -> bool {
    line.reasons.iter().any(|reason| !reason.about_the_quarter && reason.strength == Strength::Strong)
}

//! 抽取 – the set of records that is put up for a second visit (`detection.md` 4.4, third layer).
//!
//! Where enough workers were re-visited and cleared in the same kind of house, a worker's quarter gets a conformal p-value
//! against theirs, and Benjamini–Hochberg decides over the community whose records come into question; without them, or with so
//! few that the test could put nobody up, only the floor and the capacity do, and the review says so. Only records somebody can be
//! asked about take up capacity: the visit that counts for a household, or what deducts it. A record that is contradicted by itself (a strong reason of its own) always
//! comes into question, whatever the rest of the quarter looks like. What comes out is a set in the order doors are walked: no rank, no worker.

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::ids::{Hash32, WorkerId};
use ruhu_core::roster::Unit;
use ruhu_core::visit::OutcomeCode;

use super::combine::{Quarterly, Review, ReviewLine, Standing};
use super::evidence::{Evidence, Material};
use super::model::Model;
use super::reading::Strength;
use super::stats::{benjamini_hochberg, conformal_p, logit};

/// Knocks at a shut door that deduct it (`CoverageRules::attempts`).
const KNOCKS: usize = 3;

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
    let (p_values, untested) = tested(review, model);
    let only_p: Vec<f64> = p_values.iter().map(|(_, p)| *p).collect();
    let put_up = p_values.iter().zip(benjamini_hochberg(&only_p, model.q));
    let put_up: BTreeSet<WorkerId> =
        put_up.filter(|(_, rejected)| *rejected).map(|((worker, _), _)| *worker).collect();
    let askable = askable(material);
    let floor = logit(model.floor);
    let mut lines: Vec<(&ReviewLine, &Evidence)> = review
        .lines
        .iter()
        .filter_map(|line| Some((line, *askable.get(&line.record)?)))
        .filter(|(line, is)| {
            let asked = untested.contains(&is.worker) || put_up.contains(&is.worker);
            (asked && floor <= line.risk() && has_weight(line)) || is_contradicted(line)
        })
        .collect();
    // Ties go by the hash of the record, which is nobody's choice.
    lines.sort_by(|(one, _), (other, _)| {
        other.risk().total_cmp(&one.risk()).then(one.record.cmp(&other.record))
    });
    // A household is asked once, about the record that stands out most.
    let mut units = BTreeSet::new();
    lines.retain(|(_, is)| units.insert(is.unit));
    let capacity = capacity(review.lines.len(), model);
    lines.truncate(capacity);
    let mut records: Vec<(&str, Hash32)> = lines
        .iter()
        .map(|(line, is)| {
            let place = material.places.get(&is.dwelling);
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

/// The conformal p-values of the workers who can be tested, and the workers who cannot: too few records of theirs, or too few
/// cleared ones to compare with.
fn tested(review: &Review, model: &Model) -> (Vec<(WorkerId, f64)>, BTreeSet<WorkerId>) {
    let cleared = |quarter: &Quarterly| {
        let all = model.reference.get(&quarter.housing).filter(|all| model.reference_min <= all.len());
        all.filter(|_| matches!(quarter.standing, Standing::Said { .. }))
    };
    let wanted = review.quarters.iter().filter(|quarter| cleared(quarter).is_some()).count();
    // Of n cleared ones the least p-value is 1 ÷ (n + 1), and of m workers one must be at most q ÷ m to be put up alone: with
    // fewer cleared ones a test would pass everybody whatever they did, and call it tested.
    let least = wanted as f64 / model.q.max(1e-9);
    let (mut p_values, mut untested) = (Vec::new(), BTreeSet::new());
    for quarter in &review.quarters {
        match cleared(quarter).filter(|all| least <= all.len() as f64 + 1.0 + 1e-9) {
            Some(cleared) => p_values.push((quarter.worker, conformal_p(cleared, quarter.summary))),
            None => {
                untested.insert(quarter.worker);
            }
        }
    }
    (p_values, untested)
}

/// The records somebody can be asked about at the door: of a household that was met the first such record of the period, which
/// is the one that counts; of any other those that may deduct it. Capacity spent on the rest would be spent on nothing.
fn askable(material: &Material) -> BTreeMap<Hash32, &Evidence> {
    let mut units: BTreeMap<Unit, Vec<&Evidence>> = BTreeMap::new();
    for one in &material.records {
        units.entry(one.unit).or_default().push(one);
    }
    let mut askable = BTreeMap::new();
    for mut records in units.into_values() {
        records.sort_by_key(|one| (one.visited_on, one.times.recorded_ms, one.record));
        if let Some(served) = records.iter().find(|one| serves(one.outcome)) {
            askable.insert(served.record, *served);
            continue;
        }
        let shut = |one: &&&Evidence| one.outcome == OutcomeCode::NotHome;
        // Three knocks at a shut door deduct it, the last of them in the name of all.
        let tried = records.iter().filter(shut).skip(KNOCKS - 1).last();
        let deducting = records.iter().filter(|one| deducts(one.outcome)).chain(tried);
        askable.extend(deducting.map(|one| (one.record, *one)));
    }
    askable
}

/// Whether a resident was spoken with, so that he can be asked.
const fn serves(outcome: OutcomeCode) -> bool {
    matches!(outcome, OutcomeCode::Met | OutcomeCode::MetAtDoor | OutcomeCode::Phone)
}

/// Whether it may take the household out of the base.
const fn deducts(outcome: OutcomeCode) -> bool {
    matches!(
        outcome,
        OutcomeCode::Declined
            | OutcomeCode::Vacant
            | OutcomeCode::MovedAway
            | OutcomeCode::RegisteredOnly
            | OutcomeCode::NoSuchAddress
            | OutcomeCode::Unsafe
    )
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

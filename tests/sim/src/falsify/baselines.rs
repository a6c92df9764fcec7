//! 对照 – what people use instead, beside the signals: it has to be beaten, and every rule has to show whom it would hit
//! (`detection.md` 0.2 and 5.4).

use std::collections::BTreeMap;

use chrono::Timelike;
use ruhu_core::ids::WorkerId;
use ruhu_core::visit::OutcomeCode;
use ruhu_server::flags::Material;
use ruhu_server::flags::evidence::Evidence;

/// The names of the baselines, in the order of [`scores`].
pub(super) const NAMES: [&str; 5] =
    ["shortest-first", "85-percent-match", "any-of-six-rules", "two-rules-at-once", "three-rules-at-once"];

/// A record is a twin from this share of equal answers on.
const TWIN: f64 = 0.85;

/// Scores of each record of a material by each baseline, larger is odder; in the order of the records.
pub(super) fn scores(material: &Material) -> Vec<[f64; NAMES.len()]> {
    let mut by_worker: BTreeMap<WorkerId, Vec<usize>> = BTreeMap::new();
    for (at, one) in material.records.iter().enumerate() {
        by_worker.entry(one.worker).or_default().push(at);
    }
    let mut scores = vec![[0.0; NAMES.len()]; material.records.len()];
    for own in by_worker.values_mut() {
        own.sort_by_key(|at| material.records.get(*at).map(|one| (one.times.stated_ms, one.chain.seq)));
        let rows: Vec<&Evidence> = own.iter().filter_map(|at| material.records.get(*at)).collect();
        let gaps: Vec<f64> = gaps(&rows);
        let mut sorted = gaps.clone();
        sorted.sort_by(f64::total_cmp);
        let median = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
        let last_day = material.period.last_day();
        for (nth, (at, one)) in own.iter().zip(&rows).enumerate() {
            let twin = twin(&rows, nth);
            let gap = gaps.get(nth).copied().unwrap_or(f64::MAX);
            let before = nth.checked_sub(1).and_then(|before| rows.get(before));
            let rules = [
                gap < median / 2.0,
                before.is_some_and(|before| one.times.wall_ms < before.times.wall_ms),
                one.visited_at.is_some_and(|at| !(8..21).contains(&at.hour())),
                gap < 120.0,
                (last_day - one.visited_on).num_days() < 7,
                TWIN <= twin,
            ];
            let rules = rules.into_iter().filter(|rule| *rule).count();
            let holds = |bar: usize| f64::from(u8::from(bar <= rules));
            if let Some(score) = scores.get_mut(*at) {
                *score = [-gap, f64::from(u8::from(TWIN <= twin)), holds(1), holds(2), holds(3)];
            }
        }
    }
    scores
}

/// Seconds from the record before; a day for the first.
fn gaps(rows: &[&Evidence]) -> Vec<f64> {
    let first = std::iter::once(86_400.0);
    let others = rows.windows(2).map(|pair| match pair {
        [one, other] => (other.times.stated_ms - one.times.stated_ms) as f64 / 1000.0,
        _ => 86_400.0,
    });
    first.chain(others).collect()
}

/// The largest share of equal answers with another record of the same worker.
fn twin(rows: &[&Evidence], nth: usize) -> f64 {
    let Some(own) = rows.get(nth).filter(|one| one.outcome != OutcomeCode::NotHome) else { return 0.0 };
    let Some(told) = own.told.as_ref().filter(|told| !told.answers.is_empty()) else { return 0.0 };
    let same = |other: &&&Evidence| {
        let theirs = other.told.as_ref().map(|told| &told.answers);
        let equal = theirs.map_or(0, |theirs| {
            told.answers.iter().filter(|(question, said)| theirs.get(question) == Some(said)).count()
        });
        equal as f64 / told.answers.len() as f64
    };
    let others = rows.iter().enumerate().filter(|(at, _)| *at != nth).map(|(_, other)| other);
    others.map(|other| same(&other)).fold(0.0, f64::max)
}

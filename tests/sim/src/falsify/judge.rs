//! 评判 – what the signals said about records whose truth is known, added up over many communities.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use ruhu_core::ids::{Hash32, WorkerId};
use ruhu_server::flags::combine::probability;
use ruhu_server::flags::evidence::Housing;
use ruhu_server::flags::{Model, Standing, choose, review};

use super::baselines;
use super::figures::Scored;
use super::work::Quarter;

/// Everything judged so far.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// By the signals, with the strategy of what was made up.
    pub(super) records: Vec<(Scored, Option<String>)>,
    /// By each baseline.
    pub(super) baselines: Vec<Vec<Scored>>,
    /// What was put up: all, and made up among it.
    pub(super) chosen: (u32, u32),
    /// Honest worker-months, and those with a record put up.
    pub(super) months: (u32, u32),
    /// The same by stratum.
    pub(super) strata: BTreeMap<String, (u32, u32)>,
    /// Each falsifying worker: share made up, strategy, and in which quarters one of his made-up records was put up.
    pub(super) caught: BTreeMap<WorkerId, (f64, String, BTreeSet<u32>)>,
    /// How often each signal gave a reason: to honest records, to made-up ones.
    pub(super) reasons: BTreeMap<String, (u32, u32)>,
}

/// Summaries of honest workers of the calibration side, as if their work had been visited again and cleared.
pub(super) fn reference(quarters: &[Quarter], model: &Model, into: &mut BTreeMap<Housing, Vec<f64>>) {
    for quarter in quarters {
        let found = review(&quarter.material, model);
        for one in found.quarters {
            let honest = quarter.marks.get(&one.worker).is_some_and(|marks| marks.share <= 0.0);
            if honest && matches!(one.standing, Standing::Said { .. }) {
                into.entry(one.housing).or_default().push(one.summary);
            }
        }
    }
}

impl Judged {
    /// Judges one community's quarter, the `nth` of those judged.
    pub(super) fn take(&mut self, quarter: &Quarter, nth: u32, model: &Model) {
        let material = &quarter.material;
        let found = review(material, model);
        let chosen: BTreeSet<Hash32> = choose(material, &found, model).records.into_iter().collect();
        let baselines = baselines::scores(material);
        self.baselines.resize_with(baselines::NAMES.len(), Vec::new);
        for ((line, one), scores) in found.lines.iter().zip(&material.records).zip(baselines) {
            let strategy = quarter.made_up.get(&line.record).cloned();
            let made_up = strategy.is_some();
            for reason in &line.reasons {
                let name = serde_json::to_value(reason.signal).ok();
                let name = name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default();
                let count = self.reasons.entry(name).or_default();
                if made_up { count.1 += 1 } else { count.0 += 1 }
            }
            self.records.push((Scored { score: probability(line), made_up }, strategy));
            for (all, score) in self.baselines.iter_mut().zip(scores) {
                all.push(Scored { score, made_up });
            }
            if chosen.contains(&one.record) {
                self.chosen.0 += 1;
                self.chosen.1 += u32::from(made_up);
            }
        }
        self.workers(quarter, nth, &chosen);
    }

    fn workers(&mut self, quarter: &Quarter, nth: u32, chosen: &BTreeSet<Hash32>) {
        let mut put_up: BTreeMap<WorkerId, BTreeSet<u32>> = BTreeMap::new();
        let mut kinds: BTreeMap<WorkerId, Housing> = BTreeMap::new();
        for one in &quarter.material.records {
            if let Some(place) = quarter.material.places.get(&one.dwelling) {
                kinds.insert(one.worker, place.housing);
            }
            if chosen.contains(&one.record) {
                put_up.entry(one.worker).or_default().insert(one.visited_on.month());
                if let Some(strategy) = quarter.made_up.get(&one.record) {
                    let share = quarter.marks.get(&one.worker).map_or(0.0, |marks| marks.share);
                    let caught = self.caught.entry(one.worker);
                    caught.or_insert_with(|| (share, strategy.clone(), BTreeSet::new())).2.insert(nth);
                }
            }
        }
        for (worker, marks) in &quarter.marks {
            if 0.0 < marks.share {
                let strategy = quarter.material.records.iter().filter(|one| one.worker == *worker);
                let strategy = strategy.filter_map(|one| quarter.made_up.get(&one.record)).next();
                if let Some(strategy) = strategy {
                    let caught = self.caught.entry(*worker);
                    caught.or_insert_with(|| (marks.share, strategy.clone(), BTreeSet::new()));
                }
                continue;
            }
            let entries = put_up.get(worker).map_or(0, |months| u32::try_from(months.len()).unwrap_or(3));
            let housing = kinds.get(worker).map_or("", |kind| kind.names().1);
            let device = if marks.browser { "browser" } else { "native phone" };
            let late = if marks.late_habit { "late entries by habit" } else { "enters at once" };
            let strata =
                [format!("housing: {housing}"), format!("device: {device}"), format!("habit: {late}")];
            let decoys = marks.decoys.iter().map(|decoy| format!("decoy: {decoy}"));
            for stratum in strata.into_iter().chain(decoys) {
                let sum = self.strata.entry(stratum).or_default();
                *sum = (sum.0 + 3, sum.1 + entries);
            }
            self.months = (self.months.0 + 3, self.months.1 + entries);
        }
    }
}

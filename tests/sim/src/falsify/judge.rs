//! 评判 – what the signals said about records whose truth is known, added up over many communities.

use std::collections::BTreeMap;

use ruhu_core::visit::OutcomeCode;
use ruhu_server::flags::combine::probability;
use ruhu_server::flags::evidence::{Evidence, Housing};
use ruhu_server::flags::{Model, Standing, choose, review};

use super::baselines;
use super::draw::chance;
use super::figures::Scored;
use super::touched::PutUp;
use super::work::Quarter;
use crate::dice::Dice;

/// Records of a worker's quarter that are re-visited by lot before it can be cleared (`detection.md` 4.5: 8 to 12).
const REVISITED: u32 = 12;
/// Of them, at most so many may be contradicted: honest ones are, now and then.
const CONTRADICTED_MAX: u32 = 1;
/// How often a re-visit contradicts an honest record (`detection.md` 4.5: start at 0.05).
const HONEST_CONTRADICTED: f64 = 0.05;
/// How often it contradicts a made-up one; the rest do not remember, or agree to be done with it (judgement).
const MADE_UP_CONTRADICTED: f64 = 0.9;

/// Everything judged so far.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// By the signals, with the strategy of what was made up.
    pub(super) records: Vec<(Scored, Option<String>)>,
    /// By each baseline.
    pub(super) baselines: Vec<Vec<Scored>>,
    /// What is put up as the product runs today: nobody was cleared yet.
    pub(super) today: PutUp,
    /// What is put up once re-visits have cleared workers to compare with.
    pub(super) later: PutUp,
    /// How often each signal gave a reason: to honest records, to made-up ones.
    pub(super) reasons: BTreeMap<String, (u32, u32)>,
}

/// Summaries of workers whom re-visits cleared: by lot, blind to the truth but for what residents say, so that some honest ones
/// are not cleared and some falsifiers are.
pub(super) fn reference(
    quarters: &[Quarter],
    model: &Model,
    dice: &mut Dice,
    into: &mut BTreeMap<Housing, Vec<f64>>,
) {
    for quarter in quarters {
        let found = review(&quarter.material, model);
        for one in found.quarters {
            let own = quarter.material.records.iter().filter(|record| record.worker == one.worker);
            let asked: Vec<&Evidence> = own.filter(|record| can_be_asked(record)).collect();
            if matches!(one.standing, Standing::Said { .. }) && is_cleared(quarter, &asked, dice) {
                into.entry(one.housing).or_default().push(one.summary);
            }
        }
    }
}

const fn can_be_asked(record: &Evidence) -> bool {
    matches!(record.outcome, OutcomeCode::Met | OutcomeCode::MetAtDoor | OutcomeCode::Phone)
}

fn is_cleared(quarter: &Quarter, asked: &[&Evidence], dice: &mut Dice) -> bool {
    let mut contradicted = 0;
    for _ in 0..REVISITED {
        let Some(one) = dice.pick(asked) else { continue };
        let made_up = quarter.made_up.contains_key(&one.record);
        let says_otherwise = chance(dice, if made_up { MADE_UP_CONTRADICTED } else { HONEST_CONTRADICTED });
        contradicted += u32::from(says_otherwise);
    }
    contradicted <= CONTRADICTED_MAX
}

impl Judged {
    /// Judges one community's quarter, the `nth` of those judged, by the model as it runs and by the one with cleared workers.
    pub(super) fn take(&mut self, quarter: &Quarter, nth: u32, (today, later): (&Model, &Model)) {
        let material = &quarter.material;
        let found = review(material, today);
        self.today.take(quarter, nth, &choose(material, &found, today));
        self.later.take(quarter, nth, &choose(material, &found, later));
        let baselines = baselines::scores(material);
        self.baselines.resize_with(baselines::NAMES.len(), Vec::new);
        for (line, scores) in found.lines.iter().zip(baselines) {
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
        }
    }
}

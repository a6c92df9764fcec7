//! 12 – the last days of a quarter carry more of a worker's visits than others' do.
//!
//! Inputs: the stated days. Test: share of the visits in the last seven days of the quarter against others', with a spread;
//! records of those days weigh a little more, never more than 2. Rank only, never alone (`detection.md` 4.2). Needs 60 visits
//! and a period that is over.

use chrono::Days;
use ruhu_core::visit::OutcomeCode;

use super::{Group, Kind, Power, Signal, Trap};
use crate::flags::model::Model;
use crate::flags::reading::{Comparison, Found, Hit};
use crate::flags::scene::Scene;
use crate::flags::stats::{Counted, beta_binomial, log_bound, shrunk_rate};

/// Days that count as the end.
const LAST_DAYS: u64 = 7;
/// Visits below which nothing is said.
const ENOUGH: u32 = 60;
/// Share of the visits honest workers make in these days (`detection.md` 5.1: 12–25 %).
const PRIOR: f64 = 0.18;
/// Visits the prior counts for.
const PRIOR_STRENGTH: f64 = 200.0;
/// How alike honest workers are: pseudo-observations of a beta-binomial.
const ALIKE: f64 = 12.0;
/// The chance below which it is told.
const TELL_BELOW: f64 = 0.05;

/// The entry of the catalogue.
pub(super) const SIGNAL: Signal = Signal {
    kind: Kind::Surge,
    number: 12,
    group: Group::Time,
    cap: 2.0,
    quarter_cap: 2.0,
    power: Some(Power { reach: 0.3, made_up: 0.4, honest: 0.05 }),
    names: ("季末集中", "crowded into the end of the quarter"),
    traps: &[
        Trap {
            reading: ("前段请假、抗汛、专项任务", "leave, floods or other tasks earlier in the quarter"),
            shown_by: ("请假与任务记录", "the records of leave and tasks"),
        },
        Trap {
            reading: ("季中才接手网格", "the grid was taken over late"),
            shown_by: ("交接日期", "the day of the hand-over"),
        },
    ],
    settled_by: ("只作参考,不单独安排复访", "context only: never a re-visit by itself"),
    read,
};

fn read(scene: &Scene<'_>, _: &Model) -> Found {
    let last = scene.material.period.last_day();
    let Some(from) = last.checked_sub_days(Days::new(LAST_DAYS - 1)) else { return Found::default() };
    let count = |worker: usize| {
        scene
            .of_worker(worker)
            .filter(|(_, row)| met(row.is.outcome))
            .fold(Counted::default(), |sum, (_, row)| {
                sum.plus(Counted { hits: u32::from(from <= row.is.visited_on), of: 1 })
            })
    };
    let counts: Vec<Counted> = (0..scene.workers.len()).map(count).collect();
    let all = counts.iter().fold(Counted::default(), |sum, one| sum.plus(*one));
    let mut found = Found::default();
    for (worker, own) in counts.iter().enumerate() {
        if own.of < ENOUGH {
            found.not_enough.push(worker);
            continue;
        }
        let usual = shrunk_rate(all.without(*own), PRIOR, PRIOR_STRENGTH).clamp(0.02, 0.8);
        let looked = || scene.of_worker(worker).filter(|(_, row)| met(row.is.outcome));
        found.looked.extend(looked().map(|(record, _)| record));
        // At least so many late is at most so many early.
        let early = Counted { hits: own.of - own.hits, of: own.of };
        let p = beta_binomial(early, 1.0 - usual, ALIKE).at_most;
        if TELL_BELOW <= p {
            continue;
        }
        let log_lr = log_bound(p).min(SIGNAL.cap.ln());
        let words = compare(*own, usual);
        for (record, row) in looked() {
            if from <= row.is.visited_on {
                found.hits.push(Hit { record, log_lr, words: Some(words.clone()) });
            }
        }
    }
    found
}

const fn met(outcome: OutcomeCode) -> bool {
    matches!(outcome, OutcomeCode::Met | OutcomeCode::MetAtDoor)
}

fn compare(own: Counted, usual: f64) -> Comparison {
    let percent = usual * 100.0;
    Comparison {
        zh: format!(
            "本季见面 {} 户次中有 {} 次在最后 {LAST_DAYS} 天;本社区其他人约 {percent:.0}%。",
            own.of, own.hits
        ),
        en: format!(
            "{} of {} meetings of the quarter fall on its last {LAST_DAYS} days; of others here about {percent:.0} %.",
            own.hits, own.of
        ),
    }
}

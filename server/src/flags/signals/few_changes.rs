//! 2 – over a whole quarter far fewer changes than households of this kind have.
//!
//! Inputs: for each visit at which an adult was met, whether it brought a change, and how long nobody had met the household.
//! Test: lower tail of a sum of such chances with a spread for how honest workers differ; the likelihood of each falsified share
//! follows from the same law. Needs 60 such visits, and 60 of others. Never about one household: twenty fields at 3 % bring nothing 54 % of
//! the time. A record that did bring something speaks in its own favour, and its silence says nothing. Cap 30.

use std::collections::BTreeMap;

use ruhu_core::visit::OutcomeCode;

use super::{Group, Kind, Signal, Trap};
use crate::flags::evidence::Housing;
use crate::flags::model::Model;
use crate::flags::reading::{Comparison, Found, Hit, Quarter, fewer};
use crate::flags::scene::{Row, Scene};
use crate::flags::stats::Counted;

/// Visits, his own and others', below which nothing is said.
const ENOUGH: usize = 60;
/// Chance that a household met after a quarter or more has something to report (judgement).
const QUARTERLY: f64 = 0.12;
/// Days of a quarter.
const QUARTER_DAYS: f64 = 91.0;
/// Expected changes the community counts for in a kind of house; a third of it for the prior in the community.
const PRIOR_STRENGTH: f64 = 15.0;
/// Logarithmic spread of honest workers around their area.
const SPREAD: f64 = 0.35;
/// How many changes a made-up record carries, against a real one.
const MADE_UP: f64 = 0.15;
/// What a reported change weighs for a record: made-up ones rarely carry any, and what they carry can be checked.
const BROUGHT_SOMETHING: f64 = 0.35;

/// The entry of the catalogue.
pub(super) const SIGNAL: Signal = Signal {
    kind: Kind::FewChanges,
    number: 2,
    group: Group::Panel,
    cap: 30.0,
    quarter_cap: 30.0,
    power: None,
    names: ("整季变动过少", "too few changes over the quarter"),
    traps: &[
        Trap {
            reading: ("住户稳定的老小区,确实少有变动", "a stable old estate where little changes"),
            shown_by: ("复访若干户,变动仍然很少", "re-visits there find as few changes"),
        },
        Trap {
            reading: ("变动由窗口或其他渠道先登记了", "changes reached the desk another way first"),
            shown_by: ("同期窗口登记的变动", "changes entered at the counter in the same weeks"),
        },
        Trap {
            reading: ("表格预填,顺手选了“无变动”", "a prefilled form invites “nothing changed”"),
            shown_by: ("逐项询问后才有变动", "changes appear once each item is asked"),
        },
    ],
    settled_by: (
        "随机复访几户,逐项核对人口、电话、住房",
        "visit some of the households again at random and go through people, telephone and tenure",
    ),
    read,
};

/// Expected and seen changes.
#[derive(Clone, Copy, Default)]
struct Sum {
    expected: f64,
    seen: f64,
}

fn read(scene: &Scene<'_>, model: &Model) -> Found {
    let mut all: BTreeMap<Housing, Sum> = BTreeMap::new();
    let mut own: BTreeMap<(usize, Housing), Sum> = BTreeMap::new();
    let mut found = Found::default();
    for (at, row) in scene.rows.iter().enumerate() {
        let Some((expected, changed)) = counted(row) else { continue };
        let seen = f64::from(u8::from(changed));
        for sum in [all.entry(row.housing).or_default(), own.entry((row.worker, row.housing)).or_default()] {
            sum.expected += expected;
            sum.seen += seen;
        }
        let brought = changed || row.is.told.as_ref().is_some_and(|told| 0 < told.requests);
        if brought {
            let log_lr = BROUGHT_SOMETHING.max(model.least * model.least).ln();
            found.hits.push(Hit { record: at, log_lr, words: None });
        }
    }
    let visits = scene.rows.iter().filter(|row| counted(row).is_some()).count();
    for worker in 0..scene.workers.len() {
        let (mut each, mut hits) = (Vec::new(), 0u32);
        let mut least = f64::MAX;
        for (_, row) in scene.of_worker(worker) {
            let Some((expected, changed)) = counted(row) else { continue };
            let (factor, known) = factor(&all, &own, worker, row.housing);
            least = least.min(known);
            each.push((expected * factor).min(0.9));
            hits += u32::from(changed);
        }
        let others = visits.saturating_sub(each.len());
        if each.len() < ENOUGH || others < ENOUGH {
            found.not_enough.push(worker);
            continue;
        }
        // How well the area's rate is known adds to how far honest workers differ.
        let spread = (SPREAD * SPREAD + 1.0 / least.max(1.0)).sqrt();
        let expected: f64 = each.iter().sum();
        let seen = Counted { hits, of: u32::try_from(each.len()).unwrap_or(u32::MAX) };
        let (curve, p) = fewer(seen, expected, spread, MADE_UP, SIGNAL.cap);
        found.quarters.push(Quarter { worker, curve, words: compare(each.len(), hits, expected, p) });
    }
    found
}

/// How much more or less than the prior others' visits bring: in this kind of house, drawn to the whole community, drawn to
/// the prior; with the number of expected changes that rests on.
fn factor(
    all: &BTreeMap<Housing, Sum>,
    own: &BTreeMap<(usize, Housing), Sum>,
    worker: usize,
    housing: Housing,
) -> (f64, f64) {
    let others = |kind: Housing| {
        let (area, mine) = (all.get(&kind), own.get(&(worker, kind)).copied().unwrap_or_default());
        area.map_or(Sum::default(), |area| Sum {
            expected: (area.expected - mine.expected).max(0.0),
            seen: (area.seen - mine.seen).max(0.0),
        })
    };
    let (mut expected, mut seen) = (PRIOR_STRENGTH / 3.0, PRIOR_STRENGTH / 3.0);
    for kind in all.keys() {
        let sum = others(*kind);
        expected += sum.expected;
        seen += sum.seen;
    }
    let (community, here) = (seen / expected, others(housing));
    let factor = (here.seen + community * PRIOR_STRENGTH) / (here.expected + PRIOR_STRENGTH);
    (factor, here.seen + expected.min(PRIOR_STRENGTH))
}

/// The chance that a visit has something to report, and whether it had; `None` for what is not counted.
fn counted(row: &Row<'_>) -> Option<(f64, bool)> {
    let met = matches!(row.is.outcome, OutcomeCode::Met | OutcomeCode::MetAtDoor);
    let told = row.is.told.as_ref().filter(|_| met && !row.is.corrects)?;
    let waited = f64::from(row.is.days_since_met.unwrap_or(91).clamp(7, 182));
    Some((QUARTERLY * (waited / QUARTER_DAYS).min(1.5), told.is_change()))
}

fn compare(visits: usize, hits: u32, expected: f64, p: f64) -> Comparison {
    Comparison {
        zh: format!(
            "本季该工作者见面 {visits} 户次,其中有变动 {hits} 次;同类住宅其他走访的比例下预计约 {expected:.0} 次(如此少的可能性 {p:.4})。"
        ),
        en: format!(
            "{visits} meetings of the quarter brought {hits} with a change; at the rate of other visits to this kind of house about \
             {expected:.0} were to be expected (chance of so few: {p:.4})."
        ),
    }
}

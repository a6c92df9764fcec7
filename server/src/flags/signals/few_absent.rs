//! 3 – far fewer doors where nobody opened or somebody declined than others have.
//!
//! Inputs: the outcome of each attempt at a door, with the kind of house and the hours. Test: as for too few changes, against
//! others' attempts in the same kind of house at the same hours, shrunk to what is known of Chinese doors (`detection.md`
//! 5.1: 35 % open on a working day, 65 % in the evening, 55 % on a weekend). Needs 60 attempts, and 60 of others. Cap 10.

use std::collections::BTreeMap;

use ruhu_core::visit::OutcomeCode;

use super::{Group, Kind, Signal, Trap};
use crate::flags::evidence::Housing;
use crate::flags::model::Model;
use crate::flags::reading::{Comparison, Found, Quarter, fewer};
use crate::flags::scene::{Hours, Row, Scene};
use crate::flags::stats::{Counted, shrunk_rate};

/// Attempts, his own and others', below which nothing is said.
const ENOUGH: usize = 60;
/// Attempts the prior counts for, per kind of house and hours.
const PRIOR_STRENGTH: f64 = 60.0;
/// Logarithmic spread of honest workers: some call ahead, some know who is at home when.
const SPREAD: f64 = 0.35;
/// How often a made-up record says nobody opened, against a real one.
const MADE_UP: f64 = 0.15;

/// The entry of the catalogue.
pub(super) const SIGNAL: Signal = Signal {
    kind: Kind::FewAbsent,
    number: 3,
    group: Group::Panel,
    cap: 10.0,
    quarter_cap: 10.0,
    power: None,
    names: ("不在家、拒访过少", "too few absent or declined"),
    traps: &[
        Trap {
            reading: ("退休住户多,多数时候在家", "many retired residents, who are mostly at home"),
            shown_by: ("住户年龄与同类住宅相比", "the ages of the residents"),
        },
        Trap {
            reading: ("先电话约好再上门", "visits are agreed by telephone first"),
            shown_by: ("住户说走访前接到过电话", "residents say they were called before"),
        },
        Trap {
            reading: (
                "只记录见到的户,没记未开门的",
                "only meetings are written down, not doors that stayed shut",
            ),
            shown_by: ("工作者自己的说明", "the worker's own account"),
        },
    ],
    settled_by: (
        "随机复访几户,问走访当天是否有人上门",
        "visit some of the households again at random and ask whether anybody came on the day",
    ),
    read,
};

fn read(scene: &Scene<'_>, _: &Model) -> Found {
    let mut all: BTreeMap<(Housing, Hours), Counted> = BTreeMap::new();
    let mut own: BTreeMap<(usize, Housing, Hours), Counted> = BTreeMap::new();
    for row in &scene.rows {
        let Some(shut) = shut(row) else { continue };
        let one = Counted { hits: u32::from(shut), of: 1 };
        let sum = all.entry((row.housing, row.hours())).or_default();
        *sum = sum.plus(one);
        let sum = own.entry((row.worker, row.housing, row.hours())).or_default();
        *sum = sum.plus(one);
    }
    let mut by_hours: BTreeMap<Hours, Counted> = BTreeMap::new();
    let mut own_hours: BTreeMap<(usize, Hours), Counted> = BTreeMap::new();
    for ((_, hours), one) in &all {
        let sum = by_hours.entry(*hours).or_default();
        *sum = sum.plus(*one);
    }
    for ((worker, _, hours), one) in &own {
        let sum = own_hours.entry((*worker, *hours)).or_default();
        *sum = sum.plus(*one);
    }
    let attempts = scene.rows.iter().filter(|row| shut(row).is_some()).count();
    let mut found = Found::default();
    for worker in 0..scene.workers.len() {
        let (mut each, mut hits) = (Vec::new(), 0u32);
        for (_, row) in scene.of_worker(worker) {
            let Some(shut) = shut(row) else { continue };
            let area = all.get(&(row.housing, row.hours())).copied().unwrap_or_default();
            let mine = own.get(&(worker, row.housing, row.hours())).copied().unwrap_or_default();
            let others = by_hours.get(&row.hours()).copied().unwrap_or_default();
            let mine_then = own_hours.get(&(worker, row.hours())).copied().unwrap_or_default();
            // The kind of house is drawn to the community at these hours, and that to what is known of doors.
            let community = shrunk_rate(others.without(mine_then), prior(row.hours()), PRIOR_STRENGTH);
            each.push(shrunk_rate(area.without(mine), community, PRIOR_STRENGTH).min(0.9));
            hits += u32::from(shut);
        }
        let others = attempts.saturating_sub(each.len());
        if each.len() < ENOUGH || others < ENOUGH {
            found.not_enough.push(worker);
            continue;
        }
        let expected: f64 = each.iter().sum();
        let seen = Counted { hits, of: u32::try_from(each.len()).unwrap_or(u32::MAX) };
        let (curve, p) = fewer(seen, expected, SPREAD, MADE_UP, SIGNAL.cap);
        found.quarters.push(Quarter { worker, curve, words: compare(each.len(), hits, expected, p) });
    }
    found
}

/// Whether the door stayed shut; `None` for what was no attempt at a lived-in door.
const fn shut(row: &Row<'_>) -> Option<bool> {
    match row.is.outcome {
        OutcomeCode::NotHome
        | OutcomeCode::Declined
        | OutcomeCode::Rescheduled
        | OutcomeCode::Told
        | OutcomeCode::LetUnverified => Some(true),
        OutcomeCode::Met | OutcomeCode::MetAtDoor => Some(false),
        _ => None,
    }
}

/// How often a door stays shut, before this community is heard.
const fn prior(hours: Hours) -> f64 {
    match hours {
        Hours::Day => 0.6,
        Hours::Evening => 0.35,
        Hours::Weekend => 0.45,
        Hours::Unknown => 0.5,
    }
}

fn compare(attempts: usize, hits: u32, expected: f64, p: f64) -> Comparison {
    Comparison {
        zh: format!(
            "本季该工作者敲门 {attempts} 次,其中不在家、拒访等 {hits} 次;同类住宅同时段其他走访的比例下预计约 {expected:.0} 次(如此少的可能性 {p:.4})。"
        ),
        en: format!(
            "Of {attempts} attempts of the quarter {hits} found nobody or were declined; at the rate of others in the same kind of house at \
             the same hours about {expected:.0} were to be expected (chance of so few: {p:.4})."
        ),
    }
}

//! 16 – the same rare remark stands in the records of several households.
//!
//! Inputs: free words without spaces and marks. Test: a run of twelve signs that occurs in at least four households of one worker
//! and in no other worker's records; what two workers write is a phrase. Exact, no hashing to candidates: a community is small.
//! Cap 6.

use std::collections::{BTreeMap, BTreeSet};

use ruhu_core::ids::Hash32;
use ruhu_core::roster::Unit;

use super::{Group, Kind, Power, Signal, Trap};
use crate::flags::model::Model;
use crate::flags::reading::{Comparison, Found, Hit};
use crate::flags::scene::Scene;

/// Signs that must be alike in a row (4.2).
const RUN: usize = 12;
/// Households that must share it (4.2).
const HOUSEHOLDS: usize = 4;

/// The entry of the catalogue.
pub(super) const SIGNAL: Signal = Signal {
    kind: Kind::ReusedText,
    number: 16,
    group: Group::Answers,
    cap: 6.0,
    quarter_cap: 6.0,
    power: Some(Power { reach: 0.2, made_up: 0.5, honest: 0.02 }),
    names: ("备注重复使用", "a remark used again"),
    traps: &[
        Trap {
            reading: ("输入法联想、语音模板", "the keyboard's suggestions, or a dictation template"),
            shown_by: ("工作者示范平时怎样录入", "the worker shows how he usually types"),
        },
        Trap {
            reading: ("上级要求的统一用语", "words that were prescribed"),
            shown_by: ("下发的文件", "the paper that prescribes them"),
        },
        Trap {
            reading: ("几户遇到的是同一件事", "one event that concerns several households"),
            shown_by: ("这些户是否同楼同时段", "whether the households share a building and a week"),
        },
    ],
    settled_by: ("问住户备注所说的事", "ask the households about what the remark says"),
    read,
};

/// Where a run of signs occurs.
#[derive(Default)]
struct Seen {
    units: BTreeSet<Unit>,
    workers: BTreeSet<usize>,
}

fn read(scene: &Scene<'_>, _: &Model) -> Found {
    let mut runs: BTreeMap<[u8; 8], Seen> = BTreeMap::new();
    let mut own: Vec<(usize, Vec<[u8; 8]>)> = Vec::new();
    for (at, row) in scene.rows.iter().enumerate() {
        let Some(told) = row.is.told.as_ref() else { continue };
        let signs: Vec<char> = told.remark.signs().collect();
        let keys: Vec<[u8; 8]> = signs.windows(RUN).map(key).collect();
        for key in &keys {
            let seen = runs.entry(*key).or_default();
            seen.units.insert(row.is.unit);
            seen.workers.insert(row.worker);
        }
        if !keys.is_empty() {
            own.push((at, keys));
        }
    }
    let mut found = Found { looked: own.iter().map(|(record, _)| *record).collect(), ..Found::default() };
    for (record, keys) in own {
        let rare = keys.iter().filter_map(|key| runs.get(key)).filter(|seen| seen.workers.len() == 1);
        let most = rare.map(|seen| seen.units.len()).max().unwrap_or(0);
        if HOUSEHOLDS <= most {
            // Each further household makes it less of a coincidence: 2, 3, 4 … to 1.
            let log_lr = ((most - 2) as f64).min(SIGNAL.cap).ln();
            found.hits.push(Hit { record, log_lr, words: Some(compare(most)) });
        }
    }
    found
}

fn key(run: &[char]) -> [u8; 8] {
    let text: String = run.iter().collect();
    Hash32::of(&[text.as_bytes()]).head()
}

fn compare(households: usize) -> Comparison {
    Comparison {
        zh: format!("备注中连续 {RUN} 字以上与本季另外 {} 户完全相同,其他工作者没有这样写。", households - 1),
        en: format!(
            "A run of {RUN} or more signs of the remark stands in {} other households of the quarter as well; no other worker wrote it.",
            households - 1
        ),
    }
}

//! 13 – a record states a time it cannot have been made for, without saying that it is late.
//!
//! Inputs: the stated time, the last hub time the phone held (token), the receipt, and the phone's clocks along its chain.
//! Test: stated more than a day before the token or after the receipt (proven); or the wall clock stood more than three minutes
//! (RISSK's rule) behind the phone's own time where that comes from its boot clock, or behind an earlier record of the chain. A
//! clock that ran fast and was put right accuses nothing that came after it, as far as receipt, token and boot clock show it. A
//! declared late entry is never looked at. Cap 20 where the hub proves it, else 10.

use std::collections::BTreeMap;

use chrono::NaiveTime;
use ruhu_core::ids::EnrolmentId;

use super::{Group, Kind, Power, Signal, Trap};
use crate::flags::evidence::Evidence;
use crate::flags::model::Model;
use crate::flags::reading::{Comparison, Found, Hit};
use crate::flags::scene::Scene;

/// A day, in milliseconds: anything nearer may be the zone or a slip.
const DAY_MS: i64 = 86_400_000;
/// Smaller steps of a clock are corrections of the network.
const STEP_MS: i64 = 180_000;
/// What a clock that went back weighs, by how far: within the hour, within the day, into another day. Clocks fail by minutes and
/// hours on their own; whoever wants another day sets it back by days (judgement).
const STEP_LR: [(i64, f64); 3] = [(DAY_MS, 10.0), (3 * 3_600_000, 2.5), (STEP_MS, 1.2)];

/// The entry of the catalogue.
pub(super) const SIGNAL: Signal = Signal {
    kind: Kind::Backdated,
    number: 13,
    group: Group::Time,
    cap: 20.0,
    quarter_cap: 100.0,
    power: Some(Power { reach: 0.15, made_up: 0.3, honest: 0.003 }),
    names: ("未标补录的回填日期", "dated back without the late mark"),
    traps: &[
        Trap {
            reading: ("手机没电关机后时钟出错", "a flat battery set the clock wrong"),
            shown_by: (
                "同一手机当天其他应用、照片的时间",
                "the times of other things on the same phone that day",
            ),
        },
        Trap {
            reading: ("手动改过时间或时区", "time or zone was set by hand"),
            shown_by: ("工作者自己的说明", "the worker's own account"),
        },
        Trap {
            reading: ("手机时钟先前走快,后来校正了", "the clock had run fast before and was put right"),
            shown_by: (
                "此前几条记录的时间是否偏晚",
                "whether the records before it carry times that were too late",
            ),
        },
    ],
    settled_by: (
        "请工作者说明何时走访、何时录入,再问住户走访的日子",
        "ask the worker when he visited and when he typed, and the household on which day he came",
    ),
    read,
};

fn read(scene: &Scene<'_>, _: &Model) -> Found {
    let mut found = Found::default();
    for (at, row) in scene.rows.iter().enumerate() {
        // A declared late entry is as good as one found in order: the box never makes anything worse.
        found.looked.push(at);
        if row.is.late_entry {
            continue;
        }
        if let Some((hours, words)) = proven(scene, row.is) {
            let cap = if 24 < hours { SIGNAL.cap } else { 10.0 };
            found.hits.push(Hit { record: at, log_lr: cap.ln(), words: Some(words) });
        }
    }
    for (at, back) in stepped_back(scene) {
        if scene.rows.get(at).is_none_or(|row| row.is.late_entry) {
            continue;
        }
        let lr = STEP_LR.iter().find(|(from, _)| *from <= back.ms).map_or(1.0, |row| row.1);
        found.hits.push(Hit { record: at, log_lr: lr.ln(), words: Some(step_words(back)) });
    }
    found
}

/// Hours by which the stated time lies outside of what the hub knows, with the words for it.
fn proven(scene: &Scene<'_>, is: &Evidence) -> Option<(i64, Comparison)> {
    // Where the time of day is not stated, the end of the day is meant: the reading that accuses least.
    let last = NaiveTime::from_hms_opt(23, 59, 0).unwrap_or_default();
    let zone = scene.material.zone;
    let latest = zone.instant(is.visited_on, is.visited_at.unwrap_or(last)).timestamp_millis();
    let first = zone.instant(is.visited_on, is.visited_at.unwrap_or(NaiveTime::MIN)).timestamp_millis();
    let before = is.times.token_ms.map_or(0, |token| token - latest);
    // A clock that runs ahead of the receipt is fast, and the day follows it: nobody chose that.
    let is_fast = is.times.received_ms < is.times.wall_ms;
    let after = if is_fast { 0 } else { first - is.times.received_ms };
    let (gap, early) = if after < before { (before, true) } else { (after, false) };
    (DAY_MS < gap).then(|| {
        let hours = gap / 3_600_000;
        let (zh, en) = if early {
            ("早于手机最后一次与中心联系", "before the phone last spoke with the hub, although it was recorded after that")
        } else {
            ("晚于中心收到记录", "after the hub had received the record")
        };
        let words = Comparison {
            zh: format!("记录的走访时间{zh} {hours} 小时,未标补录;此前后由中心时间证明。"),
            en: format!("The stated time lies {hours} hours {en}; it is not marked as a late entry. The hub's own time proves the order."),
        };
        (hours, words)
    })
}

/// By how much a phone's wall clock was behind.
#[derive(Clone, Copy, Debug)]
struct Back {
    ms: i64,
    /// Shown by the clock since boot, and not by an earlier record alone.
    by_boot: bool,
}

/// Records made while a phone's wall clock stood behind its own time, or further back than before on the same chain, with by
/// how much; until it caught up again.
fn stepped_back(scene: &Scene<'_>) -> Vec<(usize, Back)> {
    let mut chains: BTreeMap<(EnrolmentId, u32), Vec<(u64, usize)>> = BTreeMap::new();
    for (at, row) in scene.rows.iter().enumerate() {
        let chain = row.is.chain;
        chains.entry((chain.enrolment, chain.epoch)).or_default().push((chain.seq, at));
    }
    let mut behind = Vec::new();
    for chain in chains.values_mut() {
        chain.sort_unstable();
        // The latest time the chain reached for certain, and the hub time its phone held then.
        let (mut latest, mut held) = (i64::MIN, i64::MIN);
        for (_, at) in chain.iter() {
            let Some(row) = scene.rows.get(*at) else { continue };
            let times = row.is.times;
            if let Some(token) = times.token_ms.filter(|token| held < *token) {
                // What came before this hub time was recorded before it, whatever its clock said.
                (latest, held) = (latest.min(token), token);
            }
            let by_boot = times.boot.map_or(0, |_| times.stated_ms.saturating_sub(times.wall_ms));
            let back = if STEP_MS < by_boot {
                Back { ms: by_boot, by_boot: true }
            } else {
                Back { ms: latest.saturating_sub(times.wall_ms), by_boot: false }
            };
            if STEP_MS < back.ms {
                behind.push((*at, back));
            }
            // Ahead of its receipt, or of the time by its boot clock, a wall clock is fast: later records need not reach it.
            if times.wall_ms <= times.received_ms {
                let sure = times.boot.map_or(times.wall_ms, |_| times.wall_ms.min(times.stated_ms));
                latest = latest.max(sure);
            }
        }
    }
    behind
}

fn step_words(back: Back) -> Comparison {
    let minutes = back.ms / 60_000;
    if back.by_boot {
        return Comparison {
            zh: format!("录入这条记录时,手机时钟比按开机时钟推算的时间慢 {minutes} 分钟。"),
            en: format!(
                "When this was recorded, the phone's clock stood {minutes} minutes behind the time by its clock since boot."
            ),
        };
    }
    Comparison {
        zh: format!("录入这条记录时,手机时钟比它此前的记录倒退了 {minutes} 分钟。"),
        en: format!(
            "When this was recorded, the phone's clock stood {minutes} minutes behind its own earlier records."
        ),
    }
}

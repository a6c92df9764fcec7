//! 13 – a record states a time it cannot have been made for, without saying that it is late.
//!
//! Inputs: the stated time, the last hub time the phone held (token), the receipt, and the phone's clocks along its chain.
//! Test: stated more than a day before the token or after the receipt (proven); or the wall clock went back by more than three
//! minutes between two entries of one chain, measured against the boot clock where there is one (RISSK's rule). A declared late
//! entry is never looked at. Cap 20 where the hub proves it, else 10.

use std::collections::BTreeMap;

use chrono::NaiveTime;
use ruhu_core::ids::EnrolmentId;

use super::{Group, Kind, Signal, Trap};
use crate::flags::evidence::Evidence;
use crate::flags::model::Model;
use crate::flags::reading::{Comparison, Found, Hit};
use crate::flags::scene::Scene;

/// A day, in milliseconds: anything nearer may be the zone or a slip.
const DAY_MS: i64 = 86_400_000;
/// Smaller steps of a clock are corrections of the network.
const STEP_MS: i64 = 180_000;
/// What a clock that went back weighs, by how far: within the hour, within the day, into another day.
const STEP_LR: [(i64, f64); 3] = [(DAY_MS, 10.0), (3 * 3_600_000, 5.0), (STEP_MS, 1.5)];

/// The entry of the catalogue.
pub(super) const SIGNAL: Signal = Signal {
    kind: Kind::Backdated,
    number: 13,
    group: Group::Time,
    cap: 20.0,
    quarter_cap: 100.0,
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
            reading: (
                "白天走访、事后补录,忘了勾选",
                "visited in time and entered later, without ticking “late entry”",
            ),
            shown_by: ("纸质记录;补录不受任何处罚", "paper notes; late entry is free of penalty"),
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
        if row.is.late_entry {
            continue;
        }
        if let Some((hours, words)) = proven(scene, row.is) {
            let cap = if 24 < hours { SIGNAL.cap } else { 10.0 };
            found.hits.push(Hit { record: at, log_lr: cap.ln(), words: Some(words) });
        }
    }
    for (at, back_ms) in stepped_back(scene) {
        let Some(row) = scene.rows.get(at).filter(|row| !row.is.late_entry) else { continue };
        let lr = STEP_LR.iter().find(|(from, _)| *from <= back_ms).map_or(1.0, |row| row.1);
        let words = step_words(back_ms, row.is.times.boot.is_some());
        found.hits.push(Hit { record: at, log_lr: lr.ln(), words: Some(words) });
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
    let after = first - is.times.received_ms;
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

/// Records made while a phone's wall clock stood further back than before on the same chain, with by how much at the
/// deepest; until it caught up again.
fn stepped_back(scene: &Scene<'_>) -> Vec<(usize, i64)> {
    let mut chains: BTreeMap<(EnrolmentId, u32), Vec<(u64, usize)>> = BTreeMap::new();
    for (at, row) in scene.rows.iter().enumerate() {
        let chain = row.is.chain;
        chains.entry((chain.enrolment, chain.epoch)).or_default().push((chain.seq, at));
    }
    let mut behind = Vec::new();
    for chain in chains.values_mut() {
        chain.sort_unstable();
        let (mut latest, mut offset) = (i64::MIN, None);
        for (_, at) in chain.iter() {
            let Some(row) = scene.rows.get(*at) else { continue };
            let times = row.is.times;
            // Wall clock minus time since boot stays the same on one boot, whatever the phone did in between.
            let now = times.boot.map(|boot| {
                (boot.id, times.wall_ms.saturating_sub(i64::try_from(boot.ms).unwrap_or(i64::MAX)))
            });
            let by_boot = match (offset, now) {
                (Some((id, was)), Some((boot, is))) if id == boot => was - is,
                _ => 0,
            };
            let back = latest.saturating_sub(times.wall_ms).max(by_boot);
            if STEP_MS < back {
                behind.push((*at, back));
            } else {
                offset = now;
            }
            latest = latest.max(times.wall_ms);
        }
    }
    behind
}

fn step_words(back_ms: i64, by_boot: bool) -> Comparison {
    let minutes = back_ms / 60_000;
    let (zh, en) =
        if by_boot { ("(与开机时钟对照)", " (against the clock since boot)") } else { ("", "") };
    Comparison {
        zh: format!("录入这条记录时,手机时钟比它此前的记录倒退了 {minutes} 分钟{zh}。"),
        en: format!(
            "When this was recorded, the phone's clock stood {minutes} minutes behind its own earlier records{en}."
        ),
    }
}

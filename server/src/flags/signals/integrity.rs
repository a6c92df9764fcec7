//! 24 – the chain of the phone was broken, or its clock since boot ran backwards.
//!
//! Inputs: epoch and place in the chain, the clock since boot. Test: the first record of a later epoch (the phone's file was put
//! back to an earlier state, or it started anew: that happened once, whatever was recorded since), and readings of one boot that fall along the chain, which no honest phone gives. Says
//! something of the phone and not of the person. Cap 5.

use std::collections::BTreeMap;

use ruhu_core::ids::EnrolmentId;

use super::{Group, Kind, Power, Signal, Trap};
use crate::flags::model::Model;
use crate::flags::reading::{Comparison, Found, Hit};
use crate::flags::scene::Scene;

/// What a chain that was started anew weighs: repairs and restores do it every day.
const NEW_CHAIN_LR: f64 = 1.3;

/// The entry of the catalogue.
pub(super) const SIGNAL: Signal = Signal {
    kind: Kind::Integrity,
    number: 24,
    group: Group::Device,
    cap: 5.0,
    quarter_cap: 5.0,
    power: Some(Power { reach: 0.1, made_up: 0.3, honest: 0.005 }),
    names: ("手机记录链异常", "the phone's chain is broken"),
    traps: &[
        Trap {
            reading: (
                "重装、维修、恢复备份",
                "the app was installed again, the phone repaired, a copy put back",
            ),
            shown_by: ("登记手机的记录", "the list of enrolled phones"),
        },
        Trap {
            reading: ("程序缺陷", "a fault of the program"),
            shown_by: ("其他手机同一版本的情况", "other phones of the same version"),
        },
    ],
    settled_by: ("先查手机,不问人", "look at the phone first, not at the person"),
    read,
};

fn read(scene: &Scene<'_>, _: &Model) -> Found {
    let mut chains: BTreeMap<(EnrolmentId, u32), Vec<(u64, usize)>> = BTreeMap::new();
    for (at, row) in scene.rows.iter().enumerate() {
        let chain = row.is.chain;
        chains.entry((chain.enrolment, chain.epoch)).or_default().push((chain.seq, at));
    }
    let mut found = Found::default();
    for ((_, epoch), chain) in &mut chains {
        chain.sort_unstable();
        let mut last: Option<(uuid::Uuid, u64)> = None;
        found.looked.extend(chain.iter().map(|(_, at)| *at));
        for (nth, (_, at)) in chain.iter().enumerate() {
            let boot = scene.rows.get(*at).and_then(|row| row.is.times.boot);
            let ran_back = boot.zip(last).is_some_and(|(now, (id, ms))| now.id == id && now.ms < ms);
            if let Some(now) = boot {
                last = Some((now.id, now.ms));
            }
            let (lr, words) = if ran_back {
                (SIGNAL.cap, ran_back_words())
            } else if 1 < *epoch && nth == 0 {
                (NEW_CHAIN_LR, new_chain_words(*epoch))
            } else {
                continue;
            };
            found.hits.push(Hit { record: *at, log_lr: lr.ln(), words: Some(words) });
        }
    }
    found
}

fn ran_back_words() -> Comparison {
    Comparison {
        zh: "手机的开机时钟在同一次开机内倒退,正常手机不会这样。".to_owned(),
        en: "The phone's clock since boot ran backwards within one boot, which no ordinary phone does."
            .to_owned(),
    }
}

fn new_chain_words(epoch: u32) -> Comparison {
    Comparison {
        zh: format!("这部手机的记录链重新开始过(第 {epoch} 段),多为重装或恢复。"),
        en: format!(
            "The chain of this phone was started anew (part {epoch}), mostly after a new installation or a restore."
        ),
    }
}

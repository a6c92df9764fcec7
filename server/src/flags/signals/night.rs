//! 21 – a visit stated for the night.
//!
//! Inputs: the stated time of day. Evenings are good: people are home from 19:30 to 22:00 (`detection.md` 6), so only midnight to
//! six asks for a reason. Cap 2: context, never alone.

use chrono::Timelike;
use ruhu_core::visit::OutcomeCode;

use super::{Group, Kind, Power, Signal, Trap};
use crate::flags::model::Model;
use crate::flags::reading::{Comparison, Found, Hit};
use crate::flags::scene::Scene;

/// The hour from which a visit asks for no reason.
const MORNING: u32 = 6;

/// The entry of the catalogue.
pub(super) const SIGNAL: Signal = Signal {
    kind: Kind::Night,
    number: 21,
    group: Group::Time,
    cap: 2.0,
    quarter_cap: 2.0,
    power: Some(Power { reach: 0.05, made_up: 0.1, honest: 0.003 }),
    names: ("深夜时段", "at night"),
    traps: &[
        Trap {
            reading: ("突发情况、夜间排查", "an emergency, or an inspection ordered for the night"),
            shown_by: ("当晚的工作安排", "that night's orders"),
        },
        Trap {
            reading: ("时间填错,或手机时区不对", "a slip of the time, or the phone's zone"),
            shown_by: ("录入时间与走访时间相差整数小时", "stated and recorded time differ by whole hours"),
        },
    ],
    settled_by: ("问住户走访的时间", "ask the household at what time the visit was"),
    read,
};

fn read(scene: &Scene<'_>, _: &Model) -> Found {
    let mut found = Found::default();
    for (record, row) in scene.rows.iter().enumerate() {
        let met = matches!(row.is.outcome, OutcomeCode::Met | OutcomeCode::MetAtDoor);
        let Some(at) = row.is.visited_at.filter(|_| met) else { continue };
        found.looked.push(record);
        if at.hour() < MORNING {
            let at = at.format("%H:%M");
            let words = Comparison {
                zh: format!("记录的见面时间为 {at}。"),
                en: format!("The meeting is stated for {at}."),
            };
            found.hits.push(Hit { record, log_lr: SIGNAL.cap.ln(), words: Some(words) });
        }
    }
    found
}

//! 22 – one worker records at two buildings in the same minutes, on two phones.
//!
//! Inputs: enrolments, the time each record was made, the doors. Test: records of two enrolments of one worker within two minutes,
//! for doors of different buildings, both meetings and neither late or typed well after the time it states. Sharing a phone is normal (95 of 112 devices in REACH) and is
//! not looked at. Cap 10.

use std::collections::BTreeSet;

use ruhu_core::time::Zone;
use ruhu_core::visit::OutcomeCode;

use super::{Group, Kind, Power, Signal, Trap};
use crate::flags::model::Model;
use crate::flags::reading::{Comparison, Found, Hit};
use crate::flags::scene::{Row, Scene};

/// How near in time two records must be, in milliseconds.
const SAME_MS: i64 = 120_000;

/// The entry of the catalogue.
pub(super) const SIGNAL: Signal = Signal {
    kind: Kind::TwoPlaces,
    number: 22,
    group: Group::Device,
    cap: 10.0,
    quarter_cap: 20.0,
    power: Some(Power { reach: 0.05, made_up: 0.2, honest: 0.002 }),
    names: ("同一时刻两部手机在不同楼栋记录", "two phones, two buildings, the same minutes"),
    traps: &[
        Trap {
            reading: ("换手机时两部都在身边", "both phones were carried while one was being replaced"),
            shown_by: ("新手机登记的日期", "the day the new phone was enrolled"),
        },
        Trap {
            reading: ("楼栋相邻,楼下集中录入", "neighbouring buildings, typed together downstairs"),
            shown_by: ("两栋楼之间的距离", "how far the buildings are apart"),
        },
        Trap {
            reading: ("同事用其账号代录", "a colleague entered visits for him"),
            shown_by: ("双方的说明", "the account of both"),
        },
    ],
    settled_by: ("请工作者说明两部手机当时在谁手里", "ask the worker who held each phone at that time"),
    read,
};

fn read(scene: &Scene<'_>, _: &Model) -> Found {
    let mut found = Found::default();
    for worker in 0..scene.workers.len() {
        let phones: BTreeSet<_> = scene.of_worker(worker).map(|(_, row)| row.is.chain.enrolment).collect();
        if 1 < phones.len() {
            found.looked.extend(scene.of_worker(worker).filter(|(_, row)| met(row)).map(|(at, _)| at));
        }
        let zone = scene.material.zone;
        let rows: Vec<(usize, &Row<'_>)> =
            scene.of_worker(worker).filter(|(_, row)| was_recorded_there(row, zone)).collect();
        let mut hit: Vec<usize> = Vec::new();
        for pair in rows.windows(2) {
            let [(first, one), (second, other)] = pair else { continue };
            let near = (other.is.times.stated_ms - one.is.times.stated_ms).abs() <= SAME_MS;
            let apart = one
                .place
                .zip(other.place)
                .is_some_and(|(one, other)| (&one.estate, &one.building) != (&other.estate, &other.building));
            if near && apart && one.is.chain.enrolment != other.is.chain.enrolment {
                hit.extend([*first, *second]);
            }
        }
        hit.sort_unstable();
        hit.dedup();
        found.hits.extend(hit.into_iter().map(|record| Hit {
            record,
            log_lr: SIGNAL.cap.ln(),
            words: Some(Comparison {
                zh: "两分钟之内,同一工作者的另一部手机在另一栋楼也记录了见面。".to_owned(),
                en: "Within two minutes another phone of the same worker recorded a meeting in another building.".to_owned(),
            }),
        }));
    }
    found
}

const fn met(row: &Row<'_>) -> bool {
    matches!(row.is.outcome, OutcomeCode::Met | OutcomeCode::MetAtDoor)
}

/// Whether it was recorded where it happened, as far as it says.
fn was_recorded_there(row: &Row<'_>, zone: Zone) -> bool {
    met(row) && !row.is.late_entry && !row.was_typed_later(zone)
}

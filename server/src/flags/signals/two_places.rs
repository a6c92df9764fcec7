//! 22 – one worker records at two buildings in the same minutes, on two phones.
//!
//! Inputs: enrolments, the time each record was made, the doors. Test: records of two enrolments of one worker within two minutes,
//! for doors of different buildings, both meetings and neither late. Sharing a phone is normal (95 of 112 devices in REACH) and is
//! not looked at. Cap 10.

use ruhu_core::visit::OutcomeCode;

use super::{Group, Kind, Signal, Trap};
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
        let rows: Vec<(usize, &Row<'_>)> = scene.of_worker(worker).filter(|(_, row)| counts(row)).collect();
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

const fn counts(row: &Row<'_>) -> bool {
    matches!(row.is.outcome, OutcomeCode::Met | OutcomeCode::MetAtDoor) && !row.is.late_entry
}

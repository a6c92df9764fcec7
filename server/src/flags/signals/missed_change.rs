//! 1 – a change known from elsewhere, dated before the visit, that the visit did not find.
//!
//! Inputs: changes of the roster or the desk that the hub learnt after the visit was recorded, so that no phone showed them;
//! visits at which an adult was spoken with a fortnight or more after the change. Test: how likely a made-up record misses
//! the change against how often honest ones in this community do. Cap 20 with a roster, 5 with a single act of the desk.

use std::collections::BTreeMap;

use chrono::Days;
use ruhu_core::roster::Unit;
use ruhu_core::visit::OutcomeCode;

use super::{Group, Kind, Signal, Trap};
use crate::flags::evidence::{KnownChange, KnownWhat, SaidBy};
use crate::flags::model::Model;
use crate::flags::reading::{Comparison, Found, Hit};
use crate::flags::scene::{Row, Scene};
use crate::flags::stats::{Counted, shrunk_rate};

/// Days after a change from which a visit should have found it.
const SETTLED_DAYS: u64 = 14;
/// How far back a visit looks where nobody met the household before.
const UNMET_DAYS: u32 = 182;
/// How often a made-up record misses a change nobody could know from the desk.
const MADE_UP_MISSES: f64 = 0.97;
/// Observations the prior rate of honest misses counts for.
const PRIOR_STRENGTH: f64 = 10.0;
/// The most a single act of the desk may weigh, without a roster behind it.
const DESK_CAP: f64 = 5.0;

/// The entry of the catalogue.
pub(super) const SIGNAL: Signal = Signal {
    kind: Kind::MissedChange,
    number: 1,
    group: Group::Panel,
    cap: 20.0,
    quarter_cap: 200.0,
    power: None,
    names: ("已知变动未发现", "a known change was not found"),
    traps: &[
        Trap {
            reading: (
                "名册或窗口登记有误,或日期不准",
                "what the roster or the desk says is wrong, or its date is",
            ),
            shown_by: (
                "向登记部门或经办人核对原始登记",
                "the entry at the department that keeps the register, or whoever entered it",
            ),
        },
        Trap {
            reading: ("接待的家人未提起,或不愿说", "whoever opened did not mention it, or did not wish to"),
            shown_by: ("复访时请家里另一位成年人说明", "another adult of the household, at the re-visit"),
        },
        Trap {
            reading: ("原住户搬走后,见到的是新住户", "the household had left, and new residents opened"),
            shown_by: ("门上现住何人、何时入住", "who lives behind the door now, and since when"),
        },
    ],
    settled_by: (
        "上门问明:这项变动何时发生,走访当天家里谁在",
        "ask at the door when the change happened and who was at home on the day",
    ),
    read,
};

fn read(scene: &Scene<'_>, _: &Model) -> Found {
    let mut by_unit: BTreeMap<Unit, Vec<&KnownChange>> = BTreeMap::new();
    for change in &scene.material.changes {
        by_unit.entry(change.unit).or_default().push(change);
    }
    let mut tried = Vec::new();
    for (at, row) in scene.rows.iter().enumerate() {
        for change in by_unit.get(&row.is.unit).into_iter().flatten() {
            if let Some(missed) = missed(row, change) {
                tried.push((at, row, *change, missed));
            }
        }
    }
    let count = |wanted: &dyn Fn(&Row<'_>) -> bool, what: KnownWhat| {
        let these = tried.iter().filter(|(_, row, change, _)| change.what == what && wanted(row));
        these.fold(Counted::default(), |sum, (.., missed)| {
            sum.plus(Counted { hits: u32::from(*missed), of: 1 })
        })
    };
    let mut found = Found::default();
    for (at, row, change, missed) in &tried {
        // Others only: a worker's own misses must not excuse each other.
        let others = count(&|other| other.worker != row.worker, change.what);
        let honest = shrunk_rate(others, prior(change.what), PRIOR_STRENGTH).clamp(0.02, 0.9);
        let log_lr = if *missed {
            let cap = if change.said_by == SaidBy::Desk { DESK_CAP } else { SIGNAL.cap };
            (MADE_UP_MISSES / honest).min(cap).ln()
        } else {
            ((1.0 - MADE_UP_MISSES) / (1.0 - honest)).ln()
        };
        let words = missed.then(|| compare(row, change, others, honest));
        found.hits.push(Hit { record: *at, log_lr, words });
    }
    found
}

/// Whether a record missed a change; `None` where it could not have found it.
fn missed(row: &Row<'_>, change: &KnownChange) -> Option<bool> {
    let settled = change.on.checked_add_days(Days::new(SETTLED_DAYS))?;
    if row.is.visited_on < settled || change.known_ms <= row.is.times.received_ms {
        return None;
    }
    let spoke = matches!(row.is.outcome, OutcomeCode::Met | OutcomeCode::MetAtDoor | OutcomeCode::Phone);
    if change.what == KnownWhat::Left {
        let found_gone = matches!(
            row.is.outcome,
            OutcomeCode::MovedAway | OutcomeCode::Vacant | OutcomeCode::LetUnverified | OutcomeCode::Told
        );
        return (spoke || found_gone).then_some(spoke);
    }
    // What happened before the household was last met is not for this visit to find.
    let waited = u64::from(row.is.days_since_met.unwrap_or(UNMET_DAYS));
    let told = row.is.told.as_ref().filter(|_| spoke)?;
    let since = row.is.visited_on.checked_sub_days(Days::new(waited))?;
    (since <= change.on).then(|| !told.is_change())
}

/// How often honest visits miss it, before this community is heard (judgement; see [`Model`]).
const fn prior(what: KnownWhat) -> f64 {
    match what {
        KnownWhat::Left => 0.05,
        KnownWhat::Divided => 0.3,
        KnownWhat::CategoryIn => 0.4,
    }
}

fn compare(row: &Row<'_>, change: &KnownChange, others: Counted, honest: f64) -> Comparison {
    let (zh, en) = match change.what {
        KnownWhat::Left => ("这户已迁出", "the household had left"),
        KnownWhat::Divided => ("这户已分户或销户", "the household had split or ceased"),
        KnownWhat::CategoryIn => ("一名家庭成员已纳入类别", "a member had entered a category"),
    };
    let (by_zh, by_en) = match change.said_by {
        SaidBy::Register(_) => ("后来导入的名册显示", "an imported roster says"),
        SaidBy::Desk => ("窗口后来登记", "the desk entered later"),
    };
    let (on, visited) = (change.on, row.is.visited_on);
    let percent = honest * 100.0;
    Comparison {
        zh: format!(
            "{visited} 记录见面,而{by_zh} {on} 起{zh};记录没有提到。本社区其他走访遇到此类变动 {} 次,未记下 {} 次(估计 {percent:.0}%)。",
            others.of, others.hits
        ),
        en: format!(
            "A meeting is recorded for {visited}, while {by_en} that from {on} on {en}; the record does not mention it. \
             Other visits here met such a change {} times and missed it {} times (estimate {percent:.0} %).",
            others.of, others.hits
        ),
    }
}

//! 增减户清单 – how the due of one period became the due of the next, each change with its reason.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::reckon::{Frame, reckon};
use super::register::Register;
use crate::life::Timeline;
use crate::roster::{DwellingUse, Unit};
use crate::time::{Cadence, Period};

/// 增减户清单 – always `opening + entered − left = closing`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// 期初应访 – due in the earlier period.
    pub opening: u32,
    /// 增户 – due in the later period only.
    pub entered: Vec<(Unit, Entered)>,
    /// 减户 – due in the earlier period only.
    pub left: Vec<(Unit, Gone)>,
    /// 期末应访 – due in the later period.
    pub closing: u32,
}

/// Why a unit became due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entered {
    /// 迁入 – moved in, or came back, too late for the earlier period.
    MovedIn,
    /// 新登记 – lived here already, recorded too late for the earlier period.
    Recorded,
    /// 分户 – came out of another household.
    Split,
    /// 纳入重点 – confirmed key.
    BecameKey,
    /// 转为空户 – a home left empty.
    FellVacant,
    /// 新增住宅 – a door listed as a home.
    BecameHome,
}

/// Why a unit is due no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gone {
    /// 迁出.
    MovedOut,
    /// 销户.
    Dissolved,
    /// 退出重点.
    NoLongerKey,
    /// 空户转有人.
    Occupied,
    /// 不再是住宅.
    NoLongerHome,
    /// The later period has not begun, or its rules ask for more days.
    NotYetDue,
}

/// Compares two periods of one cadence, both as of the same day.
#[must_use]
pub fn changes(register: &Register, earlier: Period, later: Period, as_of: NaiveDate) -> Changes {
    let due = |period| -> BTreeSet<Unit> {
        reckon(register, period, as_of).obligations.iter().map(|one| one.unit).collect()
    };
    let (opening, closing) = (due(earlier), due(later));
    let before = Frame::of(register, earlier, as_of);
    let after = Frame::of(register, later, as_of);
    let count = |set: &BTreeSet<Unit>| u32::try_from(set.len()).unwrap_or(u32::MAX);
    Changes {
        opening: count(&opening),
        entered: closing
            .difference(&opening)
            .map(|unit| (*unit, why_entered(&before, &after, *unit)))
            .collect(),
        left: opening.difference(&closing).map(|unit| (*unit, why_left(&after, *unit))).collect(),
        closing: count(&closing),
    }
}

fn why_entered(before: &Frame<'_>, after: &Frame<'_>, unit: Unit) -> Entered {
    let register = after.register;
    let id = match unit {
        Unit::Vacant(dwelling) => {
            let was = register.door(dwelling).and_then(|door| door.use_on(before.first));
            return if was == Some(DwellingUse::Home) { Entered::FellVacant } else { Entered::BecameHome };
        }
        Unit::Household(id) => id,
    };
    let Some(life) = register.household(id) else { return Entered::MovedIn };
    let timeline = life.timeline(after.as_of);
    let was_here = match after.cadence {
        Cadence::Month => timeline.on(before.first).is_some(),
        Cadence::Quarter => before.is_due_when_known_from(&timeline, NaiveDate::MIN),
    };
    if was_here {
        return if after.cadence == Cadence::Month { Entered::BecameKey } else { Entered::Recorded };
    }
    let came_on = came_on(&timeline, after.horizon);
    if came_on.is_some() && came_on == life.born_on() { Entered::Split } else { Entered::MovedIn }
}

fn why_left(after: &Frame<'_>, unit: Unit) -> Gone {
    if after.as_of < after.first {
        return Gone::NotYetDue;
    }
    let id = match unit {
        Unit::Vacant(dwelling) => {
            let now = after.register.door(dwelling).and_then(|door| door.use_on(after.first));
            return if now == Some(DwellingUse::Home) { Gone::Occupied } else { Gone::NoLongerHome };
        }
        Unit::Household(id) => id,
    };
    let Some(life) = after.register.household(id) else { return Gone::NotYetDue };
    let timeline = life.timeline(after.as_of);
    match timeline.on(after.first) {
        Some(_) if after.cadence == Cadence::Month => Gone::NoLongerKey,
        Some(_) => Gone::NotYetDue,
        None if timeline.ceased_by(after.first) => Gone::Dissolved,
        None => Gone::MovedOut,
    }
}

/// The first day of the unbroken span in the community that holds the day.
fn came_on(timeline: &Timeline, day: NaiveDate) -> Option<NaiveDate> {
    let spans = timeline.presences().filter(|(from, _)| *from <= day);
    spans.last().map(|(from, _)| from)
}

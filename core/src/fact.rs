//! 事实 – what happened to a door or a household, as one vocabulary for desk, import and phone.
//!
//! A fact is never edited. The desk's facts arrive as `office` entries; a phone's proposals carry the same facts
//! and hold provisionally until the lead confirms or returns them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{DwellingId, GridId, Hash32, HouseholdId};
use crate::roster::{Address, DwellingUse, Informant};
use crate::time::{Cadence, Period};
use crate::visit::VisitSkeleton;

/// One fact about one unit: a household, or a door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A door exists, is used so, and lies in a grid, from a day on. Re-addressing lists it again.
    DwellingListed {
        /// Where it is.
        address: Address,
        /// What it is used for.
        used_as: DwellingUse,
        /// Its grid.
        grid: GridId,
        /// From this day on.
        from: NaiveDate,
    },
    /// 用途变更 – the use of a door changed.
    UseChanged {
        /// To what.
        to: DwellingUse,
        /// From this day on.
        from: NaiveDate,
    },
    /// The door was drawn into another grid.
    Regridded {
        /// Its new grid.
        grid: GridId,
        /// From this day on.
        from: NaiveDate,
    },
    /// 迁入 – the household lives at a dwelling, in a grid, from a day on: moving in, moving inside the community,
    /// and a change of grid around it are all this.
    Settled {
        /// Its main dwelling.
        dwelling: DwellingId,
        /// The grid of that dwelling.
        grid: GridId,
        /// 入住日 – the day it moved in; `None` when it has lived there since before anybody wrote it down.
        from: Option<NaiveDate>,
    },
    /// 迁出 – the household left the community.
    Left {
        /// The first day it no longer lives here.
        on: NaiveDate,
        /// Whose word it is; `None` for the roster owner's own edit.
        told_by: Option<Informant>,
    },
    /// 分户 – the household came out of another one.
    SplitFrom {
        /// The household it came out of.
        from: HouseholdId,
        /// On this day.
        on: NaiveDate,
    },
    /// 销户, 并户 – the household ceased; confirmed by the lead when it comes from the desk.
    Dissolved {
        /// The first day it no longer exists.
        on: NaiveDate,
        /// The household it became part of, if any.
        into: Option<HouseholdId>,
    },
    /// Two records of one household: this one is the same as `into`, which goes on. Desk only.
    SameAs {
        /// The record that goes on.
        into: HouseholdId,
    },
    /// The other side of [`Fact::SameAs`], kept with the record that goes on.
    Absorbs {
        /// The record that was joined to this one.
        other: HouseholdId,
    },
    /// Takes an earlier joining back: two households again. Stands with both.
    Parted {
        /// The other record.
        other: HouseholdId,
    },
    /// 重点户 – marked or unmarked, from a day on. From a phone it is a suggestion and has no effect.
    KeyMark {
        /// Key from that day on, or no longer.
        key: bool,
        /// The day of the decision.
        on: NaiveDate,
    },
    /// 请勿打扰 – asked at the counter or in writing.
    DoNotAsk {
        /// From this day.
        from: NaiveDate,
        /// To this day, at most 12 months later.
        until: NaiveDate,
    },
    /// 走访 – the skeleton of a visit.
    Visited(VisitSkeleton),
    /// 撤回 – takes a record back, named by its payload hash. Only its author or the desk.
    Withdrawn {
        /// Payload hash of the record.
        target: Hash32,
    },
    /// 上次走访日期 – a visit known from an imported sheet; counts only in 试行 periods.
    ImportedVisit {
        /// The day.
        visited_on: NaiveDate,
    },
    /// The lead confirmed a provisional fact, or a deduction that needs it (不安全, 查无此户, 销户). Desk only.
    Confirmed {
        /// Payload hash of the record.
        target: Hash32,
    },
    /// 退回 – the lead returned a provisional fact: it no longer holds. Desk only.
    Returned {
        /// Payload hash of the record.
        target: Hash32,
    },
    /// 核减不予认可 – the lead rejected a deduction, with a reason, before closing. Desk only.
    DeductionRejected {
        /// Of which period.
        period: Period,
        /// Of the monthly or the quarterly obligation.
        cadence: Cadence,
    },
    /// A finding about a record was decided or reversed. Desk only.
    Found {
        /// Payload hash of the record.
        target: Hash32,
        /// Found false from now on, or restored.
        falsified: bool,
    },
    /// 删除 – by decision, what was learnt about people of this household was erased: bodies and field changes recorded
    /// up to then. What was done and when, which coverage counts, stays. Desk only.
    Erased {
        /// Number of the decision in the hub's list of erasures.
        decision: u32,
        /// Everything recorded up to here, milliseconds since 1970 UTC.
        until_ms: i64,
    },
}

impl Fact {
    /// Whether a worker's phone may record it; all others are the desk's.
    #[must_use]
    pub const fn may_come_from_a_phone(&self) -> bool {
        matches!(
            self,
            Self::DwellingListed { .. }
                | Self::UseChanged { .. }
                | Self::Settled { .. }
                | Self::Left { .. }
                | Self::SplitFrom { .. }
                | Self::Dissolved { .. }
                | Self::KeyMark { .. }
                | Self::Visited(_)
                | Self::Withdrawn { .. }
        )
    }
}

//! 应访义务 – one duty to visit one unit in one period, and the one state it is in.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{DwellingId, GridId, Hash32, WorkerId};
use crate::roster::Unit;

/// 应访义务 – a unit due in a period. The obligation belongs to the unit, not to the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obligation {
    /// Who is due.
    pub unit: Unit,
    /// The grid it counts in: where it lives on the period's last day, or today; the last one if it left.
    pub grid: GridId,
    /// The door, likewise.
    pub dwelling: DwellingId,
    /// 责任人 – the worker responsible for that grid that day.
    pub responsible: Option<WorkerId>,
    /// 交接期 – taken over too late to be anybody's shortfall.
    pub taken_over_late: bool,
    /// The one state it is in.
    pub state: ObligationState,
}

/// The state of an obligation; never two at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObligationState {
    /// 已访.
    Visited(Served),
    /// 核减 – leaves the base of the adjusted rate.
    Deducted(Deduction),
    /// 未访.
    Outstanding(Open),
}

/// By what an obligation was served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Served {
    /// The first counted visit of the period.
    Visit {
        /// Payload hash of the record.
        record: Hash32,
        /// Its stated date.
        visited_on: NaiveDate,
        /// Whoever knocked.
        made_by: WorkerId,
        /// 代访 – not the worker responsible for the grid it lived in that day.
        cover: bool,
    },
    /// 导入的走访 – known from an imported sheet; only in 试行 periods.
    Imported {
        /// Its date.
        visited_on: NaiveDate,
    },
}

/// 核减 – why an obligation leaves the base, in the order in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deduction {
    /// 销户 – the household ceased; or, of a vacant unit, the door is no home any more.
    Dissolved,
    /// 迁出.
    MovedOut,
    /// 查无此户.
    NoSuchAddress,
    /// 人户分离, 空挂.
    RegisteredOnly,
    /// 空户转有人 – somebody moved into the vacant unit.
    BecameOccupied,
    /// 空户.
    VacantConfirmed,
    /// 拒访.
    Declined,
    /// 不便/不安全.
    Unsafe,
    /// 三次未遇.
    ThreeAttempts,
}

/// Why an obligation is still open. The first that holds of: found false, appointment, seen vacant, tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Open {
    /// 未去过.
    NeverTried,
    /// 去过 n 次 – knocks of the period.
    Tried(u16),
    /// 见空一次 – seen vacant, not yet confirmed.
    SeenVacantOnce,
    /// 已改约 – the last attempt agreed on another day.
    Appointment,
    /// 查实不实 – a record of the period was found false.
    FoundFalse,
}

/// 多访 – a unit that was not due and was visited all the same; never in the numerator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtraVisit {
    /// Whom.
    pub unit: Unit,
    /// The grid it lives in or lived in last; `None` when it never settled.
    pub grid: Option<GridId>,
    /// Its first counted visit of the period; several count once.
    pub visit: Served,
}

impl ObligationState {
    /// 已访 – whether it is done.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self, Self::Visited(_))
    }

    /// 未访 – whether it is open.
    #[must_use]
    pub const fn is_outstanding(&self) -> bool {
        matches!(self, Self::Outstanding(_))
    }
}

impl Deduction {
    /// Every deduction with its Chinese name, in order.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Dissolved, "销户"),
        (Self::MovedOut, "迁出"),
        (Self::NoSuchAddress, "查无此户"),
        (Self::RegisteredOnly, "人户分离"),
        (Self::BecameOccupied, "空户转有人"),
        (Self::VacantConfirmed, "空户"),
        (Self::Declined, "拒访"),
        (Self::Unsafe, "不便/不安全"),
        (Self::ThreeAttempts, "三次未遇"),
    ];

    /// Its Chinese name.
    #[must_use]
    pub fn zh(self) -> &'static str {
        Self::ALL.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }
}

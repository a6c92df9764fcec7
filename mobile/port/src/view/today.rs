//! 今日 – who is due and why.

use super::Count;

shown! {
    /// 应访清单 – the due list of a day.
    pub struct Today {
        /// The day it was made for.
        pub day: String,
        /// 本季度.
        pub quarter: Count,
        /// 本月重点户.
        pub month: Count,
        /// Working days to the end of the quarter, both ends counted.
        pub working_days_left: u32,
        /// Open households per working day left, rounded up.
        pub per_working_day: u32,
        /// The grids this phone holds.
        pub grids: Vec<GridLine>,
        /// 消息 – how many things wait for an answer of this worker.
        pub waiting: u32,
        /// In walking order.
        pub doors: Vec<DueDoor>,
    }
}

shown! {
    /// 网格.
    pub struct GridLine {
        /// Its id.
        pub id: String,
        /// Its name.
        pub name: String,
    }
}

shown! {
    /// One unit to call on.
    pub struct DueDoor {
        /// Whom.
        pub unit: String,
        /// At which door.
        pub dwelling: String,
        /// Where; `None` when the door is not in this phone's roster.
        pub place: Option<Place>,
        /// Its members as lists show them, the head first; a child under 14 by age, without a name.
        pub names: Vec<String>,
        /// 重点户.
        pub key: bool,
        /// Every reason it is listed, the most pressing first.
        pub reasons: Vec<Reason>,
        /// 改约.
        pub appointment: Option<Appointment>,
        /// 诉求 – how many wait for an answer.
        pub open_requests: u32,
        /// 请勿打扰 – no knock is suggested until after this day.
        pub do_not_ask_until: Option<String>,
        /// Attempts of the running quarter, earliest first.
        pub tried: Vec<Tried>,
        /// 建议时段.
        pub best_time: Option<BestTime>,
        /// 两人同时修改 – how many fields hold more than one value.
        pub conflicts: u32,
        /// A visit to it is being filled in.
        pub has_draft: bool,
    }
}

shown! {
    /// Why a unit is listed: `appointment`, `request`, `overdue-month`, `overdue-quarter`, `month`, `quarter`,
    /// `taken-over-late`, `seen-vacant-once`, `found-false`.
    pub struct Reason {
        /// Its code.
        pub code: String,
    }
}

shown! {
    /// Where a door is, in the order people say it.
    pub struct Place {
        /// In one line.
        pub label: String,
        /// 小区.
        pub estate: String,
        /// 楼栋.
        pub building: String,
        /// 单元.
        pub stair: String,
        /// 楼层; basements are negative.
        pub floor: Option<i16>,
        /// 户室号.
        pub door: String,
    }
}

shown! {
    /// 改约 – what was agreed.
    pub struct Appointment {
        /// The day.
        pub on: String,
        /// The time of day, if any.
        pub at: Option<String>,
    }
}

shown! {
    /// One attempt.
    pub struct Tried {
        /// The day.
        pub on: String,
        /// `morning`, `afternoon`, `evening`.
        pub band: Option<String>,
        /// Code of what came of it.
        pub outcome: String,
    }
}

shown! {
    /// 建议时段.
    pub struct BestTime {
        /// `morning`, `afternoon`, `evening`.
        pub band: String,
        /// `met-then`, `not-tried`, `least-tried`.
        pub why: String,
    }
}

shown! {
    /// One unit as a line of a list.
    pub struct UnitLine {
        /// Which.
        pub unit: String,
        /// Its door.
        pub dwelling: Option<String>,
        /// Where.
        pub place: Option<Place>,
        /// Its members as lists show them.
        pub names: Vec<String>,
        /// How many fields hold more than one value.
        pub conflicts: u32,
    }
}

shown! {
    /// 休息日 – the working days left of the running quarter. Known to this phone alone, never sent.
    pub struct OwnDays {
        /// From today on.
        pub days: Vec<OwnDay>,
    }
}

shown! {
    /// One working day.
    pub struct OwnDay {
        /// The day.
        pub on: String,
        /// The worker takes it off.
        pub off: bool,
    }
}

//! What the screens show and what they hand in: plain values, all of them serialisable.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::category::Scalar;
use crate::due::{DueRow, Progress};
use crate::entry::{Kind, Record};
use crate::file::{Stamp, StampedFact};
use crate::ids::{
    CommunityId, DwellingId, EnrolmentId, GridId, Hash32, HouseholdId, HubId, PersonId, VisitId, WorkerId,
};
use crate::question::Question;
use crate::roster::{Address, DwellingUse, Unit};
use crate::store::{EntryState, Member};
use crate::sync::session::Exchange;
use crate::visit::VisitDraft;

/// 登记 – as whom this phone records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The hub.
    pub hub: HubId,
    /// Where the hub is reached.
    pub url: String,
    /// Who records.
    pub worker: WorkerId,
    /// Name on the worker's card.
    pub worker_name: String,
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// The community.
    pub community: CommunityId,
}

/// 应访清单 – the due list of a day with what the screens show beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySheet {
    /// The day it was made for.
    pub day: NaiveDate,
    /// The running quarter: 已访 / 应访.
    pub quarter: Progress,
    /// The running month, of key households.
    pub month: Progress,
    /// Working days from this day to the end of the quarter, both counted; without the worker's own days off.
    pub working_days_left: u32,
    /// 每个工作日户数 – open households per working day left, rounded up.
    pub per_working_day: u32,
    /// In walking order.
    pub rows: Vec<DayRow>,
}

/// One unit to call on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayRow {
    /// Whom, where and why.
    #[serde(flatten)]
    pub due: DueRow,
    /// Its members as they are shown, the head first; a child under 14 by age, without a name.
    pub names: Vec<String>,
    /// 两人同时修改 – how many of its fields hold more than one value.
    pub conflicts: u32,
    /// A visit to it is being filled in.
    pub has_draft: bool,
}

/// One unit as a line of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitLine {
    /// Which.
    pub unit: Unit,
    /// Its grid, if it has one.
    pub grid: Option<GridId>,
    /// Its door.
    pub dwelling: Option<DwellingId>,
    /// Where the door is; `None` when the door is not in this phone's roster.
    pub address: Option<Address>,
    /// Its members as they are shown, the head first; a child under 14 by age, without a name.
    pub names: Vec<String>,
    /// 两人同时修改 – how many of its fields hold more than one value.
    pub conflicts: u32,
}

/// One unit with everything known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitSheet {
    /// The line it has in lists.
    pub line: UnitLine,
    /// 重点户 – confirmed key today.
    pub key: bool,
    /// 请勿打扰 – asked for until this day.
    pub do_not_ask_until: Option<NaiveDate>,
    /// Its members as they are shown; a child under 14 without a name.
    pub members: Vec<Member>,
    /// Its fields; more than one value is a conflict.
    pub fields: BTreeMap<String, Vec<Scalar>>,
    /// Its visits and events, the latest first.
    pub history: Vec<HistoryLine>,
    /// 专项 – the questions open for it today.
    pub questions: Vec<Question>,
    /// Other households that live behind the same door.
    pub neighbours: Vec<HouseholdId>,
    /// The edits of its fields that were refused or wait.
    pub refused: Vec<Receipt>,
}

/// One fact of a unit's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// Where it stands.
    pub stamp: Stamp,
    /// What it says and who says it.
    pub fact: StampedFact,
    /// Whether it was withdrawn or returned.
    pub taken_back: bool,
    /// Whether a later record corrects it.
    pub superseded: bool,
}

/// What was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Payload hash of the record; what a withdrawal or correction names. `None` when only fields were changed.
    pub record: Option<Hash32>,
    /// The visit's id, for a visit.
    pub visit: Option<VisitId>,
    /// Payload hash of the edit of fields, if any field differed.
    pub edit: Option<Hash32>,
}

/// What a new household became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// The household.
    pub household: HouseholdId,
    /// Its dwelling, new or known.
    pub dwelling: DwellingId,
    /// Its members, in the order handed in.
    pub members: Vec<PersonId>,
    /// What was saved.
    pub saved: Saved,
}

/// 新户 – a household found at the door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewHousehold {
    /// Where it lives.
    pub place: NewPlace,
    /// 入住日 – the day it moved in, if told.
    #[serde(default)]
    pub moved_in_on: Option<NaiveDate>,
    /// 分户 – the household it came out of.
    #[serde(default)]
    pub split_from: Option<HouseholdId>,
    /// Its members.
    #[serde(default)]
    pub members: Vec<NewMember>,
    /// Fields of the household as a whole, with their full keys (`p/phone`).
    #[serde(default)]
    pub fields: Vec<(String, Scalar)>,
    /// Why, in the worker's words.
    #[serde(default)]
    pub reason: String,
}

/// Where a new household lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewPlace {
    /// Behind a door of the roster.
    Known(DwellingId),
    /// Behind a door that is not in the roster yet.
    New {
        /// Where.
        address: Address,
        /// In which grid.
        grid: GridId,
    },
}

/// One member of a new household.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewMember {
    /// Fields by their last part: `name`, `birth`, `c/low-income/since`.
    pub fields: Vec<(String, Scalar)>,
}

/// 用途变更 – a door is used otherwise than the roster says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewUse {
    /// Which door.
    pub dwelling: DwellingId,
    /// What it is used for now.
    pub to: DwellingUse,
    /// Since when; today when empty.
    #[serde(default)]
    pub from: Option<NaiveDate>,
    /// Why, in the worker's words.
    #[serde(default)]
    pub reason: String,
}

/// 回执 – one entry recorded on this phone and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// Payload hash.
    pub entry: Hash32,
    /// Record or edit.
    pub kind: Kind,
    /// About which unit.
    pub unit: Option<Unit>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Whether it must be sent: never received, or asked for again.
    pub to_send: bool,
    /// What became of it.
    pub state: EntryState,
    /// The reason and the way out, Chinese first, for what was not simply accepted.
    pub words: Option<String>,
    /// The record's skeleton; `None` for an edit of fields.
    pub record: Option<Record>,
    /// 退回草稿 – the refused visit as a draft, to be filled in again.
    pub draft: Option<VisitDraft>,
    /// The refused fields, to be filled in again.
    pub fields: Vec<(String, Scalar)>,
}

/// How much is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxCounts {
    /// 已存本机,中心未收 – saved on this phone, not yet received.
    pub unsent: u32,
    /// 已收到.
    pub accepted: u32,
    /// 待核.
    pub parked: u32,
    /// 退回.
    pub quarantined: u32,
}

/// A draft in progress, kept until it is saved or dropped.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeptDraft {
    /// The visit so far.
    pub visit: VisitDraft,
    /// The fields so far.
    #[serde(default)]
    pub fields: Vec<(String, Scalar)>,
}

/// One line of the log of exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentLine {
    /// Hub time of the answer.
    pub at: DateTime<Utc>,
    /// What it brought.
    pub exchange: Exchange,
}

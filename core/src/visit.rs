//! 入户走访 – one recorded attempt at one door: what happened, and what was learnt.
//!
//! A [`VisitDraft`] may lack anything; [`VisitDraft::check`] is the only way to a [`Visit`]. Its skeleton is all
//! that coverage ever reads and outlives the erasure of its body.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::ids::{DwellingId, Hash32, PersonId, QuestionId, RequestId, VisitId, WorkerId};
use crate::roster::Unit;

mod draft;
mod outcome;
mod problem;

pub use draft::{DraftRules, VisitDraft};
pub use outcome::{MeetingPlace, OutcomeCode, VisitOutcome};
pub use problem::{Field, Problem};

/// 入户走访 – a checked visit, ready to be sealed.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    skeleton: VisitSkeleton,
    body: VisitBody,
}

impl Visit {
    /// What coverage reads; signed in the clear.
    #[must_use]
    pub const fn skeleton(&self) -> &VisitSkeleton {
        &self.skeleton
    }

    /// What was learnt; signed by its salted hash.
    #[must_use]
    pub const fn body(&self) -> &VisitBody {
        &self.body
    }
}

/// What coverage reads of a visit. No name, no words, no position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitSkeleton {
    /// Made on the phone.
    pub visit: VisitId,
    /// Whom the visit was paid to.
    pub unit: Unit,
    /// The door that was knocked on.
    pub dwelling: DwellingId,
    /// Who knocked.
    pub made_by: WorkerId,
    /// 走访日期 – the stated local date; it alone places the visit in a period.
    pub visited_on: NaiveDate,
    /// Local time of day, to the minute; `None` when it is not remembered (late entry).
    pub visited_at: Option<NaiveTime>,
    /// 走访结果.
    pub outcome: VisitOutcome,
    /// 补录 – entered later than the day itself; free of penalty.
    pub late_entry: bool,
    /// 更正 – payload hash of the record this one corrects. Always written: projection rows are not self-describing.
    #[serde(default)]
    pub supersedes: Option<Hash32>,
}

/// What was learnt on a visit. Everything is optional: three taps make a visit when nothing changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VisitBody {
    /// Which adults of the household were met, where the worker names them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub met: Vec<PersonId>,
    /// 无变化 – the resident confirmed who lives here, the phone and the tenure.
    pub nothing_changed: bool,
    /// 变化 – dated events; the fields themselves travel as a `doc` entry.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// 诉求 – what residents asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<Request>,
    /// 隐患 – dangers seen, of things and not of people.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hazards: Vec<Hazard>,
    /// 专项 – answers to the community's questions, in the order asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// 改约 – when to come again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appointment: Option<Appointment>,
    /// 同行 – who came along, by role only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub came_along: Vec<Companion>,
    /// 备注 – free words, at most [`VisitDraft::NOTE_MAX`] characters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// 下次留言 – a note for whoever comes next; belongs to the household.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note_for_next: String,
}

/// 变化 – something that changed since the last visit, for the table of changes 人口变动表.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What kind of change.
    pub kind: ChangeKind,
    /// Whom it concerns; `None` for the household as a whole.
    pub person: Option<PersonId>,
    /// When it happened, as far as known.
    pub on: Option<NaiveDate>,
    /// The category entered or left, for the two category kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

/// The kinds of change a visit asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// 迁入 – somebody moved in.
    MovedIn,
    /// 迁出 – somebody moved out.
    MovedOut,
    /// 出生.
    Birth,
    /// 死亡.
    Death,
    /// 电话变更.
    Phone,
    /// 户主变更.
    Head,
    /// 租住变更.
    Tenure,
    /// 纳入类别.
    CategoryIn,
    /// 退出类别.
    CategoryOut,
    /// 更正 – the roster was wrong.
    Correction,
}

/// 诉求 – what a resident asked for; the reason visits exist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its id, kept until it is closed.
    pub id: RequestId,
    /// The resident's words.
    pub words: String,
    /// 期望 – what the resident wants done.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub wanted: String,
    /// 当场办结 – solved at the door.
    pub solved_on_the_spot: bool,
}

/// 隐患 – a danger of a thing or a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hazard {
    /// Its id, kept until it is closed.
    pub id: RequestId,
    /// What it is.
    pub words: String,
    /// Where it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
}

/// 改约 – when to come again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// The day agreed.
    pub on: NaiveDate,
    /// The time agreed, if any.
    pub at: Option<NaiveTime>,
}

/// 同行人员 – who came along, by role; never by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Companion {
    /// 同事.
    Colleague,
    /// 民警.
    Police,
    /// 医生.
    Doctor,
    /// 物业.
    PropertyManager,
    /// 楼栋长.
    BuildingSteward,
    /// 志愿者.
    Volunteer,
}

/// An answer to one question 专项.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Which question.
    pub question: QuestionId,
    /// What was answered.
    pub value: AnswerValue,
}

/// What was answered; "not asked" is always possible.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerValue {
    /// 未问.
    NotAsked,
    /// 是 / 否.
    YesNo(bool),
    /// One of the choices, counted from 0.
    Choice(u16),
    /// A whole number.
    Number(i64),
    /// A day.
    Date(NaiveDate),
    /// A few words.
    Text(String),
}

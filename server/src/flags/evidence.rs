//! 依据 – what the hub knows about the records of one community and one period: the typed input of every signal.
//!
//! Whatever may be absent is an `Option`: a browser has no boot clock, a body may be erased, a phone may never have heard
//! of the hub. Absent evidence is never counted against anybody. Free words are kept only to be compared with each other;
//! they show in no message and in no debug output.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{NaiveDate, NaiveTime};
use ruhu_core::ids::{CommunityId, DwellingId, EnrolmentId, Hash32, ImportId, QuestionId, WorkerId};
use ruhu_core::roster::Unit;
use ruhu_core::time::{Period, Zone};
use ruhu_core::visit::OutcomeCode;
use serde::Serialize;
use uuid::Uuid;

/// 材料 – everything one review reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Material {
    /// Whose.
    pub community: CommunityId,
    /// Records whose 走访日期 lies in it.
    #[serde(serialize_with = "as_words")]
    pub period: Period,
    /// Local time.
    pub zone: Zone,
    /// Records in effect, in the order of their hashes.
    pub records: Vec<Evidence>,
    /// Where the doors are.
    pub places: BTreeMap<DwellingId, Place>,
    /// Changes known from somewhere else than the visit that should have found them.
    pub changes: Vec<KnownChange>,
    /// What was not to be had.
    pub missing: BTreeSet<Missing>,
}

/// 一条记录的依据 – what is known of one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Payload hash of the record.
    pub record: Hash32,
    /// Who recorded it.
    pub worker: WorkerId,
    /// Whom it is about.
    pub unit: Unit,
    /// The door.
    pub dwelling: DwellingId,
    /// 走访日期, as stated.
    pub visited_on: NaiveDate,
    /// Time of day, as stated; to the minute.
    pub visited_at: Option<NaiveTime>,
    /// 走访结果.
    pub outcome: OutcomeCode,
    /// 补录 – declared as entered later; free of penalty, so never a reason.
    pub late_entry: bool,
    /// Whether it corrects an earlier record.
    pub corrects: bool,
    /// Days since the household was last met before; `None` when nobody met it yet.
    pub days_since_met: Option<u32>,
    /// What the clocks said.
    pub times: Times,
    /// Which chain of which phone.
    pub chain: Chain,
    /// What was told; `None` when it was erased.
    pub told: Option<Told>,
}

/// What the clocks said of one record, milliseconds since 1970 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Times {
    /// The last hub time the phone held: it was recorded after that.
    pub token_ms: Option<i64>,
    /// When it was recorded, as the phone knew.
    pub stated_ms: i64,
    /// When it was recorded, as the hub can vouch for.
    pub recorded_ms: i64,
    /// When the hub received it.
    pub received_ms: i64,
    /// The phone's wall clock, which can be set.
    pub wall_ms: i64,
    /// The clock since the phone's boot, which cannot; a browser has none.
    pub boot: Option<Boot>,
}

/// A reading of the clock since boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Boot {
    /// Which boot.
    pub id: Uuid,
    /// Milliseconds since then.
    pub ms: u64,
}

/// Where a record stands in the chain of its phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Chain {
    /// The enrolment: one worker on one installation.
    pub enrolment: EnrolmentId,
    /// Counts up when the phone had to start a new chain.
    pub epoch: u32,
    /// Place in it.
    pub seq: u64,
}

/// What a visit brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Kinds of change reported, by their names.
    pub changes: BTreeSet<String>,
    /// Fields of the household written by the same worker on the day the visit was recorded. Notes are no fields of this kind:
    /// a word for next time is no change.
    pub edits: u32,
    /// 诉求 and 隐患.
    pub requests: u32,
    /// Answers to 专项 that were asked.
    pub answers: BTreeMap<QuestionId, Said>,
    /// Free words, only to be compared.
    pub remark: Words,
}

impl Told {
    /// Whether the visit found anything changed.
    #[must_use]
    pub fn is_change(&self) -> bool {
        !self.changes.is_empty() || 0 < self.edits
    }
}

/// One answer, as far as two of them can be alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Said {
    /// 是 / 否.
    YesNo(bool),
    /// A choice.
    Choice(u16),
    /// A number.
    Number(i64),
    /// A day.
    Day(NaiveDate),
    /// Words, as a hash.
    Text(Hash32),
}

/// Free words, without spaces and punctuation.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct Words(String);

impl Words {
    /// Words as they were written; what does not tell two remarks apart is left out.
    #[must_use]
    pub fn new(words: &str) -> Self {
        Self(words.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect())
    }

    /// The signs that are left.
    pub(super) fn signs(&self) -> impl Iterator<Item = char> {
        self.0.chars()
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({} signs)", self.0.chars().count())
    }
}

/// Where a door is. No address is personal without the people behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// 小区.
    pub estate: String,
    /// 栋.
    pub building: String,
    /// 单元.
    pub stair: String,
    /// 层.
    pub floor: Option<i16>,
    /// What kind of house.
    pub housing: Housing,
    /// Sorts as doors are walked.
    pub walking_key: String,
    /// As people write it.
    pub shown: String,
}

/// 住宅类型 – honest work looks different in each, so nobody is compared across them (`detection.md` 4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Housing {
    /// 多层 – old blocks of up to seven floors.
    WalkUp,
    /// 高层 – eight floors and more.
    Tower,
    /// 平房院落 – houses without floors.
    Village,
    /// 集体宿舍 – several households behind one door.
    Dormitory,
}

impl Housing {
    /// Every kind with its Chinese and English name.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::WalkUp, "多层住宅", "walk-up blocks"),
        (Self::Tower, "高层住宅", "tower blocks"),
        (Self::Village, "平房院落", "village houses"),
        (Self::Dormitory, "集体宿舍", "dormitories"),
    ];

    /// From what the roster says of a building: its highest floor if it names floors, and the most households behind
    /// one of its doors.
    #[must_use]
    pub const fn of(highest_floor: Option<i16>, most_behind_a_door: u32) -> Self {
        match highest_floor {
            _ if 3 < most_behind_a_door => Self::Dormitory,
            None => Self::Village,
            Some(floor) if 8 <= floor => Self::Tower,
            Some(_) => Self::WalkUp,
        }
    }

    /// Its name in Chinese and English.
    #[must_use]
    pub fn names(self) -> (&'static str, &'static str) {
        Self::ALL.iter().find(|row| row.0 == self).map_or(("", ""), |row| (row.1, row.2))
    }
}

/// 已知变动 – something the hub learnt of a household from a register or the desk, with the day it happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct KnownChange {
    /// Whose.
    pub unit: Unit,
    /// When it happened.
    pub on: NaiveDate,
    /// When the hub learnt of it, milliseconds since 1970 UTC: before that no phone showed it.
    pub known_ms: i64,
    /// What.
    pub what: KnownWhat,
    /// Who says so.
    pub said_by: SaidBy,
}

/// Who told the hub of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum SaidBy {
    /// 名册 – an imported roster, by this import.
    Register(ImportId),
    /// 窗口 – a single act of the desk.
    Desk,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum KnownWhat {
    /// The household had left.
    Left,
    /// It had ceased, or somebody of it had set up a household of his own.
    Divided,
    /// A member had entered a category.
    CategoryIn,
}

/// What a review could not look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// Location is off, or no phone sends it.
    Location,
    /// Phones do not send how long a record was open.
    ActiveTime,
    /// Some phones have no clock that cannot be set.
    BootClock,
    /// Some bodies were erased by decision.
    ErasedBodies,
    /// No questions were asked.
    Questions,
    /// No register said anything after a visit.
    Registers,
    /// No worker was re-visited and cleared yet: nothing to compare a whole quarter with.
    Reference,
}

impl Missing {
    /// In Chinese and English.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Location => ("没有位置(未开启)", "no location (it is off)"),
            Self::ActiveTime => ("没有填写用时", "no time of entry per record"),
            Self::BootClock => ("部分手机没有开机时钟(浏览器)", "some phones have no boot clock (browsers)"),
            Self::ErasedBodies => ("部分内容已依法删除", "some contents were erased by decision"),
            Self::Questions => ("本期没有专项", "no questions were asked in this period"),
            Self::Registers => ("没有后到的登记信息可对照", "no register said anything after a visit"),
            Self::Reference => (
                "尚无经复访核实的记录作对照,未作整体检验",
                "no re-visited and cleared work to compare with: no test over all",
            ),
        }
    }
}

fn as_words<S: serde::Serializer>(period: &Period, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(period)
}

impl Material {
    /// SHA-256 over all of it: what makes a card reproducible. Order of arrival does not matter once sorted.
    #[must_use]
    pub fn hash(&self) -> Hash32 {
        // Postcard writes maps and sets in their order; every field of the material is one of these or a sorted list.
        Hash32::of(&[b"ruhu-review-2", &postcard::to_stdvec(self).unwrap_or_default()])
    }

    /// Puts records and changes into the one order that hash and sums rely on.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.records.sort_by_key(|one| one.record);
        self.changes.sort();
        self.changes.dedup();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_compared_without_spaces_and_marks_and_never_shown() {
        let words = Words::new("老人 在家,一切正常。OK");
        assert_eq!(words, Words::new("老人在家一切正常ok"));
        assert_eq!(format!("{words:?}"), "Words(10 signs)");
    }

    #[test]
    fn a_kind_of_house_is_read_from_its_floors() {
        assert_eq!(Housing::of(Some(6), 1), Housing::WalkUp);
        assert_eq!(Housing::of(Some(30), 1), Housing::Tower);
        assert_eq!(Housing::of(None, 1), Housing::Village);
        assert_eq!(Housing::of(Some(5), 6), Housing::Dormitory);
    }
}

//! 个人流 – what stands between the desk and one worker: re-visits he is asked to make, questions about a record of his,
//! findings, appeals. It travels in his own stream; what a re-visit brought goes to a stream that no phone reads
//! (`design.md` 7).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::line::LineEvent;
use crate::ids::{CommunityId, FindingId, Hash32, RecheckId, StreamId, WorkerId};
use crate::roster::{By, Unit};

/// 复访 – one question of a draw: which of the draw, and the first or the second time it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RevisitKey {
    /// The draw.
    pub draw: RecheckId,
    /// Which of the draw, from 0.
    pub nth: u32,
    /// 1, or 2 where it is asked twice.
    pub round: u32,
}

/// 复访任务 – a worker is asked to ask again at a door, without a word of what was recorded there. The entry's words say
/// where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisitTask {
    /// Which.
    pub key: RevisitKey,
    /// Who is asked to.
    pub worker: WorkerId,
    /// Until when; `None`: he need not go any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
}

/// 复访结果 – what came of asking again, as the resident told it. Who asked did not know the record. The entry's words
/// are a remark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revisited {
    /// Which.
    pub key: RevisitKey,
    /// Who asked.
    pub made_by: WorkerId,
    /// On which day.
    pub on: NaiveDate,
    /// Asked by telephone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_phone: bool,
    /// 本期有没有人来走访.
    pub told: Told,
    /// 大约哪一天 – when that was, as the resident remembers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_on: Option<NaiveDate>,
    /// 常住人数 – how many live there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<u8>,
}

/// What a resident told about whether anybody came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// 来过.
    Came,
    /// 没来过 – says a resident who would know.
    NobodyCame,
    /// 说不清.
    Unsure,
    /// 没遇到.
    NotMet,
    /// 不愿回答.
    Refused,
}

/// 核查 – a step about one record of one worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingEvent {
    /// Which.
    pub finding: FindingId,
    /// Whose record it is about.
    pub worker: WorkerId,
    /// What happened.
    pub step: FindingStep,
    /// Who says so.
    pub by: By,
}

/// 核查环节 – nobody concludes before the worker was asked; an appeal is heard by somebody else (`detection.md` 4.6).
/// The entry's words say why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingStep {
    /// 请说明 – the worker is asked for his account.
    Asked {
        /// Payload hash of the record.
        record: Hash32,
        /// Whom the record is about.
        unit: Unit,
        /// The day it states.
        visited_on: NaiveDate,
        /// The re-visit that contradicted it.
        contradicted_by: RevisitKey,
        /// The last day for his account.
        reply_by: NaiveDate,
    },
    /// 说明 – his account.
    Accounted {
        /// What he says happened.
        account: Account,
    },
    /// 结论.
    Decided {
        /// What was found.
        ruling: Ruling,
        /// The last day to appeal; none where there is nothing to appeal against.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        appeal_by: Option<NaiveDate>,
    },
    /// 申诉 – the worker wants somebody else to look at it.
    Appealed,
    /// 复核 – somebody else has.
    Heard {
        /// 撤销 – the finding is reversed: everything is as before it.
        reversed: bool,
    },
}

/// 情况 – what the worker says happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// 如实走访 – it was as recorded.
    AsRecorded,
    /// 见的是另一位家人 – who was asked again is not who was met.
    MetAnother,
    /// 电话联系 – it was by telephone.
    ByPhone,
    /// 过后补录 – it was typed later, from notes.
    TypedLater,
    /// 记错户或日期 – another door, or another day.
    Mixed,
    /// 没有走访 – there was no visit.
    NoVisit,
    /// 其他.
    Other,
}

/// 认定 – what a person found (`D1a-09`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// 不予认定 – nothing holds against the record.
    Cleared,
    /// 入户不到位 – nobody went, and nothing says on purpose.
    Missed,
    /// 调查结果不实 – somebody was there; what was written is not so. The visit counts.
    Inaccurate,
    /// 弄虚作假.
    Falsified,
}

impl Ruling {
    /// Whether it holds something against the record: only then there is something to appeal against.
    #[must_use]
    pub const fn is_adverse(self) -> bool {
        !matches!(self, Self::Cleared)
    }

    /// Whether the visit counts no longer.
    #[must_use]
    pub const fn stops_counting(self) -> bool {
        matches!(self, Self::Missed | Self::Falsified)
    }
}

impl FindingStep {
    /// Whether a worker says it of a record of his own; all others are the desk's.
    #[must_use]
    pub const fn is_the_workers(&self) -> bool {
        matches!(self, Self::Accounted { .. } | Self::Appealed)
    }
}

/// What an entry says between the desk and a worker, of either side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Private {
    /// 复访任务.
    Task(RevisitTask),
    /// 复访结果.
    Revisited(Revisited),
    /// 核查.
    Finding(FindingEvent),
    /// 奖惩事项.
    Line(LineEvent),
}

/// 致工作者 – what the desk says to one worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToWorker {
    /// 复访任务.
    Task(RevisitTask),
    /// 核查.
    Finding(FindingEvent),
    /// 奖惩事项.
    Line(LineEvent),
}

impl From<ToWorker> for Private {
    fn from(said: ToWorker) -> Self {
        match said {
            ToWorker::Task(task) => Self::Task(task),
            ToWorker::Finding(event) => Self::Finding(event),
            ToWorker::Line(event) => Self::Line(event),
        }
    }
}

impl Private {
    /// Whose matter it is.
    #[must_use]
    pub const fn worker(&self) -> WorkerId {
        match self {
            Self::Task(task) => task.worker,
            Self::Revisited(answer) => answer.made_by,
            Self::Finding(event) => event.worker,
            Self::Line(event) => event.worker,
        }
    }

    /// The stream it stands in: what a re-visit brought is for no phone.
    #[must_use]
    pub const fn stream(&self, community: CommunityId) -> StreamId {
        match self {
            Self::Revisited(_) => StreamId::Answers(community),
            Self::Task(_) | Self::Finding(_) | Self::Line(_) => StreamId::Worker(self.worker()),
        }
    }
}

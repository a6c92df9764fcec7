//! What the payloads say: records of phones, changes of documents, acts of the desk.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::line::LineEvent;
use super::private::{FindingEvent, Private, Revisited, ToWorker};
use crate::community::CommunityFact;
use crate::fact::Fact;
use crate::ids::{AccountId, Hash32, RequestId, WorkerId};
use crate::roster::{By, Unit};
use crate::visit::{VisitBody, VisitSkeleton};

/// Skeleton of a `record`: immutable, depends on nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// 走访.
    Visit(VisitSkeleton),
    /// 撤回.
    Withdrawal(Withdrawal),
    /// 新户, 分户, 改用途… – provisional facts.
    Proposal(Proposal),
    /// 诉求, 隐患 – a step in the life of a request or hazard.
    RequestEvent(RequestEvent),
    /// 复访结果 – what asking again brought.
    Revisited(Revisited),
    /// 说明, 申诉 – what a worker says of a record of his own that is in doubt.
    Finding(FindingEvent),
    /// 本人意见, 申诉 – what a worker says of a line of the ledger about him.
    Line(LineEvent),
}

/// 撤回 – takes a record of the same unit back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// The unit the withdrawn record belongs to.
    pub unit: Unit,
    /// Payload hash of the record.
    pub target: Hash32,
    /// Who takes it back.
    pub made_by: WorkerId,
}

/// Facts a worker found at the door; they hold at once and await the lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Who found them.
    pub made_by: WorkerId,
    /// What they are, each with the unit it is about.
    pub facts: Vec<UnitFact>,
}

/// A fact and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitFact {
    /// Household or door.
    pub unit: Unit,
    /// What is said.
    pub fact: Fact,
}

/// A step in the life of a request 诉求 or hazard 隐患 that was noticed on a visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestEvent {
    /// The household it came from.
    pub unit: Unit,
    /// Which request.
    pub request: RequestId,
    /// What happened.
    pub step: RequestStep,
    /// Who says so.
    pub by: By,
    /// 承办 – who is to do it, of [`RequestStep::Assigned`] and [`RequestStep::PassedUp`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<RequestOwner>,
    /// 时限 – the last day to handle it, of the same steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
}

/// 承办 – who is to handle a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestOwner {
    /// A worker of the community.
    Worker(WorkerId),
    /// A unit 单位 by its name, up to [`RequestEvent::OFFICE_MAX`] characters; the name of an office and of no person.
    Office(String),
}

impl RequestEvent {
    /// Longest name of a unit, in characters.
    pub const OFFICE_MAX: u16 = 60;
}

/// 办理环节 – noticed on a visit, then these (`domain.md` 2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestStep {
    /// 上报 – passed up.
    PassedUp,
    /// 交办 – assigned.
    Assigned,
    /// 办理 – handled.
    Handled,
    /// 回复 – the resident was told.
    Replied,
    /// 办结 – closed.
    Closed,
}

impl RequestStep {
    /// Whether a phone may say it: who is to handle a request, and when it is closed, is for the desk.
    #[must_use]
    pub const fn may_come_from_a_phone(self) -> bool {
        matches!(self, Self::PassedUp | Self::Handled | Self::Replied)
    }
}

/// Skeleton of a `doc` entry; the change itself is the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocSkeleton {
    /// Whose document.
    pub unit: Unit,
    /// Who edited.
    pub by: By,
    /// The change's own hash; compared before anything is applied.
    pub change: Hash32,
    /// On whose word the desk changed it; `None` for what a worker was told at the door, and for what was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<EditSource>,
}

/// 依据 – on whose word the desk changed a field of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EditSource {
    /// 居民本人 – the resident asked for it: a right (个人信息保护法 §46).
    Resident,
    /// 网格员核实 – a worker found out.
    Worker,
    /// 部门资料 – papers or a register of a department.
    Papers,
    /// 录入更正 – what was typed was wrong.
    Typing,
}

/// An act of the desk: facts that belong together, done by one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeAct {
    /// The account acted for.
    pub by: AccountId,
    /// About households and doors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitFact>,
    /// About the community.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub community: Vec<CommunityFact>,
    /// A step in the life of a request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestEvent>,
    /// 致工作者 – something for one worker alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_worker: Option<ToWorker>,
}

impl OfficeAct {
    /// An act of this account that says nothing yet.
    #[must_use]
    pub const fn of(by: AccountId) -> Self {
        Self { by, units: Vec::new(), community: Vec::new(), request: None, to_worker: None }
    }
}

/// 原因 – words that give a reason; the body of every entry that is no visit and no change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonBody {
    /// Possibly empty.
    pub words: String,
}

/// A payload, understood. A `None` body was erased.
#[derive(Clone, Debug, PartialEq)]
pub enum Contents {
    /// A visit.
    Visit {
        /// What coverage reads.
        skeleton: VisitSkeleton,
        /// What was learnt.
        body: Option<VisitBody>,
    },
    /// Any other record.
    Record {
        /// What it says.
        record: Record,
        /// Why.
        reason: Option<ReasonBody>,
    },
    /// A change of a household's document.
    Doc {
        /// Whose, and which.
        skeleton: DocSkeleton,
        /// The raw automerge change.
        change: Option<Vec<u8>>,
    },
    /// An act of the desk.
    Office {
        /// What was decided.
        act: OfficeAct,
        /// Why.
        reason: Option<ReasonBody>,
    },
}

impl Contents {
    /// Who recorded or decided it.
    #[must_use]
    pub const fn by(&self) -> By {
        match self {
            Self::Visit { skeleton, .. } => By::Worker(skeleton.made_by),
            Self::Record { record, .. } => match record {
                Record::Visit(visit) => By::Worker(visit.made_by),
                Record::Withdrawal(withdrawal) => By::Worker(withdrawal.made_by),
                Record::Proposal(proposal) => By::Worker(proposal.made_by),
                Record::RequestEvent(event) => event.by,
                Record::Revisited(one) => By::Worker(one.made_by),
                Record::Finding(event) => event.by,
                Record::Line(event) => event.by,
            },
            Self::Doc { skeleton, .. } => skeleton.by,
            Self::Office { act, .. } => By::Desk(act.by),
        }
    }

    /// The step in the life of a request that it records, if it is one.
    #[must_use]
    pub const fn request_event(&self) -> Option<&RequestEvent> {
        match self {
            Self::Record { record: Record::RequestEvent(event), .. } => Some(event),
            Self::Office { act, .. } => act.request.as_ref(),
            _ => None,
        }
    }

    /// What it says between the desk and one worker, if it does.
    #[must_use]
    pub fn private(&self) -> Option<Private> {
        match self {
            Self::Record { record: Record::Revisited(one), .. } => Some(Private::Revisited(one.clone())),
            Self::Record { record: Record::Finding(event), .. } => Some(Private::Finding(event.clone())),
            Self::Record { record: Record::Line(event), .. } => Some(Private::Line(event.clone())),
            Self::Office { act, .. } => act.to_worker.clone().map(Private::from),
            _ => None,
        }
    }

    /// The words that came with it; empty for visits and changes, and once erased.
    #[must_use]
    pub fn reason_words(&self) -> &str {
        match self {
            Self::Record { reason: Some(reason), .. } | Self::Office { reason: Some(reason), .. } => {
                &reason.words
            }
            _ => "",
        }
    }

    /// The facts it adds to unit files, in order: the `nth` of their stamps.
    #[must_use]
    pub fn unit_facts(&self) -> Vec<UnitFact> {
        match self {
            Self::Visit { skeleton, .. } => {
                vec![UnitFact { unit: skeleton.unit, fact: Fact::Visited(skeleton.clone()) }]
            }
            Self::Record { record: Record::Withdrawal(one), .. } => {
                vec![UnitFact { unit: one.unit, fact: Fact::Withdrawn { target: one.target } }]
            }
            Self::Record { record: Record::Proposal(proposal), .. } => proposal.facts.clone(),
            Self::Office { act, .. } => act.units.clone(),
            Self::Record { .. } | Self::Doc { .. } => Vec::new(),
        }
    }
}

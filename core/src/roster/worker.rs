//! 社区工作者 – workers, what binds them, and which grid they look after when.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{GridId, WorkerId};

/// 社区工作者 – one worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worker {
    /// Its id.
    pub id: WorkerId,
    /// The name on the worker's card.
    pub name: String,
    /// 干部 or 工作人员: the seeds treat them apart (D1b-01, D1b-27).
    pub class: WorkerClass,
    /// The post held, if any.
    pub role: CommitteeRole,
    /// 专职 or 兼职.
    pub engagement: Engagement,
    /// What binds the worker; legal holds depend on it.
    pub contract: ContractKind,
    /// Office telephone shown to residents.
    pub office_phone: Option<String>,
}

/// 干部 | 工作人员 – the class a rule asks for (D1b-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkerClass {
    /// 干部 – appointed or assigned by the party committee or government.
    Cadre,
    /// 工作人员 – all others.
    Staff,
}

/// 职务 – the post in the residents' committee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommitteeRole {
    /// 党组织书记.
    PartySecretary,
    /// 主任.
    Director,
    /// 副主任.
    Deputy,
    /// 委员.
    Member,
    /// 网格员 – a grid worker without a seat.
    GridWorker,
}

/// 专职 | 兼职.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engagement {
    /// 专职.
    FullTime,
    /// 兼职.
    PartTime,
}

/// 服务协议, 聘用合同, 劳动合同 – which kind of contract (D0-01, D2-14, D3-09).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractKind {
    /// 服务协议 – service agreement (D0-01).
    ServiceAgreement,
    /// 聘用合同 – appointment for the committee's term (D2-14).
    TermAppointment,
    /// 劳动合同 – labour contract (D3-09).
    LabourContract,
    /// Elected, no contract.
    Elected,
    /// Not known yet.
    Unknown,
}

/// 分管 | 代管 – why a worker may work in a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentKind {
    /// 分管 – responsible for the grid.
    Responsible,
    /// 代访 – covers for the responsible worker; responsibility does not move.
    Cover,
}

/// One worker in one grid from one day to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Assignment {
    /// The grid.
    pub grid: GridId,
    /// Who works in it.
    pub worker: WorkerId,
    /// Responsible or covering.
    pub kind: AssignmentKind,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` while it lasts.
    pub until: Option<NaiveDate>,
}

impl Assignment {
    /// Whether it holds on the day.
    #[must_use]
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// 请假 – a span of leave, so that cover can be arranged. It does not reduce what is due (`coverage.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LeaveSpan {
    /// Who is away.
    pub worker: WorkerId,
    /// First day away.
    pub from: NaiveDate,
    /// Last day away.
    pub until: NaiveDate,
}

//! 名册 – places, doors, households and the people who look after them: the words, without any history.
//!
//! What happened to a door or a household over time is a set of facts ([`crate::fact`]).

use serde::{Deserialize, Serialize};

use crate::ids::{CommunityId, DwellingId, GridId, HouseholdId, WorkerId};

mod address;
mod worker;

pub use address::{Address, BuildingRef, natural_key};
pub use worker::{
    Assignment, AssignmentKind, CommitteeRole, ContractKind, Engagement, LeaveSpan, Worker, WorkerClass,
};

/// 区县, 街道, 社区 – where a community stands, for headings of reports. Codes are given by the organ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Community {
    /// Its id.
    pub id: CommunityId,
    /// 社区 – its name.
    pub name: String,
    /// 街道 or 镇 above it.
    pub street: String,
    /// 区县 above that.
    pub county: String,
    /// 行政区划代码 – as given by the organ, possibly empty; no meaning is derived from it.
    pub code: String,
}

/// 网格 – one grid of a community. Its code is a string given by the organ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// Its id.
    pub id: GridId,
    /// The community it belongs to; a grid never belongs to a street directly.
    pub community: CommunityId,
    /// 第1网格 – its name.
    pub name: String,
    /// Its code, possibly empty.
    pub code: String,
}

/// 居民小组 – a residents' group and its leader 组长, for the register 登记造册 (D1a-07, D1b-14).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResidentGroup {
    /// Its name, unique within the community.
    pub name: String,
    /// 组长 – the leader's name; a group without one is listed as such.
    pub leader: Option<String>,
    /// The leader's telephone.
    pub leader_phone: Option<String>,
}

/// 楼栋长 – the steward of a building or of one stair: who to ask first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildingSteward {
    /// The building, or one stair of it.
    pub place: BuildingRef,
    /// The steward's name.
    pub name: String,
    /// The steward's telephone.
    pub phone: Option<String>,
}

/// 户室用途 – what a door is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DwellingUse {
    /// 住宅 – a home, lived in or vacant.
    Home,
    /// A second flat of one household; never a unit of coverage.
    AnnexOf(HouseholdId),
    /// 非住宅 – shop, office, store room.
    NonResidential,
    /// 已灭失 – torn down, walled up, numbered away.
    Gone,
}

/// 走访单元 – what a visit is paid to and what is due: a household, or a door nobody lives behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 户 – a household, wherever in the community it lives.
    Household(HouseholdId),
    /// 空户 – a home without a household.
    Vacant(DwellingId),
}

impl Unit {
    /// The 16 bytes that name it in an envelope.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        match self {
            Self::Household(id) => id.as_bytes(),
            Self::Vacant(id) => id.as_bytes(),
        }
    }
}

/// 当面或转述 – who said so, when the worker did not see it for himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Informant {
    /// 本人 – a resident of the household itself.
    Resident,
    /// 房东 – the landlord.
    Landlord,
    /// 物业 – the property manager.
    PropertyManager,
    /// 楼栋长 – the building or stair steward.
    BuildingSteward,
    /// 邻居 – a neighbour.
    Neighbour,
    /// Anybody else.
    Other,
}

impl Informant {
    /// 物业, 楼栋长, 房东 – a named role whose word confirms one observation of an empty flat (`coverage.md`).
    #[must_use]
    pub const fn is_named_role(self) -> bool {
        matches!(self, Self::Landlord | Self::PropertyManager | Self::BuildingSteward)
    }
}

/// Who recorded or decided something: a worker on a phone, or an account at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A worker, from his phone.
    Worker(WorkerId),
    /// The desk: the community lead or the importer, named by account.
    Desk(crate::ids::AccountId),
}

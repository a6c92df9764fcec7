//! 读出的名册 – what a file says, neutral of any database: doors, households, people, findings, counts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ruhu_core::category::PartDate;
use ruhu_core::roster::Address;
use serde::{Deserialize, Serialize};

use crate::import::columns::{ColumnMatch, ColumnsError, HandMap, Mapping};
use crate::import::finding::{Finding, Place};
use crate::import::sheet::Sheet;
use crate::import::terms::{RelationToHead, Sex, Tenure};

mod gather;
mod line;
mod people;
mod settle;
mod skip;

pub(crate) use settle::address_key;

/// How a file is to be read.
#[derive(Clone, Debug)]
pub struct ReadSettings {
    /// Today in the community's zone: dates after it are not believed.
    pub today: NaiveDate,
    /// Ids of the categories the organ has confirmed with their basis; marks of others are read, not kept.
    pub confirmed: BTreeSet<String>,
    /// The basis on which identity numbers are kept; `None` reads and checks them only.
    pub id_basis: Option<String>,
    /// Columns given by hand.
    pub hand: HandMap,
    /// Mappings remembered from earlier imports of this source.
    pub remembered: Vec<Mapping>,
}

impl ReadSettings {
    /// No category confirmed, no identity numbers kept, nothing mapped by hand.
    #[must_use]
    pub fn new(today: NaiveDate) -> Self {
        Self {
            today,
            confirmed: BTreeSet::new(),
            id_basis: None,
            hand: HandMap::default(),
            remembered: Vec::new(),
        }
    }
}

/// 户室 as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadDwelling {
    /// Names it in every file of this source: its number, its household's number, or its address.
    pub key: String,
    /// Where it is.
    pub address: Address,
    /// The grid's name, if the file gives one.
    pub grid: Option<String>,
    /// What it is used for.
    pub used_as: ReadUse,
    /// Where it stands in the file.
    pub place: Place,
}

/// 户室用途 as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadUse {
    /// 住宅, lived in or vacant.
    Home,
    /// 非住宅.
    NonResidential,
    /// 已灭失.
    Gone,
}

impl ReadUse {
    /// The word kept of it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::NonResidential => "non-residential",
            Self::Gone => "gone",
        }
    }
}

/// 家庭户 as read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadHousehold {
    /// Names it in every file of this source: 户编号, or the dwelling's key and a count.
    pub key: String,
    /// Key of its dwelling.
    pub dwelling: String,
    /// 户编号.
    pub code: Option<String>,
    /// 住房性质.
    pub tenure: Option<Tenure>,
    /// 重点户; `None` when the file does not say.
    pub is_key: Option<bool>,
    /// 上次走访日期.
    pub last_visit: Option<NaiveDate>,
    /// 迁入日期.
    pub moved_in: Option<NaiveDate>,
    /// Telephones given for the household as a whole.
    pub phones: Vec<String>,
    /// Its people, in the order of the file.
    pub members: Vec<ReadPerson>,
    /// Where it stands in the file.
    pub place: Place,
    /// 删除线 – its row is struck through: perhaps gone, for a person to decide.
    pub struck: bool,
}

impl ReadHousehold {
    /// Whom to enter as 户主: the first member who is said to be.
    #[must_use]
    pub fn head(&self) -> Option<&ReadPerson> {
        self.members.iter().find(|one| one.relation == Some(RelationToHead::Head))
    }

    /// The numbers to call, best first: the household's own, then the head's, then anybody's; each once.
    #[must_use]
    pub fn numbers(&self) -> Vec<&str> {
        let of_head = self.head().into_iter().flat_map(|head| &head.phones);
        let of_all = self.members.iter().flat_map(|one| &one.phones);
        let mut numbers: Vec<&str> = Vec::new();
        for number in self.phones.iter().chain(of_head).chain(of_all) {
            if !numbers.contains(&number.as_str()) {
                numbers.push(number);
            }
        }
        numbers
    }
}

/// 居民 as read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadPerson {
    /// Names the person within the household: the name, with a count where two share it.
    pub key: String,
    /// 姓名.
    pub name: String,
    /// 与户主关系.
    pub relation: Option<RelationToHead>,
    /// 性别.
    pub sex: Option<Sex>,
    /// 出生日期, as exact as given.
    pub birth: Option<PartDate>,
    /// 联系电话.
    pub phones: Vec<String>,
    /// 服务对象类别: every mark read, confirmed or not.
    pub marks: BTreeSet<String>,
    /// Those of `marks` that may be kept.
    pub categories: BTreeSet<String>,
    /// 人户分离.
    pub separated: Option<bool>,
    /// 身份证号, only where a basis was stated.
    pub id_number: Option<String>,
    /// Where the same person stands in another household, earlier in the file.
    pub also_at: Option<Place>,
    /// Where the person stands in the file.
    pub place: Place,
    /// 删除线.
    pub struck: bool,
}

/// People do not belong in logs or test output.
impl std::fmt::Debug for ReadPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReadPerson({})", self.place)
    }
}

/// 计数 – what a careful clerk would count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Doors.
    pub dwellings: u32,
    /// Doors where somebody lives.
    pub households: u32,
    /// People, each once.
    pub persons: u32,
    /// 重点户.
    pub key_households: u32,
    /// Households with a date of the last visit.
    pub with_last_visit: u32,
    /// Homes where nobody lives.
    pub vacant: u32,
    /// Households that rent.
    pub rented: u32,
    /// Doors by grid; doors without one under the empty name.
    pub per_grid: BTreeMap<String, u32>,
    /// People marked, by category id, kept or not; each person once.
    pub categories: BTreeMap<String, u32>,
}

/// One table as matched, to be shown before anything is committed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadTable {
    /// The sheet and the row of its headings.
    pub place: Place,
    /// Its columns.
    pub columns: Vec<ColumnMatch>,
}

/// 读出的名册 – everything a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadRoster {
    /// Its tables and how their columns were matched.
    pub tables: Vec<ReadTable>,
    /// Doors in the order of the file.
    pub dwellings: Vec<ReadDwelling>,
    /// Households in the order of the file.
    pub households: Vec<ReadHousehold>,
    /// Findings by place.
    pub findings: Vec<Finding>,
    /// Counts.
    pub counts: Counts,
    /// The day it was read: since when a mark is known, where the file does not say since when it holds.
    pub read_on: NaiveDate,
    /// Hand mappings to remember for the next file of this source.
    pub mappings: Vec<Mapping>,
}

/// Reads sheets into a roster.
///
/// # Errors
/// [`ColumnsError`]: no sheet is a roster, or a hand mapping names a sheet that is not there.
pub fn read(sheets: &[Sheet], settings: &ReadSettings) -> Result<ReadRoster, ColumnsError> {
    gather::gather(sheets, settings)
}

#[cfg(test)]
mod tests;

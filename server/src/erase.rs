//! 删除 – by decision or because its time has passed, what was learnt about people is erased; what was done and when
//! stays, with its hashes, so that coverage is the same to the bit and the chains still hold.
//!
//! | module | what it does |
//! |---|---|
//! | [`plan`] | what would go, and why: the dry run |
//! | [`act`] | does it: bodies, documents, imports, keys, in one transaction |
//! | `imports` | what imports of rosters remember |
//! | [`ledger`] | the list of decisions outside the database, done again after every restore |
//! | [`retention`] | fields whose time has passed, by the register |
//!
//! A household's document keeps its history, so it is made anew without what goes; every earlier change loses its
//! body. Bodies that stay are sealed under a new key of the household, and the old one is gone with the outer key that
//! wrapped it (see `storage::vault`).

pub mod act;
mod imports;
pub mod ledger;
pub mod plan;
pub mod retention;

use ruhu_core::ids::{AccountId, PersonId};
use ruhu_core::roster::Unit;
use serde::{Deserialize, Serialize};

use crate::ingest::office::ActError;
use crate::storage::StorageError;

/// What is to be erased of a household.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// 整户 – everything learnt of it.
    Household,
    /// 一人 – one person, with every record that names them.
    Person(PersonId),
    /// 字段 – these fields, because their time has passed.
    Fields(Vec<String>),
}

/// One decision to be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Of whom.
    pub unit: Unit,
    /// What.
    pub what: What,
    /// Number of the decision, or the rule of retention; never a name.
    pub cause: String,
    /// Who does it.
    pub by: AccountId,
}

/// Why nothing was erased. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// A household or door nobody listed.
    #[error("名册中没有此户室 / not in the roster")]
    UnknownUnit,
    /// Nobody of this id is or was known in the household.
    #[error(
        "本户没有编号 {0} 的人;不带 --person 试运行,字段名里有各人编号 / the household has nobody with the id {0}; a dry run without --person shows the ids in the names of fields"
    )]
    UnknownPerson(PersonId),
    /// No reason.
    #[error("请写明决定文号或依据 / say the number of the decision, or its basis")]
    NoCause,
    /// The reason names what is to be erased.
    #[error(
        "依据中含有要删除的姓名或号码:它会留在日志里,请只写文号 / the reason holds a name or number that is to be erased and would stay in the log: say only the number of the decision"
    )]
    CauseNames,
    /// The resident's request it belongs to was not granted, or was done meanwhile.
    #[error("这件申请没有同意删除,或已经办理 / the request was not granted, or is done already")]
    NotGranted,
    /// The act could not be sealed.
    #[error(transparent)]
    Act(#[from] ActError),
    /// The list of decisions.
    #[error(transparent)]
    Ledger(#[from] ledger::LedgerError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

//! Phones and a hub in one process: no sockets, no sleeps, one clock that the story moves, everything from one seed.

mod clock;
mod hub;
mod known;
mod lead;
mod phone;
mod quarter;
mod record;

pub use clock::SimClock;
pub use hub::{SimHub, community};
pub use known::Known;
pub use phone::{Carry, SimPhone, Traffic};
pub use quarter::{DayDone, Quarter};

use ruhu_core::fieldbook::FieldbookError;
use ruhu_core::time::BadCalendar;
use ruhu_server::import::commit::CommitError;
use ruhu_server::ingest::enrol::CodeError;
use ruhu_server::ingest::office::ActError;
use ruhu_server::storage::StorageError;

use crate::sheet::SheetError;

/// What can stop a run; a bug in the product or in the simulation, never bad luck.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    /// The hub's database.
    #[error("模拟:中心数据库 / simulation: the hub's database")]
    Storage(#[from] StorageError),
    /// An act of the desk.
    #[error("模拟:社区办理 / simulation: an act of the desk")]
    Act(#[from] ActError),
    /// A one-time code.
    #[error("模拟:登记码 / simulation: a code for a phone")]
    Code(#[from] CodeError),
    /// A phone.
    #[error("模拟:手机 / simulation: a phone")]
    Phone(#[from] FieldbookError),
    /// The roster could not be written.
    #[error("模拟:名册 / simulation: the roster")]
    Sheet(#[from] SheetError),
    /// The roster could not be imported.
    #[error("模拟:导入名册 / simulation: import the roster")]
    Import(#[source] Box<CommitError>),
    /// The holidays.
    #[error("模拟:工作日历 / simulation: the calendar")]
    Calendar(#[from] BadCalendar),
    /// A phone and the hub never came to an end.
    #[error("模拟:同步没有完成({0}) / simulation: a sync did not come to an end ({0})")]
    Unfinished(String),
    /// A message that cannot be written.
    #[error("模拟:消息 / simulation: a message")]
    Message(#[from] serde_json::Error),
}

impl From<CommitError> for HarnessError {
    /// Boxed: what can go wrong in a roster is much larger than everything else.
    fn from(why: CommitError) -> Self {
        Self::Import(Box::new(why))
    }
}

#[cfg(test)]
mod tests;

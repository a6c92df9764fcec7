//! 外勤本 – the one door for every phone: who is due, one household, save, correct, what became of it, one round trip.
//!
//! All plain functions; whatever they change is in the file when they return. The clock and the randomness are handed
//! in once, at [`Fieldbook::open`]; how bytes reach the hub is the host's affair.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use rand::Rng;

use crate::category::FieldProblem;
use crate::community::CommunityFile;
use crate::entry::{OutOfBounds, RevisitKey};
use crate::ids::{FindingId, Hash32, IdSource, LineId, RequestId};
use crate::profile::{GateRefusal, ProfileError};
use crate::roster::Unit;
use crate::store::{Store, StoreError, enrolment, units};
use crate::sync::session::{Session, SyncError};
use crate::time::{BadCalendar, Clock, Zone};
use crate::visit::Problem;

mod enrol;
mod exchange;
mod fields;
mod found;
mod lease;
mod lines;
mod mask;
mod own_days;
mod plan;
mod practice;
mod private;
mod receipts;
mod requests;
mod saving;
mod sheets;
mod stands;
#[cfg(test)]
mod tests;
mod today;
mod visits;

pub use enrol::Invitation;
#[cfg(feature = "native")]
pub use exchange::{Door, sync_once, sync_telling};
pub use lease::{LOCKED, Lease, LeaseStanding};
pub use lines::OwnLine;
pub use mask::{HIDDEN, mask_shown, mask_value};
pub use own_days::OwnDay;
pub use plan::PlanRow;
pub use practice::Invented;
pub use private::{OwnFinding, Revisit, RevisitAnswer};
pub use requests::{RaisedRequest, RequestAnswer};
pub use sheets::{
    Created, DayRow, DaySheet, Enrolled, HistoryLine, KeptDraft, NewHousehold, NewMember, NewPlace, NewUse,
    OutboxCounts, Receipt, Saved, SentLine, UnitLine, UnitSheet,
};

/// 外勤本 – one worker's records on one phone.
pub struct Fieldbook {
    store: Store,
    session: Session,
    clock: Arc<dyn Clock>,
    ids: IdSource<Box<dyn Rng + Send>>,
    /// 练习 – invented, in memory, for nobody's hub.
    practising: bool,
}

/// What did not work. Nothing was changed, whatever it is.
#[derive(Debug, thiserror::Error)]
pub enum FieldbookError {
    /// The file.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The exchange with the hub.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// The document of a household.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// Everything wrong with the form.
    #[error("{}", joined(.0))]
    Problems(Vec<Problem>),
    /// Everything wrong with the fields, each with its key.
    #[error("{}", joined_fields(.0))]
    Fields(Vec<(String, FieldProblem)>),
    /// A unit this phone does not hold.
    #[error(
        "本机没有此户:请先同步,或按新户登记 / this phone holds no such household: sync, or record it as new"
    )]
    UnknownUnit(Unit),
    /// A record this phone does not hold.
    #[error("本机没有此记录 / this phone holds no such record")]
    UnknownRecord(Hash32),
    /// A request no visit to the unit raised, as far as this phone knows.
    #[error("本机没有此诉求:请先同步 / this phone holds no such request: sync first")]
    UnknownRequest(RequestId),
    /// The answer says nothing without words.
    #[error("请写明做了什么,或应由谁办理 / say what was done, or whose it is")]
    WordsMissing,
    /// A re-visit nobody asks this worker for, or no longer.
    #[error("没有这项复访,或已收回:请先同步 / no such re-visit is asked of you, or not any more: sync first")]
    UnknownRevisit(RevisitKey),
    /// A finding that is not about a record of this worker, as far as this phone knows.
    #[error("本机没有这项核查:请先同步 / this phone holds no such finding: sync first")]
    UnknownFinding(FindingId),
    /// An account once a person has found, an appeal where there is nothing to appeal against, or too late.
    #[error(
        "这一步已经过去,未保存:请看核查现在的情况 / that step has passed, nothing was saved: see how the finding stands"
    )]
    StepPassed(FindingId),
    /// A line of the ledger that is not about this worker, or not known.
    #[error("本机没有这项奖惩事项:请先同步 / this phone holds no such line of the ledger: sync first")]
    UnknownLine(LineId),
    /// An answer once somebody has decided, an appeal where there is nothing to appeal against, or too late.
    #[error(
        "这一步已经过去,未保存:请看这一项现在的情况 / that step has passed, nothing was saved: see how the line stands"
    )]
    LinePassed(LineId),
    /// An account that says nothing without words, or an appeal without a reason.
    #[error("请写明情况或理由 / say what happened, or why")]
    ReasonMissing,
    /// Only one's own records can be corrected or withdrawn here.
    #[error("只能更正或撤回自己的记录 / only your own records can be corrected or withdrawn")]
    NotYours,
    /// The edit would be refused by the hub.
    #[error("此项修改不能保存({0}) / the edit cannot be saved ({0})")]
    Gate(GateRefusal),
    /// More than a record may hold: the hub would refuse it.
    #[error(transparent)]
    OutOfBounds(#[from] OutOfBounds),
    /// The hub's answer to the one-time code.
    #[error("登记失败:{0} / enrolment failed: {0}")]
    Enrol(String),
    /// A shipped notice of holidays is damaged: the app was not built as it should be.
    #[error(transparent)]
    Calendar(#[from] BadCalendar),
    /// The answer is not of the hub whose code was scanned.
    #[error(
        "登记失败:中心与登记码不符,请向管理员核对 / enrolment failed: not the hub that made the code, ask the administrator"
    )]
    OtherHub,
    /// The file belongs to another worker, or to another hub.
    #[error(
        "此数据文件属于另一位工作人员:请换用自己的文件 / this file belongs to another worker: use your own"
    )]
    OtherWorker,
}

impl Fieldbook {
    /// Opens the file at `path`, or makes it. `rng` must be the system's randomness in the product: keys come from it.
    ///
    /// # Errors
    /// [`FieldbookError::Store`] says what is wrong with the file; it is left as it is.
    pub fn open(
        path: &str,
        app: &str,
        clock: Arc<dyn Clock>,
        rng: Box<dyn Rng + Send>,
    ) -> Result<Self, FieldbookError> {
        Ok(Self::over(Store::open(path)?, app, clock, rng))
    }

    /// Opens the encrypted file at `path`, or makes it, with the key that the host keeps; otherwise as
    /// [`Fieldbook::open`].
    ///
    /// # Errors
    /// [`FieldbookError::Store`], among them a wrong key; the file is left as it is.
    #[cfg(feature = "keyed")]
    pub fn open_encrypted(
        path: &str,
        key: &crate::store::StoreKey,
        app: &str,
        clock: Arc<dyn Clock>,
        rng: Box<dyn Rng + Send>,
    ) -> Result<Self, FieldbookError> {
        Ok(Self::over(Store::open_encrypted(path, key)?, app, clock, rng))
    }

    fn over(store: Store, app: &str, clock: Arc<dyn Clock>, rng: Box<dyn Rng + Send>) -> Self {
        Self { store, session: Session::new(app), clock, ids: IdSource::new(rng), practising: false }
    }

    /// The best knowledge of the time (`design.md` 5, "Time").
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn now(&self) -> Result<DateTime<Utc>, FieldbookError> {
        Ok(enrolment::now(enrolment::held(self.store.read())?.as_ref(), self.clock.read()))
    }

    /// Today in the community's zone.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn today(&self) -> Result<NaiveDate, FieldbookError> {
        Ok(self.zone()?.date(self.now()?))
    }

    /// The community's file: grids, workers, settings.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn community(&self) -> Result<CommunityFile, FieldbookError> {
        Ok(units::community(self.store.read())?)
    }

    /// 存储上限 – see [`Store::limit_pages`]: a phone whose space runs out, for trials.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn limit_pages(&self, pages: u32) -> Result<(), FieldbookError> {
        Ok(self.store.limit_pages(pages)?)
    }

    fn zone(&self) -> Result<Zone, FieldbookError> {
        Ok(self.community()?.zone())
    }
}

fn joined(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn joined_fields(problems: &[(String, FieldProblem)]) -> String {
    problems.iter().map(|(key, why)| format!("{key}: {why}")).collect::<Vec<_>>().join("; ")
}

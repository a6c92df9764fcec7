//! 复访任务 – asking a worker's phone to ask again, without a word of the record, and what it brought back.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate};
use ruhu_core::community::CommunityFile;
use ruhu_core::entry::{Private, RevisitKey, RevisitTask, Revisited, ToWorker};
use ruhu_core::ids::{AccountId, CommunityId, RecheckId, WorkerId};
use ruhu_core::life::DoorLife;
use ruhu_core::roster::Unit;

use super::FindingError;
use crate::ingest::office::Desk;
use crate::recheck::RecheckError;
use crate::recheck::act::{Entered, keep_answer, may_ask_in, may_check};
use crate::storage::privates::Subject;
use crate::storage::rechecks::ItemRow;
use crate::storage::{Hub, StorageError, Tx};

/// Most days a re-visit may wait.
pub const TASK_DAYS: u64 = 60;

/// What a phone brought, the last word of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// What the resident told.
    pub told: Revisited,
    /// A remark of whoever asked.
    pub remark: String,
    /// When it was recorded, milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// What is known of one draw's re-visits on phones.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    given: BTreeMap<RevisitKey, RevisitTask>,
    brought: BTreeMap<RevisitKey, Brought>,
}

impl Tasks {
    /// As the log tells them.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn of(tx: &Tx<'_>, draw: RecheckId) -> Result<Self, StorageError> {
        let mut tasks = Self::default();
        let mut rows = tx.private_about(Subject::Task(draw))?;
        rows.extend(tx.private_about(Subject::Revisited(draw))?);
        for row in rows {
            let Some(kept) = tx.entry(row.pos)? else { continue };
            let Ok(contents) = kept.entry.payload.read() else { continue };
            match contents.private() {
                Some(Private::Task(task)) => drop(tasks.given.insert(task.key, task)),
                Some(Private::Revisited(told)) => {
                    let remark = contents.reason_words().to_owned();
                    let brought = Brought { told, remark, at_ms: kept.recorded_ms };
                    let last = tasks.brought.entry(brought.told.key).or_insert_with(|| brought.clone());
                    if last.at_ms <= brought.at_ms {
                        *last = brought;
                    }
                }
                _ => {}
            }
        }
        Ok(tasks)
    }

    /// Who is asked to go, until when; `None` where nobody is, or no longer.
    #[must_use]
    pub fn open(&self, key: RevisitKey) -> Option<(WorkerId, NaiveDate)> {
        self.given.get(&key).and_then(|task| Some((task.worker, task.due?)))
    }

    /// What was brought.
    #[must_use]
    pub fn brought(&self, key: RevisitKey) -> Option<&Brought> {
        self.brought.get(&key)
    }
}

impl Hub {
    /// 派复访 – asks a worker to ask again at a drawn door until a day; whom it was given to before is told that he need not
    /// go.
    ///
    /// # Errors
    /// [`FindingError`]; nothing was changed.
    pub fn give_revisit(
        &self,
        by: AccountId,
        community: CommunityId,
        key: RevisitKey,
        worker: WorkerId,
        due: NaiveDate,
    ) -> Result<(), FindingError> {
        self.office(move |desk| {
            let tx = desk.tx();
            let (file, item) = drawn(tx, community, key)?;
            let today = today(desk, &file);
            if !may_ask_in(&tx.recheck_answers(key.draw)?, key) {
                return Err(FindingError::NotTwice);
            }
            if due < today || today.checked_add_days(Days::new(TASK_DAYS)).is_none_or(|last| last < due) {
                return Err(FindingError::BadDay);
            }
            if !may_check(&file, &item, worker, today) {
                return Err(FindingError::NotApart);
            }
            let other = RevisitKey { round: 3 - key.round, ..key };
            let answers = tx.recheck_answers(key.draw)?;
            let tasks = Tasks::of(tx, key.draw)?;
            let asked_before = answers
                .iter()
                .any(|one| (one.nth, one.round) == (other.nth, other.round) && one.checker == Some(worker));
            if asked_before || tasks.open(other).is_some_and(|(busy, _)| busy == worker) {
                return Err(FindingError::SameChecker);
            }
            match tasks.open(key) {
                Some((given, until)) if (given, until) == (worker, due) => return Ok(()),
                Some((given, _)) if given != worker => take_back(desk, by, community, key, given)?,
                _ => {}
            }
            let door = tx.file_of(Unit::Vacant(item.dwelling))?;
            let door = door.map(|file| DoorLife::derive(item.dwelling, &file));
            let address = door.as_ref().and_then(|door| door.address_on(today)).map(ToString::to_string);
            let task = RevisitTask { key, worker, due: Some(due) };
            desk.tell(by, community, ToWorker::Task(task), &address.unwrap_or_default())?;
            Ok(())
        })
    }

    /// 登记结果 – keeps what came of asking again; what was entered before stays and counts no longer. Who was asked to go
    /// is told that he need not any more.
    ///
    /// # Errors
    /// [`RecheckError`]; nothing was changed.
    pub fn answer_recheck(
        &self,
        by: AccountId,
        community: CommunityId,
        draw: RecheckId,
        entered: Entered,
    ) -> Result<(), RecheckError> {
        self.office(move |desk| {
            keep_answer(desk.tx(), desk.now_ms(), by, (community, draw), entered)?;
            let key = RevisitKey { draw, nth: entered.nth, round: entered.round };
            if let Some((worker, _)) = Tasks::of(desk.tx(), draw)?.open(key) {
                desk.tell(by, community, withdrawn(key, worker), "")?;
            }
            Ok(())
        })
    }

    /// 撤回复访任务 – the worker need not go any more.
    ///
    /// # Errors
    /// [`FindingError`]; nothing was changed.
    pub fn take_revisit_back(
        &self,
        by: AccountId,
        community: CommunityId,
        key: RevisitKey,
    ) -> Result<(), FindingError> {
        self.office(move |desk| {
            drawn(desk.tx(), community, key)?;
            match Tasks::of(desk.tx(), key.draw)?.open(key) {
                Some((worker, _)) => take_back(desk, by, community, key, worker),
                None => Err(FindingError::Unknown),
            }
        })
    }
}

/// Tells a worker that he need not go.
fn take_back(
    desk: &Desk<'_>,
    by: AccountId,
    community: CommunityId,
    key: RevisitKey,
    worker: WorkerId,
) -> Result<(), FindingError> {
    desk.tell(by, community, withdrawn(key, worker), "")?;
    Ok(())
}

const fn withdrawn(key: RevisitKey, worker: WorkerId) -> ToWorker {
    ToWorker::Task(RevisitTask { key, worker, due: None })
}

/// The drawn record or deduction a key names.
pub(super) fn drawn(
    tx: &Tx<'_>,
    community: CommunityId,
    key: RevisitKey,
) -> Result<(CommunityFile, ItemRow), FindingError> {
    let known = tx.draw(key.draw)?.is_some_and(|draw| draw.community == community);
    let items = if known { tx.drawn(key.draw)? } else { Vec::new() };
    let item = items.into_iter().find(|item| item.nth == key.nth).ok_or(FindingError::Unknown)?;
    Ok((tx.community(community)?.unwrap_or_default(), item))
}

pub(crate) fn today(desk: &Desk<'_>, file: &CommunityFile) -> NaiveDate {
    file.zone().date(DateTime::from_timestamp_millis(desk.now_ms()).unwrap_or_default())
}

//! 交接、代访、请假、离岗 – who looks after which grid from which day; for pages and command line alike. What is checked is
//! checked in the transaction that records it.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use ruhu_core::community::{CommunityFact, CommunityFile};
use ruhu_core::coverage::HandoverSheet;
use ruhu_core::ids::{AccountId, CommunityId, GridId, WorkerId};
use ruhu_core::roster::{Assignment, AssignmentKind, LeaveSpan};

use crate::coverage::sheet_of;
use crate::ingest::office::{Act, ActError, Desk, Done};
use crate::storage::{Hub, StorageError};

/// Days that a cover or a leave lasts at most: a year and a month. Longer is a slip of the keyboard, or a hand-over.
pub const SPAN_DAYS: i64 = 400;
/// A day that is noted lies at most so many days back.
pub const BACK_DAYS: u64 = 366;

/// Why nothing was arranged; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DutyError {
    /// An act of the desk.
    #[error(transparent)]
    Act(#[from] ActError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Nobody of the community, or he left before that day.
    #[error("这一天本社区没有这名在岗的工作者 / no such worker is here on that day")]
    NoWorker,
    /// Nothing would change.
    #[error("这一天起已经由此人负责,无须交接 / this worker is responsible from that day already")]
    AlreadyResponsible,
    /// It would rewrite who was responsible on days that are past.
    #[error(
        "现任自 {since} 起负责,交接最早可从 {first} 起 / the present worker is responsible since {since}: a hand-over can begin on {first} at the earliest"
    )]
    BeforeTheFormer {
        /// The first day of who is responsible.
        since: NaiveDate,
        /// The first day that is possible.
        first: NaiveDate,
    },
    /// Some of these days he covers already.
    #[error("其中有的日子已经安排此人代访 / this worker covers some of these days already")]
    AlreadyCovers,
    /// The same leave is known.
    #[error("同样的请假已经登记过 / this leave is noted already")]
    AlreadyAway,
    /// The last day before the first.
    #[error("最后一天早于第一天 / the last day lies before the first")]
    Turned,
    /// Longer than [`SPAN_DAYS`].
    #[error("最长 {SPAN_DAYS} 天 / {SPAN_DAYS} days at most")]
    TooLong,
    /// A day too far back or ahead.
    #[error("日期须在 {first} 至 {last} 之间 / the day must lie between {first} and {last}")]
    OutOfReach {
        /// The earliest.
        first: NaiveDate,
        /// The latest.
        last: NaiveDate,
    },
    /// No such cover or leave, or it is over.
    #[error("没有这一段,或已结束 / there is no such span, or it is over")]
    NothingToEnd,
}

impl DutyError {
    /// Whether it is an answer to what was asked, and not a failure.
    #[must_use]
    pub const fn is_refusal(&self) -> bool {
        !matches!(self, Self::Act(_) | Self::Storage(_))
    }
}

/// Facts of the community alone, done for `by`.
#[must_use]
pub fn community_act(by: AccountId, community: CommunityId, facts: Vec<CommunityFact>, reason: &str) -> Act {
    Act { by, community, units: Vec::new(), facts, request: None, reason: reason.to_owned() }
}

impl Hub {
    /// 交接 – `to` is responsible for the grid from `on`; the former worker's responsibility ends the day before, and
    /// his late work is taken for 14 days more. Freezes the sheet of what was outstanding at the close of the day
    /// before, or of today if that lies ahead.
    ///
    /// # Errors
    /// [`DutyError`].
    pub fn hand_over(
        &self,
        by: AccountId,
        community: CommunityId,
        grid: GridId,
        to: WorkerId,
        on: NaiveDate,
    ) -> Result<HandoverSheet, DutyError> {
        let kind = AssignmentKind::Responsible;
        let assigned = Assignment { grid, worker: to, kind, from: on, until: None };
        self.on_duty(community, move |desk, file, today| {
            may_hand_over(file, grid, to, on, today)?;
            let eve = on.pred_opt().unwrap_or(on).min(today);
            let sheet = sheet_of(desk.tx(), grid, file, eve)?;
            let done =
                desk.act(&community_act(by, community, vec![CommunityFact::Assigned(assigned)], "交接"))?;
            for one in done {
                desk.tx().put_handover(one.entry, &sheet)?;
            }
            Ok(sheet)
        })
    }

    /// 代访 – `worker` covers the grid from `from` to `until`, both counted; responsibility does not move.
    ///
    /// # Errors
    /// [`DutyError`].
    pub fn cover(
        &self,
        by: AccountId,
        community: CommunityId,
        grid: GridId,
        worker: WorkerId,
        (from, until): (NaiveDate, NaiveDate),
    ) -> Result<Vec<Done>, DutyError> {
        let kind = AssignmentKind::Cover;
        let assigned = Assignment { grid, worker, kind, from, until: Some(until) };
        self.on_duty(community, move |desk, file, today| {
            bounded((from, until), today)?;
            here(file, worker, from)?;
            let covers = file.assignments().into_iter().any(|one| {
                (one.grid, one.worker, one.kind) == (grid, worker, kind)
                    && one.from <= until
                    && one.until.is_none_or(|last| from <= last)
            });
            if covers {
                return Err(DutyError::AlreadyCovers);
            }
            Ok(desk.act(&community_act(by, community, vec![CommunityFact::Assigned(assigned)], "代访"))?)
        })
    }

    /// Ends the cover that began, or is to begin, on `from`: yesterday was its last day; what has not begun is taken back.
    ///
    /// # Errors
    /// [`DutyError`].
    pub fn end_cover(
        &self,
        by: AccountId,
        community: CommunityId,
        (grid, worker): (GridId, WorkerId),
        from: NaiveDate,
    ) -> Result<(), DutyError> {
        let kind = AssignmentKind::Cover;
        self.on_duty(community, move |desk, file, today| {
            let known = file.assignments().into_iter().any(|one| {
                (one.grid, one.worker, one.kind, one.from) == (grid, worker, kind, from)
                    && one.until.is_none_or(|until| today <= until)
            });
            if !known {
                return Err(DutyError::NothingToEnd);
            }
            let ended = CommunityFact::AssignmentEnded { grid, worker, kind, on: eve_of(from.max(today)) };
            desk.act(&community_act(by, community, vec![ended], "代访结束"))?;
            Ok(())
        })
    }

    /// 请假 – notes that a worker is away; said again from the same first day it replaces what was said. What is due does
    /// not shrink by it; returns the grids that nobody covers.
    ///
    /// # Errors
    /// [`DutyError`].
    pub fn on_leave(
        &self,
        by: AccountId,
        community: CommunityId,
        span: LeaveSpan,
    ) -> Result<BTreeSet<GridId>, DutyError> {
        self.on_duty(community, move |desk, file, today| {
            bounded((span.from, span.until), today)?;
            here(file, span.worker, span.from)?;
            if file.leave().contains(&span) {
                return Err(DutyError::AlreadyAway);
            }
            desk.act(&community_act(by, community, vec![CommunityFact::OnLeave(span)], "请假"))?;
            Ok(uncovered(&file.assignments(), &span))
        })
    }

    /// 销假 – ends the leave that began, or is to begin, on `from`: yesterday was its last day; what has not begun is taken
    /// back.
    ///
    /// # Errors
    /// [`DutyError`].
    pub fn end_leave(
        &self,
        by: AccountId,
        community: CommunityId,
        worker: WorkerId,
        from: NaiveDate,
    ) -> Result<(), DutyError> {
        self.on_duty(community, move |desk, file, today| {
            let leave = file.leave();
            if !leave.iter().any(|one| (one.worker, one.from) == (worker, from) && today <= one.until) {
                return Err(DutyError::NothingToEnd);
            }
            let ended = LeaveSpan { worker, from, until: eve_of(from.max(today)) };
            desk.act(&community_act(by, community, vec![CommunityFact::OnLeave(ended)], "销假"))?;
            Ok(())
        })
    }

    /// 离岗 – from `on` the worker's phones read nothing more; what they still hold is taken, late work by the
    /// assignment for 14 days, later work waits for a person. Returns the grids that are without a responsible worker
    /// from that day.
    ///
    /// # Errors
    /// [`DutyError`].
    pub fn leave_job(
        &self,
        by: AccountId,
        community: CommunityId,
        worker: WorkerId,
        on: NaiveDate,
    ) -> Result<Vec<GridId>, DutyError> {
        self.on_duty(community, move |desk, file, today| {
            may_leave(file, worker, on, today)?;
            let left = CommunityFact::WorkerLeft { worker, on };
            desk.act(&community_act(by, community, vec![left], "离岗"))?;
            Ok(held_on(file, worker, on))
        })
    }

    /// Work on the community as it is, in the transaction that records what comes of it.
    fn on_duty<T: Send + 'static>(
        &self,
        community: CommunityId,
        work: impl FnOnce(&Desk<'_>, &CommunityFile, NaiveDate) -> Result<T, DutyError> + Send + 'static,
    ) -> Result<T, DutyError> {
        let now = self.now();
        self.office(move |desk| {
            let file = desk.tx().community(community)?.unwrap_or_default();
            work(desk, &file, file.zone().date(now))
        })
    }
}

/// Whether `to` can be responsible from `on`. Days that are past keep who was responsible on them; what is only planned
/// gives way.
///
/// # Errors
/// [`DutyError`].
pub fn may_hand_over(
    file: &CommunityFile,
    grid: GridId,
    to: WorkerId,
    on: NaiveDate,
    today: NaiveDate,
) -> Result<(), DutyError> {
    // Whoever begins with this program notes who has been responsible for years; nobody plans for years ahead.
    within_reach(on.max(today), today)?;
    here(file, to, on)?;
    if file.responsible(grid, on) == Some(to) {
        return Err(DutyError::AlreadyResponsible);
    }
    let begun = file
        .assignments()
        .into_iter()
        .filter(|one| one.kind == AssignmentKind::Responsible && one.grid == grid && one.from <= today);
    let Some(since) = begun.map(|one| one.from).max() else { return Ok(()) };
    // What was arranged for today can be arranged otherwise today.
    let first = if since == today { today } else { since.succ_opt().unwrap_or(since) };
    if on < first { Err(DutyError::BeforeTheFormer { since, first }) } else { Ok(()) }
}

/// Whether a worker can be noted as leaving on a day; who is to leave later can leave on another day.
///
/// # Errors
/// [`DutyError`].
pub fn may_leave(
    file: &CommunityFile,
    worker: WorkerId,
    on: NaiveDate,
    today: NaiveDate,
) -> Result<(), DutyError> {
    within_reach(on, today)?;
    here(file, worker, today)
}

/// The grids a worker is responsible for on a day.
#[must_use]
pub fn held_on(file: &CommunityFile, worker: WorkerId, day: NaiveDate) -> Vec<GridId> {
    file.grids().into_keys().filter(|grid| file.responsible(*grid, day) == Some(worker)).collect()
}

/// The grids a worker is responsible for on some day of the leave that others do not cover on all of them.
#[must_use]
pub fn uncovered(assignments: &[Assignment], span: &LeaveSpan) -> BTreeSet<GridId> {
    let held = assignments
        .iter()
        .filter(|one| one.kind == AssignmentKind::Responsible && one.worker == span.worker)
        .filter(|one| one.from <= span.until && one.until.is_none_or(|until| span.from <= until));
    let open = held.filter(|one| {
        let last = one.until.map_or(span.until, |until| until.min(span.until));
        !is_covered(assignments, one.grid, span, (one.from.max(span.from), last))
    });
    open.map(|one| one.grid).collect()
}

/// Walks from the end of one cover into the next: as many steps as there are covers, however long the leave.
fn is_covered(
    assignments: &[Assignment],
    grid: GridId,
    span: &LeaveSpan,
    (from, last): (NaiveDate, NaiveDate),
) -> bool {
    let mut day = from;
    while day <= last {
        let cover = assignments.iter().find(|one| {
            one.kind == AssignmentKind::Cover
                && one.grid == grid
                && one.worker != span.worker
                && one.covers(day)
        });
        match cover.map(|one| one.until.and_then(|until| until.succ_opt())) {
            None => return false,
            Some(None) => return true,
            Some(Some(after)) => day = after,
        }
    }
    true
}

/// The first day, today or later, on which nobody is responsible for a grid any more; `None` when somebody is for good.
#[must_use]
pub fn ownerless_from(assignments: &[Assignment], grid: GridId, today: NaiveDate) -> Option<NaiveDate> {
    let mut day = today;
    loop {
        let held = assignments
            .iter()
            .find(|one| one.kind == AssignmentKind::Responsible && one.grid == grid && one.covers(day));
        let Some(held) = held else { return Some(day) };
        day = held.until?.succ_opt()?;
    }
}

/// 在岗 – whether a worker is of the community and has not left by that day.
#[must_use]
pub fn is_here(file: &CommunityFile, worker: WorkerId, day: NaiveDate) -> bool {
    file.workers().contains_key(&worker) && file.left_on(worker).is_none_or(|left| day < left)
}

fn here(file: &CommunityFile, worker: WorkerId, day: NaiveDate) -> Result<(), DutyError> {
    if is_here(file, worker, day) { Ok(()) } else { Err(DutyError::NoWorker) }
}

fn bounded((from, until): (NaiveDate, NaiveDate), today: NaiveDate) -> Result<(), DutyError> {
    if until < from {
        return Err(DutyError::Turned);
    }
    within_reach(from, today)?;
    if SPAN_DAYS <= (until - from).num_days() { Err(DutyError::TooLong) } else { Ok(()) }
}

fn within_reach(day: NaiveDate, today: NaiveDate) -> Result<(), DutyError> {
    let first = today.checked_sub_days(Days::new(BACK_DAYS)).unwrap_or(today);
    let last = today.checked_add_days(Days::new(SPAN_DAYS.unsigned_abs())).unwrap_or(today);
    if (first..=last).contains(&day) { Ok(()) } else { Err(DutyError::OutOfReach { first, last }) }
}

fn eve_of(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

#[cfg(test)]
mod tests;

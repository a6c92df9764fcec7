//! Drawing and answering, each in one transaction with its line in the audit log.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ruhu_core::community::CommunityFile;
use ruhu_core::coverage::{CellState, Deduction, ObligationState};
use ruhu_core::entry::RevisitKey;
use ruhu_core::ids::{AccountId, CommunityId, Hash32, RecheckId, WorkerId};
use ruhu_core::roster::Unit;
use ruhu_core::time::Period;

use super::agreement::{Agreement, Answer};
use super::draw::{Claim, DRAWN_MAX, Framed, Method, draw, frame, frame_hash, is_asked_twice};
use super::signals::{framed_by_signals, gone_on, put_up};
use crate::access::journal;
use crate::coverage::rows_of;
use crate::ingest::office::ActError;
use crate::office::duty::is_here;
use crate::report::reading::ReadingError;
use crate::storage::cells::state_name;
use crate::storage::rechecks::{AnswerRow, DrawRow, ItemRow};
use crate::storage::{Hub, StorageError, Tx};

/// A checker held none of the household's grids for so many days (two quarters).
pub const APART_DAYS: i64 = 183;

/// Why nothing was drawn or answered; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RecheckError {
    /// The period has not begun, or nothing of it was visited or deducted.
    #[error("本期还没有可抽的走访或核减 / nothing of this period can be drawn yet")]
    EmptyFrame,
    /// Signals put nothing up that can be asked about.
    #[error("本期没有可按线索复访的记录 / signals put up nothing that can be asked about")]
    NoSignals {
        /// Records that were put up and met nobody.
        met_nobody: usize,
    },
    /// The period was closed long ago.
    #[error("关账满六个月,线索已不再保留 / signals are gone six months after the closing")]
    SignalsGone,
    /// None, or more than a month can check.
    #[error("抽取户数须为 1 至 {DRAWN_MAX} / draw between 1 and {DRAWN_MAX}")]
    BadSize,
    /// No such draw in this community, or nothing of this number in it.
    #[error("没有这次抽查 / no such spot-check")]
    Unknown,
    /// A day that has not come, or before the draw.
    #[error("日期须在抽取之后、今天之前 / the day must lie between the draw and today")]
    BadDay,
    /// Who made the record, or looked after the household lately.
    #[error(
        "复访人不能是原走访人或近两个季度负责该网格的人,请换一位 / who made the visit or held the grid in the last two quarters cannot check it: choose somebody else"
    )]
    NotApart,
    /// The second of a pair by the hand that did the first.
    #[error("第二次复访须由另一个人去 / the second time somebody else must go")]
    SameChecker,
    /// Only every tenth is asked twice.
    #[error("这一户只需复访一次 / this one is asked once")]
    NotTwice,
    /// Telling the worker whom it was given to.
    #[error(transparent)]
    Act(#[from] ActError),
    /// The community could not be read.
    #[error(transparent)]
    Reading(#[from] ReadingError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// One answer as it is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entered {
    /// Which of the draw, from 0.
    pub nth: u32,
    /// 1, or 2 where it is asked twice.
    pub round: u32,
    /// What came of it.
    pub answer: Answer,
    /// Asked by telephone.
    pub by_phone: bool,
    /// On which day.
    pub on: NaiveDate,
    /// A worker of the community; `None` is somebody of the office.
    pub checker: Option<WorkerId>,
}

impl Hub {
    /// 抽取 – draws `size` of what a community's figures of a period rest on, by a seed made now: of all of it, or of the
    /// records that signals put up. `id` was made when the form was shown: sent twice, it is one draw.
    ///
    /// # Errors
    /// [`RecheckError`].
    pub fn draw_recheck(
        &self,
        by: AccountId,
        (community, id): (CommunityId, RecheckId),
        period: Period,
        (method, size): (Method, usize),
    ) -> Result<RecheckId, RecheckError> {
        if !(1..=DRAWN_MAX).contains(&size) {
            return Err(RecheckError::BadSize);
        }
        // Read beside the writer: signals of a whole community take their time.
        let put_up = match method {
            Method::Lot => None,
            Method::Signals => Some(self.storage().read(|tx| put_up(tx, community, period))?),
        };
        let (seed, now) = (self.random::<32>(), self.now());
        self.storage().write(move |tx| {
            if let Some(known) = tx.draw(id)? {
                return if known.community == community { Ok(id) } else { Err(RecheckError::Unknown) };
            }
            let file = tx.community(community)?.unwrap_or_default();
            let today = file.zone().date(now);
            let framed = match &put_up {
                None => framed(tx, &file, period, today)?,
                Some(_) if gone_on(&file, period).is_some_and(|gone| gone <= today) => {
                    return Err(RecheckError::SignalsGone);
                }
                Some(put_up) => match framed_by_signals(tx, &put_up.records)? {
                    (framed, met_nobody) if framed.is_empty() => {
                        return Err(RecheckError::NoSignals { met_nobody });
                    }
                    (framed, _) => framed,
                },
            };
            if framed.is_empty() {
                return Err(RecheckError::EmptyFrame);
            }
            let row = DrawRow {
                id,
                community,
                period,
                method: method.code().to_owned(),
                seed,
                framed: u32::try_from(framed.len()).unwrap_or(u32::MAX),
                frame: frame_hash(&framed),
                account: by,
                made_ms: now.timestamp_millis(),
            };
            let items: Vec<ItemRow> =
                (0..).zip(draw(&framed, &seed, size)).map(|(nth, one)| item(nth, &one)).collect();
            tx.put_draw(&row, &items)?;
            for (item, card) in put_up.iter().flat_map(|put_up| put_up.cards(&items)) {
                tx.put_card(id, item, &card)?;
            }
            journal::audit(
                tx,
                row.made_ms,
                Some(by),
                "recheck.draw",
                &format!("{id}/{period}/{}", method.code()),
            )?;
            Ok(id)
        })
    }
}

/// Keeps what came of asking again; what was entered before stays and counts no longer.
///
/// # Errors
/// [`RecheckError`].
pub(crate) fn keep_answer(
    tx: &Tx<'_>,
    now_ms: i64,
    by: AccountId,
    (community, id): (CommunityId, RecheckId),
    entered: Entered,
) -> Result<(), RecheckError> {
    let draw = tx.draw(id)?.filter(|draw| draw.community == community).ok_or(RecheckError::Unknown)?;
    let file = tx.community(community)?.unwrap_or_default();
    let items = tx.drawn(id)?;
    let item = items.iter().find(|one| one.nth == entered.nth).ok_or(RecheckError::Unknown)?;
    let answers = tx.recheck_answers(id)?;
    let today = file.zone().date(chrono::DateTime::from_timestamp_millis(now_ms).unwrap_or_default());
    check(&file, &draw, item, &entered, &answers, today)?;
    let before = answers.iter().filter(|one| (one.nth, one.round) == (entered.nth, entered.round));
    let row = AnswerRow {
        nth: entered.nth,
        round: entered.round,
        nr: u32::try_from(before.count()).unwrap_or(u32::MAX) + 1,
        answer: entered.answer.to_string(),
        by_phone: entered.by_phone,
        checked_on: entered.on,
        checker: entered.checker,
        account: by,
        made_ms: now_ms,
    };
    tx.add_recheck_answer(id, &row)?;
    let target = format!("{id}/{}/{}", entered.nth, entered.round);
    journal::audit(tx, now_ms, Some(by), "recheck.answer", &target)?;
    Ok(())
}

/// The frame of a period as it stands.
///
/// # Errors
/// [`StorageError`].
pub fn framed(
    tx: &Tx<'_>,
    file: &CommunityFile,
    period: Period,
    today: NaiveDate,
) -> Result<Vec<Framed>, StorageError> {
    let mut coverage = Vec::new();
    for grid in file.grids().into_keys() {
        coverage.extend(rows_of(tx, grid, file, &[period], today)?);
    }
    Ok(frame(&coverage))
}

fn item(nth: u32, one: &Framed) -> ItemRow {
    let (claim, visit) = match one.claim {
        Claim::Visited { record, made_by } => ("visited", Some((record, made_by))),
        Claim::Deducted(why) => (deduction_name(why), None),
    };
    ItemRow { nth, unit: one.unit, grid: one.grid, dwelling: one.dwelling, claim: claim.to_owned(), visit }
}

/// As a draw names it.
#[must_use]
pub fn deduction_name(why: Deduction) -> &'static str {
    state_name(CellState::of(&ObligationState::Deducted(why)))
}

fn check(
    file: &CommunityFile,
    draw: &DrawRow,
    item: &ItemRow,
    entered: &Entered,
    answers: &[AnswerRow],
    today: NaiveDate,
) -> Result<(), RecheckError> {
    if !may_ask_in(answers, RevisitKey { draw: draw.id, nth: item.nth, round: entered.round }) {
        return Err(RecheckError::NotTwice);
    }
    let drawn_at = chrono::DateTime::from_timestamp_millis(draw.made_ms).unwrap_or_default();
    if entered.on < file.zone().date(drawn_at) || today < entered.on {
        return Err(RecheckError::BadDay);
    }
    if let Some(checker) = entered.checker
        && !may_check(file, item, checker, entered.on)
    {
        return Err(RecheckError::NotApart);
    }
    let other = answers.iter().rev().find(|one| one.nth == entered.nth && one.round != entered.round);
    if other.is_some_and(|other| other.checker.is_some() && other.checker == entered.checker) {
        return Err(RecheckError::SameChecker);
    }
    Ok(())
}

/// Whether a drawn one is asked this time: once, and twice where the lot says so or the first time contradicted.
#[must_use]
pub fn may_ask_in(answers: &[AnswerRow], key: RevisitKey) -> bool {
    let contradicted =
        || standing(answers).get(&(key.nth, 1)).is_some_and(|(answer, _)| answer.contradicts());
    match key.round {
        1 => true,
        2 => usize::try_from(key.nth).is_ok_and(is_asked_twice) || contradicted(),
        _ => false,
    }
}

/// Whether a worker is somebody else: not the one who made the record, and not one whose phone held the household in the
/// last two quarters (`detection.md` 4.5).
#[must_use]
pub fn may_check(file: &CommunityFile, item: &ItemRow, worker: WorkerId, on: NaiveDate) -> bool {
    let since = on - chrono::Duration::days(APART_DAYS);
    let held = file.assignments().into_iter().any(|one| {
        one.grid == item.grid
            && one.worker == worker
            && one.from <= on
            && one.until.is_none_or(|until| since <= until)
    });
    is_here(file, worker, on) && !held && item.visit.is_none_or(|(_, made_by)| made_by != worker)
}

/// The last answer to each, by number and round.
#[must_use]
pub fn standing(answers: &[AnswerRow]) -> BTreeMap<(u32, u32), (Answer, &AnswerRow)> {
    let read = answers.iter().filter_map(|one| Some(((one.nth, one.round), (one.answer.parse().ok()?, one))));
    read.collect()
}

/// 待核 – records of a unit that a re-visit contradicted. They count as before until a person finds (`design.md` 11).
///
/// # Errors
/// [`StorageError`].
pub fn contradicted(tx: &Tx<'_>, unit: Unit) -> Result<BTreeSet<Hash32>, StorageError> {
    let said = tx.rechecked(unit)?.into_iter();
    let told = said.filter(|(_, code)| code.parse().is_ok_and(Answer::contradicts));
    Ok(told.map(|(record, _)| record).collect())
}

/// The agreement of a draw, by claim and in all.
#[must_use]
pub fn agreement(items: &[ItemRow], answers: &[AnswerRow]) -> (BTreeMap<String, Agreement>, Agreement) {
    let answers = standing(answers);
    let answer = |nth, round| answers.get(&(nth, round)).map(|one| one.0);
    let (mut by_claim, mut all): (BTreeMap<String, Agreement>, _) = (BTreeMap::new(), Agreement::default());
    for item in items {
        // Asked again only because the first time contradicted, it says nothing of how honest answers differ.
        let twice = usize::try_from(item.nth).is_ok_and(is_asked_twice);
        let (first, second) = (answer(item.nth, 1), answer(item.nth, 2).filter(|_| twice));
        by_claim.entry(item.claim.clone()).or_default().count(first, second);
        all.count(first, second);
    }
    (by_claim, all)
}

//! 关账、更正 – a person closes a period; what comes later is appended, never written over (`coverage.md`, "Closing").
//!
//! The closed report is kept as the bytes that were signed. [`amend_if_changed`] runs inside the transaction of
//! whatever was recorded.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate};
use ed25519_dalek::{Signer, SigningKey};
use ruhu_core::closing::{self, ClosedPeriod, Figures, GridFigures};
use ruhu_core::community::CommunityFact;
use ruhu_core::coverage::{Tally, reckon};
use ruhu_core::ids::{AccountId, CommunityId, GridId, Hash32};
use ruhu_core::time::{BadCalendar, Period};

pub(crate) mod amend;
pub use amend::{BY_THE_HUB, amend_if_changed};

use super::SignedReport;
use super::coverage::{Counted, CoverageReport, Material, Standing, compose};
use super::reading::{Reading, ReadingError, policy_named, silent_phones};
use crate::ingest::office::{Act, ActError, Desk};
use crate::storage::closings::Closing as ClosingRow;
use crate::storage::log::Pos;
use crate::storage::{Hub, StorageError, Tx};

/// Why a period was not closed, or a report not made; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The period is not over.
    #[error(
        "{period} 到 {last_day} 才结束,结束后再关账(建议 {suggested}) / {period} ends on {last_day}: close it after that, best on {suggested}"
    )]
    NotOver {
        /// Which.
        period: Period,
        /// Its last day.
        last_day: NaiveDate,
        /// The day suggested.
        suggested: NaiveDate,
    },
    /// The period was closed before.
    #[error(
        "{period} 已于 {on} 关账,关账后的报表不再改写;之后的变化列为更正 / {period} was closed on {on}; a closed report is never rewritten, later changes are amendments"
    )]
    AlreadyClosed {
        /// Which.
        period: Period,
        /// When.
        on: NaiveDate,
    },
    /// A grid that is none of this community's.
    #[error("本社区没有这个网格 / this community has no such grid")]
    UnknownGrid,
    /// The closed report in the database is not what was signed: run `ruhu verify`.
    #[error("关账报表已损坏,请运行 ruhu verify / the closed report is damaged: run `ruhu verify`")]
    Damaged,
    /// The community could not be read.
    #[error(transparent)]
    Reading(#[from] ReadingError),
    /// The closing could not be recorded.
    #[error("记录关账 / record the closing")]
    Act(#[from] ActError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<BadCalendar> for ReportError {
    fn from(why: BadCalendar) -> Self {
        Self::Reading(ReadingError::Calendar(why))
    }
}

/// Which report is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Some grids only; empty for the whole community.
    pub grids: BTreeSet<GridId>,
    /// As it was when the log ended there; `None` for now, or for the closed report.
    pub position: Option<Pos>,
}

impl Hub {
    /// The report of a period: of a closed one, the report that was signed then, with its amendments.
    ///
    /// # Errors
    /// [`ReportError`].
    pub fn report(
        &self,
        community: CommunityId,
        period: Period,
        wanted: &Wanted,
    ) -> Result<SignedReport, ReportError> {
        let (now, key) = (self.now(), self.signing_key());
        self.storage().read(|tx| {
            let file = tx.community(community)?.ok_or(ReadingError::UnknownCommunity)?;
            if wanted.grids.iter().any(|grid| !file.grids().contains_key(grid)) {
                return Err(ReportError::UnknownGrid);
            }
            let closing = closing::of(&file, period).filter(|_| wanted.position.is_none());
            let Some(closing) = closing else {
                let reading = match wanted.position {
                    Some(position) => Reading::as_of(tx, community, position)?,
                    None => Reading::now(tx, community, now)?,
                };
                let report = make(tx, &reading, period, reading.standing(period), &wanted.grids)?;
                return Ok(SignedReport::sign(report, &key));
            };
            let closed = kept_report(tx, community, period, closing.closed.fact)?;
            let report = if wanted.grids.is_empty() {
                closed
            } else {
                let position = Pos(i64::try_from(closed.log.position).unwrap_or(i64::MAX));
                let reading = Reading::as_of(tx, community, position)?;
                make(tx, &reading, period, closed.standing, &wanted.grids)?
            };
            let zone = file.zone();
            let stamped = file.facts().filter_map(|(stamp, _, fact)| match fact {
                CommunityFact::Amended(_) => Some((stamp.entry, zone.date(stamp.recorded_at()))),
                _ => None,
            });
            let days: std::collections::BTreeMap<Hash32, NaiveDate> = stamped.collect();
            let amendments = closing.amendments.iter().map(|one| {
                let on = days.get(&one.entry).copied().unwrap_or(closing.closed.fact.on);
                (one.fact.clone(), one.entry, on)
            });
            Ok(SignedReport::sign(report, &key).amended(amendments.collect(), &key))
        })
    }

    /// 关账 – closes a period for good, by a person and for a reason. Returns the report that was signed.
    ///
    /// # Errors
    /// [`ReportError`]; nothing was changed.
    pub fn close_period(
        &self,
        community: CommunityId,
        period: Period,
        by: AccountId,
        reason: String,
    ) -> Result<SignedReport, ReportError> {
        let key = self.signing_key();
        self.office(move |desk| close(desk, community, period, by, reason, &key))
    }
}

fn close(
    desk: &Desk<'_>,
    community: CommunityId,
    period: Period,
    by: AccountId,
    reason: String,
    key: &SigningKey,
) -> Result<SignedReport, ReportError> {
    let tx = desk.tx();
    let at = DateTime::from_timestamp_millis(desk.now_ms()).unwrap_or_default();
    let reading = Reading::now(tx, community, at)?;
    let on = reading.today();
    if on <= period.last_day() {
        let suggested = closing::suggested_on(period);
        return Err(ReportError::NotOver { period, last_day: period.last_day(), suggested });
    }
    if let Some(before) = closing::of(&reading.file, period) {
        return Err(ReportError::AlreadyClosed { period, on: before.closed.fact.on });
    }
    let report = make(tx, &reading, period, Standing::Closed { on }, &BTreeSet::new())?;
    let states = amend::states(&reading.register(period)?, period);
    let signed = SignedReport::sign(report, key);
    let closed = closed_period(&signed, on);
    let mut row = ClosingRow {
        community,
        period,
        nr: 0,
        account: by,
        made_ms: desk.now_ms(),
        content: signed.report.canonical(),
        previous: Hash32::ZERO,
        signature: [0; 64],
    };
    row.signature = key.sign(&row.hash().0).to_bytes();
    tx.add_closing(&row)?;
    tx.put_closed_states(community, period, &states)?;
    let facts = vec![CommunityFact::Closed(closed)];
    desk.act(&Act { by, community, units: Vec::new(), facts, request: None, reason })?;
    Ok(signed)
}

/// Composes the report of a reading.
fn make(
    tx: &Tx<'_>,
    reading: &Reading,
    period: Period,
    standing: Standing,
    grids: &BTreeSet<GridId>,
) -> Result<CoverageReport, ReportError> {
    let register = reading.register(period)?;
    let as_of = reading.day_of(period);
    let coverage = reckon(&register, period, as_of);
    let tallies = coverage.tallies();
    let not_met = |grid: GridId| tallies.get(&grid).map_or(0, |tally| tally.due - tally.done);
    Ok(compose(&Material {
        community: &reading.file,
        register: &register,
        period,
        as_of,
        standing,
        policy: policy_named(&reading.file, period),
        log: reading.log.clone(),
        requests: reading.requests(tx, period, &coverage)?,
        silent: silent_phones(tx, reading.community, &reading.file, (period, reading.today()), not_met)?,
        only_grids: (!grids.is_empty()).then(|| grids.clone()),
    }))
}

/// The closed report as it was signed, checked against the closing's hash.
/// The report that was signed at the closing.
///
/// # Errors
/// [`ReportError::Damaged`] where it is not what was signed.
pub(crate) fn kept_report(
    tx: &Tx<'_>,
    community: CommunityId,
    period: Period,
    closed: &ClosedPeriod,
) -> Result<CoverageReport, ReportError> {
    let rows = tx.closings(community, period)?;
    let content = rows.into_iter().find(|row| row.nr == 0).map(|row| row.content);
    let content = content.filter(|content| Hash32::of(&[content]) == closed.report);
    let report = content.and_then(|content| serde_json::from_slice(&content).ok());
    report.ok_or(ReportError::Damaged)
}

fn closed_period(signed: &SignedReport, on: NaiveDate) -> ClosedPeriod {
    let report = &signed.report;
    let of = |counted: &Counted| of_tallies(&counted.tally, &counted.key);
    ClosedPeriod {
        period: report.period,
        on,
        cut: report.log.streams.clone(),
        policy: report.policy.as_ref().map(|policy| policy.hash),
        zone: report.zone,
        rule_version: report.rules_version,
        total: of(&report.total),
        grids: report
            .grids
            .iter()
            .map(|row| GridFigures { grid: row.grid, figures: of(&row.counted) })
            .collect(),
        silent: report.silent,
        report: signed.hash,
    }
}

fn of_tallies(tally: &Tally, key: &Tally) -> Figures {
    let (due, done, deducted) = (tally.due, tally.done, tally.deducted_total());
    Figures { due, done, deducted, key_due: key.due, key_done: key.done }
}

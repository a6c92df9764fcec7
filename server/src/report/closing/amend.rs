//! 更正 – what was recorded after closing and changes what was counted: appended, numbered, each naming the one before.
//!
//! The closed periods that new facts can touch are reckoned anew; where a household's state differs from what counted
//! last, the next amendment follows.

use std::collections::BTreeSet;

use chrono::DateTime;
use ruhu_core::closing::{self, Amendment, Figures, GridFigures};
use ruhu_core::community::CommunityFact;
use ruhu_core::coverage::{CellState, Coverage, Register, reckon};
use ruhu_core::entry::UnitFact;
use ruhu_core::fact::Fact;
use ruhu_core::ids::{AccountId, CommunityId, GridId, Hash32};
use ruhu_core::roster::Unit;
use ruhu_core::time::{Cadence, Period};
use ruhu_core::visit::VisitOutcome;

use super::{Reading, ReportError};
use crate::ingest::office::{Act, Desk};
use crate::storage::closed_states::ClosedState;
use crate::storage::log::Pos;
use crate::storage::{StorageError, Tx};

/// 中心自动 – amendments follow from the log; no person makes them.
pub const BY_THE_HUB: AccountId = AccountId::from_bytes([0; 16]);

/// 更正 – appends an amendment to every closed period in which the facts just recorded changed a household's state.
/// Call it in the transaction that recorded them. Returns how many were appended.
///
/// # Errors
/// [`ReportError`]; the whole transaction is then to fail.
pub fn amend_if_changed(
    desk: &Desk<'_>,
    community: CommunityId,
    recorded: &[UnitFact],
) -> Result<u32, ReportError> {
    let tx = desk.tx();
    let mut touched = tx.closed_periods(community)?;
    touched.retain(|period| recorded.iter().any(|one| may_matter(*period, &one.fact)));
    if touched.is_empty() {
        return Ok(0);
    }
    let at = DateTime::from_timestamp_millis(desk.now_ms()).unwrap_or_default();
    let mut appended = 0;
    for period in touched {
        let reading = Reading::now(tx, community, at)?;
        let Some(closing) = closing::of(&reading.file, period) else { continue };
        let register = reading.register_as_closed(period, closing.closed.entry)?;
        let now = states(&register, period);
        let before = tx.closed_states(community, period)?.unwrap_or_default();
        if now == before {
            continue;
        }
        let units = changed_units(&before, &now);
        let amendment = Amendment {
            period,
            number: closing.next_number(),
            previous: closing.last_entry(),
            cause: last_entry_about(tx, &units)?,
            total: figures(&now, period, None),
            grids: changed_grids(&before, &now, period),
            units,
        };
        tx.put_closed_states(community, period, &now)?;
        desk.act(&Act {
            by: BY_THE_HUB,
            community,
            units: Vec::new(),
            facts: vec![CommunityFact::Amended(amendment)],
            request: None,
            reason: String::new(),
        })?;
        appended += 1;
    }
    Ok(appended)
}

/// Whether a fact recorded now can change what a period that is over counted.
fn may_matter(period: Period, fact: &Fact) -> bool {
    let last = period.last_day();
    match fact {
        // A departure seen later may have happened earlier, and a correction takes another visit's place, whenever that
        // was; every other visit speaks of its own day only.
        Fact::Visited(visit) => {
            visit.visited_on <= last
                || visit.supersedes.is_some()
                || matches!(visit.outcome, VisitOutcome::MovedAway { .. })
        }
        Fact::DwellingListed { from, .. } | Fact::UseChanged { from, .. } | Fact::Regridded { from, .. } => {
            *from <= last
        }
        Fact::Settled { from, .. } => from.is_none_or(|from| from <= last),
        Fact::Left { on, .. } | Fact::SplitFrom { on, .. } | Fact::Dissolved { on, .. } => *on <= last,
        // A back-dated mark acts from the next month, so only the day of recording could tell; reckoning does.
        Fact::KeyMark { .. } => true,
        Fact::DoNotAsk { from, .. } => *from <= last,
        Fact::ImportedVisit { visited_on } => *visited_on <= last,
        Fact::DeductionRejected { period: of, .. } => *of == period,
        Fact::SameAs { .. }
        | Fact::Absorbs { .. }
        | Fact::Parted { .. }
        | Fact::Withdrawn { .. }
        | Fact::Confirmed { .. }
        | Fact::Returned { .. }
        | Fact::Found { .. } => true,
        // What was erased never counted.
        Fact::Erased { .. } => false,
    }
}

/// Every obligation of the period, and of a quarter's months, as it counts; sorted.
pub(crate) fn states(register: &Register, period: Period) -> Vec<ClosedState> {
    let mut periods = vec![period];
    if period.cadence() == Cadence::Quarter {
        periods.extend(period.months());
    }
    let reckoned = periods.into_iter().map(|one| reckon(register, one, one.last_day()));
    let mut states: Vec<ClosedState> = reckoned.flat_map(|coverage| states_of(&coverage)).collect();
    states.sort();
    states
}

fn states_of(coverage: &Coverage) -> Vec<ClosedState> {
    let one = |obligation: &ruhu_core::coverage::Obligation| ClosedState {
        unit: obligation.unit,
        period: coverage.period,
        grid: obligation.grid,
        state: match CellState::of(&obligation.state) {
            counted @ (CellState::Visited | CellState::Deducted(_)) => counted,
            // Why a household is open moves no figure of a closed report.
            _ => CellState::NeverTried,
        },
    };
    coverage.obligations.iter().map(one).collect()
}

fn changed_units(before: &[ClosedState], now: &[ClosedState]) -> Vec<Unit> {
    let units: BTreeSet<Unit> = difference(before, now).map(|one| one.unit).collect();
    units.into_iter().collect()
}

fn changed_grids(before: &[ClosedState], now: &[ClosedState], period: Period) -> Vec<GridFigures> {
    let grids: BTreeSet<GridId> = difference(before, now).map(|one| one.grid).collect();
    grids.into_iter().map(|grid| GridFigures { grid, figures: figures(now, period, Some(grid)) }).collect()
}

fn difference<'a>(
    before: &'a [ClosedState],
    now: &'a [ClosedState],
) -> impl Iterator<Item = &'a ClosedState> {
    let (old, new): (BTreeSet<_>, BTreeSet<_>) = (before.iter().collect(), now.iter().collect());
    let differing: Vec<&ClosedState> = old.symmetric_difference(&new).copied().collect();
    differing.into_iter()
}

/// The figures of all grids, or of one. A month's own obligations are its key households.
fn figures(states: &[ClosedState], period: Period, grid: Option<GridId>) -> Figures {
    let mut figures = Figures::default();
    for one in states.iter().filter(|one| grid.is_none_or(|grid| one.grid == grid)) {
        let done = u32::from(one.state == CellState::Visited);
        if one.period == period {
            figures.due += 1;
            figures.done += done;
            figures.deducted += u32::from(matches!(one.state, CellState::Deducted(_)));
        }
        if one.period.cadence() == Cadence::Month {
            figures.key_due += 1;
            figures.key_done += done;
        }
    }
    figures
}

/// The payload hash of the entry placed last about these units.
fn last_entry_about(tx: &Tx<'_>, units: &[Unit]) -> Result<Hash32, StorageError> {
    let mut last: Option<Pos> = None;
    for unit in units {
        if let Some(row) = tx.unit(*unit)? {
            last = last.max(tx.entries_of(row.nr)?.last().copied());
        }
    }
    let Some(pos) = last else { return Ok(Hash32::ZERO) };
    Ok(tx.entry(pos)?.map_or(Hash32::ZERO, |kept| kept.entry.envelope.payload_hash))
}

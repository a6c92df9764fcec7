//! 完成情况表 – what one worker's households, requests and corrections of one closed period came to. Asked for one worker at a
//! time, compared with nobody, and never in a list.

use chrono::DateTime;
use ruhu_core::closing;
use ruhu_core::community::CommunityFile;
use ruhu_core::coverage::responsible_on;
use ruhu_core::entry::{Completion, RequestStep};
use ruhu_core::fact::Fact;
use ruhu_core::ids::{GridId, WorkerId};
use ruhu_core::roster::By;
use ruhu_core::time::{Period, Zone};

use crate::storage::log::Pos;
use crate::storage::{StorageError, Tx};

/// The sheet of a worker for a period, with amendments; `None` while the period is open, or where he was responsible for
/// no grid on its last day.
///
/// # Errors
/// [`StorageError`].
pub fn completion(
    tx: &Tx<'_>,
    file: &CommunityFile,
    worker: WorkerId,
    period: Period,
) -> Result<Option<Completion>, StorageError> {
    let Some(closing) = closing::of(file, period) else { return Ok(None) };
    let grids = grids_of(file, &closing, worker, period);
    if grids.is_empty() {
        return Ok(None);
    }
    let mut sheet =
        Completion { period, due: 0, done: 0, deducted: 0, outstanding: 0, requests: 0, corrections: 0 };
    for grid in grids {
        let figures = closing.grid_now(grid).unwrap_or_default();
        sheet.due += figures.due;
        sheet.done += figures.done;
        sheet.deducted += figures.deducted;
        sheet.outstanding += figures.outstanding();
        sheet.requests += handled(tx, file.zone(), grid, worker, period)?;
        sheet.corrections += corrected(tx, file.zone(), grid, worker, period)?;
    }
    Ok(Some(sheet))
}

/// The grids he was responsible for when the period ended, in the order of their ids.
fn grids_of(
    file: &CommunityFile,
    closing: &closing::Closing<'_>,
    worker: WorkerId,
    period: Period,
) -> Vec<GridId> {
    let assignments = file.assignments();
    let held = closing.closed.fact.grids.iter().map(|one| one.grid);
    held.filter(|grid| responsible_on(&assignments, *grid, period.last_day()) == Some(worker)).collect()
}

/// Requests he handled in the period.
fn handled(
    tx: &Tx<'_>,
    zone: Zone,
    grid: GridId,
    worker: WorkerId,
    period: Period,
) -> Result<u32, StorageError> {
    let mut requests = std::collections::BTreeSet::new();
    for (_, row) in tx.requests_in(grid)? {
        let is_his = |pos: Pos| -> Result<bool, StorageError> {
            let kept = tx.entry(pos)?.and_then(|kept| kept.entry.payload.read().ok());
            Ok(kept.and_then(|one| one.request_event().map(|event| event.by)) == Some(By::Worker(worker)))
        };
        if row.step == Some(RequestStep::Handled) && within(zone, row.at_ms, period) && is_his(row.pos)? {
            requests.insert(row.request);
        }
    }
    Ok(u32::try_from(requests.len()).unwrap_or(u32::MAX))
}

/// Records of his own that he corrected in the period.
fn corrected(
    tx: &Tx<'_>,
    zone: Zone,
    grid: GridId,
    worker: WorkerId,
    period: Period,
) -> Result<u32, StorageError> {
    let mut corrections: u32 = 0;
    for (_, file) in tx.files_in(grid)? {
        let facts = file.facts().filter(|(stamp, stamped)| {
            let corrects = matches!(&stamped.fact, Fact::Visited(visit) if visit.supersedes.is_some());
            corrects && stamped.by == By::Worker(worker) && within(zone, stamp.recorded_ms, period)
        });
        corrections = corrections.saturating_add(u32::try_from(facts.count()).unwrap_or(u32::MAX));
    }
    Ok(corrections)
}

fn within(zone: Zone, at_ms: i64, period: Period) -> bool {
    let on = zone.date(DateTime::from_timestamp_millis(at_ms).unwrap_or_default());
    period.contains(on)
}

//! 完成情况表 – what one worker's households, requests and corrections of one closed period came to. Asked for one worker at a
//! time, compared with nobody, and never in a list.

use std::collections::BTreeSet;

use chrono::DateTime;
use ruhu_core::closing;
use ruhu_core::community::CommunityFile;
use ruhu_core::coverage::responsible_on;
use ruhu_core::entry::{Completion, RequestStep};
use ruhu_core::fact::Fact;
use ruhu_core::ids::{CommunityId, GridId, Hash32, WorkerId};
use ruhu_core::roster::By;
use ruhu_core::time::{Period, Zone};

use crate::report::closing::{ReportError, kept_report};
use crate::storage::log::Pos;
use crate::storage::{StorageError, Tx};

/// 完成情况表 with what keeps it from being a ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The figures.
    pub figures: Completion,
    /// 交接 – one of the grids was somebody else's on a day of the period: whose work it was is for a person to say.
    pub handed_over: bool,
}

impl Sheet {
    /// Whether a reward can be proposed by it.
    #[must_use]
    pub const fn is_ground(&self) -> bool {
        self.figures.is_whole() && !self.handed_over
    }
}

/// The sheet of a worker for a period, with amendments; `None` while the period is open, or where he was responsible for
/// no grid on its last day.
///
/// # Errors
/// [`ReportError`] where the closed report cannot be read.
pub fn completion(
    tx: &Tx<'_>,
    file: &CommunityFile,
    community: CommunityId,
    worker: WorkerId,
    period: Period,
) -> Result<Option<Sheet>, ReportError> {
    let Some(closing) = closing::of(file, period) else { return Ok(None) };
    let assignments = file.assignments();
    let held = |grid: GridId, day| responsible_on(&assignments, grid, day) == Some(worker);
    let all = closing.closed.fact.grids.iter().map(|one| one.grid);
    let grids: Vec<GridId> = all.filter(|grid| held(*grid, period.last_day())).collect();
    if grids.is_empty() {
        return Ok(None);
    }
    let days = period.first_day().iter_days().take_while(|day| *day <= period.last_day());
    let handed_over = days.into_iter().any(|day| grids.iter().any(|grid| !held(*grid, day)));
    let report = kept_report(tx, community, period, closing.closed.fact)?;
    let mut figures = Completion {
        period,
        due: 0,
        done: 0,
        deducted: 0,
        outstanding: 0,
        key_outstanding: 0,
        requests: 0,
        corrections: 0,
    };
    for grid in grids {
        let now = closing.grid_now(grid).unwrap_or_default();
        figures.due += now.due;
        figures.done += now.done;
        figures.deducted += now.deducted;
        figures.outstanding += now.outstanding();
        let then = report.grids.iter().find(|row| row.grid == grid);
        // What was left of the key households' months at closing, less what amendments made good.
        let left = then.map_or(0, |row| row.counted.key.outstanding_total());
        let made_good = now.key_done.saturating_sub(then.map_or(0, |row| row.counted.key.done));
        figures.key_outstanding += left.saturating_sub(made_good);
    }
    for grid in file.grids().into_keys() {
        figures.requests += handled(tx, file.zone(), grid, worker, period)?;
        figures.corrections += corrected(tx, file.zone(), grid, worker, period)?;
    }
    Ok(Some(Sheet { figures, handed_over }))
}

/// Requests he handled in the period.
fn handled(
    tx: &Tx<'_>,
    zone: Zone,
    grid: GridId,
    worker: WorkerId,
    period: Period,
) -> Result<u32, StorageError> {
    let mut requests = BTreeSet::new();
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

/// Visits of his own that he corrected in the period.
fn corrected(
    tx: &Tx<'_>,
    zone: Zone,
    grid: GridId,
    worker: WorkerId,
    period: Period,
) -> Result<u32, StorageError> {
    let mut corrections: u32 = 0;
    for (_, file) in tx.files_in(grid)? {
        let own: BTreeSet<Hash32> = file
            .facts()
            .filter(|(_, stamped)| matches!(&stamped.fact, Fact::Visited(visit) if visit.made_by == worker))
            .map(|(stamp, _)| stamp.entry)
            .collect();
        let corrected: BTreeSet<Hash32> = file
            .facts()
            .filter(|(stamp, stamped)| {
                stamped.by == By::Worker(worker) && within(zone, stamp.recorded_ms, period)
            })
            .filter_map(|(_, stamped)| match &stamped.fact {
                Fact::Visited(visit) => visit.supersedes.filter(|target| own.contains(target)),
                _ => None,
            })
            .collect();
        corrections = corrections.saturating_add(u32::try_from(corrected.len()).unwrap_or(u32::MAX));
    }
    Ok(corrections)
}

fn within(zone: Zone, at_ms: i64, period: Period) -> bool {
    let on = zone.date(DateTime::from_timestamp_millis(at_ms).unwrap_or_default());
    period.contains(on)
}

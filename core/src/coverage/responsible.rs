//! 责任人 – which worker is responsible for a grid on a day, and since when.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::ids::{GridId, WorkerId};
use crate::roster::{Assignment, AssignmentKind};

/// Who is responsible for a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Responsible {
    /// The worker.
    pub worker: WorkerId,
    /// 接手日 – the first day of the unbroken span in which the worker has been responsible.
    pub since: NaiveDate,
}

/// The responsible workers by grid, each span with its first day. Cover moves no responsibility and is left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Responsibilities {
    by_grid: BTreeMap<GridId, Vec<(NaiveDate, Option<WorkerId>)>>,
}

impl Responsibilities {
    pub(super) fn of(assignments: &[Assignment]) -> Self {
        let mut of_grids: BTreeMap<GridId, Vec<&Assignment>> = BTreeMap::new();
        for one in assignments.iter().filter(|one| one.kind == AssignmentKind::Responsible) {
            of_grids.entry(one.grid).or_default().push(one);
        }
        let by_grid = of_grids.into_iter().map(|(grid, all)| (grid, spans(grid, &all))).collect();
        Self { by_grid }
    }

    pub(super) fn on(&self, grid: GridId, day: NaiveDate) -> Option<Responsible> {
        let spans = self.by_grid.get(&grid)?;
        let at = spans.partition_point(|(since, _)| *since <= day).checked_sub(1)?;
        let (since, worker) = *spans.get(at)?;
        worker.map(|worker| Responsible { worker, since })
    }
}

/// 责任人 – who of these is responsible for a grid on a day: where two overlap the later one holds; of two from the same
/// day, the smaller worker id.
#[must_use]
pub fn responsible_on<'a>(
    assignments: impl IntoIterator<Item = &'a Assignment>,
    grid: GridId,
    day: NaiveDate,
) -> Option<WorkerId> {
    let holding = assignments
        .into_iter()
        .filter(|one| one.kind == AssignmentKind::Responsible && one.grid == grid && one.covers(day));
    holding.max_by_key(|one| (one.from, Reverse(one.worker))).map(|one| one.worker)
}

fn spans(grid: GridId, all: &[&Assignment]) -> Vec<(NaiveDate, Option<WorkerId>)> {
    let mut changes: BTreeSet<NaiveDate> = all.iter().map(|one| one.from).collect();
    changes.extend(all.iter().filter_map(|one| one.until?.succ_opt()));
    let mut spans: Vec<(NaiveDate, Option<WorkerId>)> = Vec::new();
    for day in changes {
        let worker = responsible_on(all.iter().copied(), grid, day);
        if spans.last().is_none_or(|(_, before)| *before != worker) {
            spans.push((day, worker));
        }
    }
    spans
}

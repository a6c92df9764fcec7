//! 责任人 – which worker is responsible for a grid on a day, and since when.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::ids::{GridId, WorkerId};
use crate::roster::{Assignment, AssignmentKind};

/// Who is responsible for a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Responsible {
    /// The worker.
    pub worker: WorkerId,
    /// The first day of the unbroken span in which the worker has been responsible.
    pub since: NaiveDate,
}

/// The responsible assignments by grid. Cover moves no responsibility and is left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Responsibilities {
    by_grid: BTreeMap<GridId, Vec<Assignment>>,
}

impl Responsibilities {
    pub(super) fn of(assignments: Vec<Assignment>) -> Self {
        let mut by_grid: BTreeMap<GridId, Vec<Assignment>> = BTreeMap::new();
        for one in assignments.into_iter().filter(|one| one.kind == AssignmentKind::Responsible) {
            by_grid.entry(one.grid).or_default().push(one);
        }
        Self { by_grid }
    }

    /// Where two assignments overlap the later one holds; of two from the same day, the smaller worker id.
    pub(super) fn on(&self, grid: GridId, day: NaiveDate) -> Option<Responsible> {
        let of_grid = self.by_grid.get(&grid)?;
        let holding = of_grid.iter().filter(|one| one.covers(day));
        let now = holding.max_by_key(|one| (one.from, std::cmp::Reverse(one.worker)))?;
        let mut since = now.from;
        let reaches = |one: &&Assignment, since: NaiveDate| {
            one.worker == now.worker
                && one.from < since
                && one.until.and_then(|until| until.succ_opt()).is_none_or(|next| since <= next)
        };
        while let Some(before) = of_grid.iter().find(|one| reaches(one, since)) {
            since = before.from;
        }
        Some(Responsible { worker: now.worker, since })
    }
}

//! 合计 – counts of a grid and period, and the identity they satisfy.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::obligation::{Deduction, Obligation, ObligationState, Open, Served};
use super::rate::Rate;
use super::reckon::Coverage;
use crate::ids::GridId;
use crate::time::{Cadence, Period};

/// 合计 – always `due = done + Σ deductions + outstanding`, because each obligation is counted once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// 应访.
    pub due: u32,
    /// 已访.
    pub done: u32,
    /// 核减, each with its count; those that do not occur are absent.
    pub deducted: BTreeMap<Deduction, u32>,
    /// 未访, by why it is open.
    pub outstanding: BTreeMap<CellState, u32>,
    /// 代访 – of those done, how many by another than the responsible worker.
    pub covered: u32,
    /// 交接期 – of those outstanding, how many are nobody's shortfall.
    pub taken_over_late: u32,
    /// 多访 – units visited that were not due.
    pub extra: u32,
}

/// One number of the store: how many obligations of a grid and period are in a state. Never per worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cell {
    /// The grid.
    pub grid: GridId,
    /// The period.
    pub period: Period,
    /// Quarter or month.
    pub cadence: Cadence,
    /// The state.
    pub state: CellState,
}

/// The state of an obligation as cells count it: without which visit or how many attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CellState {
    /// 已访.
    Visited,
    /// 核减.
    Deducted(Deduction),
    /// 未去过.
    NeverTried,
    /// 去过未遇.
    Tried,
    /// 见空一次.
    SeenVacantOnce,
    /// 已改约.
    Appointment,
    /// 查实不实.
    FoundFalse,
}

impl CellState {
    /// The state as cells count it.
    #[must_use]
    pub const fn of(state: &ObligationState) -> Self {
        match state {
            ObligationState::Visited(_) => Self::Visited,
            ObligationState::Deducted(deduction) => Self::Deducted(*deduction),
            ObligationState::Outstanding(open) => match open {
                Open::NeverTried => Self::NeverTried,
                Open::Tried(_) => Self::Tried,
                Open::SeenVacantOnce => Self::SeenVacantOnce,
                Open::Appointment => Self::Appointment,
                Open::FoundFalse => Self::FoundFalse,
            },
        }
    }
}

impl Tally {
    /// Counts one obligation.
    pub fn count(&mut self, obligation: &Obligation) {
        self.due += 1;
        match CellState::of(&obligation.state) {
            CellState::Visited => self.done += 1,
            CellState::Deducted(deduction) => *self.deducted.entry(deduction).or_default() += 1,
            open => {
                *self.outstanding.entry(open).or_default() += 1;
                self.taken_over_late += u32::from(obligation.taken_over_late);
            }
        }
        if let ObligationState::Visited(Served::Visit { cover: true, .. }) = obligation.state {
            self.covered += 1;
        }
    }

    /// Adds another tally: grids to a community, months to household-months.
    pub fn add(&mut self, other: &Self) {
        self.due += other.due;
        self.done += other.done;
        for (deduction, count) in &other.deducted {
            *self.deducted.entry(*deduction).or_default() += count;
        }
        for (open, count) in &other.outstanding {
            *self.outstanding.entry(*open).or_default() += count;
        }
        self.covered += other.covered;
        self.taken_over_late += other.taken_over_late;
        self.extra += other.extra;
    }

    /// 核减合计.
    #[must_use]
    pub fn deducted_total(&self) -> u32 {
        self.deducted.values().sum()
    }

    /// 未访合计.
    #[must_use]
    pub fn outstanding_total(&self) -> u32 {
        self.outstanding.values().sum()
    }

    /// Whether `due = done + Σ deductions + outstanding`; pages print it.
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.due == self.done + self.deducted_total() + self.outstanding_total()
    }

    /// 入户率 – done ÷ due (D1b-17).
    #[must_use]
    pub fn strict(&self) -> Rate {
        Rate::of(self.done, self.due)
    }

    /// 核减后入户率 – done ÷ (due − deducted).
    #[must_use]
    pub fn adjusted(&self) -> Rate {
        Rate::of(self.done, self.due.saturating_sub(self.deducted_total()))
    }
}

impl Coverage {
    /// The tally of all obligations.
    #[must_use]
    pub fn total(&self) -> Tally {
        let mut total =
            Tally { extra: u32::try_from(self.extra.len()).unwrap_or(u32::MAX), ..Tally::default() };
        for obligation in &self.obligations {
            total.count(obligation);
        }
        total
    }

    /// A tally per grid; extra visits to units that never settled are in none.
    #[must_use]
    pub fn tallies(&self) -> BTreeMap<GridId, Tally> {
        let mut tallies: BTreeMap<GridId, Tally> = BTreeMap::new();
        for obligation in &self.obligations {
            tallies.entry(obligation.grid).or_default().count(obligation);
        }
        for grid in self.extra.iter().filter_map(|extra| extra.grid) {
            tallies.entry(grid).or_default().extra += 1;
        }
        tallies
    }

    /// The cells of the period: only those that are not 0, sorted.
    #[must_use]
    pub fn cells(&self) -> BTreeMap<Cell, u32> {
        let mut cells = BTreeMap::new();
        for obligation in &self.obligations {
            let cell = Cell {
                grid: obligation.grid,
                period: self.period,
                cadence: self.period.cadence(),
                state: CellState::of(&obligation.state),
            };
            *cells.entry(cell).or_default() += 1;
        }
        cells
    }

    /// What counts in one grid, alone.
    #[must_use]
    pub fn of_grid(&self, grid: GridId) -> Self {
        Self {
            obligations: self.obligations.iter().filter(|one| one.grid == grid).copied().collect(),
            extra: self.extra.iter().filter(|one| one.grid == Some(grid)).copied().collect(),
            ..*self
        }
    }
}

//! 报表 – a quarter with its key household-months, and the sheet of a hand-over.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::obligation::Obligation;
use super::reckon::{Coverage, reckon};
use super::register::Register;
use super::tally::Tally;
use crate::ids::GridId;
use crate::time::{Cadence, Period};

/// 季报 – the quarter, and its three months for the key columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarterReport {
    /// Every unit, once in the quarter.
    pub quarter: Coverage,
    /// 重点户 – key households, once in each month; three, in order.
    pub months: Vec<Coverage>,
}

/// 交接清单 – what was outstanding for a grid at the close of a day. Frozen by whoever keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverSheet {
    /// The grid.
    pub grid: GridId,
    /// The day.
    pub on: NaiveDate,
    /// Open obligations of the quarter the day lies in.
    pub quarter: Vec<Obligation>,
    /// Open obligations of the month the day lies in.
    pub month: Vec<Obligation>,
}

/// Reckons the quarter that `period` is or lies in, with its months.
#[must_use]
pub fn quarter_report(register: &Register, period: Period, as_of: NaiveDate) -> QuarterReport {
    let quarter = Period::quarter_of(period.first_day());
    QuarterReport {
        quarter: reckon(register, quarter, as_of),
        months: quarter.months().into_iter().map(|month| reckon(register, month, as_of)).collect(),
    }
}

/// Lists what is outstanding for a grid at the close of `on`, visits of that day included.
#[must_use]
pub fn handover_sheet(register: &Register, grid: GridId, on: NaiveDate) -> HandoverSheet {
    let open = |cadence| {
        let mut of_grid = reckon(register, Period::of(cadence, on), on).of_grid(grid).obligations;
        of_grid.retain(|one| one.state.is_outstanding());
        of_grid
    };
    HandoverSheet { grid, on, quarter: open(Cadence::Quarter), month: open(Cadence::Month) }
}

impl QuarterReport {
    /// 重点户月次 – the key columns: household-months, summed over the three months.
    #[must_use]
    pub fn key_months(&self) -> Tally {
        let mut sum = Tally::default();
        for month in &self.months {
            sum.add(&month.total());
        }
        sum
    }
}

//! The settings of coverage that a policy may change.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::time::Period;
use crate::visit::OutcomeCode;

/// 走访口径 – what counts, and from when. The default is the product's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageRules {
    /// 计入的结果 – outcomes that make a visit a counted one: met inside, met at the door (D1b-15).
    pub counted_outcomes: BTreeSet<OutcomeCode>,
    /// Days of the quarter that must remain for a household to be due, its first day counted: 30.
    pub min_days_left: u32,
    /// Different days on which an unanswered door must have been tried: 3.
    pub attempts: u32,
    /// 交接期 – an obligation taken over with fewer days left is nobody's shortfall: 30.
    pub handover_days: u32,
    /// 启用日 – the day of going live; `None` before it is set, when every period is a trial.
    ///
    /// Units recorded on or before this day count as recorded on the day they moved in: the first import writes
    /// down what was so before.
    pub go_live: Option<NaiveDate>,
}

impl Default for CoverageRules {
    fn default() -> Self {
        Self {
            counted_outcomes: BTreeSet::from([OutcomeCode::Met, OutcomeCode::MetAtDoor]),
            min_days_left: 30,
            attempts: 3,
            handover_days: 30,
            go_live: None,
        }
    }
}

impl CoverageRules {
    /// 试行 – whether a period can produce no finding: it begins before the day of going live. A period that
    /// begins on that very day is whole and formal.
    #[must_use]
    pub fn is_trial(&self, period: Period) -> bool {
        self.go_live.is_none_or(|go_live| period.first_day() < go_live)
    }

    /// From which day on a unit first recorded on `recorded_on` counts as known.
    #[must_use]
    pub fn known_from(&self, recorded_on: Option<NaiveDate>) -> NaiveDate {
        match (self.go_live, recorded_on) {
            (Some(go_live), Some(recorded_on)) if go_live < recorded_on => recorded_on,
            _ => NaiveDate::MIN,
        }
    }
}

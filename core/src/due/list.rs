//! The due list of a day.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::best_time::BestTime;
use crate::coverage::{Coverage, Obligation, ObligationState, Open, Register, Tally, reckon};
use crate::ids::{DwellingId, GridId};
use crate::life::EffectiveVisit;
use crate::roster::{Address, Unit};
use crate::time::{Cadence, DayBand, Period};
use crate::visit::{Appointment, OutcomeCode};

/// 应访清单 – the rows of a day with the counts above them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueList {
    /// The day it was made for.
    pub day: NaiveDate,
    /// The running quarter: 已访 / 应访.
    pub quarter: Progress,
    /// The running month, of key households.
    pub month: Progress,
    /// Working days from this day to the end of the quarter, both counted.
    pub working_days_left: u32,
    /// 每个工作日户数 – open households per working day left, rounded up; all of them when no day is left.
    pub per_working_day: u32,
    /// By estate, building, stair, floor and door; doors without an address last.
    pub rows: Vec<DueRow>,
}

/// 已访 / 应访 – a plain count, never a rate of a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// 已访.
    pub done: u32,
    /// 应访.
    pub due: u32,
}

/// One unit to call on, and every reason for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueRow {
    /// Whom.
    pub unit: Unit,
    /// At which door.
    pub dwelling: DwellingId,
    /// Where that is, if the door is known here.
    pub address: Option<Address>,
    /// 重点户 – confirmed key today.
    pub key: bool,
    /// 本季度 – open in the running quarter, and how far it got.
    pub quarter: Option<Open>,
    /// 本月 – open in the running month.
    pub month: Option<Open>,
    /// 上期未访 – also left open in the period before.
    pub overdue: Overdue,
    /// 交接期 – taken over too late to be anybody's shortfall.
    pub taken_over_late: bool,
    /// 改约 – what was agreed.
    pub appointment: Option<Appointment>,
    /// 诉求 – requests not closed yet, or closed and the resident not told.
    pub open_requests: u32,
    /// 请勿打扰 – no knock is suggested until after this day.
    pub do_not_ask_until: Option<NaiveDate>,
    /// Attempts of the running quarter, earliest first.
    pub tried: Vec<Tried>,
    /// 建议时段; `None` while the household asked not to be called on.
    pub best_time: Option<BestTime>,
}

/// 上期未访 – which earlier obligation was left open too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overdue {
    /// The quarter before was left open.
    pub quarter: bool,
    /// The month before was left open.
    pub month: bool,
}

/// One attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// The day.
    pub on: NaiveDate,
    /// The part of the day, if known.
    pub band: Option<DayBand>,
    /// What came of it.
    pub outcome: OutcomeCode,
}

/// What the list needs to know beyond coverage: it stands in the bodies of visits, not in their skeletons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// The latest appointment that has not been kept.
    pub appointment: Option<Appointment>,
    /// Requests not closed yet, or closed and the resident not told.
    pub open_requests: u32,
}

/// Lists whom to call on today: every unit with an open obligation of the running quarter or month, and every
/// household living here with an appointment or an open request.
///
/// `grid` narrows the list and its counts to one grid. A deducted obligation is not listed.
#[must_use]
pub fn list(
    register: &Register,
    day: NaiveDate,
    grid: Option<GridId>,
    hints: &BTreeMap<Unit, Hint>,
) -> DueList {
    let reckoned = |period: Period| -> Coverage {
        let all = reckon(register, period, day);
        match grid {
            Some(grid) => all.of_grid(grid),
            None => all,
        }
    };
    let running = Period::quarter_of(day);
    let quarter = reckoned(running);
    let month = reckoned(Period::month_of(day));
    let mut rows: BTreeMap<Unit, DueRow> = BTreeMap::new();
    for coverage in [&quarter, &month] {
        for (obligation, open) in open_of(coverage) {
            let row = rows
                .entry(obligation.unit)
                .or_insert_with(|| DueRow::of(register, day, obligation.unit, obligation.dwelling));
            row.taken_over_late |= obligation.taken_over_late;
            match coverage.period.cadence() {
                Cadence::Quarter => row.quarter = Some(open),
                Cadence::Month => row.month = Some(open),
            }
        }
    }
    let open_units = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    for (unit, hint) in hints.iter().filter(|(_, hint)| **hint != Hint::default()) {
        let lives_here = |unit: &Unit| {
            let Unit::Household(id) = unit else { return None };
            let stay = *register.household(*id)?.timeline(day).on(day)?;
            grid.is_none_or(|grid| stay.grid == grid).then_some(stay.dwelling)
        };
        if !rows.contains_key(unit)
            && let Some(dwelling) = lives_here(unit)
        {
            rows.insert(*unit, DueRow::of(register, day, *unit, dwelling));
        }
        if let Some(row) = rows.get_mut(unit) {
            row.appointment.clone_from(&hint.appointment);
            row.open_requests = hint.open_requests;
        }
    }
    mark_overdue(register, day, &mut rows);
    let working_days_left = register.calendar().working_days(day, running.last_day());
    let mut rows: Vec<DueRow> = rows.into_values().collect();
    rows.sort_by_cached_key(|row| {
        (row.address.is_none(), row.address.as_ref().map(Address::walking_key), row.dwelling, row.unit)
    });
    DueList {
        day,
        quarter: Progress::of(&quarter.total()),
        month: Progress::of(&month.total()),
        working_days_left,
        per_working_day: open_units.div_ceil(working_days_left.max(1)),
        rows,
    }
}

impl Progress {
    const fn of(tally: &Tally) -> Self {
        Self { done: tally.done, due: tally.due }
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "已访 {} / 应访 {}", self.done, self.due)
    }
}

impl DueRow {
    fn of(register: &Register, day: NaiveDate, unit: Unit, dwelling: DwellingId) -> Self {
        let household = match unit {
            Unit::Household(id) => register.household(id),
            Unit::Vacant(_) => None,
        };
        let visits = match unit {
            Unit::Household(_) => household.map_or(&[][..], |life| life.visits()),
            Unit::Vacant(dwelling) => register.door(dwelling).map_or(&[][..], |life| life.visits()),
        };
        let until = visits.partition_point(|visit| visit.visited_on <= day);
        let earlier = visits.get(..until).unwrap_or(&[]);
        let from = earlier.partition_point(|visit| visit.visited_on < Period::quarter_of(day).first_day());
        let of_quarter = earlier.get(from..).unwrap_or(&[]);
        let spans = household.into_iter().flat_map(|life| life.do_not_ask());
        let do_not_ask_until =
            spans.filter(|span| span.from <= day && day <= span.until).map(|span| span.until).max();
        Self {
            unit,
            dwelling,
            address: register.door(dwelling).and_then(|door| door.address_on(day)).cloned(),
            key: household.is_some_and(|life| life.is_key(day)),
            quarter: None,
            month: None,
            overdue: Overdue::default(),
            taken_over_late: false,
            appointment: None,
            open_requests: 0,
            do_not_ask_until,
            tried: of_quarter.iter().filter_map(Tried::of).collect(),
            best_time: do_not_ask_until.is_none().then(|| BestTime::suggest(earlier, of_quarter)),
        }
    }
}

impl Tried {
    fn of(visit: &EffectiveVisit) -> Option<Self> {
        let outcome = visit.outcome.code();
        (outcome.is_knock() && !visit.found_false).then_some(Self {
            on: visit.visited_on,
            band: visit.band,
            outcome,
        })
    }
}

fn open_of(coverage: &Coverage) -> impl Iterator<Item = (&Obligation, Open)> {
    coverage.obligations.iter().filter_map(|one| match one.state {
        ObligationState::Outstanding(open) => Some((one, open)),
        _ => None,
    })
}

fn mark_overdue(register: &Register, day: NaiveDate, rows: &mut BTreeMap<Unit, DueRow>) {
    let left_open = |period: Period| -> BTreeSet<Unit> {
        let before = reckon(register, period.previous(), day);
        open_of(&before).map(|(one, _)| one.unit).collect()
    };
    let quarter = left_open(Period::quarter_of(day));
    let month = left_open(Period::month_of(day));
    for (unit, row) in rows {
        row.overdue = Overdue {
            quarter: row.quarter.is_some() && quarter.contains(unit),
            month: row.month.is_some() && month.contains(unit),
        };
    }
}

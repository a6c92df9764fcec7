//! 今日 – who is due, and what to ask.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};
use rusqlite::Connection;

use super::lease::lock_row;
use super::{DayRow, DaySheet, Fieldbook, FieldbookError};
use crate::coverage::{ObligationState, Register, reckon};
use crate::due::{self, DueList, Hint};
use crate::entry::Contents;
use crate::file::UnitFile;
use crate::ids::{GridId, Hash32, RequestId};
use crate::life::HouseholdLife;
use crate::projection::FollowUp;
use crate::question::{Answered, Asked, Question, categories_named, open_for};
use crate::request::RequestState;
use crate::roster::Unit;
use crate::store::units::UnitRow;
use crate::store::{StoreError, drafts, forget, log, units};
use crate::time::{Period, Zone};
use crate::visit::{Answer, Appointment};

impl Fieldbook {
    /// 应访 – whom to call on, in walking order, and how far the quarter and the month got. `day` is today unless a
    /// person looks ahead; `grid` narrows the list to one grid.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn due(&self, day: Option<NaiveDate>, grid: Option<GridId>) -> Result<DaySheet, FieldbookError> {
        let db = self.store.read();
        let community = units::community(db)?;
        let day = match day {
            Some(day) => day,
            None => community.zone().date(self.now()?),
        };
        let mut rows = units::all(db)?;
        rows.retain(|row| !row.leaving);
        let setting = community.coverage_setting(Period::quarter_of(day))?;
        let register = Register::new(rows.iter().map(|row| &row.file), setting);
        let by_unit: BTreeMap<Unit, &UnitRow> = rows.iter().map(|row| (row.unit, row)).collect();
        let hints = by_unit.iter().map(|(unit, row)| (*unit, hint(row, &register))).collect();
        let locked = self.is_locked()?;
        let drafts: BTreeSet<Unit> = drafts::all(db)?.into_iter().map(|(unit, ..)| unit).collect();
        let mut list = due::list(&register, day, grid, &hints);
        pass_over_gone_doors(&mut list, db, &register, community.zone(), grid)?;
        let rows = list.rows.into_iter().map(|due| {
            let row = by_unit.get(&due.unit);
            let mut shown = DayRow {
                names: row.map(|row| row.names(day)).unwrap_or_default(),
                conflicts: row.map_or(0, |row| row.conflicts()),
                has_draft: drafts.contains(&due.unit),
                due,
            };
            if locked {
                lock_row(&mut shown);
            }
            shown
        });
        let mut sheet = DaySheet {
            day: list.day,
            quarter: list.quarter,
            month: list.month,
            working_days_left: list.working_days_left,
            per_working_day: list.per_working_day,
            rows: rows.collect(),
        };
        self.without_days_off(&mut sheet)?;
        Ok(sheet)
    }

    /// 专项 – the questions to ask a unit on a day; answers of the record that is being corrected do not count.
    pub(super) fn questions(
        &self,
        row: &UnitRow,
        day: NaiveDate,
        corrected: Option<Hash32>,
    ) -> Result<Vec<Question>, FieldbookError> {
        Ok(open_questions(self.store.read(), row, day, corrected)?)
    }
}

/// A door whose household went to another grid this quarter is no vacant unit: the household is due there, not here.
fn pass_over_gone_doors(
    list: &mut DueList,
    db: &Connection,
    register: &Register,
    zone: Zone,
    grid: Option<GridId>,
) -> Result<(), StoreError> {
    let quarter = Period::quarter_of(list.day);
    let gone = doors_left(db, zone, quarter)?;
    if gone.is_empty() {
        return Ok(());
    }
    list.rows.retain(|row| !gone.contains(&row.unit));
    let all = reckon(register, quarter, list.day);
    let counted = all.obligations.iter().filter(|one| gone.contains(&one.unit));
    for one in counted.filter(|one| grid.is_none_or(|grid| one.grid == grid)) {
        list.quarter.due = list.quarter.due.saturating_sub(1);
        if matches!(one.state, ObligationState::Visited(_)) {
            list.quarter.done = list.quarter.done.saturating_sub(1);
        }
    }
    Ok(())
}

/// Doors whose household went to another grid since a quarter began.
pub(super) fn doors_left(db: &Connection, zone: Zone, quarter: Period) -> Result<Vec<Unit>, StoreError> {
    let since = zone.instant(quarter.first_day(), NaiveTime::MIN);
    forget::gone_doors(db, since.timestamp_millis())
}

/// The questions open for a unit on a day, by what was answered before.
pub(super) fn open_questions(
    db: &Connection,
    row: &UnitRow,
    day: NaiveDate,
    corrected: Option<Hash32>,
) -> Result<Vec<Question>, StoreError> {
    let community = units::community(db)?;
    let questions: Vec<Question> = community.questions().into_values().collect();
    let Some(grid) = row.grid.filter(|_| !questions.is_empty()) else { return Ok(Vec::new()) };
    let is_key = match row.unit {
        Unit::Household(id) => HouseholdLife::derive(id, &row.file, &[], community.zone()).is_key(day),
        Unit::Vacant(_) => false,
    };
    let categories = categories_named(row.fields.keys());
    let asked = Asked { grid, is_key, categories: &categories };
    let answers = answers_of(db, row, corrected)?;
    let answered: Vec<Answered<'_>> =
        answers.iter().map(|(visited_on, answer)| Answered { visited_on: *visited_on, answer }).collect();
    Ok(open_for(&questions, &asked, &answered, day).into_iter().cloned().collect())
}

/// What was answered on visits that stand.
fn answers_of(
    db: &Connection,
    row: &UnitRow,
    corrected: Option<Hash32>,
) -> Result<Vec<(NaiveDate, Answer)>, StoreError> {
    let standing = effective(&row.file);
    let mut answers = Vec::new();
    for kept in log::about(db, row.unit)? {
        let hash = kept.payload.hash();
        if corrected == Some(hash) || !standing.contains(&hash) {
            continue;
        }
        if let Ok(Contents::Visit { skeleton, body: Some(body) }) = kept.payload.read() {
            answers.extend(body.answers.into_iter().map(|answer| (skeleton.visited_on, answer)));
        }
    }
    Ok(answers)
}

/// Payload hashes of the visits in effect.
pub(super) fn effective(file: &UnitFile) -> BTreeSet<Hash32> {
    let standing = crate::life::Standing::of(file);
    standing.effective_visits(file, &[file.unit()]).iter().map(|visit| visit.record.entry).collect()
}

/// What stands in the bodies of a unit's visits: the appointment not kept yet, the requests not closed yet.
fn hint(row: &UnitRow, register: &Register) -> Hint {
    if row.follow_ups.is_empty() {
        return Hint::default();
    }
    let visits = match row.unit {
        Unit::Household(id) => register.household(id).map_or(&[][..], HouseholdLife::visits),
        Unit::Vacant(dwelling) => register.door(dwelling).map_or(&[][..], |door| door.visits()),
    };
    let agreed = row.follow_ups.iter().filter_map(|one| match one {
        FollowUp::Agreed { entry, on, at } => {
            let made = visits.iter().rposition(|visit| visit.record.entry == *entry)?;
            let kept = visits.iter().skip(made + 1).any(|visit| *on <= visit.visited_on);
            (!kept).then_some((made, Appointment { on: *on, at: *at }))
        }
        _ => None,
    });
    let state = |wanted: RequestId| {
        RequestState::of(row.follow_ups.iter().filter_map(|one| match one {
            FollowUp::Step { request, step, .. } if *request == wanted => Some(*step),
            _ => None,
        }))
    };
    // A correction raises what it corrects again: one request all the same.
    let raised: BTreeSet<RequestId> = row
        .follow_ups
        .iter()
        .filter_map(|one| match one {
            FollowUp::Raised { entry, request }
                if visits.iter().any(|visit| visit.record.entry == *entry) =>
            {
                Some(*request)
            }
            _ => None,
        })
        .collect();
    let open = raised.into_iter().filter(|request| state(*request).is_waiting());
    Hint {
        open_requests: u32::try_from(open.count()).unwrap_or(u32::MAX),
        appointment: agreed.max_by_key(|(made, _)| *made).map(|(_, appointment)| appointment),
    }
}

//! 楼栋图 – every door of a building and how the units behind it stand.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::lease::lock_line;
use super::today::doors_left;
use super::{Fieldbook, FieldbookError, UnitLine};
use crate::coverage::{ObligationState, Register, reckon};
use crate::ids::Hash32;
use crate::question::Question;
use crate::roster::{Address, BuildingRef, DwellingUse, Unit};
use crate::store::units;
use crate::store::units::UnitRow;
use crate::time::Period;

/// One door or household of a building.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRow {
    /// Which, where, who.
    pub line: UnitLine,
    /// What the door is used for; `None` for a household.
    pub used_as: Option<DwellingUse>,
    /// 重点户.
    pub key: bool,
    /// How it stands: in the running month while that is open, else in the running quarter. `None`: not due.
    pub state: Option<ObligationState>,
}

impl Fieldbook {
    /// 楼栋图 – the doors and households of a building, or of all of them, in walking order; a household follows its door.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn plan(&self, building: Option<&BuildingRef>) -> Result<Vec<PlanRow>, FieldbookError> {
        let db = self.store.read();
        let today = self.today()?;
        let community = units::community(db)?;
        let mut rows = units::all(db)?;
        rows.retain(|row| !row.leaving);
        let quarter = Period::quarter_of(today);
        let register = Register::new(rows.iter().map(|row| &row.file), community.coverage_setting(quarter)?);
        // The month after the quarter: where it is open it is what stands on the door.
        let mut states: BTreeMap<Unit, ObligationState> = BTreeMap::new();
        for period in [quarter, Period::month_of(today)] {
            for one in reckon(&register, period, today).obligations {
                let state = states.entry(one.unit).or_insert(one.state);
                if one.state.is_outstanding() {
                    *state = one.state;
                }
            }
        }
        // As in the due list: their households are due in another grid, not here.
        for gone in doors_left(db, community.zone(), quarter)? {
            states.remove(&gone);
        }
        let addresses: BTreeMap<Unit, Address> =
            rows.iter().filter_map(|row| Some((row.unit, row.address()?.clone()))).collect();
        let wanted = |address: &Address| {
            building.is_none_or(|of| of.estate == address.estate && of.building == address.building)
        };
        let locked = self.is_locked()?;
        let shown = rows.iter().filter_map(|row| {
            let address = addresses.get(&Unit::Vacant(row.dwelling?)).filter(|address| wanted(address))?;
            let mut line = line_of(row, address, today);
            if locked {
                lock_line(&mut line);
            }
            Some(PlanRow {
                line,
                used_as: row.used_as(),
                key: matches!(row.unit, Unit::Household(id)
                    if register.household(id).is_some_and(|life| life.is_key(today))),
                state: states.get(&row.unit).copied(),
            })
        });
        Ok(shown.collect())
    }

    /// 专项 – what a visit to a unit on a day can answer; for a correction also what the corrected record answered.
    ///
    /// # Errors
    /// [`FieldbookError::UnknownUnit`].
    pub fn questions_on(
        &self,
        unit: Unit,
        day: NaiveDate,
        corrected: Option<Hash32>,
    ) -> Result<Vec<Question>, FieldbookError> {
        let row = units::find(self.store.read(), unit)?.ok_or(FieldbookError::UnknownUnit(unit))?;
        self.questions(&row, day, corrected)
    }

    /// An id for somebody who joins a household.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn new_person_id(&mut self) -> Result<crate::ids::PersonId, FieldbookError> {
        let now = self.now()?;
        Ok(self.ids.make(now))
    }
}

fn line_of(row: &UnitRow, address: &Address, today: NaiveDate) -> UnitLine {
    UnitLine {
        unit: row.unit,
        grid: row.grid,
        dwelling: row.dwelling,
        address: Some(address.clone()),
        names: row.names(today),
        conflicts: row.conflicts(),
    }
}

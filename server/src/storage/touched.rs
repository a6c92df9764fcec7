//! 变动 – units and grids whose files changed since coverage was last brought up to date.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use ruhu_core::ids::GridId;

use super::ahead::Touched;
use super::db::{Rows, Value, values};
use super::units::UnitNr;
use super::{StorageError, Tx};

const UNITS: Rows = Rows {
    into: "INSERT INTO touched_unit (unit, from_day)",
    columns: 2,
    then: "ON CONFLICT (unit) DO UPDATE SET from_day = excluded.from_day
         WHERE excluded.from_day < touched_unit.from_day",
};
const GRIDS: Rows =
    Rows { into: "INSERT INTO touched_grid (grid)", columns: 1, then: "ON CONFLICT DO NOTHING" };

impl Tx<'_> {
    /// Notes that a unit's file changed, and the earliest local day whose figures that can move.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn touch_unit(&self, nr: UnitNr, from: NaiveDate) -> Result<(), StorageError> {
        let touched = &mut self.ahead.held().touched;
        let before = touched.units.get(&nr).copied();
        if before.is_none_or(|before| from < before) {
            touched.units.insert(nr, from);
            touched.by_job.push((nr, before));
        }
        Ok(())
    }

    /// The touched units by number, which are then touched no longer unless the transaction says that it failed
    /// (`Tx::keep_touched`).
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn take_touched_units(&self) -> Result<Vec<(UnitNr, NaiveDate)>, StorageError> {
        let what = "touched units";
        let sql = "SELECT unit, from_day FROM touched_unit ORDER BY unit";
        let left: Vec<(UnitNr, NaiveDate)> = self.all_apart(what, sql, values![], |row| {
            let day = i32::try_from(row.get::<i64>(1)?).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
            Ok((UnitNr(row.get(0)?), day.ok_or(StorageError::Damaged { what })?))
        })?;
        if !left.is_empty() {
            self.execute_apart(what, "DELETE FROM touched_unit", values![])?;
        }
        let touched = &mut self.ahead.held().touched;
        let mut units = std::mem::take(&mut touched.units);
        for (nr, from) in &units {
            earliest(&mut touched.units_taken, *nr, *from);
        }
        left.into_iter().for_each(|(nr, from)| earliest(&mut units, nr, from));
        Ok(units.into_iter().collect())
    }

    /// Notes that files of a grid changed; it is recomputed before the transaction commits.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn touch_grid(&self, grid: GridId) -> Result<(), StorageError> {
        let touched = &mut self.ahead.held().touched;
        if touched.grids.insert(grid) {
            touched.grids_by_job.push(grid);
        }
        Ok(())
    }

    /// The touched grids, which are then touched no longer unless the transaction says that it failed.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn take_touched_grids(&self) -> Result<Vec<GridId>, StorageError> {
        let what = "touched grids";
        let sql = "SELECT grid FROM touched_grid ORDER BY grid";
        let left: Vec<GridId> =
            self.all_apart(what, sql, values![], |row| Ok(GridId::from_bytes(row.fixed(0)?)))?;
        if !left.is_empty() {
            self.execute_apart(what, "DELETE FROM touched_grid", values![])?;
        }
        let touched = &mut self.ahead.held().touched;
        let mut grids = std::mem::take(&mut touched.grids);
        touched.grids_taken.extend(&grids);
        grids.extend(left);
        Ok(grids.into_iter().collect())
    }

    /// Writes down what is still touched at the end of a transaction, for the next one: with everything that was taken
    /// where the reckoning was not `kept`.
    pub(super) fn keep_touched(&self, kept: bool) -> Result<(), StorageError> {
        let Touched { mut units, mut grids, units_taken, grids_taken, .. } =
            std::mem::take(&mut self.ahead.held().touched);
        if !kept {
            units_taken.into_iter().for_each(|(nr, from)| earliest(&mut units, nr, from));
            grids.extend(grids_taken);
        }
        let all: Vec<Value<'_>> = units
            .iter()
            .flat_map(|(nr, from)| [Value::Int(nr.0), Value::Int(from.num_days_from_ce().into())])
            .collect();
        self.insert_apart("touched units", &UNITS, &all)?;
        let all: Vec<Value<'_>> = grids.iter().map(|grid| Value::Blob(grid.as_bytes())).collect();
        self.insert_apart("touched grids", &GRIDS, &all)
    }
}

fn earliest(units: &mut BTreeMap<UnitNr, NaiveDate>, nr: UnitNr, from: NaiveDate) {
    let day = units.entry(nr).or_insert(from);
    *day = from.min(*day);
}

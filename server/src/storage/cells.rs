//! 入户率的行 – obligations by grid and period, cells.

use std::collections::BTreeMap;

use super::db::{Rows, Value, values};
use super::{StorageError, Tx};
use chrono::NaiveDate;
use ruhu_core::coverage::{CellState, Coverage, Deduction};
use ruhu_core::file::UnitFile;
use ruhu_core::ids::GridId;
use ruhu_core::roster::Unit;
use ruhu_core::time::Period;

const COVERAGES: Rows = Rows {
    into: "INSERT INTO grid_period (grid, period, as_of, coverage)",
    columns: 4,
    then: "ON CONFLICT (grid, period) DO UPDATE SET as_of = excluded.as_of, coverage = excluded.coverage",
};
const CELLS: Rows = Rows {
    into: "INSERT INTO cell (grid, period, state, count)",
    columns: 4,
    then: "ON CONFLICT (grid, period, state) DO UPDATE SET count = excluded.count",
};

impl Tx<'_> {
    /// The file of a unit; `None` where there is none.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn file_of(&self, unit: Unit) -> Result<Option<UnitFile>, StorageError> {
        self.unit(unit)?.map(|row| self.unit_file(&row)).transpose()
    }

    /// Writes the finished rows of one grid and period; rows that say the same already stay as they are.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_grid_coverage(&self, grid: GridId, coverage: &Coverage) -> Result<(), StorageError> {
        match self.grid_coverage(grid, coverage.period)? {
            Some(known) => self.replace_coverages(&[(grid, known, coverage.clone())]),
            None => {
                let sql = "DELETE FROM cell WHERE grid = ?1 AND period = ?2";
                let period = coverage.period.to_string();
                self.execute_apart("cells", sql, values![grid.as_bytes(), period])?;
                let nothing = Coverage { obligations: Vec::new(), ..coverage.clone() };
                self.write_coverages(&[(grid, nothing, coverage.clone())])
            }
        }
    }

    /// As [`Tx::put_grid_coverage`], for many grids and by somebody who has read what is known: grid, known, now.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn replace_coverages(&self, changed: &[(GridId, Coverage, Coverage)]) -> Result<(), StorageError> {
        let changed = changed.iter().filter(|(_, known, now)| known != now);
        self.write_coverages(&changed.cloned().collect::<Vec<_>>())
    }

    fn write_coverages(&self, changed: &[(GridId, Coverage, Coverage)]) -> Result<(), StorageError> {
        let what = "grid coverage";
        let mut written = Vec::with_capacity(changed.len());
        let mut counted = Vec::new();
        for (grid, known, now) in changed {
            let bytes = postcard::to_allocvec(now).map_err(|_| StorageError::Damaged { what })?;
            written.push((grid, now.period.to_string(), now.as_of.to_string(), bytes));
            let (before, after) = (cells_of(known), cells_of(now));
            for state in before.keys().filter(|state| !after.contains_key(state)) {
                let sql = "DELETE FROM cell WHERE grid = ?1 AND period = ?2 AND state = ?3";
                let period = now.period.to_string();
                self.execute_apart("cells", sql, values![grid.as_bytes(), period, state_name(*state)])?;
            }
            let other = after.into_iter().filter(|(state, count)| before.get(state) != Some(count));
            counted
                .extend(other.map(|(state, count)| (grid, now.period.to_string(), state_name(state), count)));
        }
        let values: Vec<Value<'_>> = written
            .iter()
            .flat_map(|(grid, period, as_of, bytes)| {
                [Value::Blob(grid.as_bytes()), Value::Text(period), Value::Text(as_of), Value::Blob(bytes)]
            })
            .collect();
        self.insert_apart(what, &COVERAGES, &values)?;
        let values: Vec<Value<'_>> = counted
            .iter()
            .flat_map(|(grid, period, state, count)| {
                let (grid, count) = (Value::Blob(grid.as_bytes()), Value::Int(i64::from(*count)));
                [grid, Value::Text(period), Value::Text(state), count]
            })
            .collect();
        self.insert_apart("cells", &CELLS, &values)
    }

    /// Every obligation of some grids in a period, of those that were ever reckoned.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn grid_coverages(
        &self,
        grids: &[GridId],
        period: Period,
    ) -> Result<BTreeMap<GridId, Coverage>, StorageError> {
        let what = "grid coverage";
        let sql = "SELECT grid, coverage FROM grid_period WHERE grid = ?1 AND period = ?2";
        let keys: Vec<Value<'_>> = grids.iter().map(|grid| Value::Blob(grid.as_bytes())).collect();
        self.all_of_which(what, sql, &keys, values![period.to_string()], |row| {
            let coverage = postcard::from_bytes(row.blob(1)?).map_err(|_| StorageError::Damaged { what })?;
            Ok((GridId::from_bytes(row.fixed(0)?), coverage))
        })
    }

    /// Every obligation of a grid in a period; `None` when it was never reckoned.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn grid_coverage(&self, grid: GridId, period: Period) -> Result<Option<Coverage>, StorageError> {
        let what = "grid coverage";
        let sql = "SELECT coverage FROM grid_period WHERE grid = ?1 AND period = ?2";
        self.first(what, sql, values![grid.as_bytes(), period.to_string()], |row| {
            postcard::from_bytes(row.blob(0)?).map_err(|_| StorageError::Damaged { what })
        })
    }

    /// The cells of a grid and period by the name of their state; only those that are not 0.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn cells(&self, grid: GridId, period: Period) -> Result<BTreeMap<String, u32>, StorageError> {
        let sql = "SELECT state, count FROM cell WHERE grid = ?1 AND period = ?2 ORDER BY state";
        self.all("cells", sql, values![grid.as_bytes(), period.to_string()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    /// The latest day the rows of a grid stand for; `None` before its first.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn reckoned_on(&self, grid: GridId) -> Result<Option<NaiveDate>, StorageError> {
        let what = "grid coverage";
        let sql = "SELECT max(as_of) FROM grid_period WHERE grid = ?1";
        let latest: Option<String> = self.one(what, sql, values![grid.as_bytes()], |row| row.get(0))?;
        latest.map(|day| day.parse().map_err(|_| StorageError::Damaged { what })).transpose()
    }

    /// Every grid and period that has rows, with the day they were reckoned for; for `ruhu verify`.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn reckoned(&self) -> Result<Vec<(GridId, Period, NaiveDate)>, StorageError> {
        let what = "grid coverage";
        let sql = "SELECT grid, period, as_of FROM grid_period ORDER BY grid, period";
        self.all(what, sql, values![], |row| {
            let damaged = || StorageError::Damaged { what };
            Ok((
                GridId::from_bytes(row.fixed(0)?),
                row.get::<String>(1)?.parse().map_err(|_| damaged())?,
                row.get::<String>(2)?.parse().map_err(|_| damaged())?,
            ))
        })
    }
}

fn cells_of(coverage: &Coverage) -> BTreeMap<CellState, u32> {
    coverage.cells().into_iter().map(|(cell, count)| (cell.state, count)).collect()
}

/// The name of a state in the rows: `visited`, `moved-out`, `never-tried`.
#[must_use]
pub const fn state_name(state: CellState) -> &'static str {
    match state {
        CellState::Visited => "visited",
        CellState::Deducted(deduction) => match deduction {
            Deduction::Dissolved => "dissolved",
            Deduction::MovedOut => "moved-out",
            Deduction::NoSuchAddress => "no-such-address",
            Deduction::RegisteredOnly => "registered-only",
            Deduction::BecameOccupied => "became-occupied",
            Deduction::VacantConfirmed => "vacant-confirmed",
            Deduction::Declined => "declined",
            Deduction::Unsafe => "unsafe",
            Deduction::ThreeAttempts => "three-attempts",
        },
        CellState::NeverTried => "never-tried",
        CellState::Tried => "tried",
        CellState::SeenVacantOnce => "seen-vacant-once",
        CellState::Appointment => "appointment",
        CellState::FoundFalse => "found-false",
    }
}

//! 入户率的行 – touched grids, obligations by grid and period, cells.

use std::collections::BTreeMap;

use super::db::values;
use super::{StorageError, Tx};
use chrono::NaiveDate;
use ruhu_core::coverage::{CellState, Coverage, Deduction};
use ruhu_core::file::UnitFile;
use ruhu_core::ids::GridId;
use ruhu_core::roster::Unit;
use ruhu_core::time::Period;

impl Tx<'_> {
    /// Notes that files of a grid changed; it is recomputed before the transaction commits.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn touch_grid(&self, grid: GridId) -> Result<(), StorageError> {
        let sql = "INSERT INTO touched_grid (grid) VALUES (?1) ON CONFLICT DO NOTHING";
        self.execute("touched grid", sql, values![grid.as_bytes()]).map(drop)
    }

    /// The touched grids, which are then touched no longer.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn take_touched_grids(&self) -> Result<Vec<GridId>, StorageError> {
        let what = "touched grids";
        let grids: Vec<GridId> =
            self.all(what, "SELECT grid FROM touched_grid ORDER BY grid", values![], |row| {
                Ok(GridId::from_bytes(row.fixed(0)?))
            })?;
        if !grids.is_empty() {
            self.execute(what, "DELETE FROM touched_grid", values![])?;
        }
        Ok(grids)
    }

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
        let known = self.grid_coverage(grid, coverage.period)?;
        self.replace_grid_coverage(grid, known.as_ref(), coverage)
    }

    /// As [`Tx::put_grid_coverage`], by somebody who has read what is known.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn replace_grid_coverage(
        &self,
        grid: GridId,
        known: Option<&Coverage>,
        coverage: &Coverage,
    ) -> Result<(), StorageError> {
        let what = "grid coverage";
        if known == Some(coverage) {
            return Ok(());
        }
        let period = coverage.period.to_string();
        let bytes = postcard::to_allocvec(coverage).map_err(|_| StorageError::Damaged { what })?;
        self.execute(
            what,
            "INSERT INTO grid_period (grid, period, as_of, coverage) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (grid, period) DO UPDATE SET as_of = excluded.as_of, coverage = excluded.coverage",
            values![grid.as_bytes(), period, coverage.as_of.to_string(), bytes],
        )?;
        let cells = |coverage: &Coverage| -> BTreeMap<CellState, u32> {
            coverage.cells().into_iter().map(|(cell, count)| (cell.state, count)).collect()
        };
        let now = cells(coverage);
        if known.map(cells).as_ref() == Some(&now) {
            return Ok(());
        }
        let sql = "DELETE FROM cell WHERE grid = ?1 AND period = ?2";
        self.execute("cells", sql, values![grid.as_bytes(), period])?;
        for (state, count) in now {
            let sql = "INSERT INTO cell (grid, period, state, count) VALUES (?1, ?2, ?3, ?4)";
            self.execute("cells", sql, values![grid.as_bytes(), period, state_name(state), count])?;
        }
        Ok(())
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

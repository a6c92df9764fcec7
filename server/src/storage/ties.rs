//! 牵连 – which units must be read together to reckon one of them: those that share a door, or a joined record.

use std::collections::BTreeSet;

use super::db::{Rows, Value, values};
use super::units::{UnitNr, read_file};
use super::{StorageError, Tx};
use ruhu_core::fact::Fact;
use ruhu_core::file::UnitFile;
use ruhu_core::ids::{GridId, HouseholdId};
use ruhu_core::roster::Unit;

const TIES: Rows =
    Rows { into: "INSERT INTO unit_tie (unit, tie)", columns: 2, then: "ON CONFLICT DO NOTHING" };

impl Tx<'_> {
    /// Remembers what a fact ties a unit to, and the grid it names, whether or not the fact still holds.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn tie(&self, nr: UnitNr, unit: Unit, fact: &Fact) -> Result<(), StorageError> {
        let (tie, grid) = match fact {
            Fact::Settled { dwelling, grid, .. } => (Some(*dwelling.as_bytes()), Some(*grid)),
            Fact::DwellingListed { grid, .. } | Fact::Regridded { grid, .. } => (None, Some(*grid)),
            fact => (linked(fact).map(|other| *other.as_bytes()), None),
        };
        self.ahead.held().back.ties.extend(tie.iter().chain([unit.as_bytes()]).map(|tie| (nr, *tie)));
        if let Some(grid) = grid {
            self.remember_home(nr, grid)?;
        }
        Ok(())
    }

    pub(super) fn write_ties(&self, ties: &BTreeSet<(UnitNr, [u8; 16])>) -> Result<(), StorageError> {
        let values = ties.iter().flat_map(|(nr, tie)| [Value::Int(nr.0), Value::Blob(tie)]);
        self.insert_apart("ties of a unit", &TIES, &values.collect::<Vec<_>>())
    }

    /// The units that share a door or a joined record with any of these, themselves included.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn tied_to(&self, units: &[UnitNr]) -> Result<Vec<(UnitNr, UnitNr)>, StorageError> {
        self.write_down()?;
        let keys: Vec<Value<'_>> = units.iter().map(|nr| Value::Int(nr.0)).collect();
        let sql = "SELECT own.unit, other.unit FROM unit_tie own JOIN unit_tie other ON other.tie = own.tie
             WHERE own.unit = ?1";
        self.all_of("ties of a unit", sql, &keys, |row| Ok((UnitNr(row.get(0)?), UnitNr(row.get(1)?))))
    }

    /// The files of every unit that was ever at home in a grid, and of those that share a door or a record with one.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn files_near(&self, grid: GridId) -> Result<Vec<UnitFile>, StorageError> {
        self.all(
            "unit files of a grid",
            "SELECT f.file FROM unit_file f WHERE f.nr IN (
                 SELECT unit FROM unit_grid WHERE grid = ?1
                 UNION
                 SELECT other.unit FROM unit_grid g JOIN unit_tie own ON own.unit = g.unit
                 JOIN unit_tie other ON other.tie = own.tie WHERE g.grid = ?1
             ) ORDER BY f.nr",
            values![grid.as_bytes()],
            |row| read_file(row.blob(0)?),
        )
    }

    /// The files of a household and of every record that was ever said to be joined with it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn files_joined(&self, household: HouseholdId) -> Result<Vec<UnitFile>, StorageError> {
        let sql =
            "SELECT f.file FROM unit_tie t JOIN unit_file f ON f.nr = t.unit WHERE t.tie = ?1 ORDER BY f.nr";
        self.all("files of joined records", sql, values![household.as_bytes()], |row| read_file(row.blob(0)?))
    }

    /// Every grid whose figures a fact about a unit can move: where it or a unit tied to it was ever at home.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn grids_near(&self, nr: UnitNr) -> Result<Vec<GridId>, StorageError> {
        self.all(
            "grids of a unit",
            "SELECT grid FROM unit_grid WHERE unit = ?1
             UNION
             SELECT g.grid FROM unit_tie own JOIN unit_tie other ON other.tie = own.tie
             JOIN unit_grid g ON g.unit = other.unit WHERE own.unit = ?1
             ORDER BY 1",
            values![nr.0],
            |row| Ok(GridId::from_bytes(row.fixed(0)?)),
        )
    }
}

/// The other record a fact joins a household to, or parts it from.
#[must_use]
pub const fn linked(fact: &Fact) -> Option<HouseholdId> {
    match fact {
        Fact::SameAs { into: other } | Fact::Absorbs { other } | Fact::Parted { other } => Some(*other),
        _ => None,
    }
}

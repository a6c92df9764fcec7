//! 变动 – units whose files changed since coverage was last brought up to date, and what hangs together with them.

use chrono::{Datelike, NaiveDate};
use ruhu_core::file::UnitFile;

use super::db::values;
use super::units::{UnitNr, read_file};
use super::{StorageError, Tx};

impl Tx<'_> {
    /// Notes that a unit's file changed, and the earliest local day whose figures that can move.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn touch_unit(&self, nr: UnitNr, from: NaiveDate) -> Result<(), StorageError> {
        self.execute(
            "touched unit",
            "INSERT INTO touched_unit (unit, from_day) VALUES (?1, ?2)
             ON CONFLICT (unit) DO UPDATE SET from_day = excluded.from_day
             WHERE excluded.from_day < touched_unit.from_day",
            values![nr.0, from.num_days_from_ce()],
        )
        .map(drop)
    }

    /// The touched units by number, which are then touched no longer.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn take_touched_units(&self) -> Result<Vec<(UnitNr, NaiveDate)>, StorageError> {
        let what = "touched units";
        let sql = "SELECT unit, from_day FROM touched_unit ORDER BY unit";
        let units: Vec<(UnitNr, NaiveDate)> = self.all(what, sql, values![], |row| {
            let day = i32::try_from(row.get::<i64>(1)?).ok().and_then(NaiveDate::from_num_days_from_ce_opt);
            Ok((UnitNr(row.get(0)?), day.ok_or(StorageError::Damaged { what })?))
        })?;
        if !units.is_empty() {
            self.execute(what, "DELETE FROM touched_unit", values![])?;
        }
        Ok(units)
    }

    /// The units that share a door or a joined record with a unit, itself included.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn tied_to(&self, nr: UnitNr) -> Result<Vec<UnitNr>, StorageError> {
        self.all(
            "ties of a unit",
            "SELECT other.unit FROM unit_tie own JOIN unit_tie other ON other.tie = own.tie
             WHERE own.unit = ?1",
            values![nr.0],
            |row| Ok(UnitNr(row.get(0)?)),
        )
    }

    /// A unit's file by its number; `None` for one nothing is known of.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn file_by_nr(&self, nr: UnitNr) -> Result<Option<UnitFile>, StorageError> {
        let sql = "SELECT file FROM unit_file WHERE nr = ?1";
        self.first("unit file", sql, values![nr.0], |row| read_file(row.blob(0)?))
    }
}

//! 变动 – units whose files changed since coverage was last brought up to date, and what hangs together with them.

use chrono::{Datelike, NaiveDate};
use ruhu_core::file::UnitFile;
use rusqlite::{OptionalExtension, params};

use super::units::{UnitNr, read_file};
use super::{StorageError, Tried, Tx};

impl Tx<'_> {
    /// Notes that a unit's file changed, and the earliest local day whose figures that can move.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn touch_unit(&self, nr: UnitNr, from: NaiveDate) -> Result<(), StorageError> {
        self.conn()
            .prepare_cached(
                "INSERT INTO touched_unit (unit, from_day) VALUES (?1, ?2)
                 ON CONFLICT (unit) DO UPDATE SET from_day = min(from_day, excluded.from_day)",
            )
            .and_then(|mut insert| insert.execute(params![nr.0, from.num_days_from_ce()]))
            .writing("touched unit")
            .map(drop)
    }

    /// The touched units by number, which are then touched no longer.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn take_touched_units(&self) -> Result<Vec<(UnitNr, NaiveDate)>, StorageError> {
        let what = "touched units";
        let mut read = self
            .conn()
            .prepare_cached("SELECT unit, from_day FROM touched_unit ORDER BY unit")
            .reading(what)?;
        let rows = read.query_map([], |row| Ok((row.get(0)?, row.get::<_, i32>(1)?))).reading(what)?;
        let mut units = Vec::new();
        for row in rows {
            let (nr, day) = row.reading(what)?;
            units.push((
                UnitNr(nr),
                NaiveDate::from_num_days_from_ce_opt(day).ok_or(StorageError::Damaged { what })?,
            ));
        }
        if !units.is_empty() {
            self.conn().execute("DELETE FROM touched_unit", []).writing(what)?;
        }
        Ok(units)
    }

    /// The units that share a door or a joined record with a unit, itself included.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn tied_to(&self, nr: UnitNr) -> Result<Vec<UnitNr>, StorageError> {
        let what = "ties of a unit";
        let mut read = self
            .conn()
            .prepare_cached(
                "SELECT other.unit FROM unit_tie own JOIN unit_tie other ON other.tie = own.tie
                 WHERE own.unit = ?1",
            )
            .reading(what)?;
        let rows = read.query_map([nr.0], |row| row.get(0).map(UnitNr)).reading(what)?;
        rows.map(|row| row.reading(what)).collect()
    }

    /// A unit's file by its number; `None` for one nothing is known of.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn file_by_nr(&self, nr: UnitNr) -> Result<Option<UnitFile>, StorageError> {
        let file: Option<Vec<u8>> = self
            .conn()
            .prepare_cached("SELECT file FROM unit_file WHERE nr = ?1")
            .and_then(|mut read| read.query_row([nr.0], |row| row.get(0)).optional())
            .reading("unit file")?;
        file.map(|file| read_file(&file)).transpose()
    }
}

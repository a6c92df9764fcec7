//! 预读 – rows of many units by one query a table, for whoever knows beforehand what a push is about.

use super::db::Value;
use super::units::{UnitNr, read_file, unit_bytes, unit_row};
use super::vault::owner::Owner;
use super::waiting::{self, Waiting};
use super::{StorageError, Tx};
use ruhu_core::file::UnitFile;
use ruhu_core::ids::GridId;
use ruhu_core::roster::Unit;
use std::collections::BTreeMap;
use std::rc::Rc;

impl Tx<'_> {
    /// Reads the rows and files of units, and what waits for them, if they are not known yet. Changes no answer, only
    /// how often the database is asked.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn look_ahead(&self, units: &[Unit]) -> Result<(), StorageError> {
        self.look_ahead_rows(units)?;
        let files: Vec<UnitNr> = {
            let read = &self.ahead.held().read;
            units.iter().filter_map(|unit| Some(read.units.get(unit)?.as_ref()?.nr)).collect()
        };
        self.look_ahead_files(&files)?;
        self.look_ahead_keys(&units.iter().map(|unit| Owner::of(Some(*unit))).collect::<Vec<_>>())?;
        self.look_ahead_parked(units)
    }

    fn look_ahead_rows(&self, units: &[Unit]) -> Result<(), StorageError> {
        let missing = missing(units, &self.ahead.held().read.units);
        let (keys, sql) =
            (unit_keys(&missing), "SELECT nr, unit, grid, dwelling, walking_key FROM unit WHERE unit = ?1");
        let rows: Vec<_> = self.all_of("unit", sql, &values_of(&keys), unit_row)?;
        let read = &mut self.ahead.to_hold().read;
        read.units.extend(missing.into_iter().map(|unit| (unit, None)));
        read.units.extend(rows.into_iter().map(|row| (row.unit, Some(row))));
        Ok(())
    }

    pub(crate) fn look_ahead_files(&self, units: &[UnitNr]) -> Result<(), StorageError> {
        let missing = missing(units, &self.ahead.held().read.files);
        // A view forgets what it read before when it reads on: not where there is nothing to read.
        if missing.is_empty() {
            return Ok(());
        }
        let files: Vec<(UnitNr, UnitFile)> = self.all_of(
            "unit file",
            "SELECT nr, file FROM unit_file WHERE nr = ?1",
            &nr_keys(&missing),
            |row| Ok((UnitNr(row.get(0)?), read_file(row.blob(1)?)?)),
        )?;
        let read = &mut self.ahead.to_hold().read;
        read.files.extend(missing.into_iter().map(|nr| (nr, None)));
        read.files.extend(files.into_iter().map(|(nr, file)| (nr, Some(Rc::new(file)))));
        Ok(())
    }

    pub(crate) fn look_ahead_homes(&self, units: &[UnitNr]) -> Result<(), StorageError> {
        let missing = missing(units, &self.ahead.held().read.homes);
        if missing.is_empty() {
            return Ok(());
        }
        self.write_down()?;
        let sql = "SELECT unit, grid FROM unit_grid WHERE unit = ?1";
        let homes: Vec<(UnitNr, GridId)> = self.all_of("home of a unit", sql, &nr_keys(&missing), |row| {
            Ok((UnitNr(row.get(0)?), GridId::from_bytes(row.fixed(1)?)))
        })?;
        let read = &mut self.ahead.to_hold().read;
        for nr in missing {
            read.homes.entry(nr).or_default();
        }
        for (nr, grid) in homes {
            read.homes.entry(nr).or_default().insert(grid);
        }
        Ok(())
    }

    pub(super) fn look_ahead_parked(&self, units: &[Unit]) -> Result<(), StorageError> {
        let missing = missing(units, &self.ahead.held().read.parked);
        let (what, keys) = ("waiting entries", unit_keys(&missing));
        let sql =
            format!("SELECT {} WHERE unit = ?1 AND state = 2 AND reason <> 'too_new'", waiting::COLUMNS);
        let mut parked: Vec<Waiting> = self.all_of(what, &sql, &values_of(&keys), waiting::waiting)?;
        parked.sort_by_key(|one| one.pos);
        let read = &mut self.ahead.to_hold().read;
        for unit in missing {
            read.parked.entry(unit).or_default();
        }
        for one in parked {
            read.parked.entry(one.unit.ok_or(StorageError::Damaged { what })?).or_default().push(one);
        }
        Ok(())
    }
}

/// What is not known yet, each once.
pub(super) fn missing<K: Copy + Ord, V>(wanted: &[K], known: &BTreeMap<K, V>) -> Vec<K> {
    let mut missing: Vec<K> = wanted.iter().filter(|one| !known.contains_key(one)).copied().collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

fn unit_keys(units: &[Unit]) -> Vec<[u8; 17]> {
    units.iter().map(|unit| unit_bytes(*unit)).collect()
}

fn values_of(keys: &[[u8; 17]]) -> Vec<Value<'_>> {
    keys.iter().map(|key| Value::Blob(key)).collect()
}

fn nr_keys(units: &[UnitNr]) -> Vec<Value<'_>> {
    units.iter().map(|nr| Value::Int(nr.0)).collect()
}

//! 户档 – household and door files, where each is at home, and which entries concern it.

use super::db::{Row, values};
use super::log::Pos;
use super::vault::owner::Owner;
use super::{StorageError, Tx};
use ruhu_core::file::UnitFile;
use ruhu_core::ids::{DwellingId, GridId, HouseholdId};
use ruhu_core::roster::Unit;

/// A unit's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitNr(pub i64);

/// What lists show of a unit without opening its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    /// Its row.
    pub nr: UnitNr,
    /// Household or door.
    pub unit: Unit,
    /// The grid it is at home in now.
    pub grid: Option<GridId>,
    /// The door itself, or where the household lives.
    pub dwelling: Option<DwellingId>,
    /// Sorts as doors are walked.
    pub walking_key: String,
}

/// Units read at once by [`Tx::each_unit`].
const PAGE: u32 = 1024;
/// Where a document is sealed to belong.
const DOC: &[u8] = b"document";

const COLUMNS: &str = "nr, unit, grid, dwelling, walking_key FROM unit";

impl Tx<'_> {
    /// A unit's row; `None` when the hub does not know it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn unit(&self, unit: Unit) -> Result<Option<UnitRow>, StorageError> {
        self.first("unit", &format!("SELECT {COLUMNS} WHERE unit = ?1"), values![unit_bytes(unit)], unit_row)
    }

    /// A unit's row by its number.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn unit_by_nr(&self, nr: UnitNr) -> Result<UnitRow, StorageError> {
        self.one("unit", &format!("SELECT {COLUMNS} WHERE nr = ?1"), values![nr.0], unit_row)
    }

    /// Adds a unit nothing is known of yet.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn add_unit(&self, unit: Unit) -> Result<UnitRow, StorageError> {
        let nr = self.one(
            "unit",
            "INSERT INTO unit (nr, unit) VALUES ((SELECT coalesce(max(nr), 0) + 1 FROM unit), ?1) RETURNING nr",
            values![unit_bytes(unit)],
            |row| row.get(0).map(UnitNr),
        )?;
        Ok(UnitRow { nr, unit, grid: None, dwelling: None, walking_key: String::new() })
    }

    /// Writes where a unit is at home; remembers every grid it ever was in.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn set_unit(&self, row: &UnitRow) -> Result<(), StorageError> {
        self.execute(
            "unit",
            "UPDATE unit SET grid = ?2, dwelling = ?3, walking_key = ?4 WHERE nr = ?1",
            values![
                row.nr.0,
                row.grid.as_ref().map(GridId::as_bytes),
                row.dwelling.as_ref().map(DwellingId::as_bytes),
                row.walking_key
            ],
        )?;
        match row.grid {
            Some(grid) => self.remember_home(row.nr, grid),
            None => Ok(()),
        }
    }

    /// Remembers that a unit was at home in a grid, for good.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn remember_home(&self, nr: UnitNr, grid: GridId) -> Result<(), StorageError> {
        let sql = "INSERT INTO unit_grid (unit, grid) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.execute("home of a unit", sql, values![nr.0, grid.as_bytes()]).map(drop)
    }

    /// Every grid a unit was ever at home in.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn homes(&self, nr: UnitNr) -> Result<Vec<GridId>, StorageError> {
        let sql = "SELECT grid FROM unit_grid WHERE unit = ?1 ORDER BY grid";
        self.all("home of a unit", sql, values![nr.0], |row| Ok(GridId::from_bytes(row.fixed(0)?)))
    }

    /// A unit's file; empty for one nothing is known of.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn unit_file(&self, row: &UnitRow) -> Result<UnitFile, StorageError> {
        let sql = "SELECT file FROM unit_file WHERE nr = ?1";
        let file = self.first("unit file", sql, values![row.nr.0], |found| read_file(found.blob(0)?))?;
        Ok(file.unwrap_or_else(|| UnitFile::new(row.unit)))
    }

    /// Writes a unit's file.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_unit_file(&self, nr: UnitNr, file: &UnitFile) -> Result<(), StorageError> {
        let bytes =
            postcard::to_stdvec(file).map_err(|_| StorageError::Damaged { what: "unit file to write" })?;
        self.execute(
            "unit file",
            "INSERT INTO unit_file (nr, file) VALUES (?1, ?2) ON CONFLICT (nr) DO UPDATE SET file = excluded.file",
            values![nr.0, bytes],
        )
        .map(drop)
    }

    /// A household's document; `None` before its first change.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn unit_doc(&self, nr: UnitNr) -> Result<Option<Vec<u8>>, StorageError> {
        let sql = "SELECT f.doc, u.unit, k.generation, k.wrapped FROM unit_file f JOIN unit u ON u.nr = f.nr
                   LEFT JOIN owner_key k ON k.owner = u.unit WHERE f.nr = ?1";
        let found = self.first("document", sql, values![nr.0], |row| {
            let Some(sealed) = row.get::<Option<Vec<u8>>>(0)? else { return Ok(None) };
            let owner = Owner::of(Some(unit_from_bytes(row.fixed(1)?)?));
            self.opened(owner, (row, 2), DOC, &sealed).map(Some)
        });
        found.map(Option::flatten)
    }

    /// Writes a household's document.
    ///
    /// # Errors
    /// [`StorageError`]; a document needs a file first.
    pub fn put_unit_doc(&self, nr: UnitNr, doc: &[u8]) -> Result<(), StorageError> {
        let owner = Owner::of(Some(self.unit_by_nr(nr)?.unit));
        let sealed = self.sealed(owner, DOC, doc)?;
        let sql = "UPDATE unit_file SET doc = ?2 WHERE nr = ?1";
        let changed = self.execute("document", sql, values![nr.0, sealed])?;
        if changed == 1 { Ok(()) } else { Err(StorageError::Damaged { what: "file of a document" }) }
    }

    /// Notes that an accepted entry concerns a unit.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn concern(&self, nr: UnitNr, pos: Pos) -> Result<(), StorageError> {
        let sql = "INSERT INTO unit_entry (unit, pos) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        self.execute("entries of a unit", sql, values![nr.0, pos.0]).map(drop)
    }

    /// The accepted entries that concern a unit, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn entries_of(&self, nr: UnitNr) -> Result<Vec<Pos>, StorageError> {
        let sql = "SELECT pos FROM unit_entry WHERE unit = ?1 ORDER BY pos";
        self.all("entries of a unit", sql, values![nr.0], |row| row.get(0).map(Pos))
    }

    /// The units at home in a grid, as doors are walked.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn units_in(&self, grid: GridId) -> Result<Vec<UnitRow>, StorageError> {
        let sql = format!("SELECT {COLUMNS} WHERE grid = ?1 ORDER BY walking_key, nr");
        self.all("units of a grid", &sql, values![grid.as_bytes()], unit_row)
    }

    /// The files of the units at home in a grid, as doors are walked.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn files_in(&self, grid: GridId) -> Result<Vec<(UnitRow, UnitFile)>, StorageError> {
        self.all(
            "unit files of a grid",
            "SELECT u.nr, u.unit, u.grid, u.dwelling, u.walking_key, f.file
             FROM unit u JOIN unit_file f ON f.nr = u.nr WHERE u.grid = ?1 ORDER BY u.walking_key, u.nr",
            values![grid.as_bytes()],
            |row| Ok((unit_row(row)?, read_file(row.blob(5)?)?)),
        )
    }

    /// The units whose dwelling this is: the door itself and the households that live behind it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn units_at(&self, dwelling: DwellingId) -> Result<Vec<UnitRow>, StorageError> {
        let sql = format!("SELECT {COLUMNS} WHERE dwelling = ?1 ORDER BY nr");
        self.all("units of a door", &sql, values![dwelling.as_bytes()], unit_row)
    }

    /// Every unit in turn, for `ruhu verify`.
    ///
    /// # Errors
    /// [`StorageError`], or what `each` returned.
    pub fn each_unit<E: From<StorageError>>(
        &self,
        mut each: impl FnMut(UnitRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!("SELECT {COLUMNS} WHERE ?1 < nr ORDER BY nr LIMIT ?2");
        let mut after = UnitNr(0);
        loop {
            let page: Vec<UnitRow> = self.all("units", &sql, values![after.0, PAGE], unit_row)?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.nr;
            for row in page {
                each(row)?;
            }
        }
    }
}

/// A unit as a key: tag 1 household, 2 door; then the id.
#[must_use]
pub fn unit_bytes(unit: Unit) -> [u8; 17] {
    let tag = match unit {
        Unit::Household(_) => 1,
        Unit::Vacant(_) => 2,
    };
    let mut bytes = [tag; 17];
    bytes.iter_mut().skip(1).zip(unit.as_bytes()).for_each(|(to, from)| *to = *from);
    bytes
}

/// Back from [`unit_bytes`].
pub(crate) fn unit_from_bytes([tag, id @ ..]: [u8; 17]) -> Result<Unit, StorageError> {
    match tag {
        1 => Ok(Unit::Household(HouseholdId::from_bytes(id))),
        2 => Ok(Unit::Vacant(DwellingId::from_bytes(id))),
        _ => Err(StorageError::Damaged { what: "unit" }),
    }
}

pub(super) fn read_file(bytes: &[u8]) -> Result<UnitFile, StorageError> {
    postcard::from_bytes(bytes).map_err(|_| StorageError::Damaged { what: "unit file" })
}

fn unit_row(row: Row<'_>) -> Result<UnitRow, StorageError> {
    Ok(UnitRow {
        nr: UnitNr(row.get(0)?),
        unit: unit_from_bytes(row.fixed(1)?)?,
        grid: row.get::<Option<[u8; 16]>>(2)?.map(GridId::from_bytes),
        dwelling: row.get::<Option<[u8; 16]>>(3)?.map(DwellingId::from_bytes),
        walking_key: row.get(4)?,
    })
}

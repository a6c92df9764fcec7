//! 户档 – household and door files, where each is at home, and which entries concern it.

use ruhu_core::file::UnitFile;
use ruhu_core::ids::{DwellingId, GridId, HouseholdId};
use ruhu_core::roster::Unit;
use rusqlite::{OptionalExtension, Row, params};

use super::log::Pos;
use super::{StorageError, Tried, Tx, fixed};

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

const COLUMNS: &str = "nr, unit, grid, dwelling, walking_key FROM unit";

impl Tx<'_> {
    /// A unit's row; `None` when the hub does not know it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn unit(&self, unit: Unit) -> Result<Option<UnitRow>, StorageError> {
        self.conn()
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE unit = ?1"))
            .reading("unit")?
            .query_row([unit_bytes(unit)], |row| Ok(unit_row(row)))
            .optional()
            .reading("unit")?
            .transpose()
    }

    /// A unit's row by its number.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn unit_by_nr(&self, nr: UnitNr) -> Result<UnitRow, StorageError> {
        self.conn()
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE nr = ?1"))
            .reading("unit")?
            .query_row([nr.0], |row| Ok(unit_row(row)))
            .reading("unit")?
    }

    /// Adds a unit nothing is known of yet.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn add_unit(&self, unit: Unit) -> Result<UnitRow, StorageError> {
        self.conn()
            .prepare_cached("INSERT INTO unit (unit) VALUES (?1)")
            .writing("unit")?
            .execute([unit_bytes(unit)])
            .writing("unit")?;
        let nr = UnitNr(self.conn().last_insert_rowid());
        Ok(UnitRow { nr, unit, grid: None, dwelling: None, walking_key: String::new() })
    }

    /// Writes where a unit is at home; remembers every grid it ever was in.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn set_unit(&self, row: &UnitRow) -> Result<(), StorageError> {
        self.conn()
            .prepare_cached("UPDATE unit SET grid = ?2, dwelling = ?3, walking_key = ?4 WHERE nr = ?1")
            .writing("unit")?
            .execute(params![
                row.nr.0,
                row.grid.as_ref().map(GridId::as_bytes),
                row.dwelling.as_ref().map(DwellingId::as_bytes),
                row.walking_key
            ])
            .writing("unit")?;
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
        self.conn()
            .prepare_cached("INSERT INTO unit_grid (unit, grid) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
            .writing("home of a unit")?
            .execute(params![nr.0, grid.as_bytes()])
            .writing("home of a unit")
            .map(drop)
    }

    /// Every grid a unit was ever at home in.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn homes(&self, nr: UnitNr) -> Result<Vec<GridId>, StorageError> {
        let what = "home of a unit";
        let mut statement =
            self.conn().prepare_cached("SELECT grid FROM unit_grid WHERE unit = ?1").reading(what)?;
        let rows = statement.query_map([nr.0], |row| row.get::<_, Vec<u8>>(0)).reading(what)?;
        rows.map(|grid| Ok(GridId::from_bytes(fixed(&grid.reading(what)?, what)?))).collect()
    }

    /// A unit's file; empty for one nothing is known of.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn unit_file(&self, row: &UnitRow) -> Result<UnitFile, StorageError> {
        let file: Option<Vec<u8>> = self
            .conn()
            .prepare_cached("SELECT file FROM unit_file WHERE nr = ?1")
            .reading("unit file")?
            .query_row([row.nr.0], |row| row.get(0))
            .optional()
            .reading("unit file")?;
        file.map_or_else(|| Ok(UnitFile::new(row.unit)), |file| read_file(&file))
    }

    /// Writes a unit's file.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_unit_file(&self, nr: UnitNr, file: &UnitFile) -> Result<(), StorageError> {
        let bytes =
            postcard::to_stdvec(file).map_err(|_| StorageError::Damaged { what: "unit file to write" })?;
        self.conn()
            .prepare_cached(
                "INSERT INTO unit_file (nr, file) VALUES (?1, ?2)
                 ON CONFLICT (nr) DO UPDATE SET file = excluded.file",
            )
            .writing("unit file")?
            .execute(params![nr.0, bytes])
            .writing("unit file")
            .map(drop)
    }

    /// A household's document; `None` before its first change.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn unit_doc(&self, nr: UnitNr) -> Result<Option<Vec<u8>>, StorageError> {
        self.conn()
            .prepare_cached("SELECT doc FROM unit_file WHERE nr = ?1")
            .reading("document")?
            .query_row([nr.0], |row| row.get(0))
            .optional()
            .reading("document")
            .map(Option::flatten)
    }

    /// Writes a household's document.
    ///
    /// # Errors
    /// [`StorageError`]; a document needs a file first.
    pub fn put_unit_doc(&self, nr: UnitNr, doc: &[u8]) -> Result<(), StorageError> {
        let changed = self
            .conn()
            .prepare_cached("UPDATE unit_file SET doc = ?2 WHERE nr = ?1")
            .writing("document")?
            .execute(params![nr.0, doc])
            .writing("document")?;
        if changed == 1 { Ok(()) } else { Err(StorageError::Damaged { what: "file of a document" }) }
    }

    /// Notes that an accepted entry concerns a unit.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn concern(&self, nr: UnitNr, pos: Pos) -> Result<(), StorageError> {
        self.conn()
            .prepare_cached("INSERT INTO unit_entry (unit, pos) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
            .writing("entries of a unit")?
            .execute(params![nr.0, pos.0])
            .writing("entries of a unit")
            .map(drop)
    }

    /// The accepted entries that concern a unit, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn entries_of(&self, nr: UnitNr) -> Result<Vec<Pos>, StorageError> {
        let what = "entries of a unit";
        let mut statement = self
            .conn()
            .prepare_cached("SELECT pos FROM unit_entry WHERE unit = ?1 ORDER BY pos")
            .reading(what)?;
        let rows = statement.query_map([nr.0], |row| row.get(0).map(Pos)).reading(what)?;
        rows.map(|pos| pos.reading(what)).collect()
    }

    /// The units at home in a grid, as doors are walked.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn units_in(&self, grid: GridId) -> Result<Vec<UnitRow>, StorageError> {
        let what = "units of a grid";
        let mut statement = self
            .conn()
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE grid = ?1 ORDER BY walking_key, nr"))
            .reading(what)?;
        let rows = statement.query_map([grid.as_bytes()], |row| Ok(unit_row(row))).reading(what)?;
        rows.map(|row| row.reading(what)?).collect()
    }

    /// The files of the units at home in a grid, as doors are walked.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn files_in(&self, grid: GridId) -> Result<Vec<(UnitRow, UnitFile)>, StorageError> {
        let what = "unit files of a grid";
        let mut statement = self
            .conn()
            .prepare_cached(
                "SELECT u.nr, u.unit, u.grid, u.dwelling, u.walking_key, f.file
                 FROM unit u JOIN unit_file f ON f.nr = u.nr WHERE u.grid = ?1 ORDER BY u.walking_key, u.nr",
            )
            .reading(what)?;
        let mut rows = statement.query([grid.as_bytes()]).reading(what)?;
        let mut files = Vec::new();
        while let Some(row) = rows.next().reading(what)? {
            let file: Vec<u8> = row.get(5).reading(what)?;
            files.push((unit_row(row)?, read_file(&file)?));
        }
        Ok(files)
    }

    /// The units whose dwelling this is: the door itself and the households that live behind it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn units_at(&self, dwelling: DwellingId) -> Result<Vec<UnitRow>, StorageError> {
        let what = "units of a door";
        let mut statement = self
            .conn()
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE dwelling = ?1 ORDER BY nr"))
            .reading(what)?;
        let rows = statement.query_map([dwelling.as_bytes()], |row| Ok(unit_row(row))).reading(what)?;
        rows.map(|row| row.reading(what)?).collect()
    }

    /// Every unit in turn, for `ruhu verify`.
    ///
    /// # Errors
    /// [`StorageError`], or what `each` returned.
    pub fn each_unit<E: From<StorageError>>(
        &self,
        mut each: impl FnMut(UnitRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self.conn().prepare(&format!("SELECT {COLUMNS} ORDER BY nr")).reading("units")?;
        let mut rows = statement.query([]).reading("units")?;
        while let Some(row) = rows.next().reading("units")? {
            each(unit_row(row)?)?;
        }
        Ok(())
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
pub(crate) fn unit_from_bytes(bytes: &[u8]) -> Result<Unit, StorageError> {
    let [tag, id @ ..] = fixed::<17>(bytes, "unit")?;
    match tag {
        1 => Ok(Unit::Household(HouseholdId::from_bytes(id))),
        2 => Ok(Unit::Vacant(DwellingId::from_bytes(id))),
        _ => Err(StorageError::Damaged { what: "unit" }),
    }
}

pub(super) fn read_file(bytes: &[u8]) -> Result<UnitFile, StorageError> {
    postcard::from_bytes(bytes).map_err(|_| StorageError::Damaged { what: "unit file" })
}

fn unit_row(row: &Row<'_>) -> Result<UnitRow, StorageError> {
    let what = "unit";
    let grid: Option<Vec<u8>> = row.get(2).reading(what)?;
    let dwelling: Option<Vec<u8>> = row.get(3).reading(what)?;
    Ok(UnitRow {
        nr: UnitNr(row.get(0).reading(what)?),
        unit: unit_from_bytes(&row.get::<_, Vec<u8>>(1).reading(what)?)?,
        grid: grid.map(|id| fixed(&id, what).map(GridId::from_bytes)).transpose()?,
        dwelling: dwelling.map(|id| fixed(&id, what).map(DwellingId::from_bytes)).transpose()?,
        walking_key: row.get(4).reading(what)?,
    })
}

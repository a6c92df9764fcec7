//! 交接清单 – frozen sheets of hand-overs, each with the act that made it.

use ruhu_core::coverage::HandoverSheet;
use ruhu_core::ids::{GridId, Hash32};
use rusqlite::params;

use super::{StorageError, Tried, Tx};

impl Tx<'_> {
    /// Freezes a sheet with the act (its payload hash) that handed the grid over.
    ///
    /// # Errors
    /// [`StorageError`]; a frozen sheet is never changed.
    pub fn put_handover(&self, entry: Hash32, sheet: &HandoverSheet) -> Result<(), StorageError> {
        let what = "hand-over sheet";
        let bytes = postcard::to_allocvec(sheet).map_err(|_| StorageError::Damaged { what })?;
        self.conn()
            .execute(
                "INSERT INTO handover (entry, grid, on_day, sheet) VALUES (?1, ?2, ?3, ?4)",
                params![entry.0, sheet.grid.as_bytes(), sheet.on.to_string(), bytes],
            )
            .writing(what)
            .map(drop)
    }

    /// The frozen sheets of a grid, oldest first.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn handovers(&self, grid: GridId) -> Result<Vec<HandoverSheet>, StorageError> {
        let what = "hand-over sheet";
        let mut read = self
            .conn()
            .prepare_cached("SELECT sheet FROM handover WHERE grid = ?1 ORDER BY on_day, entry")
            .reading(what)?;
        let rows = read.query_map([grid.as_bytes()], |row| row.get::<_, Vec<u8>>(0)).reading(what)?;
        rows.map(|row| postcard::from_bytes(&row.reading(what)?).map_err(|_| StorageError::Damaged { what }))
            .collect()
    }
}

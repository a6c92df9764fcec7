//! 交接清单 – frozen sheets of hand-overs, each with the act that made it.

use super::db::values;
use super::{StorageError, Tx};
use ruhu_core::coverage::HandoverSheet;
use ruhu_core::ids::{GridId, Hash32};

impl Tx<'_> {
    /// Freezes a sheet with the act (its payload hash) that handed the grid over.
    ///
    /// # Errors
    /// [`StorageError`]; a frozen sheet is never changed.
    pub fn put_handover(&self, entry: Hash32, sheet: &HandoverSheet) -> Result<(), StorageError> {
        let what = "hand-over sheet";
        let bytes = postcard::to_allocvec(sheet).map_err(|_| StorageError::Damaged { what })?;
        self.execute(
            what,
            "INSERT INTO handover (entry, grid, on_day, sheet) VALUES (?1, ?2, ?3, ?4)",
            values![entry.0, sheet.grid.as_bytes(), sheet.on.to_string(), bytes],
        )
        .map(drop)
    }

    /// The frozen sheets of a grid, oldest first.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn handovers(&self, grid: GridId) -> Result<Vec<HandoverSheet>, StorageError> {
        let what = "hand-over sheet";
        let sql = "SELECT sheet FROM handover WHERE grid = ?1 ORDER BY on_day, entry";
        self.all(what, sql, values![grid.as_bytes()], |row| {
            postcard::from_bytes(row.blob(0)?).map_err(|_| StorageError::Damaged { what })
        })
    }
}

//! 完整性 – what the database says of its own files.

use super::{StorageError, Tx};

impl Tx<'_> {
    /// What the database finds wrong with its pages, indexes and constraints; empty when nothing.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn integrity(&self) -> Result<Vec<String>, StorageError> {
        self.db.integrity().map_err(|source| StorageError::Read { what: "database pages", source })
    }
}

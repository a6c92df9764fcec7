//! 完整性 – what the database says of its own file.

use super::{StorageError, Tried, Tx};

impl Tx<'_> {
    /// What the database finds wrong with its pages, indexes and constraints; empty when nothing.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn integrity(&self) -> Result<Vec<String>, StorageError> {
        let what = "database pages";
        let mut statement = self.conn().prepare("PRAGMA integrity_check(20)").reading(what)?;
        let said = statement.query_map([], |row| row.get::<_, String>(0)).reading(what)?;
        let said: Vec<String> = said.collect::<Result<_, _>>().reading(what)?;
        Ok(said.into_iter().filter(|words| words != "ok").collect())
    }
}

//! 猜码 – refused one-time codes of the last while, by where they came from; in the database, so that nodes share them.

use super::db::values;
use super::{StorageError, Tx};

impl Tx<'_> {
    /// Notes a refused code, and forgets those before `since_ms`.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn code_guessed(&self, source: &str, at_ms: i64, since_ms: i64) -> Result<(), StorageError> {
        let what = "refused code";
        self.execute(what, "DELETE FROM code_failure WHERE at_ms < ?1", values![since_ms])?;
        let sql = "INSERT INTO code_failure (at_ms, source) VALUES (?1, ?2)";
        self.execute(what, sql, values![at_ms, source]).map(drop)
    }

    /// When the `most`-th last refused code since `since_ms` came, from one source or (`None`) from all; `None` when
    /// there are fewer. Milliseconds since 1970 UTC.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn nth_last_guess(
        &self,
        source: Option<&str>,
        since_ms: i64,
        most: u32,
    ) -> Result<Option<i64>, StorageError> {
        let times: Vec<i64> = match source {
            Some(source) => self.all(
                "refused codes",
                "SELECT at_ms FROM code_failure WHERE ?1 <= at_ms AND source = ?2 ORDER BY at_ms DESC LIMIT ?3",
                values![since_ms, source, most],
                |row| row.get::<i64>(0),
            )?,
            None => self.all(
                "refused codes",
                "SELECT at_ms FROM code_failure WHERE ?1 <= at_ms ORDER BY at_ms DESC LIMIT ?2",
                values![since_ms, most],
                |row| row.get::<i64>(0),
            )?,
        };
        let full = u32::try_from(times.len()).is_ok_and(|found| found == most);
        Ok(times.last().copied().filter(|_| full))
    }
}

//! 正在合并 – changes of documents on their way, and those that were when the hub ended.

use ruhu_core::ids::Hash32;
use rusqlite::{OptionalExtension, params};

use super::{StorageError, Tried, Tx};

/// What is known of a change from a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspicion {
    /// It was on its way with others.
    Suspect,
    /// It was on its way alone.
    Lethal,
}

impl Tx<'_> {
    /// Writes down that a change is about to be tried; durable with the transaction.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn about_to_apply(&self, payload: Hash32, alone: bool) -> Result<(), StorageError> {
        self.conn()
            .prepare_cached(
                "INSERT INTO applying (payload, alone) VALUES (?1, ?2)
                 ON CONFLICT (payload) DO UPDATE SET alone = excluded.alone",
            )
            .writing("change on its way")?
            .execute(params![payload.0, alone])
            .writing("change on its way")
            .map(drop)
    }

    /// It was tried and the hub is still there: in the transaction that tried it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn applied(&self, payload: Hash32) -> Result<(), StorageError> {
        for sql in [
            "DELETE FROM applying WHERE payload = ?1",
            "DELETE FROM suspect WHERE payload = ?1 AND lethal = 0",
        ] {
            self.conn()
                .prepare_cached(sql)
                .writing("change on its way")?
                .execute([payload.0])
                .writing("change on its way")?;
        }
        Ok(())
    }

    /// What a crash left said of a change.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn suspicion(&self, payload: Hash32) -> Result<Option<Suspicion>, StorageError> {
        let lethal: Option<bool> = self
            .conn()
            .prepare_cached("SELECT lethal FROM suspect WHERE payload = ?1")
            .reading("suspect")?
            .query_row([payload.0], |row| row.get(0))
            .optional()
            .reading("suspect")?;
        Ok(lethal.map(|lethal| if lethal { Suspicion::Lethal } else { Suspicion::Suspect }))
    }

    /// Whether anything was on its way when the hub ended.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn was_applying(&self) -> Result<bool, StorageError> {
        self.conn()
            .query_row("SELECT EXISTS (SELECT 1 FROM applying)", [], |row| row.get(0))
            .reading("change on its way")
    }

    /// At start: what was on its way is suspect from now on; what was on its way alone is never tried again.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn suspect_what_was_applying(&self) -> Result<(), StorageError> {
        self.conn()
            .execute(
                "INSERT INTO suspect (payload, lethal) SELECT payload, alone FROM applying WHERE true
                 ON CONFLICT (payload) DO UPDATE SET lethal = max(lethal, excluded.lethal)",
                [],
            )
            .writing("suspect")?;
        self.conn().execute("DELETE FROM applying", []).writing("suspect").map(drop)
    }
}

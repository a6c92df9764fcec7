//! 正在合并 – changes of documents on their way, and those that were when the hub ended.

use std::collections::BTreeSet;

use ruhu_core::ids::Hash32;

use super::db::values;
use super::{StorageError, Tx};

/// What is known of a change from a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspicion {
    /// It was on its way with others.
    Suspect,
    /// It was on its way alone.
    Lethal,
}

impl Tx<'_> {
    /// Writes down that a change is about to be tried by a node; durable with the transaction.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn about_to_apply(&self, payload: Hash32, alone: bool, node: i64) -> Result<(), StorageError> {
        self.execute(
            "change on its way",
            "INSERT INTO applying (payload, alone, node) VALUES (?1, ?2, ?3)
             ON CONFLICT (payload) DO UPDATE SET alone = excluded.alone, node = excluded.node",
            values![payload.0, alone, node],
        )
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
            self.execute("change on its way", sql, values![payload.0])?;
        }
        Ok(())
    }

    /// What a crash left said of a change.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn suspicion(&self, payload: Hash32) -> Result<Option<Suspicion>, StorageError> {
        let sql = "SELECT lethal FROM suspect WHERE payload = ?1";
        let lethal: Option<bool> = self.first("suspect", sql, values![payload.0], |row| row.get(0))?;
        Ok(lethal.map(|lethal| if lethal { Suspicion::Lethal } else { Suspicion::Suspect }))
    }

    /// The changes that are marked, or were when the hub ended and may be tried again; nearly always none.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn marked_changes(&self) -> Result<BTreeSet<Hash32>, StorageError> {
        let sql = "SELECT payload FROM applying UNION SELECT payload FROM suspect WHERE lethal = 0";
        self.all("change on its way", sql, values![], |row| Ok(Hash32(row.fixed(0)?)))
    }

    /// Whether anything was on its way when the hub ended.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn was_applying(&self) -> Result<bool, StorageError> {
        let found =
            self.first("change on its way", "SELECT 1 FROM applying LIMIT 1", values![], |_| Ok(()))?;
        Ok(found.is_some())
    }

    /// At start: what was on its way at a node that lives no longer is suspect from now on; what was on its way alone
    /// is never tried again. The marks of nodes that live are theirs.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn suspect_what_was_applying(&self) -> Result<(), StorageError> {
        let sql = "SELECT DISTINCT node FROM applying ORDER BY node";
        let nodes: Vec<i64> = self.all("change on its way", sql, values![], |row| row.get::<i64>(0))?;
        for node in nodes {
            let lives = self.db.is_held(node);
            if lives.map_err(|source| StorageError::Read { what: "node", source })? {
                continue;
            }
            self.execute(
                "suspect",
                "INSERT INTO suspect (payload, lethal) SELECT payload, alone FROM applying WHERE node = ?1
                 ON CONFLICT (payload) DO UPDATE SET lethal = excluded.lethal WHERE suspect.lethal < excluded.lethal",
                values![node],
            )?;
            self.execute("suspect", "DELETE FROM applying WHERE node = ?1", values![node])?;
        }
        Ok(())
    }
}

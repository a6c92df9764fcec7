//! 备份 – which backups were verified, and what they cover.

use std::collections::BTreeMap;

use ruhu_core::ids::Hash32;

use super::db::values;
use super::enrolments::EnrolmentNr;
use super::log::Pos;
use super::{StorageError, Tx, from_sql};

/// Most epochs of its chain a phone is told of.
const EPOCHS_TOLD: u32 = 8;

/// 备份 – one backup that was read back and verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupRow {
    /// Last position of the log it holds.
    pub pos: Pos,
    /// When it was taken, milliseconds since 1970 UTC.
    pub taken_ms: i64,
    /// When it was read back and verified, milliseconds since 1970 UTC.
    pub verified_ms: i64,
    /// SHA-256 of the file as written.
    pub hash: Hash32,
}

impl Tx<'_> {
    /// Notes a verified backup.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_backup(&self, backup: BackupRow) -> Result<(), StorageError> {
        self.execute(
            "backup",
            "INSERT INTO backup (pos, taken_ms, verified_ms, hash) VALUES (?1, ?2, ?3, ?4)",
            values![backup.pos.0, backup.taken_ms, backup.verified_ms, backup.hash.0],
        )
        .map(drop)
    }

    /// The verified backup that covers most of the log; `None` when there is none.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn widest_backup(&self) -> Result<Option<BackupRow>, StorageError> {
        let sql = "SELECT pos, taken_ms, verified_ms, hash FROM backup ORDER BY pos DESC, nr DESC LIMIT 1";
        self.first("backup", sql, values![], |row| {
            let (taken_ms, verified_ms) = (row.get(1)?, row.get(2)?);
            Ok(BackupRow { pos: Pos(row.get(0)?), taken_ms, verified_ms, hash: Hash32(row.fixed(3)?) })
        })
    }

    /// Up to which sequence number of each epoch of a phone's chain a verified backup covers its entries.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn covered(&self, enrolment: EnrolmentNr) -> Result<BTreeMap<u32, u64>, StorageError> {
        let what = "entries a backup covers";
        let Some(backup) = self.widest_backup()? else { return Ok(BTreeMap::new()) };
        // Only epochs there are, and the latest: a phone may claim any number, and knows the older ones already.
        let found: Vec<(u32, Option<i64>)> = self.all(
            what,
            "SELECT c.epoch, (SELECT e.seq FROM entry e WHERE e.enrolment = c.enrolment AND e.epoch = c.epoch
                              AND e.pos <= ?2 ORDER BY e.seq DESC LIMIT 1)
             FROM chain c WHERE c.enrolment = ?1 ORDER BY c.epoch DESC LIMIT ?3",
            values![enrolment.0, backup.pos.0, EPOCHS_TOLD],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let told = found.into_iter().filter_map(|(epoch, seq)| Some((epoch, from_sql(seq?))));
        Ok(told.collect())
    }
}

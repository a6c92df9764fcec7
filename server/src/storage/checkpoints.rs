//! 检查点 – what the log and the list of phones were at a moment: signed, each naming the one before.

use ruhu_core::ids::{Hash32, HubId};
use rusqlite::{Row, params};

use super::enrolments::{Enrolment, EnrolmentNr};
use super::log::{Kept, Pos};
use super::{StorageError, Tried, Tx, fixed, from_sql, to_sql};

/// 检查点 – one signed moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// From 1, without gaps.
    pub nr: u64,
    /// The last entry it covers.
    pub pos: Pos,
    /// The last enrolment it covers.
    pub enrolment: EnrolmentNr,
    /// When, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// Running hash over the entries as they were received, see [`after_entry`].
    pub log: Hash32,
    /// Running hash over the enrolments, see [`after_enrolment`].
    pub phones: Hash32,
    /// Hash of the one before; zero for the first.
    pub previous: Hash32,
    /// Ed25519 by the hub over [`Checkpoint::hash`].
    pub signature: [u8; 64],
}

impl Checkpoint {
    /// What is signed, and what the next one names.
    #[must_use]
    pub fn hash(&self, hub: HubId) -> Hash32 {
        Hash32::of(&[
            b"ruhu-checkpoint-1",
            hub.as_bytes(),
            &self.nr.to_be_bytes(),
            &self.pos.0.to_be_bytes(),
            &self.enrolment.0.to_be_bytes(),
            &self.made_ms.to_be_bytes(),
            &self.log.0,
            &self.phones.0,
            &self.previous.0,
        ])
    }
}

/// The running hash of the log after an entry: everything that never changes once it was received. What became of
/// the entry may change when a person decides, and is proven by its stream.
#[must_use]
pub fn after_entry(log: Hash32, kept: &Kept) -> Hash32 {
    Hash32::of(&[
        &log.0,
        &kept.pos.0.to_be_bytes(),
        &kept.enrolment.0.to_be_bytes(),
        &kept.entry.envelope.hash().0,
        &kept.entry.signature,
        &kept.received_ms.to_be_bytes(),
    ])
}

/// The running hash of the list of phones after an enrolment: who was given which key, and when.
#[must_use]
pub fn after_enrolment(phones: Hash32, one: &Enrolment) -> Hash32 {
    let (worker, community) =
        one.of.map_or(([0; 16], [0; 16]), |(worker, community)| (*worker.as_bytes(), *community.as_bytes()));
    Hash32::of(&[
        &phones.0,
        &one.nr.0.to_be_bytes(),
        one.id.as_bytes(),
        &worker,
        &community,
        &one.key.to_bytes(),
        &one.made_ms.to_be_bytes(),
    ])
}

impl Tx<'_> {
    /// Every checkpoint in order.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn checkpoints(&self) -> Result<Vec<Checkpoint>, StorageError> {
        let what = "checkpoint";
        let mut statement = self
            .conn()
            .prepare_cached(
                "SELECT nr, pos, enrolment, made_ms, log, phones, previous, signature FROM checkpoint ORDER BY nr",
            )
            .reading(what)?;
        let rows = statement.query_map([], |row| Ok(checkpoint(row))).reading(what)?;
        rows.map(|row| row.reading(what)?).collect()
    }

    /// Adds a checkpoint; a number is never taken twice.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn add_checkpoint(&self, one: &Checkpoint) -> Result<(), StorageError> {
        self.conn()
            .execute(
                "INSERT INTO checkpoint (nr, pos, enrolment, made_ms, log, phones, previous, signature)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    to_sql(one.nr),
                    one.pos.0,
                    one.enrolment.0,
                    one.made_ms,
                    one.log.0,
                    one.phones.0,
                    one.previous.0,
                    one.signature
                ],
            )
            .writing("checkpoint")
            .map(drop)
    }
}

fn checkpoint(row: &Row<'_>) -> Result<Checkpoint, StorageError> {
    let what = "checkpoint";
    let hash = |nth: usize| -> Result<Hash32, StorageError> {
        Ok(Hash32(fixed(&row.get::<_, Vec<u8>>(nth).reading(what)?, what)?))
    };
    Ok(Checkpoint {
        nr: from_sql(row.get(0).reading(what)?),
        pos: Pos(row.get(1).reading(what)?),
        enrolment: EnrolmentNr(row.get(2).reading(what)?),
        made_ms: row.get(3).reading(what)?,
        log: hash(4)?,
        phones: hash(5)?,
        previous: hash(6)?,
        signature: fixed(&row.get::<_, Vec<u8>>(7).reading(what)?, what)?,
    })
}

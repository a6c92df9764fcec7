//! 待核、隔离 – entries that are kept but not in force: parked until something arrives, or waiting for a person.

use super::db::{Row, Value, values};
use super::log::{Pos, code, reason};
use super::units::{unit_bytes, unit_from_bytes};
use super::{StorageError, Tx};
use ruhu_core::ids::CommunityId;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::Refusal;

/// What an entry waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// 待核 – for something to arrive.
    Parked,
    /// 隔离 – for a person.
    Quarantined,
}

/// An entry that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Where in the log.
    pub pos: Pos,
    /// For what.
    pub waits: Waits,
    /// Why.
    pub reason: Refusal,
    /// Whom it concerns.
    pub unit: Option<Unit>,
    /// In which community.
    pub community: CommunityId,
    /// When a person decided to leave it there, milliseconds since 1970 UTC.
    pub left_ms: Option<i64>,
}

pub(super) const COLUMNS: &str = "pos, state, reason, unit, community, left_ms FROM waiting";

impl Tx<'_> {
    /// Notes that an entry waits, or why it waits now.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn wait(&self, waiting: Waiting) -> Result<(), StorageError> {
        let state = match waiting.waits {
            Waits::Parked => 2,
            Waits::Quarantined => 3,
        };
        self.execute(
            "waiting entry",
            "INSERT INTO waiting (pos, state, reason, unit, community, left_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (pos) DO UPDATE SET state = excluded.state, reason = excluded.reason,
                 left_ms = excluded.left_ms",
            values![
                waiting.pos.0,
                state,
                code(waiting.reason),
                waiting.unit.map(unit_bytes),
                waiting.community.as_bytes(),
                waiting.left_ms
            ],
        )
        .map(drop)
    }

    /// An entry waits no longer.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn waits_no_longer(&self, pos: Pos) -> Result<(), StorageError> {
        self.execute("waiting entry", "DELETE FROM waiting WHERE pos = ?1", values![pos.0]).map(drop)
    }

    /// The parked entries about a unit, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn parked_about(&self, unit: Unit) -> Result<Vec<Waiting>, StorageError> {
        self.look_ahead_parked(&[unit])?;
        Ok(self.ahead.held().read.parked.get(&unit).cloned().unwrap_or_default())
    }

    /// Everything parked, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn parked(&self) -> Result<Vec<Waiting>, StorageError> {
        self.waiting_where("WHERE state = 2 ORDER BY pos", values![])
    }

    /// The entries of a newer version, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn parked_too_new(&self) -> Result<Vec<Waiting>, StorageError> {
        self.waiting_where("WHERE state = 2 AND reason = 'too_new' ORDER BY pos", values![])
    }

    /// Everything that waits in a community, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn waiting_in(&self, community: CommunityId) -> Result<Vec<Waiting>, StorageError> {
        self.waiting_where("WHERE community = ?1 ORDER BY pos", values![community.as_bytes()])
    }

    /// Everything that waits, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn all_waiting(&self) -> Result<Vec<Waiting>, StorageError> {
        self.waiting_where("ORDER BY pos", values![])
    }

    /// One waiting entry.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn waiting(&self, pos: Pos) -> Result<Option<Waiting>, StorageError> {
        Ok(self.waiting_where("WHERE pos = ?1", values![pos.0])?.pop())
    }

    fn waiting_where(&self, clause: &str, values: &[Value<'_>]) -> Result<Vec<Waiting>, StorageError> {
        self.all("waiting entries", &format!("SELECT {COLUMNS} {clause}"), values, waiting)
    }
}

pub(super) fn waiting(row: Row<'_>) -> Result<Waiting, StorageError> {
    let what = "waiting entry";
    let unit: Option<[u8; 17]> = row.get(3)?;
    Ok(Waiting {
        pos: Pos(row.get(0)?),
        waits: match row.get::<i64>(1)? {
            2 => Waits::Parked,
            3 => Waits::Quarantined,
            _ => return Err(StorageError::Damaged { what }),
        },
        reason: reason(&row.get::<String>(2)?)?,
        unit: unit.map(unit_from_bytes).transpose()?,
        community: CommunityId::from_bytes(row.fixed(4)?),
        left_ms: row.get(5)?,
    })
}

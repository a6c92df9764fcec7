//! 待核、隔离 – entries that are kept but not in force: parked until something arrives, or waiting for a person.

use ruhu_core::ids::CommunityId;
use ruhu_core::roster::Unit;
use ruhu_core::sync::wire::Refusal;
use rusqlite::{Row, params};

use super::log::{Pos, code, reason};
use super::units::{unit_bytes, unit_from_bytes};
use super::{StorageError, Tried, Tx, fixed};

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

const COLUMNS: &str = "pos, state, reason, unit, community, left_ms FROM waiting";

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
        self.conn()
            .prepare_cached(
                "INSERT INTO waiting (pos, state, reason, unit, community, left_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (pos) DO UPDATE SET state = excluded.state, reason = excluded.reason,
                     left_ms = excluded.left_ms",
            )
            .writing("waiting entry")?
            .execute(params![
                waiting.pos.0,
                state,
                code(waiting.reason),
                waiting.unit.map(unit_bytes),
                waiting.community.as_bytes(),
                waiting.left_ms
            ])
            .writing("waiting entry")
            .map(drop)
    }

    /// An entry waits no longer.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn waits_no_longer(&self, pos: Pos) -> Result<(), StorageError> {
        self.conn()
            .prepare_cached("DELETE FROM waiting WHERE pos = ?1")
            .writing("waiting entry")?
            .execute([pos.0])
            .writing("waiting entry")
            .map(drop)
    }

    /// The parked entries about a unit, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn parked_about(&self, unit: Unit) -> Result<Vec<Waiting>, StorageError> {
        self.waiting_where(
            "WHERE unit = ?1 AND state = 2 AND reason <> 'too_new' ORDER BY pos",
            params![unit_bytes(unit)],
        )
    }

    /// The entries of a newer version, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn parked_too_new(&self) -> Result<Vec<Waiting>, StorageError> {
        self.waiting_where("WHERE state = 2 AND reason = 'too_new' ORDER BY pos", params![])
    }

    /// Everything that waits in a community, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn waiting_in(&self, community: CommunityId) -> Result<Vec<Waiting>, StorageError> {
        self.waiting_where("WHERE community = ?1 ORDER BY pos", params![community.as_bytes()])
    }

    /// Everything that waits, in the order of the log.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn all_waiting(&self) -> Result<Vec<Waiting>, StorageError> {
        self.waiting_where("ORDER BY pos", params![])
    }

    /// One waiting entry.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn waiting(&self, pos: Pos) -> Result<Option<Waiting>, StorageError> {
        Ok(self.waiting_where("WHERE pos = ?1", params![pos.0])?.pop())
    }

    fn waiting_where(
        &self,
        clause: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> Result<Vec<Waiting>, StorageError> {
        let what = "waiting entries";
        let mut statement =
            self.conn().prepare_cached(&format!("SELECT {COLUMNS} {clause}")).reading(what)?;
        let rows = statement.query_map(values, |row| Ok(waiting(row))).reading(what)?;
        rows.map(|row| row.reading(what)?).collect()
    }
}

fn waiting(row: &Row<'_>) -> Result<Waiting, StorageError> {
    let what = "waiting entry";
    let unit: Option<Vec<u8>> = row.get(3).reading(what)?;
    Ok(Waiting {
        pos: Pos(row.get(0).reading(what)?),
        waits: match row.get::<_, i64>(1).reading(what)? {
            2 => Waits::Parked,
            3 => Waits::Quarantined,
            _ => return Err(StorageError::Damaged { what }),
        },
        reason: reason(&row.get::<_, String>(2).reading(what)?)?,
        unit: unit.map(|unit| unit_from_bytes(&unit)).transpose()?,
        community: CommunityId::from_bytes(fixed(&row.get::<_, Vec<u8>>(4).reading(what)?, what)?),
        left_ms: row.get(5).reading(what)?,
    })
}

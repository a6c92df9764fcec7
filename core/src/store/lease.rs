//! 租期 – how long ago the hub last answered, as far as the clocks of this phone can tell.
//!
//! Counted from hub time. On the same boot the clock since boot alone counts; across boots the wall clock does, and never
//! less than the new boot has run. What was counted once is never taken back, whatever the wall clock is set to; only an
//! answer of the hub starts anew.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use uuid::Uuid;

use super::{StoreError, int, uint};
use crate::time::PhoneTime;

/// What was counted is written down when it moved on by this much, in milliseconds (10 minutes): looking at a list
/// shall not cost a write every time.
const WRITTEN_EVERY_MS: i64 = 10 * 60 * 1000;

/// One count of time, and what the clocks read when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Hub time of the last answer, milliseconds since 1970 UTC.
    pub renewed_ms: i64,
    /// Hub time now, as far as this phone can tell; never before `renewed_ms`.
    pub counted_ms: i64,
    /// Boot and milliseconds since it, where the phone has such a clock.
    pub boot: Option<(Uuid, u64)>,
    /// Wall clock, milliseconds since 1970 UTC; the worker can set it wrong.
    pub wall_ms: i64,
}

impl Counted {
    /// The hub answered at `hub_ms`; what was counted before is done with.
    #[must_use]
    pub fn renewed(hub_ms: i64, read: PhoneTime) -> Self {
        Self {
            renewed_ms: hub_ms,
            counted_ms: hub_ms,
            boot: read.since_boot.map(|since| (since.boot, since.ms)),
            wall_ms: read.wall.timestamp_millis(),
        }
    }

    /// The same count at a later reading of the clocks. Never less than before.
    #[must_use]
    pub fn at(&self, read: PhoneTime) -> Self {
        let wall_ms = read.wall.timestamp_millis();
        let boot = read.since_boot.map(|since| (since.boot, since.ms));
        let passed = match (self.boot, boot) {
            (Some((then, then_ms)), Some((now, now_ms))) if then == now => {
                length(now_ms.saturating_sub(then_ms))
            }
            // The other boot began after the last reading, so at least all of it has passed.
            (Some(_), Some((_, now_ms))) => length(now_ms).max(self.by_wall(wall_ms)),
            _ => self.by_wall(wall_ms),
        };
        Self { counted_ms: self.counted_ms.saturating_add(passed), boot, wall_ms, ..*self }
    }

    /// How long the hub has not answered, in milliseconds.
    #[must_use]
    pub const fn silent_ms(&self) -> i64 {
        self.counted_ms.saturating_sub(self.renewed_ms)
    }

    /// When the count was made, in hub time.
    #[must_use]
    pub fn counted_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.counted_ms).unwrap_or_default()
    }

    /// What passed by the wall clock. One that was set back is believed only where it is later than what was counted:
    /// it may have run ahead before and been set right.
    fn by_wall(&self, wall_ms: i64) -> i64 {
        let since = wall_ms.saturating_sub(self.wall_ms);
        if 0 <= since { since } else { wall_ms.saturating_sub(self.counted_ms).max(0) }
    }

    fn is_worth_writing(&self, later: &Self) -> bool {
        let differs = |one: i64, other: i64| WRITTEN_EVERY_MS.unsigned_abs() <= one.abs_diff(other);
        differs(self.counted_ms, later.counted_ms) || differs(self.wall_ms, later.wall_ms)
    }
}

/// The count as last written down; `None` before the hub ever answered.
///
/// # Errors
/// [`StoreError`].
pub fn find(db: &Connection) -> Result<Option<Counted>, StoreError> {
    let sql = "SELECT renewed_ms, counted_ms, boot, boot_ms, wall_ms FROM lease WHERE one = 1";
    let read = |row: &Row<'_>| {
        let boot: Option<[u8; 16]> = row.get(2)?;
        let ms: Option<u64> = row.get::<_, Option<i64>>(3)?.map(uint);
        Ok(Counted {
            renewed_ms: row.get(0)?,
            counted_ms: row.get(1)?,
            boot: boot.map(Uuid::from_bytes).zip(ms),
            wall_ms: row.get(4)?,
        })
    };
    db.query_row(sql, [], read).optional().map_err(StoreError::of("读取租期 read the lease"))
}

/// The count at this reading of the clocks, written down where it moved on.
///
/// # Errors
/// [`StoreError`] when it cannot be read. That it could not be written down is no reason to refuse a look: the clocks
/// are read again at the next one.
pub fn observe(db: &Connection, read: PhoneTime) -> Result<Option<Counted>, StoreError> {
    let Some(known) = find(db)? else { return Ok(None) };
    let counted = known.at(read);
    if known.is_worth_writing(&counted) {
        drop(put(db, &counted));
    }
    Ok(Some(counted))
}

/// The hub answered: the lease runs anew from its time.
///
/// # Errors
/// [`StoreError`].
pub fn renew(tx: &Transaction<'_>, hub_ms: i64, read: PhoneTime) -> Result<(), StoreError> {
    put(tx, &Counted::renewed(hub_ms, read))
}

fn put(db: &Connection, counted: &Counted) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO lease (one, renewed_ms, counted_ms, boot, boot_ms, wall_ms)
               VALUES (1, ?1, ?2, ?3, ?4, ?5)";
    let (boot, boot_ms) = counted.boot.map(|(boot, ms)| (*boot.as_bytes(), int(ms))).unzip();
    db.execute(sql, params![counted.renewed_ms, counted.counted_ms, boot, boot_ms, counted.wall_ms])
        .map(drop)
        .map_err(StoreError::of("保存租期 write the lease"))
}

fn length(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;

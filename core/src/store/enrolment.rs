//! The enrolment, its key and chain, and the best knowledge of the time.

use chrono::{DateTime, Utc};
use ed25519_dalek::{SigningKey, VerifyingKey};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use uuid::Uuid;

use super::{StoreError, int, uint};
use crate::entry::{Chain, Readings, TimeToken};
use crate::ids::{CommunityId, EnrolmentId, Hash32, HubId, WorkerId};
use crate::time::PhoneTime;

/// 登记 – as whom this phone records, and where its chain stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentRow {
    /// Where the hub is reached.
    pub url: String,
    /// The hub.
    pub hub: HubId,
    /// Every reply is signed with this key.
    pub hub_key: [u8; 32],
    /// Who records.
    pub worker: WorkerId,
    /// Name on the worker's card.
    pub worker_name: String,
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// The community.
    pub community: CommunityId,
    /// Epoch of the chain.
    pub epoch: u32,
    /// Sequence number of the next entry.
    pub next_seq: u64,
    /// Hash of the last envelope.
    pub previous: Hash32,
}

/// The signing key; never printed.
pub struct Secret(pub SigningKey);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// A hub time and what the phone's monotonic clock read when it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The token.
    pub token: TimeToken,
    /// Boot and milliseconds since it, where the phone has such a clock.
    pub boot: Option<(Uuid, u64)>,
}

impl EnrolmentRow {
    /// The chain its next entry continues.
    #[must_use]
    pub const fn chain(&self) -> Chain {
        Chain {
            hub: self.hub,
            enrolment: self.enrolment,
            epoch: self.epoch,
            next_seq: self.next_seq,
            previous: self.previous,
        }
    }

    /// The hub's key, ready to verify.
    #[must_use]
    pub fn hub_key(&self) -> Option<VerifyingKey> {
        VerifyingKey::from_bytes(&self.hub_key).ok()
    }
}

/// The enrolment, if there is one.
///
/// # Errors
/// [`StoreError`].
pub fn find(db: &Connection) -> Result<Option<EnrolmentRow>, StoreError> {
    let sql = "SELECT url, hub, hub_key, worker, worker_name, enrolment, community, epoch, next_seq, previous
               FROM enrolment WHERE one = 1";
    db.query_row(sql, [], from_row).optional().map_err(StoreError::of("读取登记 read the enrolment"))
}

/// The enrolment; told as an error where there is none.
///
/// # Errors
/// [`StoreError::NotEnrolled`].
pub fn need(db: &Connection) -> Result<EnrolmentRow, StoreError> {
    find(db)?.ok_or(StoreError::NotEnrolled)
}

/// Writes the enrolment, the former one's place taken; its chain starts where the row says.
///
/// # Errors
/// [`StoreError`].
pub fn put(tx: &Transaction<'_>, row: &EnrolmentRow) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO enrolment
               (one, url, hub, hub_key, worker, worker_name, enrolment, community, epoch, next_seq, previous)
               VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let values = params![
        row.url,
        row.hub.as_bytes(),
        row.hub_key,
        row.worker.as_bytes(),
        row.worker_name,
        row.enrolment.as_bytes(),
        row.community.as_bytes(),
        row.epoch,
        int(row.next_seq),
        row.previous.0,
    ];
    tx.execute(sql, values).map(drop).map_err(StoreError::of("保存登记 write the enrolment"))
}

/// Moves the chain on.
///
/// # Errors
/// [`StoreError`].
pub fn advance(tx: &Transaction<'_>, chain: &Chain) -> Result<(), StoreError> {
    let sql = "UPDATE enrolment SET epoch = ?1, next_seq = ?2, previous = ?3 WHERE one = 1";
    tx.execute(sql, params![chain.epoch, int(chain.next_seq), chain.previous.0])
        .map(drop)
        .map_err(StoreError::of("推进序号 advance the chain"))
}

/// The signing key, if one was made.
///
/// # Errors
/// [`StoreError`].
pub fn secret(db: &Connection) -> Result<Option<Secret>, StoreError> {
    let read = db.query_row("SELECT key FROM secret WHERE one = 1", [], |row| row.get::<_, [u8; 32]>(0));
    let key = read.optional().map_err(StoreError::of("读取密钥 read the key"))?;
    Ok(key.map(|key| Secret(SigningKey::from_bytes(&key))))
}

/// Keeps a new signing key. The former one's place is taken: only before an enrolment.
///
/// # Errors
/// [`StoreError`].
pub fn put_secret(tx: &Transaction<'_>, secret: &Secret) -> Result<(), StoreError> {
    tx.execute("INSERT OR REPLACE INTO secret (one, key) VALUES (1, ?1)", params![secret.0.to_bytes()])
        .map(drop)
        .map_err(StoreError::of("保存密钥 write the key"))
}

/// The last hub time held.
///
/// # Errors
/// [`StoreError`].
pub fn held(db: &Connection) -> Result<Option<Held>, StoreError> {
    let sql = "SELECT hub_ms, mac, boot, boot_ms FROM token WHERE one = 1";
    let read = |row: &Row<'_>| {
        let token = TimeToken { hub_ms: row.get(0)?, mac: row.get(1)? };
        let boot: Option<[u8; 16]> = row.get(2)?;
        let ms: Option<u64> = row.get::<_, Option<i64>>(3)?.map(uint);
        Ok(Held { token, boot: boot.map(Uuid::from_bytes).zip(ms) })
    };
    db.query_row(sql, [], read).optional().map_err(StoreError::of("读取时间 read the hub time"))
}

/// Keeps a hub time with the readings of the moment it came; an older one than is held changes nothing.
///
/// # Errors
/// [`StoreError`].
pub fn hold(tx: &Transaction<'_>, token: TimeToken, read: PhoneTime) -> Result<(), StoreError> {
    if held(tx)?.is_some_and(|held| token.hub_ms <= held.token.hub_ms) {
        return Ok(());
    }
    let boot = read.since_boot.map(|since| *since.boot.as_bytes());
    let ms = read.since_boot.map(|since| int(since.ms));
    let sql = "INSERT OR REPLACE INTO token (one, hub_ms, mac, boot, boot_ms) VALUES (1, ?1, ?2, ?3, ?4)";
    tx.execute(sql, params![token.hub_ms, token.mac, boot, ms])
        .map(drop)
        .map_err(StoreError::of("保存时间 write the hub time"))
}

/// The best knowledge of the time (`design.md` 5, "Time"): hub time plus what has passed since on the same boot; else
/// the wall clock, never before the last hub time.
#[must_use]
pub fn now(held: Option<&Held>, read: PhoneTime) -> DateTime<Utc> {
    let Some(held) = held else { return read.wall };
    let passed = held.boot.zip(read.since_boot).and_then(|((boot, then), since)| {
        (boot == since.boot).then_some(since.ms.checked_sub(then)?).and_then(|ms| i64::try_from(ms).ok())
    });
    let hub = DateTime::from_timestamp_millis(held.token.hub_ms).unwrap_or(read.wall);
    match passed {
        Some(ms) => hub + chrono::Duration::milliseconds(ms),
        None => read.wall.max(hub),
    }
}

/// Everything an entry is stamped with at this moment.
///
/// # Errors
/// [`StoreError`].
pub fn readings(db: &Connection, read: PhoneTime) -> Result<Readings, StoreError> {
    let held = held(db)?;
    let recorded_ms = now(held.as_ref(), read).timestamp_millis();
    Ok(Readings { recorded_ms, read, token: held.map(|held| held.token) })
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<EnrolmentRow> {
    Ok(EnrolmentRow {
        url: row.get(0)?,
        hub: HubId::from_bytes(row.get(1)?),
        hub_key: row.get(2)?,
        worker: WorkerId::from_bytes(row.get(3)?),
        worker_name: row.get(4)?,
        enrolment: EnrolmentId::from_bytes(row.get(5)?),
        community: CommunityId::from_bytes(row.get(6)?),
        epoch: row.get(7)?,
        next_seq: uint(row.get(8)?),
        previous: Hash32(row.get(9)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SinceBoot;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn held_at(hub: &str, ms: u64) -> Held {
        let token = TimeToken { hub_ms: at(hub).timestamp_millis(), mac: [0; 16] };
        Held { token, boot: Some((Uuid::from_bytes([1; 16]), ms)) }
    }

    fn read(wall: &str, boot: u8, ms: u64) -> PhoneTime {
        PhoneTime { wall: at(wall), since_boot: Some(SinceBoot { ms, boot: Uuid::from_bytes([boot; 16]) }) }
    }

    #[test]
    fn on_the_same_boot_a_wall_clock_set_wrong_changes_nothing() {
        let held = held_at("2026-07-05T10:00:00Z", 1_000);
        let now = now(Some(&held), read("2020-01-01T00:00:00Z", 1, 61_000));
        assert_eq!(now, at("2026-07-05T10:01:00Z"));
    }

    #[test]
    fn after_a_restart_the_wall_clock_holds_but_never_before_the_last_hub_time() {
        let held = held_at("2026-07-05T10:00:00Z", 1_000);
        let later = now(Some(&held), read("2026-07-06T08:00:00Z", 2, 5));
        assert_eq!(later, at("2026-07-06T08:00:00Z"));
        assert_eq!(now(Some(&held), read("2026-07-04T08:00:00Z", 2, 5)), at("2026-07-05T10:00:00Z"));
    }

    #[test]
    fn before_any_hub_time_there_is_only_the_wall_clock() {
        assert_eq!(now(None, read("2026-07-04T08:00:00Z", 2, 5)), at("2026-07-04T08:00:00Z"));
    }
}

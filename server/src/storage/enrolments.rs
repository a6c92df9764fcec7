//! 登记 – phones and the hub itself, one-time codes, daily use.

use chrono::NaiveDate;
use ed25519_dalek::VerifyingKey;
use ruhu_core::ids::{CommunityId, EnrolmentId, Hash32, WorkerId};
use rusqlite::{OptionalExtension, Row, params};

use super::{StorageError, Tried, Tx, fixed, from_sql, to_sql};

/// An enrolment's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnrolmentNr(pub i64);

/// 登记 – one worker on one installation with one key.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// Its row.
    pub nr: EnrolmentNr,
    /// Its id.
    pub id: EnrolmentId,
    /// Whose phone, and in which community; `None` for the hub itself.
    pub of: Option<(WorkerId, CommunityId)>,
    /// Proves its requests and entries.
    pub key: VerifyingKey,
    /// What kind of phone.
    pub device: String,
    /// The program it last came with.
    pub app: String,
    /// When it was enrolled, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// When it was last heard of, milliseconds since 1970 UTC.
    pub contact_ms: i64,
    /// What it said it still held then.
    pub unsent_after: u32,
    /// When it was revoked, milliseconds since 1970 UTC.
    pub revoked_ms: Option<i64>,
    /// When its cursor last made the hub open a new epoch, milliseconds since 1970 UTC.
    pub asked_epoch_ms: i64,
}

/// What a one-time code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeRow {
    /// Whom it enrols.
    pub worker: WorkerId,
    /// In which community.
    pub community: CommunityId,
    /// Until when, milliseconds since 1970 UTC.
    pub expires_ms: i64,
    /// When it was used, milliseconds since 1970 UTC.
    pub used_ms: Option<i64>,
}

const COLUMNS: &str = "nr, id, worker, community, key, device, app, made_ms, contact_ms, unsent_after, revoked_ms, \
                       asked_epoch_ms FROM enrolment";

impl Tx<'_> {
    /// An enrolment; `None` when the hub does not know it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn enrolment(&self, id: EnrolmentId) -> Result<Option<Enrolment>, StorageError> {
        self.conn()
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE id = ?1"))
            .reading("enrolment")?
            .query_row([id.as_bytes()], |row| Ok(enrolment(row)))
            .optional()
            .reading("enrolment")?
            .transpose()
    }

    /// An enrolment by its row.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn enrolment_by_nr(&self, nr: EnrolmentNr) -> Result<Enrolment, StorageError> {
        self.conn()
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE nr = ?1"))
            .reading("enrolment")?
            .query_row([nr.0], |row| Ok(enrolment(row)))
            .reading("enrolment")?
    }

    /// Every enrolment in the order they were made, the hub's own included.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn enrolments(&self) -> Result<Vec<Enrolment>, StorageError> {
        let mut statement =
            self.conn().prepare_cached(&format!("SELECT {COLUMNS} ORDER BY nr")).reading("enrolments")?;
        let rows = statement.query_map([], |row| Ok(enrolment(row))).reading("enrolments")?;
        rows.map(|row| row.reading("enrolments")?).collect()
    }

    /// A worker's enrolments in the order they were made; he is told of each.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn enrolments_of(&self, worker: WorkerId) -> Result<Vec<Enrolment>, StorageError> {
        let mut statement = self
            .conn()
            .prepare_cached(&format!("SELECT {COLUMNS} WHERE worker = ?1 ORDER BY nr"))
            .reading("enrolments")?;
        let rows =
            statement.query_map([worker.as_bytes()], |row| Ok(enrolment(row))).reading("enrolments")?;
        rows.map(|row| row.reading("enrolments")?).collect()
    }

    /// Adds a phone.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn add_enrolment(
        &self,
        id: EnrolmentId,
        of: (WorkerId, CommunityId),
        key: &VerifyingKey,
        device: &str,
        app: &str,
        now_ms: i64,
    ) -> Result<(), StorageError> {
        self.conn()
            .execute(
                "INSERT INTO enrolment (id, worker, community, key, device, app, made_ms, contact_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
                params![id.as_bytes(), of.0.as_bytes(), of.1.as_bytes(), key.to_bytes(), device, app, now_ms],
            )
            .writing("enrolment")
            .map(drop)
    }

    /// Notes that a phone was heard of, and what it still holds.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn contact(&self, nr: EnrolmentNr, app: &str, unsent: u32, now_ms: i64) -> Result<(), StorageError> {
        self.conn()
            .prepare_cached("UPDATE enrolment SET contact_ms = ?2, app = ?3, unsent_after = ?4 WHERE nr = ?1")
            .writing("contact")?
            .execute(params![nr.0, now_ms, app, unsent])
            .writing("contact")
            .map(drop)
    }

    /// Notes that this phone's cursor made the hub open a new epoch.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn asked_epoch(&self, nr: EnrolmentNr, now_ms: i64) -> Result<(), StorageError> {
        self.conn()
            .execute("UPDATE enrolment SET asked_epoch_ms = ?2 WHERE nr = ?1", params![nr.0, now_ms])
            .writing("enrolment")
            .map(drop)
    }

    /// 注销 – revokes a phone; returns whether it was not revoked before.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn revoke(&self, id: EnrolmentId, now_ms: i64) -> Result<bool, StorageError> {
        self.conn()
            .execute(
                "UPDATE enrolment SET revoked_ms = ?2
                 WHERE id = ?1 AND revoked_ms IS NULL AND worker IS NOT NULL",
                params![id.as_bytes(), now_ms],
            )
            .writing("enrolment")
            .map(|changed| changed == 1)
    }

    /// Keeps the hash of a one-time code.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_code(&self, hash: Hash32, code: CodeRow) -> Result<(), StorageError> {
        self.conn()
            .execute(
                "INSERT INTO enrol_code (hash, worker, community, expires_ms) VALUES (?1, ?2, ?3, ?4)",
                params![hash.0, code.worker.as_bytes(), code.community.as_bytes(), code.expires_ms],
            )
            .writing("one-time code")
            .map(drop)
    }

    /// What a one-time code stands for.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn code(&self, hash: Hash32) -> Result<Option<CodeRow>, StorageError> {
        let what = "one-time code";
        let read = |row: &Row<'_>| -> Result<CodeRow, StorageError> {
            let worker: Vec<u8> = row.get(0).reading(what)?;
            let community: Vec<u8> = row.get(1).reading(what)?;
            Ok(CodeRow {
                worker: WorkerId::from_bytes(fixed(&worker, what)?),
                community: CommunityId::from_bytes(fixed(&community, what)?),
                expires_ms: row.get(2).reading(what)?,
                used_ms: row.get(3).reading(what)?,
            })
        };
        self.conn()
            .query_row(
                "SELECT worker, community, expires_ms, used_ms FROM enrol_code WHERE hash = ?1",
                [hash.0],
                |row| Ok(read(row)),
            )
            .optional()
            .reading(what)?
            .transpose()
    }

    /// Marks a one-time code as used.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn use_code(&self, hash: Hash32, now_ms: i64) -> Result<(), StorageError> {
        self.conn()
            .execute("UPDATE enrol_code SET used_ms = ?2 WHERE hash = ?1", params![hash.0, now_ms])
            .writing("one-time code")
            .map(drop)
    }

    /// Entries and bytes an enrolment sent on a day.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn used_on(&self, nr: EnrolmentNr, day: NaiveDate) -> Result<(u64, u64), StorageError> {
        let found: Option<(i64, i64)> = self
            .conn()
            .prepare_cached("SELECT entries, bytes FROM usage WHERE enrolment = ?1 AND day = ?2")
            .reading("daily use")?
            .query_row(params![nr.0, day.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .reading("daily use")?;
        Ok(found.map_or((0, 0), |(entries, bytes)| (from_sql(entries), from_sql(bytes))))
    }

    /// Writes what an enrolment sent on a day; forgets days before.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn set_used_on(
        &self,
        nr: EnrolmentNr,
        day: NaiveDate,
        (entries, bytes): (u64, u64),
    ) -> Result<(), StorageError> {
        self.conn()
            .prepare_cached("DELETE FROM usage WHERE enrolment = ?1 AND day < ?2")
            .writing("daily use")?
            .execute(params![nr.0, day.to_string()])
            .writing("daily use")?;
        self.conn()
            .prepare_cached(
                "INSERT INTO usage (enrolment, day, entries, bytes) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (enrolment, day) DO UPDATE SET entries = excluded.entries, bytes = excluded.bytes",
            )
            .writing("daily use")?
            .execute(params![nr.0, day.to_string(), to_sql(entries), to_sql(bytes)])
            .writing("daily use")
            .map(drop)
    }
}

fn enrolment(row: &Row<'_>) -> Result<Enrolment, StorageError> {
    let what = "enrolment";
    let worker: Option<Vec<u8>> = row.get(2).reading(what)?;
    let community: Option<Vec<u8>> = row.get(3).reading(what)?;
    let of = match worker.zip(community) {
        Some((worker, community)) => Some((
            WorkerId::from_bytes(fixed(&worker, what)?),
            CommunityId::from_bytes(fixed(&community, what)?),
        )),
        None => None,
    };
    let key = fixed(&row.get::<_, Vec<u8>>(4).reading(what)?, what)?;
    Ok(Enrolment {
        nr: EnrolmentNr(row.get(0).reading(what)?),
        id: EnrolmentId::from_bytes(fixed(&row.get::<_, Vec<u8>>(1).reading(what)?, what)?),
        of,
        key: VerifyingKey::from_bytes(&key)
            .map_err(|_| StorageError::Damaged { what: "key of an enrolment" })?,
        device: row.get(5).reading(what)?,
        app: row.get(6).reading(what)?,
        made_ms: row.get(7).reading(what)?,
        contact_ms: row.get(8).reading(what)?,
        unsent_after: row.get(9).reading(what)?,
        revoked_ms: row.get(10).reading(what)?,
        asked_epoch_ms: row.get(11).reading(what)?,
    })
}

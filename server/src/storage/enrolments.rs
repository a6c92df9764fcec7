//! 登记 – phones and the hub itself, one-time codes, daily use.

use super::db::{Row, values};
use super::{StorageError, Tx, from_sql, to_sql};
use chrono::NaiveDate;
use ed25519_dalek::VerifyingKey;
use ruhu_core::ids::{CommunityId, EnrolmentId, Hash32, WorkerId};

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
        self.first("enrolment", &format!("SELECT {COLUMNS} WHERE id = ?1"), values![id.as_bytes()], enrolment)
    }

    /// An enrolment by its row.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn enrolment_by_nr(&self, nr: EnrolmentNr) -> Result<Enrolment, StorageError> {
        self.one("enrolment", &format!("SELECT {COLUMNS} WHERE nr = ?1"), values![nr.0], enrolment)
    }

    /// Every enrolment in the order they were made, the hub's own included.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn enrolments(&self) -> Result<Vec<Enrolment>, StorageError> {
        self.all("enrolments", &format!("SELECT {COLUMNS} ORDER BY nr"), values![], enrolment)
    }

    /// A worker's enrolments in the order they were made; he is told of each.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn enrolments_of(&self, worker: WorkerId) -> Result<Vec<Enrolment>, StorageError> {
        let sql = format!("SELECT {COLUMNS} WHERE worker = ?1 ORDER BY nr");
        self.all("enrolments", &sql, values![worker.as_bytes()], enrolment)
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
        self.execute(
            "enrolment",
            "INSERT INTO enrolment (nr, id, worker, community, key, device, app, made_ms, contact_ms)
             VALUES ((SELECT coalesce(max(nr), 0) + 1 FROM enrolment), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
            values![id.as_bytes(), of.0.as_bytes(), of.1.as_bytes(), key.to_bytes(), device, app, now_ms],
        )
        .map(drop)
    }

    /// Notes that a phone was heard of, and what it still holds.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn contact(&self, nr: EnrolmentNr, app: &str, unsent: u32, now_ms: i64) -> Result<(), StorageError> {
        let sql = "UPDATE enrolment SET contact_ms = ?2, app = ?3, unsent_after = ?4 WHERE nr = ?1";
        self.execute_apart("contact", sql, values![nr.0, now_ms, app, unsent]).map(drop)
    }

    /// Notes that this phone's cursor made the hub open a new epoch.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn asked_epoch(&self, nr: EnrolmentNr, now_ms: i64) -> Result<(), StorageError> {
        let sql = "UPDATE enrolment SET asked_epoch_ms = ?2 WHERE nr = ?1";
        self.execute("enrolment", sql, values![nr.0, now_ms]).map(drop)
    }

    /// 注销 – revokes a phone; returns whether it was not revoked before.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn revoke(&self, id: EnrolmentId, now_ms: i64) -> Result<bool, StorageError> {
        self.execute(
            "enrolment",
            "UPDATE enrolment SET revoked_ms = ?2 WHERE id = ?1 AND revoked_ms IS NULL AND worker IS NOT NULL",
            values![id.as_bytes(), now_ms],
        )
        .map(|changed| changed == 1)
    }

    /// Keeps the hash of a one-time code.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_code(&self, hash: Hash32, code: CodeRow) -> Result<(), StorageError> {
        let sql = "INSERT INTO enrol_code (hash, worker, community, expires_ms) VALUES (?1, ?2, ?3, ?4)";
        let of = (code.worker.as_bytes(), code.community.as_bytes());
        self.execute("one-time code", sql, values![hash.0, of.0, of.1, code.expires_ms]).map(drop)
    }

    /// What a one-time code stands for.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn code(&self, hash: Hash32) -> Result<Option<CodeRow>, StorageError> {
        let sql = "SELECT worker, community, expires_ms, used_ms FROM enrol_code WHERE hash = ?1";
        self.first("one-time code", sql, values![hash.0], |row| {
            Ok(CodeRow {
                worker: WorkerId::from_bytes(row.fixed(0)?),
                community: CommunityId::from_bytes(row.fixed(1)?),
                expires_ms: row.get(2)?,
                used_ms: row.get(3)?,
            })
        })
    }

    /// Marks a one-time code as used.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn use_code(&self, hash: Hash32, now_ms: i64) -> Result<(), StorageError> {
        let sql = "UPDATE enrol_code SET used_ms = ?2 WHERE hash = ?1";
        self.execute("one-time code", sql, values![hash.0, now_ms]).map(drop)
    }

    /// Forgets every one-time code nobody has used; returns how many.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn void_codes(&self) -> Result<u64, StorageError> {
        self.execute("one-time code", "DELETE FROM enrol_code WHERE used_ms IS NULL", values![])
    }

    /// Entries and bytes an enrolment sent on a day.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn used_on(&self, nr: EnrolmentNr, day: NaiveDate) -> Result<(u64, u64), StorageError> {
        let sql = "SELECT entries, bytes FROM usage WHERE enrolment = ?1 AND day = ?2";
        let found = self.first_apart("daily use", sql, values![nr.0, day.to_string()], |row| {
            Ok((from_sql(row.get(0)?), from_sql(row.get(1)?)))
        })?;
        Ok(found.unwrap_or((0, 0)))
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
        let (what, day) = ("daily use", day.to_string());
        self.execute_apart(what, "DELETE FROM usage WHERE enrolment = ?1 AND day < ?2", values![nr.0, day])?;
        self.execute_apart(
            what,
            "INSERT INTO usage (enrolment, day, entries, bytes) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (enrolment, day) DO UPDATE SET entries = excluded.entries, bytes = excluded.bytes",
            values![nr.0, day, to_sql(entries), to_sql(bytes)],
        )
        .map(drop)
    }
}

fn enrolment(row: Row<'_>) -> Result<Enrolment, StorageError> {
    let worker: Option<[u8; 16]> = row.get(2)?;
    let community: Option<[u8; 16]> = row.get(3)?;
    Ok(Enrolment {
        nr: EnrolmentNr(row.get(0)?),
        id: EnrolmentId::from_bytes(row.fixed(1)?),
        of: worker.map(WorkerId::from_bytes).zip(community.map(CommunityId::from_bytes)),
        key: VerifyingKey::from_bytes(&row.fixed(4)?)
            .map_err(|_| StorageError::Damaged { what: "key of an enrolment" })?,
        device: row.get(5)?,
        app: row.get(6)?,
        made_ms: row.get(7)?,
        contact_ms: row.get(8)?,
        unsent_after: row.get(9)?,
        revoked_ms: row.get(10)?,
        asked_epoch_ms: row.get(11)?,
    })
}

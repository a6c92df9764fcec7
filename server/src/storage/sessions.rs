//! 登录状态 – who is signed in, how far, and which tries failed. What it means stands in `access`.

use super::db::{Row, values};
use super::{StorageError, Tx};
use ruhu_core::ids::{AccountId, Hash32};

/// How far somebody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The password was right; the code of the second factor is awaited.
    Password,
    /// All that the account asks for was right.
    Whole,
}

/// A session as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Whose.
    pub account: AccountId,
    /// When it began, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// When it was last used, milliseconds since 1970 UTC.
    pub seen_ms: i64,
    /// How far it is.
    pub stage: Stage,
    /// When the password was last given in it, milliseconds since 1970 UTC.
    pub proved_ms: i64,
}

const COLUMNS: &str = "account, made_ms, seen_ms, stage, proved_ms, token_hash FROM session";
const FAILURE: &str = "failed sign-in";

impl Tx<'_> {
    /// Keeps a session by the hash of its token.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_session(&self, token: Hash32, row: SessionRow) -> Result<(), StorageError> {
        self.execute(
            "session",
            "INSERT INTO session (token_hash, account, made_ms, seen_ms, stage, proved_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (token_hash) DO UPDATE SET seen_ms = excluded.seen_ms, proved_ms = excluded.proved_ms",
            values![
                token.0,
                row.account.as_bytes(),
                row.made_ms,
                row.seen_ms,
                row.stage == Stage::Whole,
                row.proved_ms
            ],
        )
        .map(drop)
    }

    /// A session by the hash of its token.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn session(&self, token: Hash32) -> Result<Option<SessionRow>, StorageError> {
        let sql = format!("SELECT {COLUMNS} WHERE token_hash = ?1");
        Ok(self.first("session", &sql, values![token.0], session)?.map(|(_, row)| row))
    }

    /// Notes when a session was last used; one that has ended in the meantime does not come back by it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn session_seen(&self, token: Hash32, seen_ms: i64) -> Result<(), StorageError> {
        let sql = "UPDATE session SET seen_ms = ?2 WHERE token_hash = ?1";
        self.execute("session", sql, values![token.0, seen_ms]).map(drop)
    }

    /// The whole sessions of an account with the hashes of their tokens, the last used first.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn sessions_of(&self, account: AccountId) -> Result<Vec<(Hash32, SessionRow)>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} WHERE account = ?1 AND stage = 1 ORDER BY seen_ms DESC, made_ms DESC, token_hash"
        );
        self.all("sessions", &sql, values![account.as_bytes()], session)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn end_session(&self, token: Hash32) -> Result<(), StorageError> {
        self.execute("session", "DELETE FROM session WHERE token_hash = ?1", values![token.0]).map(drop)
    }

    /// Ends every session of an account, and all that began before `oldest_ms`.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn end_sessions(&self, account: AccountId, oldest_ms: i64) -> Result<(), StorageError> {
        let sql = "DELETE FROM session WHERE account = ?1 OR made_ms < ?2";
        self.execute("session", sql, values![account.as_bytes(), oldest_ms]).map(drop)
    }

    /// Ends every session of an account but one; returns how many.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn end_other_sessions(&self, account: AccountId, kept: Hash32) -> Result<u64, StorageError> {
        let sql = "DELETE FROM session WHERE account = ?1 AND token_hash <> ?2";
        self.execute("session", sql, values![account.as_bytes(), kept.0])
    }

    /// Forgets every session that began before `oldest_ms`, whosoever.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn forget_sessions(&self, oldest_ms: i64) -> Result<(), StorageError> {
        self.execute("session", "DELETE FROM session WHERE made_ms < ?1", values![oldest_ms]).map(drop)
    }

    /// Ends every session there is; returns how many.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn end_all_sessions(&self) -> Result<u64, StorageError> {
        self.execute("session", "DELETE FROM session", values![])
    }

    /// Notes a failed sign-in by the hash of the name typed and of where it came from, and forgets those before
    /// `since_ms`.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn sign_in_failed(
        &self,
        (who, source): (Hash32, &str),
        at_ms: i64,
        since_ms: i64,
    ) -> Result<(), StorageError> {
        self.execute(FAILURE, "DELETE FROM sign_in_failure WHERE at_ms < ?1", values![since_ms])?;
        let sql = "INSERT INTO sign_in_failure (at_ms, source, who) VALUES (?1, ?2, ?3)";
        self.execute(FAILURE, sql, values![at_ms, source, who.0]).map(drop)
    }

    /// Forgets the tries that failed with a name.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn forget_failures(&self, who: Hash32) -> Result<(), StorageError> {
        self.execute(FAILURE, "DELETE FROM sign_in_failure WHERE who = ?1", values![who.0]).map(drop)
    }

    /// How many tries with a name failed since `since_ms`, and when the last one was.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn failures_with(&self, who: Hash32, since_ms: i64) -> Result<(u32, Option<i64>), StorageError> {
        let sql = "SELECT count(*), max(at_ms) FROM sign_in_failure WHERE who = ?1 AND ?2 <= at_ms";
        self.one(FAILURE, sql, values![who.0, since_ms], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// When the `most`-th last try from a source failed, since `since_ms`; `None` when there were fewer.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn nth_last_failure(
        &self,
        source: &str,
        since_ms: i64,
        most: u32,
    ) -> Result<Option<i64>, StorageError> {
        let times: Vec<i64> = self.all(
            FAILURE,
            "SELECT at_ms FROM sign_in_failure WHERE source = ?1 AND ?2 <= at_ms ORDER BY at_ms DESC LIMIT ?3",
            values![source, since_ms, most],
            |row| row.get::<i64>(0),
        )?;
        let full = u32::try_from(times.len()).is_ok_and(|found| found == most);
        Ok(times.last().copied().filter(|_| full))
    }
}

fn session(row: Row<'_>) -> Result<(Hash32, SessionRow), StorageError> {
    let whole: bool = row.get(3)?;
    let session = SessionRow {
        account: AccountId::from_bytes(row.fixed(0)?),
        made_ms: row.get(1)?,
        seen_ms: row.get(2)?,
        stage: if whole { Stage::Whole } else { Stage::Password },
        proved_ms: row.get(4)?,
    };
    Ok((Hash32(row.fixed(5)?), session))
}

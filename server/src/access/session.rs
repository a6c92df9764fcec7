//! 登录 – signing in with lock-out, and sessions with an idle and an absolute time-out. All state is in the database,
//! so that several nodes can stand behind one balancer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ruhu_core::ids::Hash32;

use super::{Account, AccountError, journal, password};
use crate::storage::accounts::{AccountRow, SessionRow};
use crate::storage::{Hub, StorageError, Tx};

/// Wrong passwords in a row until an account is locked.
pub const FAILURES_MAX: u32 = 5;
/// An account stays locked this long, in milliseconds (15 min).
pub const LOCKED_MS: i64 = 15 * 60 * 1000;
/// A session ends after this long without use, in milliseconds (30 min).
pub const IDLE_MS: i64 = 30 * 60 * 1000;
/// A session ends this long after it began, in milliseconds (12 h).
pub const ABSOLUTE_MS: i64 = 12 * 3600 * 1000;
/// Use is noted at most this often, in milliseconds.
const SEEN_EVERY_MS: i64 = 60 * 1000;
/// A hash nobody's password has: names that do not exist take as long as names that do.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Somebody who just signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub account: Account,
    /// The session's token, for the cookie; the hub keeps only its hash.
    pub token: String,
}

/// Why nobody was signed in. Which of name and password was wrong is not told.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Wrong name or password.
    #[error("账号或密码不对 / wrong account or password")]
    Wrong,
    /// Too many wrong passwords.
    #[error("密码多次错误,账号已锁定十五分钟 / too many wrong passwords: locked for fifteen minutes")]
    Locked,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Hub {
    /// Signs somebody in. Blocks for the hash: call it from a blocking thread.
    ///
    /// # Errors
    /// [`SignInError`].
    pub fn sign_in(&self, name: &str, password: &str) -> Result<SignedIn, SignInError> {
        let now_ms = self.now_ms();
        let row = self.storage().read(|tx| tx.account_named(name))?;
        let row = row.filter(|row| row.closed_ms.is_none());
        if row.as_ref().is_some_and(|row| now_ms < row.locked_until_ms) {
            return Err(SignInError::Locked);
        }
        let right = password::matches(password, row.as_ref().map_or(NOBODY, |row| row.password.as_str()));
        let Some(row) = row else { return Err(SignInError::Wrong) };
        if !right {
            let locked = self.storage().write(move |tx| failed(tx, &row, now_ms))?;
            return Err(if locked { SignInError::Locked } else { SignInError::Wrong });
        }
        let account = Account::of(&row).ok_or(StorageError::Damaged { what: "account" })?;
        let token = self.random::<32>();
        self.storage().write(move |tx| {
            let session = SessionRow { account: row.id, made_ms: now_ms, seen_ms: now_ms };
            let id = row.id;
            tx.put_account(&AccountRow { failures: 0, locked_until_ms: 0, ..row })?;
            tx.put_session(token_hash(&token), session)?;
            journal::audit(tx, now_ms, Some(id), "session.begin", &id.to_string())
        })?;
        Ok(SignedIn { account, token: URL_SAFE_NO_PAD.encode(token) })
    }

    /// Whose session this is; `None` when it is unknown, timed out, or its account was closed.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn session(&self, token: &str) -> Result<Option<Account>, StorageError> {
        let Some(hash) = decode(token) else { return Ok(None) };
        let now_ms = self.now_ms();
        let found = self.storage().read(|tx| {
            let Some(session) = tx.session(hash)? else { return Ok(None) };
            Ok::<_, StorageError>(tx.account(session.account)?.map(|account| (session, account)))
        })?;
        let Some((session, row)) = found else { return Ok(None) };
        let over = IDLE_MS <= now_ms - session.seen_ms || ABSOLUTE_MS <= now_ms - session.made_ms;
        if over || row.closed_ms.is_some() {
            self.storage().write(move |tx| tx.end_session(hash))?;
            return Ok(None);
        }
        if SEEN_EVERY_MS <= now_ms - session.seen_ms {
            self.storage()
                .write(move |tx| tx.put_session(hash, SessionRow { seen_ms: now_ms, ..session }))?;
        }
        Ok(Account::of(&row))
    }

    /// Signs out.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn sign_out(&self, token: &str) -> Result<(), StorageError> {
        let Some(hash) = decode(token) else { return Ok(()) };
        self.storage().write(move |tx| tx.end_session(hash))
    }

    /// Changes one's own password; every session of the account ends, this one too.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn change_password(&self, account: &Account, old: &str, new: &str) -> Result<(), AccountError> {
        password::check(new, &account.name)?;
        let (id, now_ms) = (account.id, self.now_ms());
        let row = self.storage().read(|tx| tx.account(id))?.ok_or(AccountError::Unknown)?;
        if !password::matches(old, &row.password) {
            return Err(AccountError::WrongPassword);
        }
        let hash = password::hash(new, &self.random()).ok_or(AccountError::Hash)?;
        self.storage().write(move |tx| {
            let row = tx.account(id)?.ok_or(AccountError::Unknown)?;
            tx.put_account(&AccountRow { password: hash, must_change: false, ..row })?;
            tx.end_sessions(id, now_ms - ABSOLUTE_MS)?;
            journal::audit(tx, now_ms, Some(id), "account.password", &id.to_string())?;
            Ok(())
        })
    }
}

fn failed(tx: &Tx<'_>, row: &AccountRow, now_ms: i64) -> Result<bool, StorageError> {
    let Some(row) = tx.account(row.id)? else { return Ok(false) };
    let failures = row.failures + 1;
    let lock = FAILURES_MAX <= failures;
    let id = row.id;
    tx.put_account(&AccountRow {
        failures: if lock { 0 } else { failures },
        locked_until_ms: if lock { now_ms + LOCKED_MS } else { row.locked_until_ms },
        ..row
    })?;
    if lock {
        journal::audit(tx, now_ms, None, "account.locked", &id.to_string())?;
    }
    Ok(lock)
}

fn decode(token: &str) -> Option<Hash32> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    (bytes.len() == 32).then(|| token_hash(&bytes))
}

fn token_hash(token: &[u8]) -> Hash32 {
    Hash32::of(&[b"ruhu-session-1", token])
}

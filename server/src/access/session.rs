//! 登录 – signing in with a password and, where there is one, a second factor; sessions with an idle and an absolute
//! time-out; proving again who one is. All state is in the database, so that several nodes can stand behind one
//! balancer.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ruhu_core::ids::{AccountId, Hash32};

use super::own::PENDING_MS;
use super::totp::{Second, recovery_hash, step_of};
use super::tries::{failed, forgiven, is_a_name, may_try, name_hash};
use super::{Account, journal, password};
use crate::storage::accounts::AccountRow;
use crate::storage::factors::SecretKind;
use crate::storage::sessions::{SessionRow, Stage};
use crate::storage::{Hub, StorageError, Tx};

/// A session ends after this long without use, in milliseconds (30 min).
pub const IDLE_MS: i64 = 30 * 60 * 1000;
/// A session ends this long after it began, in milliseconds (12 h).
pub const ABSOLUTE_MS: i64 = 12 * 3600 * 1000;
/// Between password and code there is so much time, in milliseconds (5 min).
pub const HALF_WAY_MS: i64 = 5 * 60 * 1000;
/// A one-time password signs in for so long, in milliseconds (72 h).
pub const ONE_TIME_MS: i64 = 72 * 3600 * 1000;
/// Use is noted at most this often, in milliseconds.
const SEEN_EVERY_MS: i64 = 60 * 1000;
/// A hash nobody's password has: names that do not exist take as long as names that do.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Somebody who just signed in, or gave the right password.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub account: Account,
    /// The session's token, for the cookie; the hub keeps only its hash.
    pub token: String,
    /// Whether a code is still awaited.
    pub stage: Stage,
}

/// A session that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub account: Account,
    /// When it began, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// When it was last used, milliseconds since 1970 UTC.
    pub seen_ms: i64,
    /// When the password was last given in it, milliseconds since 1970 UTC.
    pub proved_ms: i64,
    /// The hash of its token.
    pub token: Hash32,
}

/// Why nobody was signed in. Which of name, password and code was wrong is not told.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Wrong name, password or code.
    #[error("账号、密码或验证码不对 / wrong account, password or code")]
    Wrong,
    /// Too many wrong passwords or codes; the same for a name that does not exist.
    #[error("多次输错,账号已锁定十五分钟 / too many wrong tries: locked for fifteen minutes")]
    Locked {
        /// Until when, milliseconds since 1970 UTC.
        until_ms: i64,
    },
    /// Too many failed tries from one source.
    #[error("此处登录失败过多,请稍后再试 / too many failed tries from here: try again later")]
    TooMany {
        /// Until when, milliseconds since 1970 UTC.
        until_ms: i64,
    },
    /// The session between password and code has ended.
    #[error("登录已过期,请重新输入密码 / it took too long: give the password again")]
    Expired,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Hub {
    /// Signs somebody in from nowhere in particular. Blocks for the hash: call it from a blocking thread.
    ///
    /// # Errors
    /// [`SignInError`].
    pub fn sign_in(&self, name: &str, password: &str) -> Result<SignedIn, SignInError> {
        self.sign_in_from(name, password, "")
    }

    /// The first step of signing in, the only one for an account without a second factor. `source` is a hash of where the
    /// try came from. Blocks for the hash.
    ///
    /// # Errors
    /// [`SignInError`].
    pub fn sign_in_from(&self, name: &str, password: &str, source: &str) -> Result<SignedIn, SignInError> {
        let (now_ms, who) = (self.now_ms(), name_hash(name));
        let row = self.storage().read(|tx| {
            may_try(tx, (who, source), now_ms)?;
            let row = if is_a_name(name) { tx.account_named(name)? } else { None };
            Ok::<_, SignInError>(row.filter(|row| row.closed_ms.is_none()))
        })?;
        let right = password::matches(password, row.as_ref().map_or(NOBODY, |row| row.password.as_str()));
        let id = row.as_ref().map(|row| row.id);
        let in_time = |row: &AccountRow| !row.must_change || now_ms - row.password_ms < ONE_TIME_MS;
        let Some(row) = row.filter(|row| right && in_time(row)) else {
            return Err(self.refuse(id, (who, source), now_ms)?);
        };
        let (token, source) = (self.random::<32>(), source.to_owned());
        let (id, seen) = (row.id, row.password);
        self.storage().write(move |tx| {
            // Locked by others who tried while the hash was reckoned.
            may_try(tx, (who, &source), now_ms)?;
            let row = tx.account(id)?.ok_or(SignInError::Wrong)?;
            // Disabled, or given another password, while the hash was reckoned.
            if row.closed_ms.is_some() || row.password != seen {
                return Err(SignInError::Wrong);
            }
            let stage = if row.totp { Stage::Password } else { Stage::Whole };
            begin(tx, row, (token, stage), now_ms)
        })
    }

    /// The second step: the code after the password. The session half-way ends, a new one begins.
    ///
    /// # Errors
    /// [`SignInError`].
    pub fn give_code(&self, token: &str, second: &Second, source: &str) -> Result<SignedIn, SignInError> {
        let now_ms = self.now_ms();
        let hash = decode(token).ok_or(SignInError::Expired)?;
        let (next, second, source) = (self.random::<32>(), second.clone(), source.to_owned());
        let given = self.storage().write(move |tx| {
            let row = half_way(tx, hash, now_ms)?.ok_or(SignInError::Expired)?;
            let who = name_hash(&row.name);
            may_try(tx, (who, &source), now_ms)?;
            if second_is_right(tx, row.id, &second, now_ms)? {
                tx.end_session(hash)?;
                return begin(tx, row, (next, Stage::Whole), now_ms).map(Ok);
            }
            let refused = failed(tx, Some(row.id), (who, &source), now_ms)?;
            if matches!(refused, SignInError::Locked { .. }) {
                tx.end_session(hash)?;
            }
            // Not by `?`: what failed has to be written down.
            Ok::<_, SignInError>(Err(refused))
        });
        given?
    }

    /// Whether a token is of a session half-way between password and code. Such a session opens nothing else.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn is_half_way(&self, token: &str) -> Result<bool, StorageError> {
        let now_ms = self.now_ms();
        let Some(hash) = decode(token) else { return Ok(false) };
        self.storage().read(|tx| Ok(half_way(tx, hash, now_ms)?.is_some()))
    }

    /// Whose session this is; `None` when it is unknown, half-way, timed out, or its account was disabled.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn session(&self, token: &str) -> Result<Option<Account>, StorageError> {
        Ok(self.open_session(token)?.map(|session| session.account))
    }

    /// As [`Hub::session`], with what else is known of it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn open_session(&self, token: &str) -> Result<Option<Session>, StorageError> {
        let Some(hash) = decode(token) else { return Ok(None) };
        let now_ms = self.now_ms();
        let found = self.storage().read(|tx| {
            let Some(session) = tx.session(hash)? else { return Ok(None) };
            Ok::<_, StorageError>(tx.account(session.account)?.map(|account| (session, account)))
        })?;
        let Some((session, row)) = found.filter(|(session, _)| session.stage == Stage::Whole) else {
            return Ok(None);
        };
        if is_over(&session, now_ms) || row.closed_ms.is_some() {
            self.storage().write(move |tx| tx.end_session(hash))?;
            return Ok(None);
        }
        if SEEN_EVERY_MS <= now_ms - session.seen_ms {
            self.storage().write(move |tx| tx.session_seen(hash, now_ms))?;
        }
        let SessionRow { made_ms, seen_ms, proved_ms, .. } = session;
        Ok(Account::at(&row, now_ms).map(|account| Session {
            account,
            made_ms,
            seen_ms,
            proved_ms,
            token: hash,
        }))
    }

    /// Proves again who one is: password, and code where there is a second factor. Counts towards the same lock-out.
    ///
    /// # Errors
    /// [`SignInError`].
    pub fn authenticate_again(
        &self,
        session: &Session,
        password: &str,
        second: &Second,
        source: &str,
    ) -> Result<(), SignInError> {
        let (now_ms, id, token) = (self.now_ms(), session.account.id, session.token);
        let who = name_hash(&session.account.name);
        let row = self.storage().read(|tx| {
            let row = tx.account(id)?.ok_or(SignInError::Wrong)?;
            may_try(tx, (who, source), now_ms)?;
            Ok::<_, SignInError>(row)
        })?;
        if !password::matches(password, &row.password) {
            return Err(self.refuse(Some(id), (who, source), now_ms)?);
        }
        let (second, source) = (second.clone(), source.to_owned());
        let proved = self.storage().write(move |tx| {
            may_try(tx, (who, &source), now_ms)?;
            let row = tx.account(id)?.ok_or(SignInError::Wrong)?;
            let session = tx.session(token)?.ok_or(SignInError::Expired)?;
            if row.totp && !second_is_right(tx, id, &second, now_ms)? {
                return Ok(Err(failed(tx, Some(id), (who, &source), now_ms)?));
            }
            tx.put_account(&forgiven(tx, row)?)?;
            tx.put_session(token, SessionRow { seen_ms: now_ms, proved_ms: now_ms, ..session })?;
            Ok::<_, SignInError>(Ok(()))
        });
        proved?
    }

    /// The sessions of an account that hold, the last used first.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn sessions_of(&self, account: AccountId) -> Result<Vec<(Hash32, SessionRow)>, StorageError> {
        let now_ms = self.now_ms();
        let mut sessions = self.storage().read(|tx| tx.sessions_of(account))?;
        sessions.retain(|(_, session)| !is_over(session, now_ms));
        Ok(sessions)
    }

    /// Signs out everywhere else; how many sessions ended.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn sign_out_elsewhere(&self, session: &Session) -> Result<u64, StorageError> {
        let (id, token, now_ms) = (session.account.id, session.token, self.now_ms());
        self.storage().write(move |tx| {
            let ended = tx.end_other_sessions(id, token)?;
            journal::audit(tx, now_ms, Some(id), "session.end-others", &id.to_string())?;
            Ok(ended)
        })
    }

    /// Signs out.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn sign_out(&self, token: &str) -> Result<(), StorageError> {
        let Some(hash) = decode(token) else { return Ok(()) };
        self.storage().write(move |tx| tx.end_session(hash))
    }
}

/// Whether the second factor is right; whatever was right is used up by it.
pub(super) fn second_is_right(
    tx: &Tx<'_>,
    id: AccountId,
    second: &Second,
    now_ms: i64,
) -> Result<bool, StorageError> {
    match second {
        Second::Missing => Ok(false),
        Second::Code(typed) => {
            let Some(secret) = tx.totp_secret(id, SecretKind::Present)? else { return Ok(false) };
            match step_of(&secret, typed, now_ms) {
                Some(step) => tx.use_totp_step(id, step),
                None => Ok(false),
            }
        }
        Second::Recovery(typed) => {
            let right = tx.use_recovery_code(id, recovery_hash(id, typed), now_ms)?;
            if right {
                journal::audit(tx, now_ms, Some(id), "session.recovery-code", &id.to_string())?;
            }
            Ok(right)
        }
    }
}

/// Begins a session, and forgets what is over. Failures are forgotten once everything was right: a password alone does
/// not buy more tries at a code.
fn begin(
    tx: &Tx<'_>,
    row: AccountRow,
    (token, stage): ([u8; 32], Stage),
    now_ms: i64,
) -> Result<SignedIn, SignInError> {
    let account = Account::at(&row, now_ms).ok_or(StorageError::Damaged { what: "account" })?;
    let id = row.id;
    tx.forget_sessions(now_ms - ABSOLUTE_MS)?;
    tx.forget_next_totp(now_ms - PENDING_MS)?;
    let session = SessionRow { account: id, made_ms: now_ms, seen_ms: now_ms, stage, proved_ms: now_ms };
    tx.put_session(token_hash(&token), session)?;
    if stage == Stage::Whole {
        tx.put_account(&AccountRow { signed_in_ms: Some(now_ms), ..forgiven(tx, row)? })?;
        journal::audit(tx, now_ms, Some(id), "session.begin", &id.to_string())?;
    }
    Ok(SignedIn { account, token: URL_SAFE_NO_PAD.encode(token), stage })
}

/// The account of a session half-way, while there is time.
fn half_way(tx: &Tx<'_>, hash: Hash32, now_ms: i64) -> Result<Option<AccountRow>, StorageError> {
    let session = tx.session(hash)?.filter(|session| {
        session.stage == Stage::Password && (0..HALF_WAY_MS).contains(&(now_ms - session.made_ms))
    });
    let row = session.map(|session| tx.account(session.account)).transpose()?.flatten();
    Ok(row.filter(|row| row.closed_ms.is_none() && row.totp))
}

const fn is_over(session: &SessionRow, now_ms: i64) -> bool {
    IDLE_MS <= now_ms - session.seen_ms || ABSOLUTE_MS <= now_ms - session.made_ms
}

fn decode(token: &str) -> Option<Hash32> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    (bytes.len() == 32).then(|| token_hash(&bytes))
}

fn token_hash(token: &[u8]) -> Hash32 {
    Hash32::of(&[b"ruhu-session-1", token])
}

//! 我的账号 – what somebody changes of his own account: password, second factor, recovery codes.

use ruhu_core::ids::{AccountId, Hash32};
use zeroize::Zeroizing;

use super::session::{ABSOLUTE_MS, Session, SignInError};
use super::totp::{RECOVERY_CODES, SECRET_BYTES, recovery_hash, step_of};
use super::tries::{failed, may_try, name_hash};
use super::{Account, AccountError, journal, password};
use crate::storage::accounts::AccountRow;
use crate::storage::factors::SecretKind;
use crate::storage::{Hub, StorageError, Tx};

/// A secret waits so long for its first code, in milliseconds (10 min).
pub const PENDING_MS: i64 = 10 * 60 * 1000;

/// Recovery codes, to be shown once.
pub type RecoveryCodes = Vec<String>;

impl Hub {
    /// Changes one's own password; every session of the account ends, this one too. A wrong present password counts
    /// towards the lock-out.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn change_password(&self, account: &Account, old: &str, new: &str) -> Result<(), AccountError> {
        let (id, now_ms) = (account.id, self.now_ms());
        password::check(new, [&account.name, &account.shown])?;
        let (row, former) = self.storage().read(|tx| {
            let row = tx.account(id)?.ok_or(AccountError::Unknown)?;
            may_try(tx, (name_hash(&row.name), ""), now_ms).map_err(refused)?;
            // A one-time password in the meantime is none of the last few.
            let kept = password::KEPT - u32::from(!row.must_change);
            Ok::<_, AccountError>((row, tx.former_passwords(id, kept)?))
        })?;
        let who = name_hash(&row.name);
        if !password::matches(old, &row.password) {
            return Err(refused(self.refuse(Some(id), (who, ""), now_ms)?));
        }
        if former.iter().chain([&row.password]).any(|hash| password::matches(new, hash)) {
            return Err(password::BadPassword::Reused.into());
        }
        let hash = password::hash(new, &self.random()).ok_or(AccountError::Hash)?;
        let seen = row.password;
        self.storage().write(move |tx| {
            let row = tx.account(id)?.ok_or(AccountError::Unknown)?;
            // Locked by others who tried while the hashes were reckoned.
            may_try(tx, (who, ""), now_ms).map_err(refused)?;
            if row.closed_ms.is_some() || row.password != seen {
                return Err(AccountError::WrongPassword);
            }
            // One that was made by chance for one sign-in is nobody's habit.
            if !row.must_change {
                tx.put_former_password(id, &row.password, now_ms)?;
            }
            tx.put_account(&AccountRow { password: hash, must_change: false, password_ms: now_ms, ..row })?;
            tx.end_sessions(id, now_ms - ABSOLUTE_MS)?;
            journal::audit(tx, now_ms, Some(id), "account.password", &id.to_string())?;
            Ok(())
        })
    }

    /// Makes a secret for an authenticator app. It counts once [`Hub::confirm_totp`] has seen a code of it; until then the
    /// former one does, if there is one.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn begin_totp(&self, account: AccountId) -> Result<Zeroizing<Vec<u8>>, StorageError> {
        let secret = Zeroizing::new(self.random::<SECRET_BYTES>().to_vec());
        let (sealed, now_ms) = (secret.clone(), self.now_ms());
        self.storage().write(move |tx| tx.put_next_totp(account, &sealed, now_ms))?;
        Ok(secret)
    }

    /// The secret that waits for its first code, for [`PENDING_MS`].
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn pending_totp(&self, account: AccountId) -> Result<Option<Zeroizing<Vec<u8>>>, StorageError> {
        let now_ms = self.now_ms();
        self.storage().read(|tx| {
            if waits(tx, account, now_ms)? { tx.totp_secret(account, SecretKind::Next) } else { Ok(None) }
        })
    }

    /// The second factor counts from now on. Returns new recovery codes; every session but `kept` ends.
    ///
    /// # Errors
    /// [`AccountError::WrongCode`], and the database.
    pub fn confirm_totp(
        &self,
        account: AccountId,
        kept: Hash32,
        typed: &str,
    ) -> Result<RecoveryCodes, AccountError> {
        let (now_ms, codes, typed) = (self.now_ms(), self.recovery_codes(), typed.to_owned());
        self.storage().write(move |tx| {
            let row = tx.account(account)?.ok_or(AccountError::Unknown)?;
            if !waits(tx, account, now_ms)? {
                tx.drop_next_totp(account)?;
                return Ok(Err(AccountError::NothingPending));
            }
            may_try(tx, (name_hash(&row.name), ""), now_ms).map_err(refused)?;
            let secret = tx.totp_secret(account, SecretKind::Next)?.ok_or(AccountError::NothingPending)?;
            let Some(step) = step_of(&secret, &typed, now_ms) else {
                // Who is signed in and guesses at a picture he does not see gains nothing: still, it is counted.
                failed(tx, Some(account), (name_hash(&row.name), ""), now_ms)?;
                return Ok(Err(AccountError::WrongCode));
            };
            tx.put_totp(account, &secret, step)?;
            keep_codes(tx, account, &codes)?;
            tx.end_other_sessions(account, kept)?;
            journal::audit(tx, now_ms, Some(account), "account.totp", &account.to_string())?;
            Ok::<_, AccountError>(Ok(codes))
        })?
    }

    /// New recovery codes in the place of the former ones.
    ///
    /// # Errors
    /// [`AccountError::NothingPending`] where there is no second factor, and the database.
    pub fn new_recovery_codes(&self, account: AccountId) -> Result<RecoveryCodes, AccountError> {
        let (now_ms, codes) = (self.now_ms(), self.recovery_codes());
        self.storage().write(move |tx| {
            let row = tx.account(account)?.ok_or(AccountError::Unknown)?;
            if !row.totp {
                return Err(AccountError::NothingPending);
            }
            keep_codes(tx, account, &codes)?;
            journal::audit(tx, now_ms, Some(account), "account.recovery-codes", &account.to_string())?;
            Ok(codes)
        })
    }

    /// Takes one's own second factor away; a role that has to have one can only replace it.
    ///
    /// # Errors
    /// [`AccountError::NeedsTotp`], and the database.
    pub fn drop_own_totp(&self, session: &Session) -> Result<(), AccountError> {
        if session.account.role.needs_totp() {
            return Err(AccountError::NeedsTotp);
        }
        let (id, now_ms) = (session.account.id, self.now_ms());
        self.storage().write(move |tx| {
            tx.drop_totp(id)?;
            journal::audit(tx, now_ms, Some(id), "account.totp-dropped", &id.to_string())?;
            Ok(())
        })
    }

    fn recovery_codes(&self) -> RecoveryCodes {
        (0..RECOVERY_CODES).map(|_| password::one_time(&self.random())).collect()
    }
}

/// Whether a secret waits for its first code, and not for too long.
fn waits(tx: &Tx<'_>, account: AccountId, now_ms: i64) -> Result<bool, StorageError> {
    let made_ms = tx.next_totp_ms(account)?;
    Ok(made_ms.is_some_and(|made_ms| now_ms - made_ms < PENDING_MS))
}

/// A refused try as one's own page says it.
fn refused(why: SignInError) -> AccountError {
    match why {
        SignInError::Locked { .. } | SignInError::TooMany { .. } => AccountError::Locked,
        SignInError::Storage(why) => why.into(),
        SignInError::Wrong | SignInError::Expired => AccountError::WrongPassword,
    }
}

fn keep_codes(tx: &Tx<'_>, account: AccountId, codes: &[String]) -> Result<(), StorageError> {
    let hashes: Vec<Hash32> = codes.iter().map(|code| recovery_hash(account, code)).collect();
    tx.put_recovery_codes(account, &hashes)
}

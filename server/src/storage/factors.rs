//! 动态口令、备用码、历史密码、设置码 – what else stands between a password and the pages. Secrets are sealed, everything
//! else is a hash.

use zeroize::Zeroizing;

use super::db::values;
use super::vault::owner::Owner;
use super::{StorageError, Tx};
use ruhu_core::ids::{AccountId, Hash32};

const TOTP: &str = "second factor";
const RECOVERY: &str = "recovery code";
const FORMER: &str = "former password";
const SETUP: &str = "token of the first set-up";

/// Which of the two secrets of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// The one codes are checked with.
    Present,
    /// The one that was shown and is not confirmed by a code yet.
    Next,
}

impl SecretKind {
    /// Its column, which is also where it is sealed to: moved to the other one it does not open.
    const fn column(self) -> &'static str {
        match self {
            Self::Present => "secret",
            Self::Next => "next",
        }
    }
}

impl Tx<'_> {
    /// A secret behind one-time codes; `None` where there is none.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn totp_secret(
        &self,
        account: AccountId,
        kind: SecretKind,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, StorageError> {
        let (owner, column) = (Owner::of_second_factor(account), kind.column());
        let sql = format!(
            "SELECT t.{column}, k.generation, k.wrapped FROM totp t JOIN owner_key k ON k.owner = ?2
             WHERE t.account = ?1 AND t.{column} IS NOT NULL"
        );
        self.first(TOTP, &sql, values![account.as_bytes(), owner.bytes()], |row| {
            self.opened(owner, (row, 1), column.as_bytes(), row.blob(0)?).map(Zeroizing::new)
        })
    }

    /// When the secret was made that waits for its first code; `None` where none waits.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn next_totp_ms(&self, account: AccountId) -> Result<Option<i64>, StorageError> {
        let sql = "SELECT next_ms FROM totp WHERE account = ?1 AND next IS NOT NULL";
        self.first(TOTP, sql, values![account.as_bytes()], |row| row.get(0))
    }

    /// Keeps a secret that was shown, until a code confirms it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_next_totp(&self, account: AccountId, secret: &[u8], at_ms: i64) -> Result<(), StorageError> {
        let kind = SecretKind::Next.column();
        let sealed = self.sealed(Owner::of_second_factor(account), kind.as_bytes(), secret)?;
        let sql = "INSERT INTO totp (account, next, next_ms) VALUES (?1, ?2, ?3)
                   ON CONFLICT (account) DO UPDATE SET next = excluded.next, next_ms = excluded.next_ms";
        self.execute(TOTP, sql, values![account.as_bytes(), sealed, at_ms]).map(drop)
    }

    /// Clears the secret of an account that waits for its first code; whether one did.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn drop_next_totp(&self, account: AccountId) -> Result<bool, StorageError> {
        let sql = "UPDATE totp SET next = NULL, next_ms = 0 WHERE account = ?1 AND next IS NOT NULL";
        Ok(self.execute(TOTP, sql, values![account.as_bytes()])? == 1)
    }

    /// Clears every secret that was made before `oldest_ms` and still waits for its first code.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn forget_next_totp(&self, oldest_ms: i64) -> Result<(), StorageError> {
        let sql = "UPDATE totp SET next = NULL, next_ms = 0 WHERE next IS NOT NULL AND next_ms <= ?1";
        self.execute(TOTP, sql, values![oldest_ms]).map(drop)
    }

    /// The secret codes are checked with from now on; none of `step` or before is taken.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_totp(&self, account: AccountId, secret: &[u8], step: i64) -> Result<(), StorageError> {
        let kind = SecretKind::Present.column();
        let sealed = self.sealed(Owner::of_second_factor(account), kind.as_bytes(), secret)?;
        let sql = "INSERT INTO totp (account, secret, next, last_step) VALUES (?1, ?2, NULL, ?3)
                   ON CONFLICT (account) DO UPDATE SET secret = excluded.secret, next = NULL, next_ms = 0,
                       last_step = excluded.last_step";
        self.execute(TOTP, sql, values![account.as_bytes(), sealed, step]).map(drop)
    }

    /// Uses the code of a step; `false` when it, or a later one, was used before, at whichever node.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn use_totp_step(&self, account: AccountId, step: i64) -> Result<bool, StorageError> {
        let sql =
            "UPDATE totp SET last_step = ?2 WHERE account = ?1 AND last_step < ?2 AND secret IS NOT NULL";
        Ok(self.execute(TOTP, sql, values![account.as_bytes(), step])? == 1)
    }

    /// Takes the second factor away, recovery codes too.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn drop_totp(&self, account: AccountId) -> Result<(), StorageError> {
        self.execute(TOTP, "DELETE FROM totp WHERE account = ?1", values![account.as_bytes()])?;
        self.put_recovery_codes(account, &[])
    }

    /// Puts new recovery codes, by their hashes, in the place of the former ones.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_recovery_codes(&self, account: AccountId, hashes: &[Hash32]) -> Result<(), StorageError> {
        let sql = "DELETE FROM recovery_code WHERE account = ?1";
        self.execute(RECOVERY, sql, values![account.as_bytes()])?;
        let sql = "INSERT INTO recovery_code (account, hash) VALUES (?1, ?2)";
        hashes
            .iter()
            .try_for_each(|hash| self.execute(RECOVERY, sql, values![account.as_bytes(), hash.0]).map(drop))
    }

    /// Uses a recovery code; `false` when there is none with this hash, or it was used.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn use_recovery_code(
        &self,
        account: AccountId,
        hash: Hash32,
        at_ms: i64,
    ) -> Result<bool, StorageError> {
        let sql =
            "UPDATE recovery_code SET used_ms = ?3 WHERE account = ?1 AND hash = ?2 AND used_ms IS NULL";
        Ok(self.execute(RECOVERY, sql, values![account.as_bytes(), hash.0, at_ms])? == 1)
    }

    /// How many recovery codes are left.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn recovery_codes_left(&self, account: AccountId) -> Result<u32, StorageError> {
        let sql = "SELECT count(*) FROM recovery_code WHERE account = ?1 AND used_ms IS NULL";
        self.one(RECOVERY, sql, values![account.as_bytes()], |row| row.get(0))
    }

    /// The hashes of an account's last `most` former passwords, the latest first.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn former_passwords(&self, account: AccountId, most: u32) -> Result<Vec<String>, StorageError> {
        let sql = "SELECT password FROM former_password WHERE account = ?1 ORDER BY until_ms DESC LIMIT ?2";
        self.all(FORMER, sql, values![account.as_bytes(), most], |row| row.get(0))
    }

    /// Keeps the hash of a password that was changed.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_former_password(
        &self,
        account: AccountId,
        password: &str,
        until_ms: i64,
    ) -> Result<(), StorageError> {
        let sql = "INSERT INTO former_password (account, until_ms, password) VALUES (?1, ?2, ?3)
                   ON CONFLICT (account, until_ms) DO UPDATE SET password = excluded.password";
        self.execute(FORMER, sql, values![account.as_bytes(), until_ms, password]).map(drop)
    }

    /// Keeps a token of the first set-up by its hash.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn put_setup_token(&self, hash: Hash32, made_ms: i64) -> Result<(), StorageError> {
        let sql = "INSERT INTO setup_token (hash, made_ms) VALUES (?1, ?2)";
        self.execute(SETUP, sql, values![hash.0, made_ms]).map(drop)
    }

    /// Whether a token of the first set-up is good.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn knows_setup_token(&self, hash: Hash32) -> Result<bool, StorageError> {
        let sql = "SELECT 1 FROM setup_token WHERE hash = ?1";
        Ok(self.first(SETUP, sql, values![hash.0], |_| Ok(()))?.is_some())
    }

    /// Makes every token of the first set-up worthless.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn void_setup_tokens(&self) -> Result<(), StorageError> {
        self.execute(SETUP, "DELETE FROM setup_token", values![]).map(drop)
    }
}

//! 账号与权限 – who may sign in, what he may see, and the two chained logs of what was seen and done.
//!
//! | module | what it holds |
//! |---|---|
//! | [`role`] | roles and places: county → street → community |
//! | [`password`] | argon2id behind a semaphore, rules for passwords |
//! | [`session`] | signing in, lock-out, sessions with time-outs |
//! | [`journal`] | 查看记录 and 操作记录: append-only, hash-chained |

pub mod journal;
pub mod password;
pub mod role;
pub mod session;

pub use role::{Place, Role};

use ruhu_core::ids::{AccountId, CommunityId, derived};
use ruhu_core::roster::Community;

use crate::storage::accounts::AccountRow;
use crate::storage::{Hub, StorageError};
use password::BadPassword;

/// 账号 – somebody signed in at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id; acts of the desk name it.
    pub id: AccountId,
    /// What is typed to sign in.
    pub name: String,
    /// What pages show.
    pub shown: String,
    /// What it may do.
    pub role: Role,
    /// Where.
    pub place: Place,
    /// Whether the password must be changed before anything else.
    pub must_change: bool,
}

/// Why an account could not be made or changed; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Another account has this name.
    #[error("账号名已被使用,请换一个 / this account name is taken: choose another")]
    Taken,
    /// There is no such account.
    #[error("没有这个账号,可用 ruhu user list 查看 / no such account: see `ruhu user list`")]
    Unknown,
    /// An empty name, or one with spaces.
    #[error("账号名须为 1 至 40 个字符,不含空格 / an account name has 1 to 40 signs and no spaces")]
    BadName,
    /// The present password was not right.
    #[error("原密码不对 / the present password is wrong")]
    WrongPassword,
    /// The password is too weak.
    #[error(transparent)]
    Password(#[from] BadPassword),
    /// The password could not be hashed.
    #[error("密码处理失败 / hash the password")]
    Hash,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What a new account is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    /// What is typed to sign in.
    pub name: String,
    /// What pages show.
    pub shown: String,
    /// What it may do.
    pub role: Role,
    /// Where.
    pub place: Place,
}

/// The account acts on the command line are signed for: whoever holds the machine.
#[must_use]
pub fn command_line() -> AccountId {
    derived("ruhu-account", &[b"command-line"])
}

impl Account {
    /// From its row; `None` when the stored role or place is not one this program knows.
    #[must_use]
    pub fn of(row: &AccountRow) -> Option<Self> {
        Some(Self {
            id: row.id,
            name: row.name.clone(),
            shown: row.shown.clone(),
            role: row.role.parse().ok()?,
            place: serde_json::from_str(&row.place).ok()?,
            must_change: row.must_change,
        })
    }

    /// Whether a community lies in the account's place. A system administrator sees none: he runs the machine.
    #[must_use]
    pub fn covers(&self, id: CommunityId, community: &Community) -> bool {
        self.role.sees_communities() && self.place.holds(id, community)
    }
}

impl Hub {
    /// Makes an account and returns its one-time password, which must be changed at the first sign-in.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn add_account(&self, new: &NewAccount) -> Result<String, AccountError> {
        let signs = new.name.chars().count();
        if !(1..=40).contains(&signs) || new.name.chars().any(char::is_whitespace) {
            return Err(AccountError::BadName);
        }
        let (password, hash) = self.one_time_password()?;
        let row = AccountRow {
            id: self.make_id(),
            name: new.name.clone(),
            shown: new.shown.clone(),
            role: new.role.to_string(),
            place: serde_json::to_string(&new.place)
                .map_err(|_| StorageError::Damaged { what: "place of an account" })?,
            password: hash,
            must_change: true,
            failures: 0,
            locked_until_ms: 0,
            made_ms: self.now_ms(),
            closed_ms: None,
        };
        let (at_ms, id) = (row.made_ms, row.id.to_string());
        self.storage().write(move |tx| {
            if tx.account_named(&row.name)?.is_some() {
                return Err(AccountError::Taken);
            }
            tx.put_account(&row)?;
            journal::audit(tx, at_ms, None, "account.add", &id)?;
            Ok(())
        })?;
        Ok(password)
    }

    /// Gives an account a new one-time password, unlocks it and ends its sessions.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn reset_password(&self, name: &str) -> Result<String, AccountError> {
        let (password, hash) = self.one_time_password()?;
        let (name, at_ms) = (name.to_owned(), self.now_ms());
        self.storage().write(move |tx| {
            let row = tx.account_named(&name)?.ok_or(AccountError::Unknown)?;
            let id = row.id;
            tx.put_account(&AccountRow {
                password: hash,
                must_change: true,
                failures: 0,
                locked_until_ms: 0,
                ..row
            })?;
            tx.end_sessions(id, i64::MIN)?;
            journal::audit(tx, at_ms, None, "account.reset", &id.to_string())?;
            Ok::<_, AccountError>(())
        })?;
        Ok(password)
    }

    /// Every account this program understands, by name.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn accounts(&self) -> Result<Vec<Account>, StorageError> {
        let rows = self.storage().read(|tx| tx.accounts())?;
        Ok(rows.iter().filter(|row| row.closed_ms.is_none()).filter_map(Account::of).collect())
    }

    fn one_time_password(&self) -> Result<(String, String), AccountError> {
        let password = password::one_time(&self.random());
        let hash = password::hash(&password, &self.random()).ok_or(AccountError::Hash)?;
        Ok((password, hash))
    }
}

//! 账号与权限 – who may sign in, what he may see, and the two chained logs of what was seen and done.
//!
//! | module | what it holds |
//! |---|---|
//! | [`role`] | roles and places: county → street → community |
//! | [`password`], [`common`] | argon2id behind a semaphore, rules for passwords; those everybody tries first |
//! | [`totp`] | one-time codes of authenticator apps, recovery codes |
//! | [`session`] | signing in, sessions with time-outs, proving again who one is |
//! | [`tries`] | failed tries: lock-out, and who has to wait |
//! | [`own`] | what somebody changes of his own account |
//! | [`acts`] | what the security administrator does to accounts |
//! | [`first`] | the first account of a hub |
//! | [`journal`] | 查看记录 and 操作记录: append-only, hash-chained |

pub mod acts;
pub mod common;
pub mod first;
pub mod journal;
pub mod own;
pub mod password;
pub mod role;
pub mod session;
pub mod totp;
pub mod tries;

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
    /// Whether the password must be changed before anything else: it is a one-time password, or too old.
    pub must_change: bool,
    /// Whether a second factor is set up.
    pub totp: bool,
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
    /// Too many wrong passwords.
    #[error("多次输错,账号已暂时锁定 / too many wrong passwords: the account is locked for a while")]
    Locked,
    /// No name to show, or one too long.
    #[error("显示名须为 1 至 40 个字符 / the name shown has 1 to 40 signs")]
    BadShown,
    /// A role in a place of another kind.
    #[error("此角色与所选范围不符 / this role cannot have this place")]
    BadPlace,
    /// No reason, or too long a one.
    #[error("请写明事由,不超过 200 字 / say why, in at most 200 signs")]
    ReasonMissing,
    /// Somebody's own account.
    #[error(
        "不能对自己的账号这样做,请另一名安全管理员办理 / not to one's own account: ask another security administrator"
    )]
    Own,
    /// Who acts was disabled, or moved, in the meantime.
    #[error("您的账号已不能管理账号 / your account no longer keeps accounts")]
    NotKeeper,
    /// The last one who could enable anybody.
    #[error("这是最后一名启用的安全管理员 / this is the last enabled security administrator")]
    LastSecurityAdmin,
    /// Somebody else was first.
    #[error("账号在此期间已被改动 / the account was changed in the meantime")]
    Stale,
    /// Nothing would change.
    #[error("已经是这样 / it is so already")]
    AlreadySo,
    /// Not a code of the secret shown.
    #[error("验证码不对 / the code is wrong")]
    WrongCode,
    /// Nothing that could be confirmed.
    #[error("没有待确认的动态口令,请重新开始 / no second factor waits to be confirmed: begin again")]
    NothingPending,
    /// A role that has to have a second factor.
    #[error(
        "此角色必须使用动态口令,只能更换 / this role has to have a second factor: it can only be replaced"
    )]
    NeedsTotp,
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
            totp: row.totp,
        })
    }

    /// The same at a moment: a password that is too old has to be changed.
    #[must_use]
    pub fn at(row: &AccountRow, now_ms: i64) -> Option<Self> {
        let old = password::DAYS_MAX * 24 * 3600 * 1000 <= now_ms - row.password_ms;
        Self::of(row).map(|account| Self { must_change: account.must_change || old, ..account })
    }

    /// Whether a second factor has to be set up before anything else.
    #[must_use]
    pub const fn must_set_up_totp(&self) -> bool {
        self.role.needs_totp() && !self.totp
    }

    /// Whether a community lies in the account's place. A system administrator sees none: he runs the machine.
    #[must_use]
    pub fn covers(&self, id: CommunityId, community: &Community) -> bool {
        self.role.sees_communities() && self.place.holds(id, community)
    }
}

impl Hub {
    /// Every enabled account this program understands, by name.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn accounts(&self) -> Result<Vec<Account>, StorageError> {
        let rows = self.storage().read(|tx| tx.accounts())?;
        Ok(rows.iter().filter(|row| row.closed_ms.is_none()).filter_map(Account::of).collect())
    }
}

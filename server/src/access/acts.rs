//! 账号管理 – what the security administrator, or whoever holds the machine, does to an account. Every act is in the audit
//! log with its reason, in the same transaction.

use ruhu_core::ids::AccountId;

use super::tries::{NAME_MAX, forgiven};
use super::{AccountError, NewAccount, Place, Role, journal, password};
use crate::storage::accounts::AccountRow;
use crate::storage::{Hub, StorageError, Tx};

/// Characters of a reason.
const REASON_MAX: usize = 200;

/// What is done to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// 重设密码 – a new one-time password; also unlocks.
    ResetPassword,
    /// 解锁.
    Unlock,
    /// 取消动态口令 – of somebody who lost it.
    DropTotp,
    /// 调整 – what it may do, and where.
    Move {
        /// What pages show.
        shown: String,
        /// What it may do.
        role: Role,
        /// Where.
        place: Place,
    },
    /// 停用 – its sessions end at once.
    Disable,
    /// 启用.
    Enable,
}

/// Who does it, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// The account that acts; `None` for whoever holds the machine.
    pub account: Option<AccountId>,
    /// Why; must be given at the desk.
    pub reason: String,
    /// The version of the account he saw; `None` on the command line, which looks at nothing first.
    pub saw: Option<u32>,
}

impl By {
    /// Whoever holds the machine.
    #[must_use]
    pub fn command_line(reason: &str) -> Self {
        Self { account: None, reason: reason.to_owned(), saw: None }
    }

    fn reason(&self) -> Result<String, AccountError> {
        let reason = self.reason.trim();
        let fits = reason.chars().count() <= REASON_MAX && !reason.chars().any(char::is_control);
        let given = !reason.is_empty() || self.account.is_none();
        if fits && given { Ok(reason.to_owned()) } else { Err(AccountError::ReasonMissing) }
    }
}

impl Hub {
    /// Makes an account from the machine itself and returns its one-time password, which must be changed at the first
    /// sign-in.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn add_account(&self, new: &NewAccount) -> Result<String, AccountError> {
        self.make_account(new, &By::command_line(""))
    }

    /// The same at the desk, with a reason.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn make_account(&self, new: &NewAccount, by: &By) -> Result<String, AccountError> {
        let (name, shown) = (new.name.trim().to_owned(), new.shown.trim().to_owned());
        check_names(&name, &shown)?;
        check_place(new.role, &new.place)?;
        let reason = by.reason()?;
        let (password, hash) = self.one_time_password()?;
        let now_ms = self.now_ms();
        let row = AccountRow { name, shown, ..fresh(self.make_id(), (new.role, &new.place), hash, now_ms)? };
        let what = said(&row.id.to_string(), &named(new.role, &new.place), &reason);
        let actor = by.account;
        self.storage().write(move |tx| {
            check_actor(tx, actor)?;
            if tx.account_named(&row.name)?.is_some() {
                return Err(AccountError::Taken);
            }
            tx.put_account(&row)?;
            tx.void_setup_tokens()?;
            journal::audit(tx, now_ms, actor, "account.add", &what)?;
            Ok(())
        })?;
        Ok(password)
    }

    /// Gives an account a new one-time password from the machine itself, unlocks it and ends its sessions.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn reset_password(&self, name: &str) -> Result<String, AccountError> {
        let id = self.account_id(name)?;
        let password = self.change_account(id, Change::ResetPassword, &By::command_line(""))?;
        password.ok_or(AccountError::Hash)
    }

    /// The id of an account by what is typed to sign in.
    ///
    /// # Errors
    /// [`AccountError::Unknown`], and the database.
    pub fn account_id(&self, name: &str) -> Result<AccountId, AccountError> {
        let row = self.storage().read(|tx| tx.account_named(name))?;
        row.map(|row| row.id).ok_or(AccountError::Unknown)
    }

    /// Does something to an account. Returns the one-time password where there is a new one.
    ///
    /// # Errors
    /// [`AccountError`]; then nothing was changed.
    pub fn change_account(
        &self,
        id: AccountId,
        change: Change,
        by: &By,
    ) -> Result<Option<String>, AccountError> {
        let reason = by.reason()?;
        if by.account == Some(id) {
            return Err(AccountError::Own);
        }
        let made = match &change {
            Change::ResetPassword => Some(self.one_time_password()?),
            Change::Move { shown, role, place } => {
                check_names("-", shown)?;
                check_place(*role, place)?;
                None
            }
            _ => None,
        };
        let (password, hash) = made.unzip();
        let (now_ms, actor, saw) = (self.now_ms(), by.account, by.saw);
        self.storage().write(move |tx| {
            check_actor(tx, actor)?;
            let row = tx.account(id)?.ok_or(AccountError::Unknown)?;
            if saw.is_some_and(|saw| saw != row.version) {
                return Err(AccountError::Stale);
            }
            let (next, what, details) = applied(tx, &row, &change, hash, now_ms)?;
            if is_security_admin(&row) && !is_security_admin(&next) && !has_other_admin(tx, id)? {
                return Err(AccountError::LastSecurityAdmin);
            }
            tx.put_account(&AccountRow { version: row.version + 1, ..next })?;
            // An open session would go on with what it was told at the door.
            if change != Change::Unlock {
                tx.end_sessions(id, i64::MIN)?;
            }
            journal::audit(tx, now_ms, actor, what, &said(&id.to_string(), &details, &reason))?;
            Ok(())
        })?;
        Ok(password)
    }

    fn one_time_password(&self) -> Result<(String, String), AccountError> {
        let password = password::one_time(&self.random());
        let hash = password::hash(&password, &self.random()).ok_or(AccountError::Hash)?;
        Ok((password, hash))
    }
}

/// A row of an account just made, still without its names.
pub(super) fn fresh(
    id: AccountId,
    (role, place): (Role, &Place),
    password: String,
    now_ms: i64,
) -> Result<AccountRow, AccountError> {
    Ok(AccountRow {
        id,
        name: String::new(),
        shown: String::new(),
        role: role.to_string(),
        place: place_text(place)?,
        password,
        must_change: true,
        locked_until_ms: 0,
        made_ms: now_ms,
        closed_ms: None,
        signed_in_ms: None,
        password_ms: now_ms,
        version: 0,
        totp: false,
    })
}

fn place_text(place: &Place) -> Result<String, StorageError> {
    serde_json::to_string(place).map_err(|_| StorageError::Damaged { what: "place of an account" })
}

/// Whether the names of an account can be typed and shown.
pub(super) fn check_names(name: &str, shown: &str) -> Result<(), AccountError> {
    let fits =
        |text: &str| (1..=NAME_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if !fits(name) || name.chars().any(char::is_whitespace) {
        return Err(AccountError::BadName);
    }
    if fits(shown.trim()) { Ok(()) } else { Err(AccountError::BadShown) }
}

/// Whether a role can have this place.
fn check_place(role: Role, place: &Place) -> Result<(), AccountError> {
    let fits = match role {
        Role::Community => matches!(place, Place::Community { .. }),
        Role::Street => matches!(place, Place::Street { .. }),
        Role::County => matches!(place, Place::County { .. }),
        // An auditor may have any; administrators see no place at all, whatever stands there.
        Role::Auditor | Role::SystemAdmin | Role::SecurityAdmin => true,
    };
    if fits { Ok(()) } else { Err(AccountError::BadPlace) }
}

/// The row after a change, the code of the audit log, and what was changed to what.
fn applied(
    tx: &Tx<'_>,
    row: &AccountRow,
    change: &Change,
    hash: Option<String>,
    now_ms: i64,
) -> Result<(AccountRow, &'static str, String), AccountError> {
    let row = row.clone();
    let none = String::new();
    Ok(match change {
        Change::ResetPassword => {
            let password = hash.ok_or(AccountError::Hash)?;
            tx.drop_next_totp(row.id)?;
            // His own stays among those he may not use again; one made by chance is nobody's habit.
            if !row.must_change {
                tx.put_former_password(row.id, &row.password, now_ms)?;
            }
            let next = AccountRow { password, must_change: true, password_ms: now_ms, ..forgiven(tx, row)? };
            (next, "account.reset", none)
        }
        Change::Unlock => (forgiven(tx, row)?, "account.unlock", none),
        Change::DropTotp => {
            // Also one that was begun and never confirmed.
            if !row.totp && tx.next_totp_ms(row.id)?.is_none() {
                return Err(AccountError::AlreadySo);
            }
            tx.drop_totp(row.id)?;
            (row, "account.totp-taken", none)
        }
        Change::Move { shown, role, place } => {
            let (shown, role_code) = (shown.trim().to_owned(), role.to_string());
            let next = AccountRow { shown, role: role_code, place: place_text(place)?, ..row.clone() };
            if next == row {
                return Err(AccountError::AlreadySo);
            }
            let before = serde_json::from_str(&row.place).ok().zip(row.role.parse().ok());
            let before = before.map(|(place, role)| named(role, &place)).unwrap_or_default();
            (next, "account.move", format!("{before} > {}", named(*role, place)))
        }
        Change::Disable if row.closed_ms.is_some() => return Err(AccountError::AlreadySo),
        Change::Disable => (AccountRow { closed_ms: Some(now_ms), ..row }, "account.disable", none),
        Change::Enable if row.closed_ms.is_none() => return Err(AccountError::AlreadySo),
        Change::Enable => (AccountRow { closed_ms: None, ..forgiven(tx, row)? }, "account.enable", none),
    })
}

fn is_security_admin(row: &AccountRow) -> bool {
    row.closed_ms.is_none() && row.role.parse() == Ok(Role::SecurityAdmin)
}

/// Whether there is a security administrator besides this one. At the desk there always is, who acts; at the machine there
/// may not be, and whoever holds it can help one who cannot get in.
fn has_other_admin(tx: &Tx<'_>, id: AccountId) -> Result<bool, StorageError> {
    Ok(tx.accounts()?.iter().any(|row| row.id != id && is_security_admin(row)))
}

/// Refuses who was disabled, or moved, after he opened the page.
fn check_actor(tx: &Tx<'_>, actor: Option<AccountId>) -> Result<(), AccountError> {
    let Some(id) = actor else { return Ok(()) };
    let row = tx.account(id)?.filter(|row| row.closed_ms.is_none());
    let keeps = row.and_then(|row| row.role.parse().ok()).is_some_and(Role::keeps_accounts);
    if keeps { Ok(()) } else { Err(AccountError::NotKeeper) }
}

/// A role and its place as the audit log names them: codes and names of places, nobody's own.
fn named(role: Role, place: &Place) -> String {
    match place {
        Place::Hub => format!("{role}@*"),
        Place::County { county } => format!("{role}@{county}"),
        Place::Street { county, street } => format!("{role}@{county}/{street}"),
        Place::Community { id } => format!("{role}@{id}"),
    }
}

/// What an act was about: the id first, so that it is found by it.
fn said(id: &str, details: &str, reason: &str) -> String {
    [id, details, reason].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

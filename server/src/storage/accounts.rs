//! 账号 – accounts of the desk and the two chained logs. What they mean stands in `access`.

use super::db::{Row, values};
use super::{StorageError, Tx, from_sql, to_sql};
use ruhu_core::ids::{AccountId, Hash32};

/// An account as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// What is typed to sign in.
    pub name: String,
    /// What pages show.
    pub shown: String,
    /// Its role, as a code.
    pub role: String,
    /// Its scope; JSON.
    pub place: String,
    /// argon2id, PHC text.
    pub password: String,
    /// Whether the password must be changed at the next sign-in.
    pub must_change: bool,
    /// Until when it was locked last, milliseconds since 1970 UTC; for pages alone: failed tries decide.
    pub locked_until_ms: i64,
    /// When it was made, milliseconds since 1970 UTC.
    pub made_ms: i64,
    /// When it was disabled, milliseconds since 1970 UTC; an account is never deleted, because logs name it.
    pub closed_ms: Option<i64>,
    /// The last sign-in, milliseconds since 1970 UTC.
    pub signed_in_ms: Option<i64>,
    /// Since when the password holds, milliseconds since 1970 UTC.
    pub password_ms: i64,
    /// Counts up with every act of an administrator: who changes it says which state he saw.
    pub version: u32,
    /// Whether a second factor is set up; read only, it stands in a table of its own.
    pub totp: bool,
}

/// Which of the two logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogKind {
    /// 查看记录 – who looked at personal data.
    Access,
    /// 操作记录 – what was done.
    Audit,
}

/// A row of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// When, milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Who; `None` for the command line.
    pub account: Option<AccountId>,
    /// A code, never a name or an address.
    pub what: String,
    /// Id of what it was about.
    pub target: String,
}

const COLUMNS: &str = "id, name, shown, role, place, password, must_change, locked_until_ms, made_ms, \
                       closed_ms, signed_in_ms, password_ms, version, (SELECT count(*) FROM totp t \
                       WHERE t.account = account.id AND t.secret IS NOT NULL) FROM account";

impl LogKind {
    pub(super) const fn nr(self) -> i64 {
        match self {
            Self::Access => 1,
            Self::Audit => 2,
        }
    }
}

impl Logged {
    /// The running hash after this row: it covers everything before.
    #[must_use]
    pub fn hash(&self, previous: Hash32, seq: u64) -> Hash32 {
        let account = self.account.map_or([0; 16], |id| *id.as_bytes());
        let length = (self.what.len() as u64).to_be_bytes();
        Hash32::of(&[
            b"ruhu-log-1",
            &previous.0,
            &seq.to_be_bytes(),
            &self.at_ms.to_be_bytes(),
            &account,
            &length,
            self.what.as_bytes(),
            self.target.as_bytes(),
        ])
    }
}

impl Tx<'_> {
    /// Adds an account, or writes its present state.
    ///
    /// # Errors
    /// [`StorageError`]; a sign-in name belongs to one account.
    pub fn put_account(&self, row: &AccountRow) -> Result<(), StorageError> {
        self.execute(
            "account",
            "INSERT INTO account (id, name, shown, role, place, password, must_change, locked_until_ms,
                                  made_ms, closed_ms, signed_in_ms, password_ms, version)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (id) DO UPDATE SET shown = excluded.shown, role = excluded.role, place = excluded.place,
                 password = excluded.password, must_change = excluded.must_change,
                 locked_until_ms = excluded.locked_until_ms, closed_ms = excluded.closed_ms,
                 signed_in_ms = excluded.signed_in_ms, password_ms = excluded.password_ms,
                 version = excluded.version",
            values![
                row.id.as_bytes(),
                row.name,
                row.shown,
                row.role,
                row.place,
                row.password,
                row.must_change,
                row.locked_until_ms,
                row.made_ms,
                row.closed_ms,
                row.signed_in_ms,
                row.password_ms,
                row.version
            ],
        )
        .map(drop)
    }

    /// An account by what is typed to sign in.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn account_named(&self, name: &str) -> Result<Option<AccountRow>, StorageError> {
        self.first("account", &format!("SELECT {COLUMNS} WHERE name = ?1"), values![name], account)
    }

    /// An account by its id.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn account(&self, id: AccountId) -> Result<Option<AccountRow>, StorageError> {
        self.first("account", &format!("SELECT {COLUMNS} WHERE id = ?1"), values![id.as_bytes()], account)
    }

    /// Every account, by name.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn accounts(&self) -> Result<Vec<AccountRow>, StorageError> {
        self.all("accounts", &format!("SELECT {COLUMNS} ORDER BY name"), values![], account)
    }

    /// Appends to a log; returns its number there.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn append_log(&self, log: LogKind, row: &Logged) -> Result<u64, StorageError> {
        let what = "chained log";
        let last = self.first(
            what,
            "SELECT seq, hash FROM chained_log WHERE log = ?1 ORDER BY seq DESC LIMIT 1",
            values![log.nr()],
            |row| Ok((from_sql(row.get(0)?), Hash32(row.fixed(1)?))),
        )?;
        let (seq, previous) = last.map_or((1, Hash32::ZERO), |(seq, hash)| (seq + 1, hash));
        self.execute(
            what,
            "INSERT INTO chained_log (log, seq, at_ms, account, what, target, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            values![
                log.nr(),
                to_sql(seq),
                row.at_ms,
                row.account.as_ref().map(AccountId::as_bytes),
                row.what,
                row.target,
                row.hash(previous, seq).0
            ],
        )?;
        Ok(seq)
    }

    /// The last `limit` rows of a log before `before` (all when it is `None`), newest first, each with its number
    /// and running hash.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn logged(
        &self,
        log: LogKind,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<(u64, Hash32, Logged)>, StorageError> {
        self.logged_where(log, before, limit, ("?4 = ''", ""))
    }

    /// As [`Tx::logged`], of the rows about one thing alone.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn logged_about(
        &self,
        log: LogKind,
        target: &str,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<(u64, Hash32, Logged)>, StorageError> {
        self.logged_where(log, before, limit, ("target = ?4", target))
    }

    /// As [`Tx::logged`], of the rows about one thing alone, also where a reason stands behind its id.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn logged_of(
        &self,
        log: LogKind,
        target: &str,
        limit: u32,
    ) -> Result<Vec<(u64, Hash32, Logged)>, StorageError> {
        // A reason follows a space, and `!` is the sign after it: one stretch of the index.
        self.logged_where(log, None, limit, ("?4 <= target AND target < ?4 || '!'", target))
    }

    fn logged_where(
        &self,
        log: LogKind,
        before: Option<u64>,
        limit: u32,
        (wanted, target): (&str, &str),
    ) -> Result<Vec<(u64, Hash32, Logged)>, StorageError> {
        let before = before.map_or(i64::MAX, to_sql);
        let sql = format!(
            "SELECT seq, hash, at_ms, account, what, target FROM chained_log
             WHERE log = ?1 AND seq < ?2 AND {wanted} ORDER BY seq DESC LIMIT ?3"
        );
        self.all("chained log", &sql, values![log.nr(), before, limit, target], log_row)
    }
}

pub(super) fn log_row(row: Row<'_>) -> Result<(u64, Hash32, Logged), StorageError> {
    let logged = Logged {
        at_ms: row.get(2)?,
        account: row.get::<Option<[u8; 16]>>(3)?.map(AccountId::from_bytes),
        what: row.get(4)?,
        target: row.get(5)?,
    };
    Ok((from_sql(row.get(0)?), Hash32(row.fixed(1)?), logged))
}

fn account(row: Row<'_>) -> Result<AccountRow, StorageError> {
    Ok(AccountRow {
        id: AccountId::from_bytes(row.fixed(0)?),
        name: row.get(1)?,
        shown: row.get(2)?,
        role: row.get(3)?,
        place: row.get(4)?,
        password: row.get(5)?,
        must_change: row.get(6)?,
        locked_until_ms: row.get(7)?,
        made_ms: row.get(8)?,
        closed_ms: row.get(9)?,
        signed_in_ms: row.get(10)?,
        password_ms: row.get(11)?,
        version: row.get(12)?,
        totp: row.get(13)?,
    })
}

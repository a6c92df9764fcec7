//! 防猜 – failed tries: a name locks at every fifth in a row, a source has to wait after many. Counted in the database,
//! whichever node was asked, by hashes of the names typed: one that does not exist is answered like one that does.

use ruhu_core::ids::{AccountId, Hash32};

use super::journal;
use super::session::SignInError;
use crate::storage::accounts::AccountRow;
use crate::storage::{Hub, StorageError, Tx};

/// Wrong passwords or codes in a row until a name is locked.
pub const FAILURES_MAX: u32 = 5;
/// An account stays locked this long, in milliseconds (15 min).
pub const LOCKED_MS: i64 = 15 * 60 * 1000;
/// After so many failed tries from one source within [`LOCKED_MS`] it has to wait, whatever the names: a whole office, or
/// everybody behind a proxy, may be one source.
pub const FAILURES_OF_ONE: u32 = 100;
/// Failed tries are remembered this long, in milliseconds (24 h), unless the right password is given before.
const REMEMBERED_MS: i64 = 24 * 3600 * 1000;
/// Characters of a sign-in name.
pub(super) const NAME_MAX: usize = 40;

impl Hub {
    /// Notes a failed try, in a transaction of its own, and says what to tell.
    pub(super) fn refuse(
        &self,
        account: Option<AccountId>,
        (who, source): (Hash32, &str),
        now_ms: i64,
    ) -> Result<SignInError, StorageError> {
        let source = source.to_owned();
        self.storage().write(move |tx| failed(tx, account, (who, &source), now_ms))
    }
}

/// The hash failed tries are counted by: a name that was typed, which may be no account's, is written down nowhere else.
pub(super) fn name_hash(name: &str) -> Hash32 {
    Hash32::of(&[b"ruhu-sign-in-name-1", name.as_bytes()])
}

/// Whether a name can be an account's; any other is unknown before the database is asked, and still counted.
pub(super) fn is_a_name(name: &str) -> bool {
    name.chars().count() <= NAME_MAX && !name.chars().any(char::is_control)
}

/// Refuses while a name is locked, whether there is such an account or not, or a source has to wait.
pub(super) fn may_try(tx: &Tx<'_>, (who, source): (Hash32, &str), now_ms: i64) -> Result<(), SignInError> {
    if let Some(oldest) = tx.nth_last_failure(source, now_ms - LOCKED_MS, FAILURES_OF_ONE)? {
        let until_ms = oldest + LOCKED_MS;
        if now_ms < until_ms {
            return Err(SignInError::TooMany { until_ms });
        }
    }
    match tx.failures_with(who, now_ms - REMEMBERED_MS)? {
        (failures, Some(last)) if failures % FAILURES_MAX == 0 && now_ms < last + LOCKED_MS => {
            Err(SignInError::Locked { until_ms: last + LOCKED_MS })
        }
        _ => Ok(()),
    }
}

/// Notes a failed try and locks at every fifth; a name that does not exist is counted as one that does. What was tried
/// while it was locked, such as at the same moment as the fifth, counts for nothing and is answered like it.
pub(super) fn failed(
    tx: &Tx<'_>,
    account: Option<AccountId>,
    (who, source): (Hash32, &str),
    now_ms: i64,
) -> Result<SignInError, StorageError> {
    match may_try(tx, (who, source), now_ms) {
        Ok(()) => {}
        Err(SignInError::Storage(why)) => return Err(why),
        Err(refused) => return Ok(refused),
    }
    tx.sign_in_failed((who, source), now_ms, now_ms - REMEMBERED_MS)?;
    let (failures, _) = tx.failures_with(who, now_ms - REMEMBERED_MS)?;
    if failures % FAILURES_MAX != 0 {
        return Ok(SignInError::Wrong);
    }
    let until_ms = now_ms + LOCKED_MS;
    let row = account.map(|id| tx.account(id)).transpose()?.flatten();
    if let Some(row) = row.filter(|row| row.closed_ms.is_none()) {
        let target = row.id.to_string();
        tx.put_account(&AccountRow { locked_until_ms: until_ms, ..row })?;
        journal::audit(tx, now_ms, None, "account.locked", &target)?;
    }
    Ok(SignInError::Locked { until_ms })
}

/// Forgets the failed tries of a name; the row as it is then.
pub(super) fn forgiven(tx: &Tx<'_>, row: AccountRow) -> Result<AccountRow, StorageError> {
    tx.forget_failures(name_hash(&row.name))?;
    Ok(AccountRow { locked_until_ms: 0, ..row })
}

/// Notes a failed try by where it came from alone: there is no name that could be locked.
pub(super) fn noted(tx: &Tx<'_>, source: &str, now_ms: i64) -> Result<(), StorageError> {
    tx.sign_in_failed((name_hash(""), source), now_ms, now_ms - REMEMBERED_MS)
}

/// What may be left on the public page within an hour: from one source, and from everybody. A counter at which people queue
/// is one source, and so is everybody behind a proxy; a machine that fills in forms is stopped before anybody has to sort
/// them out.
pub const LEFT_OF_ONE: u32 = 20;
/// See [`LEFT_OF_ONE`].
pub const LEFT_OF_ALL: u32 = 300;
/// An hour, in milliseconds.
const HOUR_MS: i64 = 3600 * 1000;

/// Whether somebody may leave another request on the public page.
pub(crate) fn may_leave(tx: &Tx<'_>, source: &str, now_ms: i64) -> Result<bool, StorageError> {
    let (all, _) = tx.failures_with(left_hash(), now_ms - HOUR_MS)?;
    let full = tx.nth_last_failure(&left_source(source), now_ms - HOUR_MS, LEFT_OF_ONE)?;
    Ok(all < LEFT_OF_ALL && full.is_none())
}

/// Notes that somebody did; apart from failed sign-ins, so that neither locks the other out.
pub(crate) fn left_one(tx: &Tx<'_>, source: &str, now_ms: i64) -> Result<(), StorageError> {
    tx.sign_in_failed((left_hash(), &left_source(source)), now_ms, now_ms - REMEMBERED_MS)
}

fn left_hash() -> Hash32 {
    Hash32::of(&[b"ruhu-public-page-1"])
}

fn left_source(source: &str) -> String {
    format!("page:{source}")
}

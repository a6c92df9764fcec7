//! 防猜 – failed tries: an account locks after the fifth in a row, a source has to wait after many. Counted in the database,
//! whichever node was asked; of names that do not exist only hashes, so that they are answered like those that do.

use ruhu_core::ids::{AccountId, Hash32};

use super::journal;
use super::session::SignInError;
use crate::storage::accounts::AccountRow;
use crate::storage::{Hub, StorageError, Tx};

/// Wrong passwords or codes in a row until an account is locked.
pub const FAILURES_MAX: u32 = 5;
/// An account stays locked this long, in milliseconds (15 min).
pub const LOCKED_MS: i64 = 15 * 60 * 1000;
/// After so many failed tries from one source within [`LOCKED_MS`] it has to wait, whatever the names: a whole office, or
/// everybody behind a proxy, may be one source.
pub const FAILURES_OF_ONE: u32 = 100;
/// Failed tries with names that do not exist are remembered this long, in milliseconds (24 h).
const REMEMBERED_MS: i64 = 24 * 3600 * 1000;

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

/// The hash failed tries are counted by: of names that do not exist nothing is written down.
pub(super) fn name_hash(name: &str) -> Hash32 {
    Hash32::of(&[b"ruhu-sign-in-name-1", name.as_bytes()])
}

/// Refuses while an account is locked, or a name that does not exist would be, or a source has to wait.
pub(super) fn may_try(
    tx: &Tx<'_>,
    row: Option<&AccountRow>,
    (who, source): (Hash32, &str),
    now_ms: i64,
) -> Result<(), SignInError> {
    if let Some(oldest) = tx.nth_last_failure(source, now_ms - LOCKED_MS, FAILURES_OF_ONE)? {
        let until_ms = oldest + LOCKED_MS;
        if now_ms < until_ms {
            return Err(SignInError::TooMany { until_ms });
        }
    }
    let until_ms = match row {
        Some(row) => row.locked_until_ms,
        None => match tx.failures_with(who, now_ms - REMEMBERED_MS)? {
            (failures, Some(last)) if failures % FAILURES_MAX == 0 => last + LOCKED_MS,
            _ => 0,
        },
    };
    if now_ms < until_ms { Err(SignInError::Locked { until_ms }) } else { Ok(()) }
}

/// Notes a failed try and locks after the fifth; a name that does not exist is answered as one that does.
pub(super) fn failed(
    tx: &Tx<'_>,
    account: Option<AccountId>,
    (who, source): (Hash32, &str),
    now_ms: i64,
) -> Result<SignInError, StorageError> {
    tx.sign_in_failed((who, source), now_ms, now_ms - REMEMBERED_MS)?;
    let until_ms = now_ms + LOCKED_MS;
    let row = account.map(|id| tx.account(id)).transpose()?.flatten();
    let Some(row) = row.filter(|row| row.closed_ms.is_none()) else {
        let (failures, _) = tx.failures_with(who, now_ms - REMEMBERED_MS)?;
        let locked = failures % FAILURES_MAX == 0;
        return Ok(if locked { SignInError::Locked { until_ms } } else { SignInError::Wrong });
    };
    let (id, failures) = (row.id, row.failures + 1);
    let lock = FAILURES_MAX <= failures;
    tx.put_account(&AccountRow {
        failures: if lock { 0 } else { failures },
        locked_until_ms: if lock { until_ms } else { row.locked_until_ms },
        ..row
    })?;
    if lock {
        journal::audit(tx, now_ms, None, "account.locked", &id.to_string())?;
    }
    Ok(if lock { SignInError::Locked { until_ms } } else { SignInError::Wrong })
}

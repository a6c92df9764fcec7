//! 查看记录、操作记录 – who looked at personal data, and what was done: append-only, each row sealed by the running
//! hash over all before it. Codes and ids only, never a name or an address.

use ruhu_core::ids::{AccountId, Hash32};

use crate::storage::accounts::{LogKind, Logged};
use crate::storage::{Hub, StorageError, Tx};

/// Rows of a log read in one go.
const PAGE: u32 = 10_000;

/// Notes in the audit log, inside the transaction of the act itself.
///
/// # Errors
/// [`StorageError`].
pub fn audit(
    tx: &Tx<'_>,
    at_ms: i64,
    account: Option<AccountId>,
    what: &str,
    target: &str,
) -> Result<(), StorageError> {
    let row = Logged { at_ms, account, what: what.to_owned(), target: target.to_owned() };
    tx.append_log(LogKind::Audit, &row).map(drop)
}

impl Hub {
    /// Notes that an account looked at personal data; before the page is shown.
    ///
    /// # Errors
    /// [`StorageError`]: then the page is not shown.
    pub fn looked(&self, account: AccountId, what: &str, target: &str) -> Result<(), StorageError> {
        let row = Logged {
            at_ms: self.now_ms(),
            account: Some(account),
            what: what.to_owned(),
            target: target.to_owned(),
        };
        self.storage().write(move |tx| tx.append_log(LogKind::Access, &row).map(drop))
    }
}

/// The number of the first row whose hash does not hold; `None` when the whole log does.
///
/// # Errors
/// [`StorageError`].
pub fn first_broken(tx: &Tx<'_>, log: LogKind) -> Result<Option<u64>, StorageError> {
    let (mut broken, mut before, mut later) = (None, None, None::<(u64, Hash32, Logged)>);
    // From the last row back, a page at a time: years of looks are more than memory has to hold.
    loop {
        let page = tx.logged(log, before, PAGE)?;
        let Some(&(first, ..)) = page.last() else { break };
        before = Some(first);
        for (seq, hash, row) in page {
            if let Some((after, its_hash, its_row)) = later.replace((seq, hash, row)) {
                if after != seq + 1 {
                    broken = Some(seq + 1);
                } else if its_row.hash(hash, after) != its_hash {
                    broken = Some(after);
                }
            }
        }
    }
    if let Some((seq, hash, row)) = later
        && (seq != 1 || row.hash(Hash32::ZERO, seq) != hash)
    {
        broken = Some(1);
    }
    Ok(broken)
}

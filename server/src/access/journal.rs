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

/// The number of the first row whose hash does not hold; `None` when the whole log does. That the last rows are missing, or
/// that somebody reckoned every hash anew, no chain can tell by itself: only who wrote its end down before.
///
/// # Errors
/// [`StorageError`].
pub fn first_broken(tx: &Tx<'_>, log: LogKind) -> Result<Option<u64>, StorageError> {
    let (mut chain, mut before) = (Backwards::default(), None);
    // From the last row back, a page at a time: years of looks are more than memory has to hold.
    loop {
        let page = tx.logged(log, before, PAGE)?;
        let Some(&(first, ..)) = page.last() else { return Ok(chain.end()) };
        before = Some(first);
        page.into_iter().for_each(|row| chain.take(row));
    }
}

/// A chain read from its end to its beginning.
#[derive(Default)]
struct Backwards {
    later: Option<(u64, Hash32, Logged)>,
    broken: Option<u64>,
}

impl Backwards {
    fn take(&mut self, row: (u64, Hash32, Logged)) {
        let (seq, hash, _) = row;
        if let Some((after, its_hash, its_row)) = self.later.replace(row) {
            if after != seq + 1 {
                self.broken = Some(seq + 1);
            } else if its_row.hash(hash, after) != its_hash {
                self.broken = Some(after);
            }
        }
    }

    /// The first that does not hold, once the first row was taken.
    fn end(self) -> Option<u64> {
        let (seq, hash, row) = self.later?;
        let begins = seq == 1 && row.hash(Hash32::ZERO, seq) == hash;
        if begins { self.broken } else { Some(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (u64, Hash32, Logged);

    fn chain(rows: u64) -> Vec<Row> {
        let mut previous = Hash32::ZERO;
        let row = |seq| {
            let what = format!("household.view.{seq}");
            let row = Logged { at_ms: 7, account: None, what, target: "h-1".into() };
            previous = row.hash(previous, seq);
            (seq, previous, row)
        };
        (1..=rows).map(row).collect()
    }

    fn broken(rows: Vec<Row>) -> Option<u64> {
        let mut chain = Backwards::default();
        rows.into_iter().rev().for_each(|row| chain.take(row));
        chain.end()
    }

    #[test]
    fn a_chain_as_it_was_written_holds() {
        assert_eq!((broken(chain(0)), broken(chain(1)), broken(chain(9))), (None, None, None));
    }

    #[test]
    fn a_row_changed_taken_out_or_put_in_is_found_where_it_is() {
        for at in 0..9usize {
            let nr = u64::try_from(at).unwrap() + 1;
            let mut changed = chain(9);
            changed[at].2.target = "h-2".into();
            assert_eq!(broken(changed), Some(nr), "changed");
            let mut forged = chain(9);
            forged[at].1 = Hash32([1; 32]);
            assert_eq!(broken(forged), Some(nr), "another hash");
            let mut shorter = chain(9);
            shorter.remove(at);
            // Of rows cut off at the end nothing that is left knows.
            assert_eq!(broken(shorter), (nr < 9).then_some(nr), "taken out");
            let mut longer = chain(9);
            let twice = longer[at].clone();
            longer.insert(at, twice);
            assert_eq!(broken(longer), Some(nr + 1), "put in");
        }
    }

    #[test]
    fn of_two_breaks_the_first_is_told() {
        let mut rows = chain(9);
        rows[2].2.at_ms = 8;
        rows[6].2.at_ms = 8;
        assert_eq!(broken(rows), Some(3));
    }
}

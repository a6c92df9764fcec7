//! 中心恢复 – the hub was put back to an earlier state: once every stream has been read again, this phone holds the hub's
//! present word and its own records, nothing else.

use rusqlite::Transaction;

use super::{StoreError, log, projector};

/// Every stream has been read to its end since [`log::read_all_again`]: payloads the hub has not told again are dropped,
/// rows are made anew, and units the hub has told nothing of are marked to leave: all but own finds it has still to
/// receive or to decide on.
///
/// # Errors
/// [`StoreError`].
pub fn finish(tx: &Transaction<'_>) -> Result<(), StoreError> {
    log::drop_unseen(tx)?;
    // Own entries went into rows by sending them, not by reading; a unit that came back has to take them in as well.
    projector::rebuild(tx)?;
    tx.execute(
        "UPDATE unit SET leaving = 1 WHERE id NOT IN (SELECT unit FROM entry_unit JOIN entry USING (payload_hash))
         AND (grid IS NULL OR id NOT IN (
             SELECT entry_unit.unit FROM entry_unit JOIN own_entry USING (payload_hash)
             WHERE state NOT LIKE '{\"accepted\"%' AND state NOT LIKE '{\"quarantined\"%'))",
        [],
    )
    .map(drop)
    .map_err(StoreError::of("清除中心已无的户 mark units the restored hub does not know"))
}

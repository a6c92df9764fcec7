//! Numbered migrations, run from a table in a loop; a schema above its own is refused.

use std::sync::Arc;

use rusqlite::Connection;

use super::{StorageError, Tried};

/// Every migration in order; its number is its place, from 1.
const MIGRATIONS: [&str; 9] = [
    include_str!("../../migrations/sqlite/001_log.sql"),
    include_str!("../../migrations/sqlite/002_access.sql"),
    include_str!("../../migrations/sqlite/003_office.sql"),
    include_str!("../../migrations/sqlite/004_coverage.sql"),
    include_str!("../../migrations/sqlite/005_closed_state.sql"),
    include_str!("../../migrations/sqlite/006_handover.sql"),
    include_str!("../../migrations/sqlite/007_unit_tie.sql"),
    include_str!("../../migrations/sqlite/008_checkpoint.sql"),
    include_str!("../../migrations/sqlite/009_doors.sql"),
];

/// The schema this program writes.
#[must_use]
pub fn newest() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Brings the database to [`newest`]; each migration is one transaction.
///
/// # Errors
/// [`StorageError::TooNew`] for a database of a newer program; it is left untouched.
pub fn migrate(conn: &mut Connection) -> Result<(), StorageError> {
    let known = newest();
    // One transaction at a time, the version read inside it: two nodes may start at once.
    loop {
        let tx = conn
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .reading("schema version")?;
        let found: u32 =
            tx.pragma_query_value(None, "user_version", |row| row.get(0)).reading("schema version")?;
        if known < found {
            return Err(StorageError::TooNew { found, known });
        }
        let done = usize::try_from(found).unwrap_or(usize::MAX);
        let Some((sql, nr)) = MIGRATIONS.iter().zip(1u32..).nth(done) else {
            return Ok(());
        };
        let failed = |source| StorageError::Migrate { nr, source: Arc::new(source) };
        tx.execute_batch(sql).map_err(failed)?;
        tx.pragma_update(None, "user_version", nr).map_err(failed)?;
        tx.commit().map_err(failed)?;
    }
}

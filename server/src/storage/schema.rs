//! Numbered migrations, run from a table in a loop; a schema above its own is refused.

use super::StorageError;
use super::db::{Database, DbError};

/// The schema this program writes; the same number on every kind of database.
#[must_use]
pub fn newest() -> u32 {
    newest_of(&super::sqlite::MIGRATIONS)
}

/// Where a database keeps the number of its schema.
pub(super) trait Schema: Database {
    /// The number found; 0 in a database just made. Inside a transaction.
    fn found(&self) -> Result<u32, DbError>;
    /// Writes it, in the same transaction as the migration.
    fn set(&self, nr: u32) -> Result<(), DbError>;
}

/// Brings the database to the last of `migrations`; each is one transaction. A database of a newer program is left
/// untouched and refused with [`StorageError::TooNew`].
pub(super) fn migrate(db: &impl Schema, migrations: &[&str]) -> Result<(), StorageError> {
    // One transaction at a time, the version read inside it: two nodes may start at once.
    loop {
        db.begin_write().map_err(|source| StorageError::Read { what: "schema version", source })?;
        match step(db, migrations) {
            Ok(true) => {}
            Ok(false) => return rollback(db),
            Err(why) => {
                // The reason counts, not that a broken connection cannot be rolled back either.
                drop(rollback(db));
                return Err(why);
            }
        }
    }
}

/// One migration; `false` when there is none left to do.
fn step(db: &impl Schema, migrations: &[&str]) -> Result<bool, StorageError> {
    let known = newest_of(migrations);
    let found = db.found().map_err(|source| StorageError::Read { what: "schema version", source })?;
    if known < found {
        return Err(StorageError::TooNew { found, known });
    }
    let done = usize::try_from(found).unwrap_or(usize::MAX);
    let Some((sql, nr)) = migrations.iter().zip(1u32..).nth(done) else { return Ok(false) };
    let failed = |source| StorageError::Migrate { nr, source };
    db.batch(sql).map_err(failed)?;
    db.set(nr).map_err(failed)?;
    db.batch("COMMIT").map_err(failed)?;
    Ok(true)
}

fn rollback(db: &impl Schema) -> Result<(), StorageError> {
    db.batch("ROLLBACK").map_err(|source| StorageError::Read { what: "schema version", source })
}

fn newest_of(migrations: &[&str]) -> u32 {
    u32::try_from(migrations.len()).unwrap_or(u32::MAX)
}

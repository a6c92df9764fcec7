//! 读者 – connections that only read, kept while idle and bounded in number.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::db::{Database, DbError};
use super::{DatabaseAt, StorageError};

/// Readers kept open while idle.
const KEPT: usize = 16;
/// How long a reader waits for another to finish.
const PATIENCE: Duration = Duration::from_secs(30);

/// The readers of one database.
pub(super) struct Readers {
    at: DatabaseAt,
    seats: Mutex<Seats>,
    freed: Condvar,
}

#[derive(Default)]
struct Seats {
    idle: Vec<Box<dyn Database>>,
    taken: usize,
}

/// One reader in use; gives its seat back when it is dropped, also when whoever uses it breaks off.
pub(super) struct Reader<'p> {
    readers: &'p Readers,
    conn: Option<Box<dyn Database>>,
}

impl Readers {
    pub(super) fn new(at: DatabaseAt) -> Self {
        Self { at, seats: Mutex::default(), freed: Condvar::new() }
    }

    /// A reader that has begun its view.
    pub(super) fn begin(&self) -> Result<Reader<'_>, StorageError> {
        let mut reader = self.sit()?;
        // A connection that was idle while the database restarted is no reason to fail.
        while let Some(conn) = self.seats().idle.pop() {
            if conn.begin_read().is_ok() {
                reader.conn = Some(conn);
                return Ok(reader);
            }
        }
        let conn = self.at.reader()?;
        conn.begin_read().map_err(|source| StorageError::Read { what: "view", source })?;
        reader.conn = Some(conn);
        Ok(reader)
    }

    fn sit(&self) -> Result<Reader<'_>, StorageError> {
        let full = |seats: &mut Seats| self.at.readers_max() <= seats.taken;
        let (mut seats, _) = self
            .freed
            .wait_timeout_while(self.seats(), PATIENCE, full)
            .unwrap_or_else(PoisonError::into_inner);
        if full(&mut seats) {
            let source = DbError::new("every connection for reading is in use");
            return Err(StorageError::Read { what: "view", source });
        }
        seats.taken += 1;
        Ok(Reader { readers: self, conn: None })
    }

    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader<'_> {
    /// The connection.
    pub(super) fn conn(&self) -> Result<&dyn Database, StorageError> {
        self.conn.as_deref().ok_or(StorageError::Closed)
    }

    /// Ends the view; the connection is kept for the next one if it still answers.
    pub(super) fn end(mut self) {
        if let Some(conn) = self.conn.take()
            && conn.batch("ROLLBACK").is_ok()
        {
            let mut seats = self.readers.seats();
            if seats.idle.len() < KEPT {
                seats.idle.push(conn);
            }
        }
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        self.readers.seats().taken -= 1;
        self.readers.freed.notify_one();
    }
}

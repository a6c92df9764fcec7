//! One writer with group commit, a pool of readers.
//!
//! Jobs queue up while a commit is being flushed; the next transaction takes all of them, each in a SAVEPOINT of its
//! own, and answers only after the commit. So one slow disk flush serves many pushes, and nothing is acknowledged
//! before it is durable. Derived rows are finished once per transaction, after all its jobs: a grid that ten pushes
//! touched is recomputed once. `BEGIN IMMEDIATE` and a busy timeout let the command line write beside a running server.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::{StorageError, Tried, Tx, schema};

/// Most jobs of one transaction: bounds how long the first waits for the others.
const BATCH_MAX: usize = 256;
/// Readers kept open while idle.
const READERS_KEPT: usize = 8;
/// Page cache of the writer, in KiB.
const WRITER_CACHE_KIB: i32 = 64_000;
/// Page cache of each reader, in KiB: there are several, and a hub has half a gigabyte.
const READER_CACHE_KIB: i32 = 8_000;
/// Pages of the write-ahead log before it is carried over into the file: a page that many commits changed is then
/// written there once (64 MB).
const WAL_PAGES: i32 = 16_000;
const BUSY: Duration = Duration::from_secs(30);

/// The database file with its writer and its readers.
pub struct Storage {
    path: PathBuf,
    jobs: Option<Sender<Box<dyn Job>>>,
    writer: Option<JoinHandle<()>>,
    idle_readers: Mutex<Vec<Connection>>,
    commits: Arc<AtomicU64>,
}

/// What is derived from the jobs of a transaction, once before it commits. When it fails, what was received is kept
/// all the same and the derivation is tried again by the next transaction: a damaged row must not stop a phone.
pub type Finish = Box<dyn Fn(&Tx<'_>) -> Result<(), StorageError> + Send>;

impl Storage {
    /// Opens the database at `path`, made or brought to the present schema if need be.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn open(path: &Path) -> Result<Self, StorageError> {
        Self::open_with(path, Box::new(|_| Ok(())))
    }

    /// Opens the database with what is to be derived before every commit.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn open_with(path: &Path, finish: Finish) -> Result<Self, StorageError> {
        let mut conn = connect(path, WRITER_CACHE_KIB)?;
        schema::migrate(&mut conn)?;
        let (jobs, queue) = channel();
        let commits = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&commits);
        let writer = std::thread::Builder::new()
            .name("ruhu-writer".to_owned())
            .spawn(move || work(&conn, &queue, &finish, &counted))
            .map_err(|source| StorageError::Folder { path: path.to_owned(), source: Arc::new(source) })?;
        Ok(Self {
            path: path.to_owned(),
            jobs: Some(jobs),
            writer: Some(writer),
            idle_readers: Mutex::default(),
            commits,
        })
    }

    /// Where the database is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many transactions were committed since the start: pushes by commits tell what group commit saves.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Runs `work` in the writer and waits until it is durable. When it fails, nothing of it is kept; others in the
    /// same transaction are untouched. Blocks: call it from a blocking thread.
    ///
    /// # Errors
    /// What `work` returned, or [`StorageError`] when the transaction could not begin or commit.
    pub fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = std::sync::mpsc::sync_channel(1);
        let job = Typed { work: Some(work), outcome: None, reply };
        let jobs = self.jobs.as_ref().ok_or(StorageError::Closed)?;
        jobs.send(Box::new(job)).map_err(|_| StorageError::Closed)?;
        answer.recv().map_err(|_| StorageError::Closed)?
    }

    /// Runs `look` on one consistent view of the database.
    ///
    /// # Errors
    /// What `look` returned, or [`StorageError`] when no view could be opened.
    pub fn read<T, E: From<StorageError>>(&self, look: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let idle = self.idle_readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => reader(&self.path)?,
        };
        conn.execute_batch("BEGIN DEFERRED").reading("view")?;
        let seen = look(&Tx::new(&conn));
        conn.execute_batch("ROLLBACK").reading("view")?;
        let mut idle = self.idle_readers.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < READERS_KEPT {
            idle.push(conn);
        }
        seen
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        // Closing the queue lets the writer finish what it has; joining makes sure that it did.
        self.jobs = None;
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the writer thread had broken off");
        }
    }
}

/// A write and the way back to whoever waits for it.
trait Job: Send {
    /// Does the work; whether its savepoint is to be kept.
    fn run(&mut self, tx: &Tx<'_>) -> bool;
    /// Answers, after the commit or after it failed.
    fn answer(self: Box<Self>, committed: Result<(), StorageError>);
}

struct Typed<T, E, F> {
    work: Option<F>,
    outcome: Option<Result<T, E>>,
    reply: std::sync::mpsc::SyncSender<Result<T, E>>,
}

impl<T, E, F> Job for Typed<T, E, F>
where
    T: Send,
    E: From<StorageError> + Send,
    F: FnOnce(&Tx<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, tx: &Tx<'_>) -> bool {
        let Some(work) = self.work.take() else { return false };
        // One broken job must not take the writer, and every phone with it, down.
        let outcome = catch_unwind(AssertUnwindSafe(|| work(tx)))
            .unwrap_or_else(|_| Err(E::from(StorageError::BrokeOff)));
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn answer(self: Box<Self>, committed: Result<(), StorageError>) {
        let outcome = match (self.outcome, committed) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(why)) => Err(E::from(why)),
            (Some(done), Ok(())) => done,
            (None, Ok(())) => Err(E::from(StorageError::BrokeOff)),
        };
        // Whoever asked may have gone away; the write stands all the same.
        drop(self.reply.send(outcome));
    }
}

fn work(conn: &Connection, queue: &Receiver<Box<dyn Job>>, finish: &Finish, commits: &AtomicU64) {
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        let committed = group(conn, queue, finish, &mut batch);
        if committed.is_err() && !conn.is_autocommit() {
            drop(conn.execute_batch("ROLLBACK"));
        }
        commits.fetch_add(u64::from(committed.is_ok()), Ordering::Relaxed);
        for job in batch {
            job.answer(committed.clone());
        }
    }
}

fn group(
    conn: &Connection,
    queue: &Receiver<Box<dyn Job>>,
    finish: &Finish,
    batch: &mut Vec<Box<dyn Job>>,
) -> Result<(), StorageError> {
    conn.execute_batch("BEGIN IMMEDIATE").writing("transaction")?;
    let tx = Tx::new(conn);
    let mut done = 0;
    while let Some(job) = batch.get_mut(done) {
        conn.execute_batch("SAVEPOINT job").writing("savepoint")?;
        if !job.run(&tx) {
            conn.execute_batch("ROLLBACK TO job").writing("savepoint")?;
        }
        conn.execute_batch("RELEASE job").writing("savepoint")?;
        done += 1;
        if done < BATCH_MAX
            && let Ok(next) = queue.try_recv()
        {
            batch.push(next);
        }
    }
    conn.execute_batch("SAVEPOINT finish").writing("savepoint")?;
    let finished = catch_unwind(AssertUnwindSafe(|| finish(&tx))).unwrap_or(Err(StorageError::BrokeOff));
    if let Err(why) = finished {
        tracing::error!(error = %why, "coverage was not brought up to date; run `ruhu verify`");
        conn.execute_batch("ROLLBACK TO finish").writing("savepoint")?;
    }
    conn.execute_batch("RELEASE finish").writing("savepoint")?;
    conn.execute_batch("COMMIT").writing("transaction")
}

fn connect(path: &Path, cache_kib: i32) -> Result<Connection, StorageError> {
    let failed = |source| StorageError::Open { path: path.to_owned(), source: Arc::new(source) };
    let conn = Connection::open(path).map_err(failed)?;
    conn.busy_timeout(BUSY).map_err(failed)?;
    conn.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    conn.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
    conn.pragma_update(None, "foreign_keys", "OFF").map_err(failed)?;
    conn.pragma_update(None, "cache_size", -cache_kib).map_err(failed)?;
    conn.pragma_update(None, "temp_store", "MEMORY").map_err(failed)?;
    conn.pragma_update(None, "wal_autocheckpoint", WAL_PAGES).map_err(failed)?;
    // Without this guarantee a statement is parsed and planned anew whenever a value it compares with changes.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(failed)?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(conn)
}

fn reader(path: &Path) -> Result<Connection, StorageError> {
    let conn = connect(path, READER_CACHE_KIB)?;
    conn.pragma_update(None, "query_only", "ON").reading("view")?;
    Ok(conn)
}

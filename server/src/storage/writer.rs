//! One writer with group commit, a pool of readers.
//!
//! Jobs queue up while a commit is being flushed; the next transaction takes all of them, each in a SAVEPOINT of its
//! own, and answers only after the commit. So one slow disk flush serves many pushes, and nothing is acknowledged
//! before it is durable. Derived rows are finished once per transaction, after all its jobs: a grid that ten pushes
//! touched is recomputed once. `BEGIN IMMEDIATE` and a busy timeout let the command line write beside a running server.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use super::db::{Database, DbError};
use super::pool::Readers;
use super::vault::Vault;
use super::{DatabaseAt, StorageError, Tx};

/// Most jobs of one transaction: bounds how long the first waits for the others.
const BATCH_MAX: usize = 256;

/// The database with its writer and its readers.
pub struct Storage {
    at: DatabaseAt,
    jobs: Option<Sender<Box<dyn Job>>>,
    writer: Option<JoinHandle<()>>,
    readers: Readers,
    vault: Arc<Vault>,
    commits: Arc<AtomicU64>,
}

/// What is derived from the jobs of a transaction, once before it commits. When it fails, what was received is kept
/// all the same and the derivation is tried again by the next transaction: a damaged row must not stop a phone.
pub type Finish = Box<dyn Fn(&Tx<'_>) -> Result<(), StorageError> + Send>;

impl Storage {
    /// Opens the database, made or brought to the present schema if need be.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn open(at: impl Into<DatabaseAt>) -> Result<Self, StorageError> {
        Self::open_with(at, Box::new(|_| Ok(())))
    }

    /// Opens the database with what is to be derived before every commit.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn open_with(at: impl Into<DatabaseAt>, finish: Finish) -> Result<Self, StorageError> {
        let at = at.into();
        let conn = at.migrated()?;
        let vault = Arc::new(Vault::open(at.vault())?);
        let (jobs, queue) = channel();
        let commits = Arc::new(AtomicU64::new(0));
        let mut writer = Writer {
            at: at.clone(),
            conn: Some(conn),
            finish,
            commits: Arc::clone(&commits),
            vault: Arc::clone(&vault),
        };
        let thread = std::thread::Builder::new()
            .name("ruhu-writer".to_owned())
            .spawn(move || writer.work(&queue))
            .map_err(|source| StorageError::Thread { source: Arc::new(source) })?;
        Ok(Self {
            readers: Readers::new(at.clone()),
            at,
            jobs: Some(jobs),
            writer: Some(thread),
            vault,
            commits,
        })
    }

    /// The outer keys of what is sealed in it.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Which database this is.
    #[must_use]
    pub const fn at(&self) -> &DatabaseAt {
        &self.at
    }

    /// The file of the database; `None` when it is a server.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.at.file()
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
        let reader = self.readers.begin()?;
        let seen = look(&Tx { db: reader.conn()?, vault: &self.vault });
        reader.end();
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

/// What the writer's thread owns.
struct Writer {
    at: DatabaseAt,
    conn: Option<Box<dyn Database>>,
    finish: Finish,
    vault: Arc<Vault>,
    commits: Arc<AtomicU64>,
}

/// A write and the way back to whoever waits for it.
trait Job: Send {
    /// Does the work; whether its savepoint is to be kept.
    fn run(&mut self, tx: &Tx<'_>) -> bool;
    /// Says that the database would not keep it.
    fn refuse(&mut self);
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

    fn refuse(&mut self) {
        self.outcome = Some(Err(E::from(StorageError::BrokeOff)));
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

impl Writer {
    fn work(&mut self, queue: &Receiver<Box<dyn Job>>) {
        while let Ok(first) = queue.recv() {
            let mut batch = vec![first];
            let committed = self.group(queue, &mut batch);
            if committed.is_err()
                && self.conn.take_if(|conn| conn.batch("ROLLBACK").is_err() && conn.is_lost()).is_some()
            {
                tracing::error!("the connection to the database was lost; the next write opens another");
            }
            self.commits.fetch_add(u64::from(committed.is_ok()), Ordering::Relaxed);
            for job in batch {
                job.answer(committed.clone());
            }
        }
    }

    /// Begins a transaction; a connection that was lost while idle is opened anew, for nothing was done on it yet.
    fn begin(&mut self) -> Result<(), StorageError> {
        if let Some(conn) = &self.conn {
            match conn.begin_write() {
                Ok(()) => return Ok(()),
                Err(why) if !conn.is_lost() => return Err(writing("transaction")(why)),
                Err(_) => self.conn = None,
            }
        }
        let conn = self.at.migrated()?;
        conn.begin_write().map_err(writing("transaction"))?;
        self.conn = Some(conn);
        Ok(())
    }

    fn group(
        &mut self,
        queue: &Receiver<Box<dyn Job>>,
        batch: &mut Vec<Box<dyn Job>>,
    ) -> Result<(), StorageError> {
        self.begin()?;
        let conn = self.conn.as_deref().ok_or(StorageError::Closed)?;
        let tx = Tx { db: conn, vault: &self.vault };
        let mut done = 0;
        while let Some(job) = batch.get_mut(done) {
            conn.batch("SAVEPOINT job").map_err(writing("savepoint"))?;
            let keep = job.run(&tx);
            if !settle(conn, "job", keep).map_err(writing("savepoint"))? && keep {
                job.refuse();
            }
            done += 1;
            if done < BATCH_MAX
                && let Ok(next) = queue.try_recv()
            {
                batch.push(next);
            }
        }
        conn.batch("SAVEPOINT finish").map_err(writing("savepoint"))?;
        let finished =
            catch_unwind(AssertUnwindSafe(|| (self.finish)(&tx))).unwrap_or(Err(StorageError::BrokeOff));
        let kept = settle(conn, "finish", finished.is_ok()).map_err(writing("savepoint"))?;
        if !kept {
            let why = finished.err().unwrap_or(StorageError::BrokeOff);
            tracing::error!(error = %why, "coverage was not brought up to date; run `ruhu verify`");
        }
        conn.batch("COMMIT").map_err(writing("transaction"))
    }
}

/// Keeps what was done since a savepoint, or takes it back; whether it was kept. A job that passed over a statement
/// that failed is taken back as well where the database insists on it.
fn settle(conn: &dyn Database, name: &str, keep: bool) -> Result<bool, DbError> {
    if keep && conn.batch(&format!("RELEASE {name}")).is_ok() {
        return Ok(true);
    }
    conn.batch(&format!("ROLLBACK TO {name}; RELEASE {name}"))?;
    Ok(false)
}

const fn writing(what: &'static str) -> impl FnOnce(DbError) -> StorageError {
    move |source| StorageError::Write { what, source }
}

//! `PostgreSQL` – for a hub that outgrows one machine: several `ruhu serve` on one database.
//!
//! Every transaction that writes holds one advisory lock of the hub, whichever node began it. So writes stand in one
//! queue as they do on `SQLite`: stream numbers have no gaps, and positions of the log grow in the order of commits.
//! Readers take no lock; each sees one snapshot. The commands of this module block, and must not be called from an
//! async task.

mod server;
mod wire;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use postgres::types::ToSql;
use postgres::{Client, Statement};

use super::StorageError;
use super::db::{Cells, Database, DbError, Rows, Value};
use super::schema::{self, Schema};
pub use server::{Server, UrlError};

/// Every migration in order; its number is its place, from 1. The same tables as [`super::sqlite`] has.
const MIGRATIONS: [&str; 21] = [
    include_str!("../../migrations/postgres/001_log.sql"),
    include_str!("../../migrations/postgres/002_access.sql"),
    include_str!("../../migrations/postgres/003_office.sql"),
    include_str!("../../migrations/postgres/004_coverage.sql"),
    include_str!("../../migrations/postgres/005_closed_state.sql"),
    include_str!("../../migrations/postgres/006_handover.sql"),
    include_str!("../../migrations/postgres/007_unit_tie.sql"),
    include_str!("../../migrations/postgres/008_checkpoint.sql"),
    include_str!("../../migrations/postgres/009_backup.sql"),
    include_str!("../../migrations/postgres/010_touched.sql"),
    include_str!("../../migrations/postgres/011_doors.sql"),
    include_str!("../../migrations/postgres/012_vault.sql"),
    include_str!("../../migrations/postgres/013_bundle.sql"),
    include_str!("../../migrations/postgres/014_applying_node.sql"),
    include_str!("../../migrations/postgres/015_recheck.sql"),
    include_str!("../../migrations/postgres/016_request.sql"),
    include_str!("../../migrations/postgres/017_private.sql"),
    include_str!("../../migrations/postgres/018_log_target.sql"),
    include_str!("../../migrations/postgres/019_upload.sql"),
    include_str!("../../migrations/postgres/020_second_factor.sql"),
    include_str!("../../migrations/postgres/021_rights.sql"),
];

/// Waits as long as `SQLite` does for its turn; a node that froze in the middle of a transaction gives it up. A server
/// told not to wait for its disk is told otherwise: what is acknowledged has to be durable.
const SESSION: &str = "SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '5min'; \
     SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";
/// One lock per hub: "Ruhu" as a number, and the schema, so that hubs of one database do not wait for each other.
const LOCK: &str = "SELECT pg_advisory_xact_lock(1383426165, hashtext(current_schema()::text))";

/// A connection to a server.
pub(super) struct Postgres {
    // `None` only while it is being dropped.
    client: Option<RefCell<Client>>,
    statements: RefCell<HashMap<String, Statement>>,
    lost: Cell<bool>,
}

impl Postgres {
    pub(super) fn writer(server: &Server) -> Result<Self, StorageError> {
        Self::connect(server, SESSION)
    }

    pub(super) fn reader(server: &Server) -> Result<Self, StorageError> {
        Self::connect(server, "SET default_transaction_read_only = on")
    }

    fn connect(server: &Server, session: &str) -> Result<Self, StorageError> {
        let failed = |source: DbError| StorageError::Open { at: server.clone().into(), source };
        let client = server.connect().map_err(failed)?;
        let client = Some(RefCell::new(client));
        let own = Self { client, statements: RefCell::default(), lost: Cell::new(false) };
        own.batch(session).map_err(failed)?;
        Ok(own)
    }

    pub(super) fn migrate(&self) -> Result<(), StorageError> {
        schema::migrate(self, &MIGRATIONS)
    }

    /// Asks the server; remembers when it will not answer again.
    fn ask<T>(&self, ask: impl FnOnce(&mut Client) -> Result<T, postgres::Error>) -> Result<T, DbError> {
        let gone = || DbError::new("the connection is closed");
        let client = self.client.as_ref().ok_or_else(gone)?;
        let answer = ask(&mut *client.try_borrow_mut().map_err(|_| gone())?);
        answer.map_err(|why| {
            if is_fatal(&why) {
                self.lost.set(true);
            }
            DbError::from(why)
        })
    }

    /// The statement as the server knows it, prepared at its first use on this connection.
    fn prepared(&self, sql: &str) -> Result<Statement, DbError> {
        if let Some(known) = self.statements.borrow().get(sql) {
            return Ok(known.clone());
        }
        let statement = self.ask(|client| client.prepare(&wire::placeholders(sql)))?;
        self.statements.borrow_mut().insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Drop for Postgres {
    /// Closing waits for the server, which an async task may not do: then a thread of its own does.
    fn drop(&mut self) {
        let client = self.client.take();
        if tokio::runtime::Handle::try_current().is_ok() {
            drop(std::thread::spawn(move || drop(client)).join());
        }
    }
}

impl Database for Postgres {
    fn begin_write(&self) -> Result<(), DbError> {
        // Each statement sees what was committed before it; the lock is taken first, so nothing changes after.
        self.batch(&format!("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; {LOCK}"))
    }

    fn begin_read(&self) -> Result<(), DbError> {
        self.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, DbError> {
        let statement = self.prepared(sql)?;
        let values = wire::borrowed(values);
        self.ask(|client| client.execute(&statement, &values))
    }

    fn query(
        &self,
        sql: &str,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&dyn Cells) -> bool,
    ) -> Result<(), DbError> {
        let statement = self.prepared(sql)?;
        let values = wire::borrowed(values);
        // All rows are fetched before the first is handed over: `each` may ask this connection again.
        for row in &self.ask(|client| client.query(&statement, &values))? {
            if !each(row) {
                break;
            }
        }
        Ok(())
    }

    fn insert(&self, rows: &Rows, values: &[Value<'_>]) -> Result<(), DbError> {
        // One array a column; what the columns are the server says of the statement for one row.
        let single = self.prepared(&rows.one())?;
        let arrays: Vec<String> =
            (1..).zip(single.params()).map(|(nth, kind)| format!("?{nth}::{}[]", kind.name())).collect();
        let sql = format!("{} SELECT * FROM unnest({}) {}", rows.into, arrays.join(", "), rows.then);
        let statement = self.prepared(&sql)?;
        let columns = wire::columns(rows.columns, values);
        self.ask(|client| client.execute(&statement, &wire::borrowed(&columns))).map(drop)
    }

    fn query_keys(
        &self,
        sql: &str,
        keys: &[Value<'_>],
        rest: &[Value<'_>],
        each: &mut dyn FnMut(&dyn Cells) -> bool,
    ) -> Result<(), DbError> {
        let statement = self.prepared(&sql.replacen("= ?1", "= ANY(?1)", 1))?;
        let mut values: Vec<&(dyn ToSql + Sync)> = vec![&keys];
        values.extend(wire::borrowed(rest));
        for row in &self.ask(|client| client.query(&statement, &values))? {
            if !each(row) {
                break;
            }
        }
        Ok(())
    }

    fn batch(&self, sql: &str) -> Result<(), DbError> {
        self.ask(|client| client.batch_execute(sql))
    }

    fn hold(&self, node: i64) -> Result<(), DbError> {
        self.query(
            "SELECT 1 FROM (SELECT pg_advisory_lock_shared(?1)) held",
            &[Value::Int(node)],
            &mut |_| true,
        )
    }

    fn is_held(&self, node: i64) -> Result<bool, DbError> {
        let mut held = false;
        let sql = "SELECT CASE WHEN pg_try_advisory_xact_lock(?1) THEN 0 ELSE 1 END";
        self.query(sql, &[Value::Int(node)], &mut |row| {
            held = row.cell(0) == Some(Value::Int(1));
            false
        })?;
        Ok(held)
    }

    /// A server checks its pages when it reads them, if it was made with checksums; it counts what it found.
    fn integrity(&self) -> Result<Vec<String>, DbError> {
        let sql =
            "SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()";
        let mut said = Vec::new();
        self.query(sql, &[], &mut |row| {
            if let Some(Value::Int(pages)) = row.cell(0)
                && 0 < pages
            {
                said.push(format!("checksum failures of {pages} pages"));
            }
            true
        })?;
        Ok(said)
    }

    fn is_lost(&self) -> bool {
        self.lost.get()
    }
}

impl Schema for Postgres {
    fn found(&self) -> Result<u32, DbError> {
        let mut found = None;
        let encoding = "SELECT current_setting('server_encoding')";
        self.query(encoding, &[], &mut |row| {
            found = Some(row.cell(0) == Some(Value::Text("UTF8")));
            false
        })?;
        if found != Some(true) {
            return Err(DbError::new("the database must be made with the encoding UTF8"));
        }
        // Inside the transaction that holds the lock: two nodes never make it at once.
        self.batch("CREATE TABLE IF NOT EXISTS ruhu_schema (version BIGINT NOT NULL)")?;
        let mut version = 0;
        self.query("SELECT version FROM ruhu_schema", &[], &mut |row| {
            if let Some(Value::Int(found)) = row.cell(0) {
                version = u32::try_from(found).unwrap_or(u32::MAX);
            }
            false
        })?;
        Ok(version)
    }

    fn set(&self, nr: u32) -> Result<(), DbError> {
        self.batch("DELETE FROM ruhu_schema")?;
        self.execute("INSERT INTO ruhu_schema (version) VALUES (?1)", &[Value::Int(i64::from(nr))]).map(drop)
    }
}

/// Whether the connection is of no more use: it broke, or the server ended it.
fn is_fatal(why: &postgres::Error) -> bool {
    why.as_db_error().is_none_or(|why| matches!(why.severity(), "FATAL" | "PANIC"))
}

impl From<postgres::Error> for DbError {
    fn from(why: postgres::Error) -> Self {
        if let Some(why) = why.as_db_error() {
            // Not its detail: that quotes the values of the row.
            return Self::new(format!("{} {}", why.code().code(), why.message()));
        }
        let mut text = why.to_string();
        let mut cause = std::error::Error::source(&why);
        while let Some(why) = cause {
            text = format!("{text}: {why}");
            cause = why.source();
        }
        Self::new(text)
    }
}

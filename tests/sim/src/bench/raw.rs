//! 对照 – raw inserts of what the hub has just received into the table and indexes it stands in.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::BenchError;
use super::phone::processor_time;

/// Columns as the hub writes them, verdict included; the place in the log is given anew.
const COLUMNS: &str = "enrolment, epoch, seq, envelope, signature, version, skeleton, body, received_ms, \
     recorded_ms, state, stream, stream_seq, counts_in";
const COLUMN_COUNT: usize = 14;
/// Rows read and inserted again at most.
const ROWS_MAX: i64 = 100_000;

/// What raw inserts cost.
#[derive(Clone, Copy, Debug)]
pub struct Raw {
    /// Rows in a second.
    pub rows_per_s: f64,
    /// Processor time of a row, in microseconds; `None` where another process inserts.
    pub cpu_us_per_row: Option<f64>,
}

/// Inserts the rows of the log from position `first` on once more, as if from other phones, `commit_size` at a time,
/// each transaction as durable as the hub's. The database is of no further use.
///
/// # Errors
/// [`BenchError::Raw`].
pub fn measure(database: &Path, first: i64, commit_size: u32) -> Result<Raw, BenchError> {
    let mut conn = Connection::open(database)?;
    for (pragma, value) in
        [("journal_mode", "WAL"), ("synchronous", "FULL"), ("cache_size", "-64000"), ("foreign_keys", "OFF")]
    {
        conn.pragma_update(None, pragma, value)?;
    }
    let rows = read(&conn, first)?;
    let places = vec!["?"; COLUMN_COUNT].join(", ");
    let insert = format!("INSERT INTO entry ({COLUMNS}) VALUES ({places})");
    let step = usize::try_from(commit_size).unwrap_or(1).max(1);
    let mut spent = Duration::ZERO;
    let before = processor_time()?;
    for batch in rows.chunks(step) {
        let started = Instant::now();
        let tx = conn.transaction()?;
        {
            let mut insert = tx.prepare_cached(&insert)?;
            for row in batch {
                insert.execute(params_from_iter(row))?;
            }
        }
        tx.commit()?;
        spent += started.elapsed();
    }
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    let worked = processor_time()?.saturating_sub(before);
    Ok(Raw {
        rows_per_s: f64::from(count) / spent.as_secs_f64(),
        cpu_us_per_row: Some(worked.as_secs_f64() * 1e6 / f64::from(count)),
    })
}

/// The same on a server, which copies the rows itself: nothing is sent there but the statement, so that this is the most
/// its table and indexes can take.
///
/// # Errors
/// [`BenchError::RawServer`].
pub fn measure_server(address: &str, first: i64, commit_size: u32) -> Result<Raw, BenchError> {
    let mut client = postgres::Client::connect(address, postgres::NoTls)?;
    let last: i64 = client.query_one("SELECT max(pos) FROM entry", &[])?.get(0);
    let until = last.min(first + ROWS_MAX - 1);
    let rest = rest().replace("epoch, ", "");
    let copy = client.prepare(&format!(
        "INSERT INTO entry (pos, enrolment, epoch, {rest})
         SELECT pos + $3, enrolment, epoch + 1000, {rest} FROM entry WHERE pos BETWEEN $1 AND $2"
    ))?;
    let (mut next, mut rows, mut spent) = (first, 0_u32, Duration::ZERO);
    while next <= until {
        let end = until.min(next + i64::from(commit_size) - 1);
        let started = Instant::now();
        let inserted = client.execute(&copy, &[&next, &end, &last])?;
        spent += started.elapsed();
        rows += u32::try_from(inserted).unwrap_or(u32::MAX);
        next = end + 1;
    }
    Ok(Raw { rows_per_s: f64::from(rows) / spent.as_secs_f64(), cpu_us_per_row: None })
}

/// The rows, each as if from a phone whose number is far beyond those there are.
fn read(conn: &Connection, first: i64) -> Result<Vec<Vec<Value>>, BenchError> {
    let mut select =
        conn.prepare(&format!("SELECT enrolment + 1000000, {} FROM entry WHERE ?1 <= pos LIMIT ?2", rest()))?;
    let found = select.query_map([first, ROWS_MAX], |row| {
        (0..COLUMN_COUNT).map(|nth| row.get::<_, Value>(nth)).collect::<Result<Vec<_>, _>>()
    })?;
    Ok(found.collect::<Result<Vec<_>, _>>()?)
}

fn rest() -> &'static str {
    COLUMNS.strip_prefix("enrolment, ").unwrap_or(COLUMNS)
}

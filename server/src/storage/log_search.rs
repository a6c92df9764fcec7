//! 查日志 – the rows of a chained log that answer a question, the latest first.

use ruhu_core::ids::{AccountId, Hash32};

use super::accounts::{LogKind, Logged, log_row};
use super::db::Value;
use super::{StorageError, Tx};

/// What is asked of a log; everything that is left out is not asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogQuery {
    /// Done by one account.
    pub account: Option<AccountId>,
    /// Not before, milliseconds since 1970 UTC.
    pub from_ms: Option<i64>,
    /// Before, milliseconds since 1970 UTC.
    pub until_ms: Option<i64>,
    /// What the code of the act begins with.
    pub what: String,
    /// Of one thing alone, with or without details behind its id.
    pub target: String,
    /// Rows of the log read by one statement; a search reads [`STRETCHES`] times as many.
    pub stretch: u32,
}

impl Default for LogQuery {
    fn default() -> Self {
        let (account, from_ms, until_ms) = (None, None, None);
        Self { account, from_ms, until_ms, what: String::new(), target: String::new(), stretch: 25_000 }
    }
}

/// What was found, and how far the log was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The rows, newest first, each with its number and running hash.
    pub rows: Vec<(u64, Hash32, Logged)>,
    /// Where to go on: rows before this number were not read. `None` at the beginning of the log.
    pub next: Option<u64>,
}

/// Stretches read by one search: a log of years is read in several.
pub const STRETCHES: u32 = 8;

impl Tx<'_> {
    /// The last `limit` rows before the number `before` (of all when it is `None`) that answer a question. Reads
    /// 200,000 rows at most: where they are not enough [`Found::next`] says where to go on.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn search_log(
        &self,
        log: LogKind,
        asked: &LogQuery,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Found, StorageError> {
        let last = self.logged(log, None, 1)?.first().map_or(0, |row| row.0);
        let mut top = i64::try_from(before.unwrap_or(u64::MAX).min(last + 1)).unwrap_or(i64::MAX);
        let mut rows = Vec::new();
        for _ in 0..STRETCHES {
            if top <= 1 {
                return Ok(Found { rows, next: None });
            }
            // One thing's rows stand together in an index, however far apart they are in the log.
            let low = if asked.target.is_empty() { (top - i64::from(asked.stretch)).max(1) } else { 1 };
            let left = limit.saturating_sub(u32::try_from(rows.len()).unwrap_or(u32::MAX));
            rows.extend(self.search_stretch(log, asked, (low, top), left)?);
            if u32::try_from(rows.len()).is_ok_and(|found| limit <= found) {
                let next = rows.last().map(|row| row.0).filter(|nr| 1 < *nr);
                return Ok(Found { rows, next });
            }
            top = low;
        }
        let next = u64::try_from(top).ok().filter(|nr| 1 < *nr);
        Ok(Found { rows, next })
    }

    fn search_stretch(
        &self,
        log: LogKind,
        asked: &LogQuery,
        (low, top): (i64, i64),
        limit: u32,
    ) -> Result<Vec<(u64, Hash32, Logged)>, StorageError> {
        let mut values =
            vec![Value::Int(log.nr()), Value::Int(low), Value::Int(top), Value::Int(i64::from(limit))];
        let mut clauses = String::new();
        let mut want = |clause: &str, value| {
            values.push(value);
            clauses.push_str(" AND ");
            clauses.push_str(&clause.replace("?v", &format!("?{}", values.len())));
        };
        if let Some(account) = &asked.account {
            want("account = ?v", Value::Blob(account.as_bytes()));
        }
        if let Some(from) = asked.from_ms {
            want("?v <= at_ms", Value::Int(from));
        }
        if let Some(until) = asked.until_ms {
            want("at_ms < ?v", Value::Int(until));
        }
        if !asked.what.is_empty() {
            // Codes are of letters and dots: the first sign behind them is a dot, or none.
            want("(what = ?v OR substr(what, 1, length(?v) + 1) = ?v || '.')", Value::Text(&asked.what));
        }
        if !asked.target.is_empty() {
            // A reason follows a space, and `!` is the sign after it: one stretch of the index.
            want("?v <= target AND target < ?v || '!'", Value::Text(&asked.target));
        }
        let sql = format!(
            "SELECT seq, hash, at_ms, account, what, target FROM chained_log
             WHERE log = ?1 AND ?2 <= seq AND seq < ?3{clauses} ORDER BY seq DESC LIMIT ?4"
        );
        self.all("chained log", &sql, &values, log_row)
    }
}

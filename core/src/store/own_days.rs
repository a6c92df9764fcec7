//! 休息日 – which working days the worker takes off. Kept in this phone's file and nowhere else: no entry is made of it.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rusqlite::{Connection, Transaction, params};

use super::{StoreError, log};

/// What the name of such a small value begins with; the day follows.
const NAME: &str = "own_day/";

/// The days taken off.
///
/// # Errors
/// [`StoreError`].
pub fn all(db: &Connection) -> Result<BTreeSet<NaiveDate>, StoreError> {
    let what = "读取休息日 read the days off";
    let mut statement = db
        .prepare_cached("SELECT substr(name, 9) FROM meta WHERE name LIKE 'own_day/%'")
        .map_err(StoreError::of(what))?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).map_err(StoreError::of(what))?;
    let days: Result<Vec<String>, _> = rows.collect();
    Ok(days.map_err(StoreError::of(what))?.iter().filter_map(|day| day.parse().ok()).collect())
}

/// Takes a day off; days before `today` are forgotten.
///
/// # Errors
/// [`StoreError`].
pub fn take(tx: &Transaction<'_>, day: NaiveDate, today: NaiveDate) -> Result<(), StoreError> {
    forget(tx, "name < ?1", today)?;
    log::put_meta(tx, &format!("{NAME}{day}"), 1)
}

/// Works on a day after all.
///
/// # Errors
/// [`StoreError`].
pub fn give_back(tx: &Transaction<'_>, day: NaiveDate) -> Result<(), StoreError> {
    forget(tx, "name = ?1", day)
}

fn forget(tx: &Transaction<'_>, which: &str, day: NaiveDate) -> Result<(), StoreError> {
    let sql = format!("DELETE FROM meta WHERE name LIKE 'own_day/%' AND {which}");
    tx.execute(&sql, params![format!("{NAME}{day}")])
        .map(drop)
        .map_err(StoreError::of("保存休息日 write the days off"))
}

//! 询问 – how storage modules ask the database: one statement, its rows.
//!
//! Statements that end in `_apart` say nothing of what is held back or read ahead (see [`super::ahead`]); whoever writes
//! one has to know that it is so. All others make sure of it themselves.

use super::db::{Cells, Row, Rows, Value};
use super::{StorageError, Tx};

impl Tx<'_> {
    /// Runs a statement; the number of rows it changed. What is held back is written first, what was read ahead is
    /// forgotten: see [`super::ahead`].
    pub(crate) fn execute(
        &self,
        what: &'static str,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<u64, StorageError> {
        self.write_down()?;
        self.ahead.forget();
        self.execute_apart(what, sql, values)
    }

    /// As [`Tx::execute`], about tables of which nothing is held back or read ahead.
    pub(super) fn execute_apart(
        &self,
        what: &'static str,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<u64, StorageError> {
        self.db.execute(sql, values).map_err(|source| StorageError::Write { what, source })
    }

    /// Inserts rows, their values one row after the other. Nothing may be held back of this table.
    pub(super) fn insert_apart(
        &self,
        what: &'static str,
        rows: &Rows,
        values: &[Value<'_>],
    ) -> Result<(), StorageError> {
        if values.is_empty() {
            return Ok(());
        }
        self.db.insert(rows, values).map_err(|source| StorageError::Write { what, source })
    }

    /// The first row of an answer; `None` when there is none.
    pub(crate) fn first<T>(
        &self,
        what: &'static str,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnOnce(Row<'_>) -> Result<T, StorageError>,
    ) -> Result<Option<T>, StorageError> {
        self.make_sure(sql)?;
        self.first_apart(what, sql, values, read)
    }

    /// As [`Tx::first`], where nothing that is held back can change the answer.
    pub(super) fn first_apart<T>(
        &self,
        what: &'static str,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnOnce(Row<'_>) -> Result<T, StorageError>,
    ) -> Result<Option<T>, StorageError> {
        let (mut read, mut found) = (Some(read), None);
        let mut each = |cells: &dyn Cells| {
            found = read.take().map(|read| read(Row { cells, what }));
            false
        };
        self.db.query(sql, values, &mut each).map_err(|source| StorageError::Read { what, source })?;
        found.transpose()
    }

    /// The one row an answer must have.
    pub(crate) fn one<T>(
        &self,
        what: &'static str,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnOnce(Row<'_>) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        self.first(what, sql, values, read)?.ok_or(StorageError::Damaged { what })
    }

    /// Every row of an answer, in its order.
    pub(crate) fn all<T, L: Default + Extend<T>>(
        &self,
        what: &'static str,
        sql: &str,
        values: &[Value<'_>],
        read: impl FnMut(Row<'_>) -> Result<T, StorageError>,
    ) -> Result<L, StorageError> {
        self.make_sure(sql)?;
        self.all_apart(what, sql, values, read)
    }

    /// As [`Tx::all`], where nothing that is held back can change the answer.
    pub(super) fn all_apart<T, L: Default + Extend<T>>(
        &self,
        what: &'static str,
        sql: &str,
        values: &[Value<'_>],
        mut read: impl FnMut(Row<'_>) -> Result<T, StorageError>,
    ) -> Result<L, StorageError> {
        let (mut list, mut failed) = (L::default(), None);
        let mut each = |cells: &dyn Cells| keep(read(Row { cells, what }), &mut list, &mut failed);
        self.db.query(sql, values, &mut each).map_err(|source| StorageError::Read { what, source })?;
        failed.map_or(Ok(list), Err)
    }

    /// Every row for any of the keys, in no order; nothing that is held back may change the answer.
    pub(super) fn all_of<T, L: Default + Extend<T>>(
        &self,
        what: &'static str,
        sql: &str,
        keys: &[Value<'_>],
        read: impl FnMut(Row<'_>) -> Result<T, StorageError>,
    ) -> Result<L, StorageError> {
        self.all_of_which(what, sql, keys, &[], read)
    }

    /// As [`Tx::all_of`], with further values that all have in common.
    pub(super) fn all_of_which<T, L: Default + Extend<T>>(
        &self,
        what: &'static str,
        sql: &str,
        keys: &[Value<'_>],
        rest: &[Value<'_>],
        mut read: impl FnMut(Row<'_>) -> Result<T, StorageError>,
    ) -> Result<L, StorageError> {
        let (mut list, mut failed) = (L::default(), None);
        if keys.is_empty() {
            return Ok(list);
        }
        let mut each = |cells: &dyn Cells| keep(read(Row { cells, what }), &mut list, &mut failed);
        self.db
            .query_keys(sql, keys, rest, &mut each)
            .map_err(|source| StorageError::Read { what, source })?;
        failed.map_or(Ok(list), Err)
    }

    /// A query sees what is held back; one that writes makes what was read ahead untrue.
    fn make_sure(&self, sql: &str) -> Result<(), StorageError> {
        self.write_down()?;
        if !sql.starts_with("SELECT") {
            self.ahead.forget();
        }
        Ok(())
    }
}

fn keep<T, L: Extend<T>>(
    one: Result<T, StorageError>,
    list: &mut L,
    failed: &mut Option<StorageError>,
) -> bool {
    match one {
        Ok(one) => {
            list.extend([one]);
            true
        }
        Err(why) => {
            *failed = Some(why);
            false
        }
    }
}

//! 数据库接口 – what the storage modules need of a database, and nothing more: one statement, its rows, a batch.
//!
//! SQL is written once, in what `SQLite` and `PostgreSQL` both speak: `?1` for the first value, `ON CONFLICT`,
//! `RETURNING`, `coalesce`, no row numbers made by the database. Where the two truly differ (how a transaction begins,
//! how a schema is told) the difference stands in `sqlite` and `postgres`, behind this trait.

use std::sync::Arc;

use super::{StorageError, Tx};

/// A value on its way in, or the cell of a row on its way out. Booleans are 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'v> {
    Null,
    Int(i64),
    Text(&'v str),
    Blob(&'v [u8]),
}

/// One open connection.
pub(crate) trait Database: Send {
    /// Begins a transaction that may write; waits its turn, so that writers stand in one queue across all programs.
    fn begin_write(&self) -> Result<(), DbError>;

    /// Begins one consistent view.
    fn begin_read(&self) -> Result<(), DbError>;

    /// Runs a statement; the number of rows it changed.
    fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, DbError>;

    /// Runs a query and hands over row by row for as long as `each` says `true`. `each` may ask this connection more.
    fn query(
        &self,
        sql: &str,
        values: &[Value<'_>],
        each: &mut dyn FnMut(&dyn Cells) -> bool,
    ) -> Result<(), DbError>;

    /// Runs statements without values, such as `SAVEPOINT job`.
    fn batch(&self, sql: &str) -> Result<(), DbError>;

    /// What it finds wrong with its own pages and indexes; empty when nothing.
    fn integrity(&self) -> Result<Vec<String>, DbError>;

    /// Whether the connection is gone for good.
    fn is_lost(&self) -> bool;
}

/// The cells of one row.
pub(crate) trait Cells {
    fn cell(&self, index: usize) -> Option<Value<'_>>;
}

/// Why the database refused. Its text never holds values of a row: they may be names.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{0}")]
pub struct DbError(Arc<str>);

impl DbError {
    pub(crate) fn new(why: impl Into<Arc<str>>) -> Self {
        Self(why.into())
    }
}

/// One row of an answer.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r> {
    cells: &'r dyn Cells,
    what: &'static str,
}

impl<'r> Row<'r> {
    fn cell(&self, index: usize) -> Result<Value<'r>, StorageError> {
        self.cells.cell(index).ok_or(StorageError::Damaged { what: self.what })
    }

    /// A cell, counted from 0.
    pub(crate) fn get<T: FromCell>(&self, index: usize) -> Result<T, StorageError> {
        T::from_cell(self.cell(index)?).ok_or(StorageError::Damaged { what: self.what })
    }

    /// The bytes of a cell, not copied.
    pub(crate) fn blob(&self, index: usize) -> Result<&'r [u8], StorageError> {
        match self.cell(index)? {
            Value::Blob(bytes) => Ok(bytes),
            _ => Err(StorageError::Damaged { what: self.what }),
        }
    }

    /// The bytes of a cell of known length.
    pub(crate) fn fixed<const N: usize>(&self, index: usize) -> Result<[u8; N], StorageError> {
        self.get(index)
    }
}

impl Tx<'_> {
    /// Runs a statement; the number of rows it changed.
    pub(crate) fn execute(
        &self,
        what: &'static str,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<u64, StorageError> {
        self.db.execute(sql, values).map_err(|source| StorageError::Write { what, source })
    }

    /// The first row of an answer; `None` when there is none.
    pub(crate) fn first<T>(
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
        mut read: impl FnMut(Row<'_>) -> Result<T, StorageError>,
    ) -> Result<L, StorageError> {
        let (mut list, mut failed) = (L::default(), None);
        let mut each = |cells: &dyn Cells| match read(Row { cells, what }) {
            Ok(one) => {
                list.extend([one]);
                true
            }
            Err(why) => {
                failed = Some(why);
                false
            }
        };
        self.db.query(sql, values, &mut each).map_err(|source| StorageError::Read { what, source })?;
        failed.map_or(Ok(list), Err)
    }
}

/// What a cell can be read as.
pub(crate) trait FromCell: Sized {
    fn from_cell(cell: Value<'_>) -> Option<Self>;
}

impl FromCell for i64 {
    fn from_cell(cell: Value<'_>) -> Option<Self> {
        if let Value::Int(number) = cell { Some(number) } else { None }
    }
}

impl FromCell for u32 {
    fn from_cell(cell: Value<'_>) -> Option<Self> {
        i64::from_cell(cell).and_then(|number| number.try_into().ok())
    }
}

impl FromCell for u8 {
    fn from_cell(cell: Value<'_>) -> Option<Self> {
        i64::from_cell(cell).and_then(|number| number.try_into().ok())
    }
}

impl FromCell for bool {
    fn from_cell(cell: Value<'_>) -> Option<Self> {
        i64::from_cell(cell).map(|number| number != 0)
    }
}

impl FromCell for String {
    fn from_cell(cell: Value<'_>) -> Option<Self> {
        if let Value::Text(text) = cell { Some(text.to_owned()) } else { None }
    }
}

impl FromCell for Vec<u8> {
    fn from_cell(cell: Value<'_>) -> Option<Self> {
        if let Value::Blob(bytes) = cell { Some(bytes.to_vec()) } else { None }
    }
}

impl<const N: usize> FromCell for [u8; N] {
    fn from_cell(cell: Value<'_>) -> Option<Self> {
        if let Value::Blob(bytes) = cell { bytes.try_into().ok() } else { None }
    }
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Value<'_>) -> Option<Self> {
        match cell {
            Value::Null => Some(None),
            cell => T::from_cell(cell).map(Some),
        }
    }
}

/// What can be handed to a statement. Sequence numbers are made signed by [`super::to_sql`] first.
pub(crate) trait ToValue {
    fn to_value(&self) -> Value<'_>;
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}

impl ToValue for i64 {
    fn to_value(&self) -> Value<'_> {
        Value::Int(*self)
    }
}

impl ToValue for i32 {
    fn to_value(&self) -> Value<'_> {
        Value::Int(i64::from(*self))
    }
}

impl ToValue for u32 {
    fn to_value(&self) -> Value<'_> {
        Value::Int(i64::from(*self))
    }
}

impl ToValue for u8 {
    fn to_value(&self) -> Value<'_> {
        Value::Int(i64::from(*self))
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value<'_> {
        Value::Int(i64::from(*self))
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

/// The values of a statement, in the order of its placeholders.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        &[$($crate::storage::db::ToValue::to_value(&$value)),*]
    };
}
pub(crate) use values;

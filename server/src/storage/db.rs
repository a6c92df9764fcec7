//! 数据库接口 – what the storage modules need of a database, and nothing more: one statement, its rows, a batch.
//!
//! SQL is written once, in what `SQLite` and `PostgreSQL` both speak: `?1` for the first value, `ON CONFLICT`,
//! `RETURNING`, `coalesce`, no row numbers made by the database. Where the two truly differ (how a transaction begins,
//! how a schema is told) the difference stands in `sqlite` and `postgres`, behind this trait.

use std::sync::Arc;

use super::StorageError;

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

    /// Inserts rows, their `values` one row after the other; asks the database as seldom as it can be asked.
    fn insert(&self, rows: &Rows, values: &[Value<'_>]) -> Result<(), DbError>;

    /// The same query for many keys of one kind, as if by one: `sql` says `= ?1` once, and `?2` and so on for `rest`.
    /// Rows come in no order.
    fn query_keys(
        &self,
        sql: &str,
        keys: &[Value<'_>],
        rest: &[Value<'_>],
        each: &mut dyn FnMut(&dyn Cells) -> bool,
    ) -> Result<(), DbError>;

    /// Runs statements without values, such as `SAVEPOINT job`.
    fn batch(&self, sql: &str) -> Result<(), DbError>;

    /// Shows every other connection that this node lives, for as long as this one does.
    fn hold(&self, node: i64) -> Result<(), DbError>;

    /// Whether a connection of that node is held, by whichever program. Asked inside a transaction that writes.
    fn is_held(&self, node: i64) -> Result<bool, DbError>;

    /// What it finds wrong with its own pages and indexes; empty when nothing.
    fn integrity(&self) -> Result<Vec<String>, DbError>;

    /// Whether the connection is gone for good.
    fn is_lost(&self) -> bool;
}

/// Rows of one table on their way in, several by one statement where the database knows how.
pub(crate) struct Rows {
    /// Table and columns: `INSERT INTO unit_entry (unit, pos)`.
    pub(crate) into: &'static str,
    /// How many columns.
    pub(crate) columns: usize,
    /// What follows the values, such as `ON CONFLICT DO NOTHING`; no two rows may then have one key.
    pub(crate) then: &'static str,
}

impl Rows {
    /// The statement for one row.
    pub(crate) fn one(&self) -> String {
        let places: Vec<String> = (1..=self.columns).map(|nth| format!("?{nth}")).collect();
        format!("{} VALUES ({}) {}", self.into, places.join(", "), self.then)
    }
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
    pub(super) cells: &'r dyn Cells,
    pub(super) what: &'static str,
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

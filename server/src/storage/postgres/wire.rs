//! Values as they travel: 8-byte numbers, text and bytes in the binary form of the protocol.

use std::error::Error;

use bytes::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::storage::db::{Cells, Value};

type Failure = Box<dyn Error + Sync + Send>;

/// The same statement with `$1` for `?1`: no statement of the hub holds a question mark otherwise.
pub(super) fn placeholders(sql: &str) -> String {
    sql.replace('?', "$")
}

/// Values in the shape the client takes them.
pub(super) fn borrowed<V: ToSql + Sync>(values: &[V]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// Values of rows, one after the other, as one array a column.
pub(super) fn columns<'v>(count: usize, values: &[Value<'v>]) -> Vec<Vec<Value<'v>>> {
    (0..count).map(|nth| values.iter().skip(nth).step_by(count.max(1)).copied().collect()).collect()
}

impl ToSql for Value<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match (*self, ty) {
            (Value::Null, _) => return Ok(IsNull::Yes),
            (Value::Int(number), &Type::INT8) => out.extend_from_slice(&number.to_be_bytes()),
            (Value::Int(number), &Type::INT4) => {
                out.extend_from_slice(&i32::try_from(number)?.to_be_bytes());
            }
            (Value::Text(text), &Type::TEXT) => out.extend_from_slice(text.as_bytes()),
            (Value::Blob(bytes), &Type::BYTEA) => out.extend_from_slice(bytes),
            (_, ty) => return Err(format!("a value does not fit where the database wants {ty}").into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A cell as it came.
struct Raw<'a>(Value<'a>);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(Self(match *ty {
            Type::INT8 => Value::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => Value::Int(i64::from(i32::from_be_bytes(raw.try_into()?))),
            Type::TEXT => Value::Text(str::from_utf8(raw)?),
            Type::BYTEA => Value::Blob(raw),
            _ => return Err(format!("a cell of type {ty}, which the hub does not read").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Failure> {
        Ok(Self(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl Cells for postgres::Row {
    fn cell(&self, index: usize) -> Option<Value<'_>> {
        self.try_get::<_, Raw<'_>>(index).ok().map(|raw| raw.0)
    }
}

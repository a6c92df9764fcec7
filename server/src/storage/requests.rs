//! 诉求, 隐患 – where in the log requests were raised, and each step of them; what was said stands in the log alone.

use chrono::NaiveDate;
use ruhu_core::entry::RequestStep;
use ruhu_core::ids::{GridId, Hash32, RequestId};

use super::db::{Row, Rows, Value, values};
use super::log::Pos;
use super::units::{UnitNr, UnitRow, unit_row};
use super::{StorageError, Tx};

/// A request that was raised, or a step of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestRow {
    /// Of whom.
    pub unit: UnitNr,
    /// Which.
    pub request: RequestId,
    /// The payload that says so.
    pub entry: Hash32,
    /// Where in the log.
    pub pos: Pos,
    /// Of a step: when it was recorded, milliseconds since 1970 UTC; else 0.
    pub at_ms: i64,
    /// What was done; `None`: a visit raised it.
    pub step: Option<RequestStep>,
    /// The last day to handle it, where the step sets one.
    pub due: Option<NaiveDate>,
}

const RAISED: &str = "raised";
const STEPS: [(RequestStep, &str); 5] = [
    (RequestStep::PassedUp, "passed-up"),
    (RequestStep::Assigned, "assigned"),
    (RequestStep::Handled, "handled"),
    (RequestStep::Replied, "replied"),
    (RequestStep::Closed, "closed"),
];

const ROWS: Rows = Rows {
    into: "INSERT INTO request_event (unit, request, entry, pos, at_ms, step, due)",
    columns: 7,
    then: "ON CONFLICT DO NOTHING",
};
const COLUMNS: &str = "e.unit, e.request, e.entry, e.pos, e.at_ms, e.step, e.due";

impl Tx<'_> {
    /// Notes that an accepted entry raises a request or says what was done about it.
    pub fn note_request(&self, row: RequestRow) {
        self.ahead.held().back.requests.push(row);
    }

    pub(super) fn write_requests(&self, rows: &[RequestRow]) -> Result<(), StorageError> {
        let days: Vec<Option<String>> = rows.iter().map(|row| row.due.map(|due| due.to_string())).collect();
        let values: Vec<Value<'_>> = rows
            .iter()
            .zip(&days)
            .flat_map(|(row, due)| {
                [
                    Value::Int(row.unit.0),
                    Value::Blob(row.request.as_bytes()),
                    Value::Blob(&row.entry.0),
                    Value::Int(row.pos.0),
                    Value::Int(row.at_ms),
                    Value::Text(name(row.step)),
                    due.as_deref().map_or(Value::Null, Value::Text),
                ]
            })
            .collect();
        self.insert_apart("requests", &ROWS, &values)
    }

    /// Everything about the requests of the units at home in a grid, unit by unit.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn requests_in(&self, grid: GridId) -> Result<Vec<(UnitRow, RequestRow)>, StorageError> {
        let sql = format!(
            "SELECT u.nr, u.unit, u.grid, u.dwelling, u.walking_key, {COLUMNS}
             FROM unit u JOIN request_event e ON e.unit = u.nr WHERE u.grid = ?1
             ORDER BY u.walking_key, u.nr, e.request, e.at_ms, e.entry"
        );
        self.all("requests of a grid", &sql, values![grid.as_bytes()], |row| {
            Ok((unit_row(row)?, request_row(row, 5)?))
        })
    }

    /// Everything about the requests of one unit.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn requests_of(&self, unit: UnitNr) -> Result<Vec<RequestRow>, StorageError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM request_event e WHERE e.unit = ?1 ORDER BY e.request, e.at_ms, e.entry"
        );
        self.all("requests of a unit", &sql, values![unit.0], |row| request_row(row, 0))
    }

    /// The body that raised requests was erased: they are no longer there to be answered.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn forget_raised(&self, unit: UnitNr, entry: Hash32) -> Result<(), StorageError> {
        let sql = "DELETE FROM request_event WHERE unit = ?1 AND entry = ?2 AND step = ?3";
        self.execute("requests", sql, values![unit.0, entry.0, RAISED]).map(drop)
    }

    /// Whether what the log held before there was this table was read into it.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn requests_read(&self) -> Result<bool, StorageError> {
        let sql = "SELECT requests_read FROM meta";
        Ok(self.first("hub", sql, values![], |row| row.get::<i64>(0))? != Some(0))
    }

    /// Notes that it was.
    ///
    /// # Errors
    /// [`StorageError`].
    pub fn set_requests_read(&self) -> Result<(), StorageError> {
        self.execute("hub", "UPDATE meta SET requests_read = 1", values![]).map(drop)
    }
}

fn name(step: Option<RequestStep>) -> &'static str {
    STEPS.iter().find(|(one, _)| Some(*one) == step).map_or(RAISED, |(_, name)| name)
}

fn request_row(row: Row<'_>, first: usize) -> Result<RequestRow, StorageError> {
    let damaged = StorageError::Damaged { what: "request" };
    let step: String = row.get(first + 5)?;
    let step = match step.as_str() {
        RAISED => None,
        step => Some(STEPS.iter().find(|(_, name)| *name == step).ok_or(damaged.clone())?.0),
    };
    let due: Option<String> = row.get(first + 6)?;
    Ok(RequestRow {
        unit: UnitNr(row.get(first)?),
        request: RequestId::from_bytes(row.fixed(first + 1)?),
        entry: Hash32(row.fixed(first + 2)?),
        pos: Pos(row.get(first + 3)?),
        at_ms: row.get(first + 4)?,
        step,
        due: due.map(|due| due.parse()).transpose().map_err(|_| damaged)?,
    })
}

//! 租期 – a phone that has not synced for long shows doors, and nobody's name (`design.md` 7).
//!
//! Locked: names, telephone numbers and whatever a field says of a person. Open at all times: the due list by door,
//! recording, and the outbox.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::{DayRow, Fieldbook, FieldbookError, Receipt, UnitLine, UnitSheet};
use crate::category::{FieldKey, Scalar};
use crate::question::AskedOf;
use crate::store::{enrolment, lease, units};

/// What stands in place of everything that is locked.
pub const LOCKED: &str = "已锁,联网同步后可见 / locked until the next sync";

/// Warned from so long before the end.
const WARNED_BEFORE: Duration = Duration::days(7);

/// 租期 – until when names are shown, and how that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// How many days it runs, as the community chose.
    pub days: u8,
    /// When the hub last answered, in hub time.
    pub renewed_at: DateTime<Utc>,
    /// When it ends, in hub time.
    pub ends_at: DateTime<Utc>,
    /// How it stands now.
    pub standing: LeaseStanding,
}

/// How a lease stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaseStanding {
    /// 有效.
    Open,
    /// 将到期 – it ends within 7 days (in the last half of a lease that is shorter than 14).
    EndsSoon {
        /// Days left, rounded up: 1 on the last day.
        days_left: u8,
    },
    /// 已锁 – names, numbers and categories are locked until the hub answers.
    Locked,
}

impl Lease {
    /// Words for the worker, Chinese first; `None` while there is nothing to say.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        match self.standing {
            LeaseStanding::Open => None,
            LeaseStanding::EndsSoon { days_left } => Some(format!(
                "请在 {days_left} 天内联网同步一次,否则姓名、电话和类别将锁定 / sync within {days_left} days, or names, numbers and \
                 categories lock"
            )),
            LeaseStanding::Locked => Some(format!(
                "超过 {} 天未同步,姓名、电话和类别已锁定;走访照常记录,同步后恢复 / not synced for {} days: names, numbers and \
                 categories are locked; visits are recorded as ever, a sync unlocks",
                self.days, self.days
            )),
        }
    }
}

impl Fieldbook {
    /// 租期 – until when this phone shows names. `None` before it is enrolled.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn lease(&self) -> Result<Option<Lease>, FieldbookError> {
        let db = self.store.read();
        if enrolment::find(db)?.is_none() {
            return Ok(None);
        }
        let days = units::community(db)?.lease_days();
        let length = Duration::days(i64::from(days));
        let Some(counted) = lease::observe(db, self.clock.read())? else {
            // Enrolled, and the hub's answer is not remembered: nothing says that names may be shown.
            let never = DateTime::UNIX_EPOCH;
            let standing = LeaseStanding::Locked;
            return Ok(Some(Lease { days, renewed_at: never, ends_at: never + length, standing }));
        };
        let left = length - Duration::milliseconds(counted.silent_ms().min(length.num_milliseconds()));
        let standing = if left <= Duration::zero() {
            LeaseStanding::Locked
        } else if left <= WARNED_BEFORE.min(length / 2) {
            let days_left = (left + Duration::days(1) - Duration::milliseconds(1)).num_days();
            LeaseStanding::EndsSoon { days_left: u8::try_from(days_left).unwrap_or(u8::MAX) }
        } else {
            LeaseStanding::Open
        };
        let renewed_at = DateTime::from_timestamp_millis(counted.renewed_ms).unwrap_or_default();
        Ok(Some(Lease { days, renewed_at, ends_at: renewed_at + length, standing }))
    }

    pub(super) fn is_locked(&self) -> Result<bool, FieldbookError> {
        Ok(self.lease()?.is_some_and(|lease| lease.standing == LeaseStanding::Locked))
    }
}

pub(super) fn lock_row(row: &mut DayRow) {
    lock_names(&mut row.names);
}

pub(super) fn lock_line(line: &mut UnitLine) {
    lock_names(&mut line.names);
}

/// A key that names a category says as much as its value: it goes. So does a question that only one category is asked.
pub(super) fn lock_sheet(sheet: &mut UnitSheet) {
    lock_line(&mut sheet.line);
    for member in &mut sheet.members {
        LOCKED.clone_into(&mut member.shown);
        (member.is_head, member.is_child) = (false, false);
    }
    sheet.fields.retain(|key, _| !matches!(FieldKey::parse(key), Ok(FieldKey::Category(..)) | Err(_)));
    for values in sheet.fields.values_mut() {
        values.iter_mut().for_each(|value| *value = locked());
    }
    sheet.questions.retain(|question| !matches!(question.asked_of, AskedOf::WithCategory(_)));
    sheet.refused.iter_mut().for_each(lock_receipt);
}

/// The record and the visit as a draft are the worker's own doing and stay.
pub(super) fn lock_receipt(receipt: &mut Receipt) {
    for (key, value) in &mut receipt.fields {
        if matches!(FieldKey::parse(key), Ok(FieldKey::Category(..)) | Err(_)) {
            LOCKED.clone_into(key);
        }
        *value = locked();
    }
}

/// Whether a value is only what stands in place of a locked one: it must never be saved as if somebody had said it.
pub(super) fn is_locked_value(value: &Scalar) -> bool {
    matches!(value, Scalar::Str(text) if text == LOCKED)
}

fn lock_names(names: &mut Vec<String>) {
    if !names.is_empty() {
        *names = vec![LOCKED.to_owned()];
    }
}

fn locked() -> Scalar {
    Scalar::Str(LOCKED.to_owned())
}

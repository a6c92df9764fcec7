//! 休息日 – the worker's own days off: they only make the number of days that are left true. Known to this phone alone.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{DaySheet, Fieldbook, FieldbookError};
use crate::store::{own_days, units};
use crate::time::Period;

/// One working day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnDay {
    /// Which.
    pub on: NaiveDate,
    /// 休息 – the worker takes it off.
    pub off: bool,
}

impl Fieldbook {
    /// The working days from today to the end of the running quarter, both counted, and which the worker takes off.
    ///
    /// # Errors
    /// [`FieldbookError::Store`], [`FieldbookError::Calendar`].
    pub fn own_days(&self) -> Result<Vec<OwnDay>, FieldbookError> {
        let calendar = units::community(self.store.read())?.calendar()?;
        let off = own_days::all(self.store.read())?;
        let today = self.today()?;
        let last = Period::quarter_of(today).last_day();
        let days = today.iter_days().take_while(|day| *day <= last);
        Ok(days
            .filter(|day| calendar.is_working_day(*day))
            .map(|on| OwnDay { on, off: off.contains(&on) })
            .collect())
    }

    /// Takes a day off, or works on it after all. Nothing is sent of it.
    ///
    /// # Errors
    /// [`FieldbookError::Store`].
    pub fn set_own_day(&mut self, day: OwnDay) -> Result<(), FieldbookError> {
        let today = self.today()?;
        self.store.write("保存休息日 keep the days off", |tx| {
            if day.off { own_days::take(tx, day.on, today) } else { own_days::give_back(tx, day.on) }
        })?;
        Ok(())
    }

    /// Takes the worker's own days off out of the days that are left, and spreads what is open over the rest.
    pub(super) fn without_days_off(&self, sheet: &mut DaySheet) -> Result<(), FieldbookError> {
        let off: BTreeSet<NaiveDate> = own_days::all(self.store.read())?;
        if off.is_empty() {
            return Ok(());
        }
        let calendar = units::community(self.store.read())?.calendar()?;
        let last = Period::quarter_of(sheet.day).last_day();
        let gone = off.range(sheet.day..=last).filter(|day| calendar.is_working_day(**day)).count();
        let gone = u32::try_from(gone).unwrap_or(u32::MAX);
        sheet.working_days_left = sheet.working_days_left.saturating_sub(gone);
        // Rows that are there for an appointment or a request alone are not due.
        let open = sheet.rows.iter().filter(|row| row.due.quarter.is_some() || row.due.month.is_some());
        let open = u32::try_from(open.count()).unwrap_or(u32::MAX);
        sheet.per_working_day = open.div_ceil(sheet.working_days_left.max(1));
        Ok(())
    }
}

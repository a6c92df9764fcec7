//! 工作日历 – statutory holidays and make-up working days, from the yearly official notice; never computed.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::is_weekend;

/// 工作日历 – which days are worked. A year without a notice knows weekends only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkCalendar {
    days_off: BTreeSet<NaiveDate>,
    days_on: BTreeSet<NaiveDate>,
}

/// One year's notice, as written in a TOML file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Notice {
    #[expect(dead_code, reason = "names the notice for the reader of the file")]
    source: String,
    off: Vec<NaiveDate>,
    on: Vec<NaiveDate>,
}

/// A holiday file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("读取放假安排文件失败 / read the holiday notice")]
pub struct BadCalendar(#[source] toml::de::Error);

impl WorkCalendar {
    /// Weekends only.
    #[must_use]
    pub fn weekends() -> Self {
        Self::default()
    }

    /// The notices that ship with this version (see `core/policies/workdays/`).
    ///
    /// # Errors
    /// When a shipped file is damaged; a test reads them all.
    pub fn shipped() -> Result<Self, BadCalendar> {
        Self::default().with_notice(include_str!("../../policies/workdays/2026.toml"))
    }

    /// Adds one year's notice.
    ///
    /// # Errors
    /// When the text is not a notice: `source`, `off`, `on`, dates as `YYYY-MM-DD`.
    pub fn with_notice(mut self, text: &str) -> Result<Self, BadCalendar> {
        let notice: Notice = toml::from_str(text).map_err(BadCalendar)?;
        self.days_off.extend(notice.off);
        self.days_on.extend(notice.on);
        Ok(self)
    }

    /// Whether the day is worked.
    #[must_use]
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        self.days_on.contains(&day) || !(is_weekend(day) || self.days_off.contains(&day))
    }

    /// Working days from `from` to `until`, both counted.
    #[must_use]
    pub fn working_days(&self, from: NaiveDate, until: NaiveDate) -> u32 {
        let days = (until - from).num_days();
        let count = (0..=days).filter_map(|nth| from.checked_add_days(Days::new(u64::try_from(nth).ok()?)));
        u32::try_from(count.filter(|day| self.is_working_day(*day)).count()).unwrap_or(u32::MAX)
    }
}

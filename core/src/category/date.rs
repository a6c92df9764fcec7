//! A day that may be known only to the year or the month.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::time::Period;

/// 日期(可不全) – `1958`, `1958-05` or `1958-05-01`, years 1850 to 2200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum PartDate {
    /// The year only.
    Year(i32),
    /// Year and month, 1 to 12.
    Month(i32, u8),
    /// The whole day.
    Day(NaiveDate),
}

/// Text that is not a day, a month or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("日期应写成 1958、1958-05 或 1958-05-01 / write a date as 1958, 1958-05 or 1958-05-01")]
pub struct BadPartDate;

impl PartDate {
    /// The last day it can mean: a person is never taken for older than is known.
    #[must_use]
    pub fn latest(self) -> NaiveDate {
        match self {
            Self::Year(year) => NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MAX),
            Self::Month(year, month) => Period::Month { year, month }.last_day(),
            Self::Day(day) => day,
        }
    }

    /// 周岁 – whole years from the last day it can mean to `on`; 0 before that day.
    #[must_use]
    pub fn full_years(self, on: NaiveDate) -> u32 {
        on.years_since(self.latest()).unwrap_or(0)
    }
}

impl fmt::Display for PartDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

impl FromStr for PartDate {
    type Err = BadPartDate;
    fn from_str(text: &str) -> Result<Self, BadPartDate> {
        let parts: Vec<&str> = text.split('-').collect();
        let number = |part: &str, digits: usize| -> Option<i32> {
            let whole = part.len() == digits && part.chars().all(|sign| sign.is_ascii_digit());
            whole.then(|| part.parse().ok()).flatten()
        };
        let date = match parts.as_slice() {
            [year] => number(year, 4).map(Self::Year),
            [year, month] => number(year, 4).zip(number(month, 2)).and_then(|(year, month)| {
                u8::try_from(month)
                    .ok()
                    .filter(|month| (1..=12).contains(month))
                    .map(|month| Self::Month(year, month))
            }),
            [year, month, day]
                if number(year, 4).is_some() && number(month, 2).is_some() && number(day, 2).is_some() =>
            {
                text.parse().ok().map(Self::Day)
            }
            _ => None,
        };
        date.filter(|date| (1850..=2200).contains(&date.latest().year())).ok_or(BadPartDate)
    }
}

impl TryFrom<String> for PartDate {
    type Error = BadPartDate;
    fn try_from(text: String) -> Result<Self, BadPartDate> {
        text.parse()
    }
}

impl From<PartDate> for String {
    fn from(date: PartDate) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_date_may_be_known_to_the_year_or_the_month() {
        for text in ["1958", "1958-05", "1958-05-01", "2024-02-29"] {
            assert_eq!(text.parse::<PartDate>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "58",
            "1958-5",
            "1958-13",
            "2023-02-29",
            "1700",
            "1958-05-01-02",
            "+958",
            "195８",
            "1958-05-1",
        ] {
            assert_eq!(text.parse::<PartDate>(), Err(BadPartDate), "{text}");
        }
        assert_eq!(serde_json::to_string(&PartDate::Month(1958, 5)).unwrap(), "\"1958-05\"");
    }

    #[test]
    fn a_person_is_never_taken_for_older_than_is_known() {
        let on = "2026-07-05".parse().unwrap();
        let age = |text: &str| text.parse::<PartDate>().unwrap().full_years(on);
        assert_eq!(["2012", "2012-07", "2012-07-05", "2012-07-06", "2030"].map(age), [13, 13, 14, 13, 0]);
    }

    proptest! {
        #[test]
        fn no_text_makes_a_date_panic(text in "[0-9-]{0,12}") {
            if let Ok(date) = text.parse::<PartDate>() {
                prop_assert_eq!(date.to_string(), text);
            }
        }
    }
}

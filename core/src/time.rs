//! Days, periods and clocks. Time is handed in; only [`SystemClock`] reads the machine's.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, FixedOffset, Months, NaiveDate, NaiveTime, Utc, Weekday};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

mod calendar;
pub use calendar::{BadCalendar, WorkCalendar};

/// Whoever needs "now" takes one of these.
pub trait Clock: Send + Sync {
    /// The machine's readings at this moment.
    fn read(&self) -> PhoneTime;
}

/// 手机时间 – when the phone says it happened. Readings, never the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneTime {
    /// Wall clock as an instant; the worker can set it wrong.
    pub wall: DateTime<Utc>,
    /// Milliseconds since boot, sleep included, and the boot they count from. A browser has none.
    pub since_boot: Option<SinceBoot>,
}

/// A reading of the clock that nobody can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SinceBoot {
    /// Milliseconds since boot, sleep included.
    pub ms: u64,
    /// Which boot `ms` counts from.
    pub boot: Uuid,
}

impl PhoneTime {
    /// Readings of a device without a boot clock.
    #[must_use]
    pub const fn wall_only(wall: DateTime<Utc>) -> Self {
        Self { wall, since_boot: None }
    }
}

/// The machine's own clock; the only place of the product that reads it. A browser hands in its own.
#[cfg(feature = "native")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[cfg(feature = "native")]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    fn read(&self) -> PhoneTime {
        PhoneTime::wall_only(DateTime::<Utc>::from(std::time::SystemTime::now()))
    }
}

/// A clock that stands where it was put: trials, tests and the simulator.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub DateTime<Utc>);

impl Clock for FixedClock {
    fn read(&self) -> PhoneTime {
        PhoneTime::wall_only(self.0)
    }
}

/// 时区 – the fixed offset of a community, in seconds east of UTC. China is +08:00 with no daylight saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Zone {
    east_s: i32,
}

impl Zone {
    /// Asia/Shanghai.
    pub const CHINA: Self = Self { east_s: 8 * 3600 };

    /// A zone `east_s` seconds east of UTC; `None` beyond ±24 h.
    #[must_use]
    pub fn east(east_s: i32) -> Option<Self> {
        FixedOffset::east_opt(east_s).map(|_| Self { east_s })
    }

    /// The local date of an instant.
    #[must_use]
    pub fn date(self, at: DateTime<Utc>) -> NaiveDate {
        (at.naive_utc() + chrono::Duration::seconds(i64::from(self.east_s))).date()
    }

    /// The local time of day of an instant.
    #[must_use]
    pub fn time(self, at: DateTime<Utc>) -> NaiveTime {
        (at.naive_utc() + chrono::Duration::seconds(i64::from(self.east_s))).time()
    }

    /// The instant of a local date and time of day.
    #[must_use]
    pub fn instant(self, on: NaiveDate, at: NaiveTime) -> DateTime<Utc> {
        (on.and_time(at) - chrono::Duration::seconds(i64::from(self.east_s))).and_utc()
    }
}

/// 周期 – how often a visit is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// 每季度入户一次 – every household (D1b-15).
    Quarter,
    /// 每月入户一次 – key households 重点户 (D1b-16).
    Month,
}

/// 期间 – one calendar quarter or month, written `2026Q3` or `2026-09`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// A calendar quarter, 1 to 4.
    Quarter {
        /// Year of the common era.
        year: i32,
        /// 1 to 4.
        quarter: u8,
    },
    /// A calendar month, 1 to 12.
    Month {
        /// Year of the common era.
        year: i32,
        /// 1 to 12.
        month: u8,
    },
}

impl Period {
    /// The quarter a day lies in.
    #[must_use]
    pub fn quarter_of(day: NaiveDate) -> Self {
        Self::Quarter { year: day.year(), quarter: u8::try_from(day.month0() / 3 + 1).unwrap_or(1) }
    }

    /// The month a day lies in.
    #[must_use]
    pub fn month_of(day: NaiveDate) -> Self {
        Self::Month { year: day.year(), month: u8::try_from(day.month()).unwrap_or(1) }
    }

    /// The period of the wanted cadence that a day lies in.
    #[must_use]
    pub fn of(cadence: Cadence, day: NaiveDate) -> Self {
        match cadence {
            Cadence::Quarter => Self::quarter_of(day),
            Cadence::Month => Self::month_of(day),
        }
    }

    /// Quarter or month.
    #[must_use]
    pub const fn cadence(self) -> Cadence {
        match self {
            Self::Quarter { .. } => Cadence::Quarter,
            Self::Month { .. } => Cadence::Month,
        }
    }

    /// First day.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        let (year, month) = match self {
            Self::Quarter { year, quarter } => (year, u32::from(quarter) * 3 - 2),
            Self::Month { year, month } => (year, u32::from(month)),
        };
        NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MIN)
    }

    /// Last day.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        let months = match self {
            Self::Quarter { .. } => Months::new(3),
            Self::Month { .. } => Months::new(1),
        };
        self.first_day()
            .checked_add_months(months)
            .and_then(|next| next.checked_sub_days(Days::new(1)))
            .unwrap_or(NaiveDate::MAX)
    }

    /// Whether the day lies in the period.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first_day() <= day && day <= self.last_day()
    }

    /// The period after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self::of(self.cadence(), self.last_day().succ_opt().unwrap_or(NaiveDate::MAX))
    }

    /// The period before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::of(self.cadence(), self.first_day().pred_opt().unwrap_or(NaiveDate::MIN))
    }

    /// The months of a quarter in order, or the month itself.
    #[must_use]
    pub fn months(self) -> Vec<Self> {
        match self {
            Self::Month { .. } => vec![self],
            Self::Quarter { year, quarter } => {
                (0..3).map(|nth| Self::Month { year, month: quarter * 3 - 2 + nth }).collect()
            }
        }
    }

    /// Days from `day` to the last day, both counted; 0 when the period is over.
    #[must_use]
    pub fn days_left(self, day: NaiveDate) -> u32 {
        u32::try_from((self.last_day() - day).num_days() + 1).unwrap_or(0)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quarter { year, quarter } => write!(f, "{year:04}Q{quarter}"),
            Self::Month { year, month } => write!(f, "{year:04}-{month:02}"),
        }
    }
}

impl fmt::Debug for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Text that names no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("期间应写成 2026Q3 或 2026-09 / write a period as 2026Q3 or 2026-09, not {0:?}")]
pub struct BadPeriod(pub String);

impl FromStr for Period {
    type Err = BadPeriod;
    fn from_str(text: &str) -> Result<Self, BadPeriod> {
        let bad = || BadPeriod(text.to_owned());
        let in_years = |year: i32| (1900..=9999).contains(&year);
        if let Some((year, quarter)) = text.split_once(['Q', 'q']) {
            let year = year.parse().ok().filter(|year| in_years(*year)).ok_or_else(bad)?;
            let quarter = quarter.parse().ok().filter(|nth| (1..=4).contains(nth)).ok_or_else(bad)?;
            return Ok(Self::Quarter { year, quarter });
        }
        let (year, month) = text.split_once('-').ok_or_else(bad)?;
        let year = year.parse().ok().filter(|year| in_years(*year)).ok_or_else(bad)?;
        let month = month.parse().ok().filter(|nth| (1..=12).contains(nth)).ok_or_else(bad)?;
        Ok(Self::Month { year, month })
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// 时段 – the part of the day an attempt was made in. Three attempts must cover two of them (`coverage.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayBand {
    /// 上午 – before 12:00.
    Morning,
    /// 下午 – 12:00 to 17:30.
    Afternoon,
    /// 傍晚 – from 17:30 on.
    Evening,
}

impl DayBand {
    /// The band of a local time of day. 17:30 itself is evening.
    #[must_use]
    pub fn of(at: NaiveTime) -> Self {
        let minutes = chrono::Timelike::num_seconds_from_midnight(&at) / 60;
        match minutes {
            0..720 => Self::Morning,
            720..1050 => Self::Afternoon,
            _ => Self::Evening,
        }
    }
}

/// Whether a day is Saturday or Sunday; holidays and make-up days come from a [`WorkCalendar`].
#[must_use]
pub fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

#[cfg(test)]
mod tests;

//! 日期 – as sheets hold them: real dates, serial numbers, 1985.3.5, 85年3月, 19850305, 2026年3月5日, 2026-03.

use chrono::{Datelike, Days, NaiveDate};
use ruhu_core::category::PartDate;

use super::{tidy, whole};
use crate::import::finding::Code;
use crate::import::sheet::Cell;

/// The day, where one was given.
#[must_use]
pub const fn day_of(date: PartDate) -> Option<NaiveDate> {
    match date {
        PartDate::Day(day) => Some(day),
        PartDate::Year(_) | PartDate::Month(..) => None,
    }
}

/// Whether a day lies in what was given.
#[must_use]
pub fn covers(date: PartDate, day: NaiveDate) -> bool {
    match date {
        PartDate::Year(year) => day.year() == year,
        PartDate::Month(year, month) => (day.year(), day.month()) == (year, u32::from(month)),
        PartDate::Day(own) => own == day,
    }
}

fn first_day(date: PartDate) -> Option<NaiveDate> {
    match date {
        PartDate::Year(year) => NaiveDate::from_ymd_opt(year, 1, 1),
        PartDate::Month(year, month) => NaiveDate::from_ymd_opt(year, u32::from(month), 1),
        PartDate::Day(day) => Some(day),
    }
}

/// Reads a date of the past. `hint` is a date known from elsewhere in the row (the identity number) and decides the
/// century of a year of two digits; without it such a year is taken as the latest that is not after `today`.
pub fn date(
    cell: &Cell,
    date_1904: bool,
    hint: Option<NaiveDate>,
    today: NaiveDate,
    said: &mut Vec<Code>,
) -> Option<PartDate> {
    let (read, plain) = match cell {
        Cell::Empty => return None,
        Cell::Day(day) => (Some(Parsed::full(PartDate::Day(*day))), true),
        Cell::Number(number) => (of_number(*number, date_1904), false),
        Cell::Text(text) => {
            let text = tidy(text);
            if text.is_empty() || matches!(text.as_str(), "无" | "-" | "/" | "不详" | "未知" | "未走访")
            {
                return None;
            }
            let is_iso = text.len() == 10 && NaiveDate::parse_from_str(&text, "%Y-%m-%d").is_ok();
            (of_text(&text, date_1904, hint, today), is_iso)
        }
        Cell::Bool(_) => (None, false),
        Cell::Broken => {
            said.push(Code::CellBroken);
            return None;
        }
    };
    let Some(read) =
        read.filter(|read| first_day(read.date).is_some_and(|day| (1850..=2199).contains(&day.year())))
    else {
        said.push(Code::DateUnread);
        return None;
    };
    if !plain {
        said.push(Code::DateConverted);
    }
    if first_day(read.date).is_some_and(|first| first > today) {
        said.push(Code::DateFuture);
        return None;
    }
    if read.century_assumed {
        said.push(Code::CenturyAssumed);
    }
    Some(read.date)
}

struct Parsed {
    date: PartDate,
    century_assumed: bool,
}

impl Parsed {
    const fn full(date: PartDate) -> Self {
        Self { date, century_assumed: false }
    }
}

/// 8 digits are a written-out day, 6 a month, 1900–2100 a year (as a serial number these would be days of 1905), and
/// 1 to 80 000 a serial number.
fn of_number(number: f64, date_1904: bool) -> Option<Parsed> {
    let days = whole(number.trunc())?;
    if number < 1.0 {
        return None;
    }
    if (1900..=2100).contains(&days) {
        return i32::try_from(days).ok().map(PartDate::Year).map(Parsed::full);
    }
    if (1..=80_000).contains(&days) {
        return of_serial(days, date_1904).map(PartDate::Day).map(Parsed::full);
    }
    of_digits(&days.to_string()).map(Parsed::full)
}

/// Days since the last day of 1899 (or 1904-01-01); 1900 counts as a leap year there.
fn of_serial(days: i64, date_1904: bool) -> Option<NaiveDate> {
    let (year, month, day) = if date_1904 { (1904, 1, 1) } else { (1899, 12, 31) };
    let skip = i64::from(!date_1904 && days > 59);
    NaiveDate::from_ymd_opt(year, month, day)?.checked_add_days(Days::new(u64::try_from(days - skip).ok()?))
}

fn of_digits(digits: &str) -> Option<PartDate> {
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u32>().ok());
    let year = i32::try_from(part(0, 4)?).ok()?;
    match digits.len() {
        8 => NaiveDate::from_ymd_opt(year, part(4, 6)?, part(6, 8)?).map(PartDate::Day),
        6 => month_of(year, part(4, 6)?),
        4 => Some(PartDate::Year(year)),
        _ => None,
    }
}

fn month_of(year: i32, month: u32) -> Option<PartDate> {
    u8::try_from(month)
        .ok()
        .filter(|month| (1..=12).contains(month))
        .map(|month| PartDate::Month(year, month))
}

fn of_text(text: &str, date_1904: bool, hint: Option<NaiveDate>, today: NaiveDate) -> Option<Parsed> {
    // A time behind the day says nothing here: 2026-03-05 14:00, 2026-03-05T14:00.
    let text =
        text.split_once([' ', 'T']).map_or(text, |(day, rest)| if rest.contains(':') { day } else { text });
    let text = text.replace(' ', "");
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return match text.len() {
            5 => of_number(text.parse().ok()?, date_1904),
            _ => of_digits(&text).map(Parsed::full),
        };
    }
    let parts: Vec<&str> = text
        .trim_end_matches(['日', '号', '生', '月', '年'])
        .split(['.', '-', '/', '年', '月', '、', '\\', ',', '。'])
        .filter(|part| !part.is_empty())
        .collect();
    let number =
        |nth: usize| parts.get(nth).filter(|part| part.len() <= 4).and_then(|part| part.parse::<u32>().ok());
    if !(1..=3).contains(&parts.len()) || (0..parts.len()).any(|nth| number(nth).is_none()) {
        return None;
    }
    let written = *parts.first()?;
    let (year, century_assumed) = match written.len() {
        4 => (i32::try_from(number(0)?).ok()?, false),
        2 if text.contains('年') || parts.len() == 3 => {
            century(i32::try_from(number(0)?).ok()?, hint, today)
        }
        _ => return None,
    };
    let date = match (number(1), number(2)) {
        (Some(month), Some(day)) => NaiveDate::from_ymd_opt(year, month, day).map(PartDate::Day)?,
        (Some(month), None) => month_of(year, month)?,
        (None, None) => PartDate::Year(year),
        _ => return None,
    };
    Some(Parsed { date, century_assumed })
}

/// 85 → 1985; 03 → 2003 unless the hint says 1903. Returns whether the century is an assumption.
fn century(short: i32, hint: Option<NaiveDate>, today: NaiveDate) -> (i32, bool) {
    if let Some(hint) = hint.filter(|hint| hint.year() % 100 == short) {
        return (hint.year(), false);
    }
    if 2000 + short > today.year() { (1900 + short, false) } else { (2000 + short, true) }
}

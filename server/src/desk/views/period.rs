//! The switch between quarters and months.

use ruhu_core::time::Period;

use super::list::Tab;
use crate::desk::words::Lang;

/// 选择期间 – the quarter with its months, and the periods beside it.
#[derive(Clone, Debug)]
pub struct PeriodSwitch {
    /// 2026年第3季度.
    pub name: String,
    /// The quarter and its three months.
    pub tabs: Vec<Tab>,
    /// The period before.
    pub previous: String,
    /// The period after; `None` while that has not begun.
    pub next: Option<String>,
}

impl PeriodSwitch {
    /// The switch of a page at `path` (with the rest of its query, `&…`), on `today`'s side of which nothing begins.
    #[must_use]
    pub fn new(period: Period, path: &str, rest: &str, today: chrono::NaiveDate, lang: Lang) -> Self {
        let href = |period: Period| format!("{path}?period={period}{rest}");
        let quarter = Period::quarter_of(period.first_day());
        let tab = |one: Period| {
            let words = match one {
                Period::Quarter { .. } => lang.t("period.quarter-short").to_owned(),
                Period::Month { month, .. } => lang.fill("period.month-short", &[&month.to_string()]),
            };
            Tab { words, href: href(one), here: one == period, count: None }
        };
        let begun = |one: &Period| one.first_day() <= today;
        let months = quarter.months().into_iter().filter(begun);
        Self {
            name: period_name(period, lang),
            tabs: [quarter].into_iter().chain(months).map(tab).collect(),
            previous: href(period.previous()),
            next: Some(period.next()).filter(begun).map(href),
        }
    }
}

/// 2026年第3季度, 2026年9月; 2026 Q3, 2026-9.
#[must_use]
pub fn period_name(period: Period, lang: Lang) -> String {
    match period {
        Period::Quarter { year, quarter } => {
            lang.fill("period.quarter", &[&year.to_string(), &quarter.to_string()])
        }
        Period::Month { year, month } => lang.fill("period.month", &[&year.to_string(), &month.to_string()]),
    }
}

//! How the report says things in Chinese, as official forms do.

use ruhu_core::coverage::{Entered, Gone, Open};
use ruhu_core::time::{DayBand, Period};

use super::Attempt;

/// 2026年第3季度, 2026年9月.
#[must_use]
pub fn period_words(period: Period) -> String {
    match period {
        Period::Quarter { year, quarter } => format!("{year}年第{quarter}季度"),
        Period::Month { year, month } => format!("{year}年{month}月"),
    }
}

/// 上午, 下午, 傍晚.
#[must_use]
pub const fn band_words(band: DayBand) -> &'static str {
    match band {
        DayBand::Morning => "上午",
        DayBand::Afternoon => "下午",
        DayBand::Evening => "傍晚",
    }
}

/// Why an obligation is open.
#[must_use]
pub fn open_words(open: Open) -> String {
    match open {
        Open::NeverTried => "未去过".to_owned(),
        Open::Tried(times) => format!("去过 {times} 次未遇"),
        Open::SeenVacantOnce => "见空一次".to_owned(),
        Open::Appointment => "已改约".to_owned(),
        Open::FoundFalse => "查实不实".to_owned(),
    }
}

/// 3 次:09-02 上午、09-10 下午、09-12 傍晚.
pub(super) fn attempts_words(attempts: &[Attempt]) -> String {
    if attempts.is_empty() {
        return "0 次".to_owned();
    }
    let one = |attempt: &Attempt| {
        let day = attempt.on.format("%m-%d");
        attempt.band.map_or_else(|| day.to_string(), |band| format!("{day} {}", band_words(band)))
    };
    format!("{} 次:{}", attempts.len(), attempts.iter().map(one).collect::<Vec<_>>().join("、"))
}

pub(super) const fn entered_words(reason: Entered) -> &'static str {
    match reason {
        Entered::MovedIn => "迁入",
        Entered::Recorded => "新登记",
        Entered::Split => "分户",
        Entered::BecameKey => "纳入重点",
        Entered::FellVacant => "转为空户",
        Entered::BecameHome => "新增住宅",
    }
}

pub(super) const fn gone_words(reason: Gone) -> &'static str {
    match reason {
        Gone::MovedOut => "迁出",
        Gone::Dissolved => "销户",
        Gone::NoLongerKey => "退出重点",
        Gone::Occupied => "空户转有人",
        Gone::NoLongerHome => "不再是住宅",
        Gone::NotYetDue => "尚未应访",
    }
}

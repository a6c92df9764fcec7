//! 户清单 – the households behind a number, in the order doors are walked.

use askama::Template;

use super::PeriodSwitch;
use super::shell::Shell;
use super::state::StateMark;

/// A link of a switch or filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Its words.
    pub words: String,
    /// Where it leads.
    pub href: String,
    /// Whether it is what is shown.
    pub here: bool,
    /// How many there are, where that is said.
    pub count: Option<u32>,
}

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "households.html")]
pub struct ListPage {
    /// The frame.
    pub shell: Shell,
    /// The switch.
    pub periods: PeriodSwitch,
    /// Whose households, in which state: 第3网格 · 未访.
    pub heading: String,
    /// 共 41 户 – as many as the number that led here.
    pub count: String,
    /// All grids, and each.
    pub grids: Vec<Tab>,
    /// Each state with its count.
    pub states: Vec<Tab>,
    /// This page's households.
    pub rows: Vec<ListRow>,
    /// 第 1 页,共 3 页; `None` when there is one.
    pub page: Option<String>,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// All due households of the period: the way out of an empty list.
    pub all: String,
}

/// One household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRow {
    /// Where.
    pub address: String,
    /// Its page.
    pub href: String,
    /// The head's name, masked.
    pub head: String,
    /// Its state.
    pub state: StateMark,
    /// 上次走访, or 无.
    pub last_met: String,
    /// 2 次:07-07 傍晚、07-12 上午.
    pub attempts: String,
    /// 建议时段, or the days of the evidence.
    pub suggested: String,
    /// 重点户, 空户, 交接期.
    pub marks: Vec<String>,
}

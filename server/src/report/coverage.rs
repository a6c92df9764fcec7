//! 入户走访统计表 – the coverage report of one community and period (`domain.md` 2.11, `coverage.md`).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use ruhu_core::closing::{Amendment, SilentPhones, StreamCut};
use ruhu_core::coverage::{Changes, Deduction, Entered, Gone, Open, Rate, Tally};
use ruhu_core::ids::{GridId, Hash32};
use ruhu_core::roster::{Community, Unit};
use ruhu_core::time::{DayBand, Period, Zone};
use serde::{Deserialize, Serialize};

mod book;
mod compose;
pub(crate) mod evidence;
mod words;

pub use book::book;
pub use compose::{Material, compose, grids_in_order, sum};
pub use words::{band_words, open_words, period_words};

/// The report as a document: what is signed, in the order it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageReport {
    /// Version of this form; [`CoverageReport::FORM`].
    pub form: u16,
    /// 填报单位.
    pub community: Community,
    /// 期间.
    pub period: Period,
    /// The local day the figures stand for: the period's last day, or an earlier one of a running period.
    pub as_of: NaiveDate,
    /// Running, over, or closed.
    pub standing: Standing,
    /// 试行 – the period can produce no finding.
    pub trial: bool,
    /// 办法 – what was adopted; `None` prints 未采用文件·试行.
    pub policy: Option<PolicyNamed>,
    /// 规则版本.
    pub rules_version: u16,
    /// 时区.
    pub zone: Zone,
    /// 日志位置.
    pub log: LogPosition,
    /// 范围 – the grids asked for; `None` for the whole community.
    pub only_grids: Option<Vec<GridId>>,
    /// Grids in address order. Never in any other.
    pub grids: Vec<GridRow>,
    /// 合计.
    pub total: Counted,
    /// 核减清单.
    pub deductions: Vec<DeductionLine>,
    /// 未访户清单.
    pub outstanding: Vec<OutstandingLine>,
    /// 增减户清单; `None` when the report is of some grids only, because households move between grids.
    pub changes: Option<ChangeList>,
    /// 多访.
    pub extra: Vec<ExtraLine>,
    /// 未同步手机.
    pub silent: SilentPhones,
}

/// Whether the figures can still move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 进行中 – the period is not over.
    Running,
    /// 期满未关账 – over, and nobody has closed it.
    Ended,
    /// 关账 – closed on this day.
    Closed {
        /// The local day.
        on: NaiveDate,
    },
}

/// A policy by its title and its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyNamed {
    /// 标题.
    pub title: String,
    /// Hash of the adopted file.
    pub hash: Hash32,
}

/// 日志位置 – how much of the log the figures were made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPosition {
    /// Position in the hub's log.
    pub position: u64,
    /// How far each stream counted, with its running hash.
    pub streams: Vec<StreamCut>,
}

/// One grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridRow {
    /// Its id.
    pub grid: GridId,
    /// Its name.
    pub name: String,
    /// 网格员 – responsible on the day the figures stand for; empty when nobody is.
    pub responsible: String,
    /// Its figures.
    pub counted: Counted,
}

/// The figures of a grid, or of all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// 应访 = 已访 + 核减 + 未访, with every kind.
    pub tally: Tally,
    /// 入户率(严), hundredths of a percent, cut; `None` when nothing was due.
    pub strict: Option<u32>,
    /// 入户率(核减后), likewise.
    pub adjusted: Option<u32>,
    /// 重点户; in a quarter, household-months.
    pub key: Tally,
    /// 收到诉求.
    pub requests: u32,
    /// 办结.
    pub requests_closed: u32,
}

/// 核减清单, one line: who left the base, why, and on what evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeductionLine {
    /// Whose.
    pub unit: Unit,
    /// The grid it counts in.
    pub grid: GridId,
    /// 地址.
    pub address: String,
    /// 核减类别.
    pub kind: Deduction,
    /// 依据日期 – the days of the observations it rests on.
    pub evidence: Vec<NaiveDate>,
}

/// 未访户清单, one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutstandingLine {
    /// Whose.
    pub unit: Unit,
    /// The grid it counts in.
    pub grid: GridId,
    /// 地址.
    pub address: String,
    /// 重点户 on the day the figures stand for.
    pub key: bool,
    /// Why it is open.
    pub open: Open,
    /// 上次走访 – the last time somebody of it was met.
    pub last_met_on: Option<NaiveDate>,
    /// 已尝试次数及时段.
    pub attempts: Vec<Attempt>,
    /// 建议时段 – a part of the day not tried yet.
    pub suggested: Option<DayBand>,
    /// 交接期.
    pub taken_over_late: bool,
}

/// One knock inside the period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The day.
    pub on: NaiveDate,
    /// The part of the day, if known.
    pub band: Option<DayBand>,
}

/// 增减户清单 – `opening + entered − left = closing`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeList {
    /// The period compared with.
    pub since: Period,
    /// 期初应访.
    pub opening: u32,
    /// 增户.
    pub entered: Vec<ChangeLine<Entered>>,
    /// 减户.
    pub left: Vec<ChangeLine<Gone>>,
    /// 期末应访.
    pub closing: u32,
}

/// One household that became due, or is due no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeLine<R> {
    /// Whose.
    pub unit: Unit,
    /// 地址.
    pub address: String,
    /// 原因.
    pub reason: R,
}

/// 多访, one line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtraLine {
    /// Whose.
    pub unit: Unit,
    /// The grid it lives in, if any.
    pub grid: Option<GridId>,
    /// 地址.
    pub address: String,
    /// The day of the visit.
    pub on: NaiveDate,
}

/// 收到诉求, 办结 – requests of one grid in the period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// 收到.
    pub received: u32,
    /// 办结.
    pub closed: u32,
}

impl CoverageReport {
    /// Version of the form this program writes.
    pub const FORM: u16 = 1;

    /// The bytes that are signed: JSON with fields in the order of this file and no white space.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        // Strings, numbers and maps with text keys only: JSON has a word for every one of them.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// 关账 97.20 % → 现 97.45 %(更正 1–3), or the plain rate of a report nothing was amended in.
    #[must_use]
    pub fn rate_then_and_now(&self, amendments: &[&Amendment]) -> String {
        let closed = Rate::of(self.total.tally.done, self.total.tally.due);
        let Some(last) = amendments.last() else { return closed.to_string() };
        let now = Rate::of(last.total.done, last.total.due);
        let numbers = if last.number == 1 { "1".to_owned() } else { format!("1–{}", last.number) };
        format!("关账 {closed} → 现 {now}(更正 {numbers})")
    }
}

impl Counted {
    /// Figures with the two rates that follow from them.
    #[must_use]
    pub fn of(tally: Tally, key: Tally, requests: Requests) -> Self {
        let (strict, adjusted) = (tally.strict().hundredths(), tally.adjusted().hundredths());
        Self { tally, strict, adjusted, key, requests: requests.received, requests_closed: requests.closed }
    }

    /// The identity as it is printed: 应访 10 = 已访 6 + 核减 3 + 未访 1.
    #[must_use]
    pub fn identity(&self) -> String {
        let Tally { due, done, .. } = self.tally;
        let (deducted, outstanding) = (self.tally.deducted_total(), self.tally.outstanding_total());
        format!("应访 {due} = 已访 {done} + 核减 {deducted} + 未访 {outstanding}")
    }
}

impl ChangeList {
    /// The identity as it is printed: 期初 400 + 增 12 − 减 9 = 期末 403.
    #[must_use]
    pub fn identity(&self) -> String {
        let Self { opening, entered, left, closing, .. } = self;
        format!("期初应访 {opening} + 增 {} − 减 {} = 期末应访 {closing}", entered.len(), left.len())
    }
}

impl LogPosition {
    /// As printed: the position and the first signs of one hash over all heads.
    #[must_use]
    pub fn shown(&self) -> String {
        let heads: Vec<&[u8]> = self.streams.iter().map(|cut| cut.head.0.as_slice()).collect();
        let digest: String = Hash32::of(&heads).to_string().chars().take(16).collect();
        format!("第 {} 条({} 个流,首尾摘要 {digest})", self.position, self.streams.len())
    }
}

/// The names of grids by id, for lines that stand in one.
fn grid_names(report: &CoverageReport) -> BTreeMap<GridId, &str> {
    report.grids.iter().map(|row| (row.grid, row.name.as_str())).collect()
}

/// How the due of two periods compare, with addresses.
fn change_list(changes: &Changes, since: Period, address: impl Fn(Unit) -> String) -> ChangeList {
    ChangeList {
        since,
        opening: changes.opening,
        entered: lines(&changes.entered, &address),
        left: lines(&changes.left, &address),
        closing: changes.closing,
    }
}

fn lines<R: Copy>(changed: &[(Unit, R)], address: impl Fn(Unit) -> String) -> Vec<ChangeLine<R>> {
    let line =
        |(unit, reason): &(Unit, R)| ChangeLine { unit: *unit, address: address(*unit), reason: *reason };
    changed.iter().map(line).collect()
}

#[cfg(test)]
mod tests;

//! 关账 – periods that are over: closed ones with their amendments, open ones to be closed.

use askama::Template;

use super::shell::Shell;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "closings.html")]
pub struct PeriodsPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// Where the form goes.
    pub action: String,
    /// Whether the viewer may close.
    pub decides: bool,
    /// The latest first.
    pub rows: Vec<PeriodRow>,
    /// The period that is about to be closed, as it would be.
    pub closable: Option<Closable>,
}

/// One period that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodRow {
    /// 2026年第3季度.
    pub name: String,
    /// Its report.
    pub report: String,
    /// 已关账(2026-10-10), or 期满,未关账.
    pub standing: String,
    /// 应访 = 已访 + 核减 + 未访, as closed; empty before.
    pub identity: String,
    /// 入户率(严) at closing.
    pub strict: String,
    /// 现 97.45 %(更正 1–3), once something was amended.
    pub now: Option<String>,
    /// Where it is looked at before closing; `None` once it is closed.
    pub close: Option<String>,
}

/// 关账预览 – what would be signed, and what speaks against doing it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closable {
    /// Its code, 2026Q3.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The identity as it stands.
    pub identity: String,
    /// The strict rate.
    pub strict: String,
    /// Silent phones, a day that is better: in words.
    pub warnings: Vec<String>,
    /// The reason typed before.
    pub reason: String,
}

//! 操作记录 – what was done, by whom and when.

use askama::Template;

use super::log_filter::LogFilter;
use super::shell::Shell;

/// One page of what was done.
#[derive(Clone, Debug, Template)]
#[template(path = "audit.html")]
pub struct AuditPage {
    /// The frame.
    pub shell: Shell,
    /// What is asked of the log.
    pub filter: LogFilter,
    /// The latest first.
    pub rows: Vec<AuditLine>,
    /// The rows before these.
    pub older: Option<String>,
    /// Where the chain is checked.
    pub check: String,
    /// Where the rows are handed out as a workbook.
    pub export: String,
    /// What the check found.
    pub checked: Option<String>,
}

/// One act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Its number in the log.
    pub nr: String,
    /// The day and the time.
    pub at: String,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// To what, with details.
    pub on: String,
}

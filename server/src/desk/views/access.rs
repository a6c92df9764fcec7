//! 查看记录 – who looked at what, when and why.

use askama::Template;

use super::log_filter::LogFilter;
use super::shell::Shell;

/// The access log of a community, or of one household.
#[derive(Clone, Debug, Template)]
#[template(path = "access.html")]
pub struct AccessPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// The one household it is about, and its page.
    pub about: Option<(String, String)>,
    /// The log of the whole community.
    pub all: String,
    /// What is asked of the log.
    pub filter: LogFilter,
    /// One page of looks, the latest first.
    pub rows: Vec<AccessLine>,
    /// The looks before these.
    pub older: Option<String>,
    /// Where the chain of the log is checked; `None` for whoever does not audit.
    pub check: Option<String>,
    /// Where the looks are handed out as a workbook.
    pub export: String,
    /// What the check found.
    pub checked: Option<String>,
}

/// One look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessLine {
    /// Its number in the log.
    pub nr: String,
    /// The day and the time.
    pub at: String,
    /// Who.
    pub who: String,
    /// What was looked at, and why.
    pub what: String,
    /// Of whom, with the page it opens.
    pub on: Option<(String, String)>,
}

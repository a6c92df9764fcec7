//! 查找 – the form that asks something of a log.

/// The form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// Where it goes.
    pub action: String,
    /// What the address says besides.
    pub hidden: Vec<(&'static str, String)>,
    /// Accounts: whether chosen, id, name.
    pub who: Vec<(bool, String, String)>,
    /// Kinds of rows: whether chosen, code, words.
    pub kinds: Vec<(bool, &'static str, &'static str)>,
    /// From this day on.
    pub from: String,
    /// Until this day.
    pub until: String,
}

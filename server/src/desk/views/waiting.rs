//! 待确认 – what waits for the lead's word.

use askama::Template;

use super::shell::Shell;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "waiting.html")]
pub struct WaitingPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// How much waits, in words.
    pub count: String,
    /// Where answers go.
    pub action: String,
    /// Requests of residents about their own record that are open, in words, and their list.
    pub rights: Option<(String, String)>,
    /// Whether the viewer may answer; an auditor looks.
    pub decides: bool,
    /// Records of phones.
    pub rows: Vec<WaitingRow>,
    /// Suggested joins.
    pub pairs: Vec<PairRow>,
}

/// One record that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingRow {
    /// Its number.
    pub entry: String,
    /// Where.
    pub address: String,
    /// The household's page.
    pub href: String,
    /// What it says.
    pub what: String,
    /// What confirming it does.
    pub then: &'static str,
    /// Who recorded it.
    pub by: String,
    /// When.
    pub on: String,
}

/// Two records that may be one household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairRow {
    /// Where both live.
    pub address: String,
    /// Recorded first: its id.
    pub first: String,
    /// Its page.
    pub first_href: String,
    /// Recorded later: its id.
    pub later: String,
    /// Its page.
    pub later_href: String,
    /// What they have in common.
    pub why: String,
}

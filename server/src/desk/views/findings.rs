//! 核查 – the list of findings, one of them, and what is asked on a drawn record's row.

use askama::Template;
use serde::Deserialize;

use super::household::Note;
use super::ledger::OffersView;
use super::requests::StepView;
use super::shell::Shell;

/// The list. No row and no heading is about a worker.
#[derive(Clone, Debug, Template)]
#[template(path = "findings.html")]
pub struct FindingsPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// The ledger of rewards and deductions.
    pub ledger: String,
    /// How many were found and how many of those an appeal reversed.
    pub counts: String,
    /// Those somebody still has to do something about first, each the latest asked first.
    pub rows: Vec<FindingLine>,
}

/// One finding of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingLine {
    /// Its page.
    pub href: String,
    /// Where the record is about.
    pub address: String,
    /// The day the record states.
    pub visited_on: String,
    /// Where it stands.
    pub stage: String,
    /// Until when something is awaited; empty for nothing.
    pub until: String,
    /// 逾期 – an appeal nobody has heard, an account whose day has passed.
    pub mark: Option<&'static str>,
}

/// One finding.
#[derive(Clone, Debug, Template)]
#[template(path = "finding.html")]
pub struct FindingPage {
    /// The frame.
    pub shell: Shell,
    /// Back to the list.
    pub back: String,
    /// Grid and who answers for it.
    pub place: String,
    /// Where the record is about.
    pub address: String,
    /// The household's page.
    pub household: String,
    /// Where it stands.
    pub stage: String,
    /// Until when something is awaited.
    pub until: String,
    /// What nobody has concluded yet, or what holds now; in a sentence.
    pub lead: String,
    /// What is in doubt: words and values.
    pub facts: Vec<(&'static str, String)>,
    /// The draw it came from.
    pub draw: String,
    /// What all random re-visits of his records say.
    pub among: String,
    /// The evidence card, of a record drawn by signals.
    pub card: Option<String>,
    /// What came of each time it was asked again: words and values.
    pub checks: Vec<(String, String)>,
    /// What was said, the earliest first.
    pub steps: Vec<StepView>,
    /// What an adverse finding still lacks.
    pub missing: Vec<String>,
    /// What can be done; `None` for whoever only looks, and when nothing can.
    pub forms: Option<FindingForms>,
    /// What can be proposed once it is final; `None` while nothing is found against the record.
    pub offers: Option<OffersView>,
    /// Whether it can be proposed now.
    pub is_final: bool,
}

/// What the desk can do about a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingForms {
    /// Where the forms go.
    pub action: String,
    /// What the worker may have said, where his account can be noted: codes and words.
    pub accounts: Vec<(String, &'static str)>,
    /// What can be found: codes and words; empty when it is not the turn.
    pub rulings: Vec<(String, &'static str)>,
    /// An appeal on paper can be noted.
    pub appeal: bool,
    /// The appeal can be heard by the viewer.
    pub hear: bool,
    /// What was typed and not taken.
    pub typed: FindingForm,
}

/// What the forms of a finding send.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FindingForm {
    /// Which step.
    pub act: String,
    /// Of an account: its code.
    pub account: String,
    /// Of a finding: its code.
    pub ruling: String,
    /// Of a hearing: `reversed`, or `upheld`.
    pub heard: String,
    /// The words.
    pub words: String,
    /// Of a proposal: 条文号.
    pub rule: String,
    /// Of a proposal: the last day for the worker's answer.
    pub reply_by: String,
}

impl FindingForms {
    /// What was typed into a form.
    #[must_use]
    pub fn words_of(&self, act: &str) -> &str {
        if self.typed.act == act { &self.typed.words } else { "" }
    }
}

/// 请说明 – what the form on a contradicted record's row offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskView {
    /// The question offered, to be put in the lead's own words; or as it was typed.
    pub question: String,
    /// The day offered or typed, the first and the last one that may be chosen.
    pub days: (String, String, String),
    /// Whether the form stands open.
    pub open: bool,
}

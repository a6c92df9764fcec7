//! 奖惩台账 – the lines, one of them, and what was completed in a closed period.

use askama::Template;
use serde::Deserialize;

use super::household::Note;
use super::requests::StepView;
use super::shell::Shell;

/// The list: lines in the order of time. No row is about a worker's work, and nothing is added up for one.
#[derive(Clone, Debug, Template)]
#[template(path = "ledger.html")]
pub struct LedgerPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// Back to the findings.
    pub findings: String,
    /// The list as a workbook.
    pub xlsx: String,
    /// Those somebody still has to do something about first, each the latest proposed first.
    pub rows: Vec<LedgerLine>,
    /// 申诉待复核 – appeals nobody has heard, and who decided what they are against.
    pub delays: Vec<DelayLine>,
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLine {
    /// Its page.
    pub href: String,
    /// The day it was proposed.
    pub on: String,
    /// Reward, deduction or review.
    pub kind: &'static str,
    /// Whom it is about.
    pub worker: String,
    /// The rule's number.
    pub rule: String,
    /// What it amounts to.
    pub amount: String,
    /// Where it stands.
    pub stands: String,
    /// Until when something is awaited; empty for nothing.
    pub until: String,
    /// 逾期 – an answer whose day has passed.
    pub mark: Option<&'static str>,
}

/// An appeal that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelayLine {
    /// The page of what was appealed against.
    pub href: String,
    /// What that is.
    pub what: String,
    /// The day of the appeal.
    pub since: String,
    /// For how many days it has waited.
    pub days: String,
    /// Who decided what is appealed against.
    pub decided_by: String,
}

/// One line.
#[derive(Clone, Debug, Template)]
#[template(path = "line.html")]
pub struct LinePage {
    /// The frame.
    pub shell: Shell,
    /// Back to the list.
    pub back: String,
    /// Where.
    pub place: String,
    /// Reward, deduction or review.
    pub kind: &'static str,
    /// Whom it is about.
    pub worker: String,
    /// Where it stands.
    pub stands: String,
    /// Until when something is awaited.
    pub until: String,
    /// Whether it has an effect, in a sentence.
    pub lead: &'static str,
    /// The rule's number, clause and words.
    pub quote: (String, String),
    /// What was proposed: words and values.
    pub facts: Vec<(&'static str, String)>,
    /// What it rests on: words and the page.
    pub ground: (String, String),
    /// What was said, the earliest first.
    pub steps: Vec<StepView>,
    /// What can be done; `None` for whoever only looks, and when nothing can.
    pub forms: Option<LineForms>,
}

/// What the desk can do about a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineForms {
    /// Where the forms go.
    pub action: String,
    /// An answer on paper can be noted.
    pub reply: bool,
    /// It can be confirmed by the viewer.
    pub confirm: bool,
    /// What confirming it still lacks.
    pub missing: Vec<String>,
    /// An appeal on paper can be noted.
    pub appeal: bool,
    /// The appeal can be heard by the viewer.
    pub hear: bool,
    /// It can be withdrawn.
    pub withdraw: bool,
    /// What was typed and not taken.
    pub typed: LineForm,
}

/// What the forms of a line, and those that propose one, send.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct LineForm {
    /// Which step.
    pub act: String,
    /// Of a proposal: 条文号.
    pub rule: String,
    /// Of a proposal: the last day for the worker's answer.
    pub reply_by: String,
    /// Of a hearing: `reversed`, or `upheld`.
    pub heard: String,
    /// The words.
    pub words: String,
}

impl LineForms {
    /// What was typed into a form.
    #[must_use]
    pub fn words_of(&self, act: &str) -> &str {
        if self.typed.act == act { &self.typed.words } else { "" }
    }
}

/// 可拟事项 – what the adopted rules let a person propose, and why the rest is not offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffersView {
    /// Every rule there is.
    pub rules: Vec<OfferLine>,
    /// Lines that were proposed already: words and page.
    pub lines: Vec<(String, String)>,
    /// The form; `None` for whoever only looks, and where nothing is offered.
    pub form: Option<OfferForm>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferLine {
    /// 条文号.
    pub rule: String,
    /// Clause and words.
    pub quote: String,
    /// What it would be, and what it amounts to.
    pub what: String,
    /// Why it is not offered; `None`: it is.
    pub why_not: Option<String>,
}

/// The form that proposes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferForm {
    /// Where it goes.
    pub action: String,
    /// The rules offered: number and words.
    pub rules: Vec<(String, String)>,
    /// The last day for the worker's answer as offered or typed, the first and the last that may be chosen.
    pub days: (String, String, String),
    /// What was typed and not taken.
    pub typed: LineForm,
}

/// 完成情况表 – one worker, one closed period.
#[derive(Clone, Debug, Template)]
#[template(path = "completion.html")]
pub struct CompletionPage {
    /// The frame.
    pub shell: Shell,
    /// Back to the staff.
    pub back: String,
    /// Where.
    pub place: String,
    /// Whose.
    pub worker: String,
    /// The closed periods: words, page, and whether it is this one.
    pub periods: Vec<(String, String, bool)>,
    /// The figures: words and values; empty where no period was closed, or he was responsible for no grid.
    pub figures: Vec<(&'static str, String)>,
    /// Whether nothing was left, or why there is nothing to show; in a sentence.
    pub lead: String,
    /// What can be proposed.
    pub offers: OffersView,
}

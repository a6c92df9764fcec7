//! 专项 – questions a community adds to its visits: the list, one of them, and its answers for a department.

use askama::Template;

use super::question_form::{ExportForm, Wrong};
use super::shell::Shell;

/// The list.
#[derive(Clone, Debug, Template)]
#[template(path = "questions.html")]
pub struct QuestionsPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// Where one is written; `None` for whoever only looks.
    pub write: Option<String>,
    /// 进行中, 未开始, 已结束.
    pub parts: Vec<QuestionList>,
}

/// Questions that stand alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionList {
    /// How they stand.
    pub heading: &'static str,
    /// Said where there is none.
    pub empty: &'static str,
    /// The questions; of those over the latest first.
    pub rows: Vec<QuestionLine>,
}

/// One question of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionLine {
    /// Its page.
    pub href: String,
    /// Its words.
    pub words: String,
    /// Who wants to know.
    pub department: String,
    /// First and last day.
    pub days: String,
    /// Who is asked.
    pub asked_of: String,
    /// The period the figures are of.
    pub period: String,
    /// How far it is.
    pub figures: Figures,
}

/// 应问 = 已答 + 未问 + 未访, in households.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// 应问.
    pub asked: u32,
    /// 已答.
    pub answered: u32,
    /// 见面未问.
    pub not_asked: u32,
    /// 未访.
    pub open: u32,
}

/// One question.
#[derive(Clone, Debug, Template)]
#[template(path = "question.html")]
pub struct QuestionPage {
    /// The frame.
    pub shell: Shell,
    /// Back to the list.
    pub back: String,
    /// Where.
    pub place: String,
    /// Its words.
    pub words: String,
    /// Open, to come or over.
    pub stands: &'static str,
    /// Who wants it, what for, on what basis, and how it is asked: words and values.
    pub facts: Vec<(&'static str, String)>,
    /// The period shown.
    pub period: String,
    /// Each grid's figures, in the order grids stand.
    pub grids: Vec<(String, Figures)>,
    /// Of the community.
    pub total: Figures,
    /// The spread of answers: the answer and how often, as far as the viewer is told; empty for days and texts.
    pub spread: Vec<(String, String)>,
    /// What is to be known of the spread.
    pub spread_note: String,
    /// Where the answers are handed on; `None` for whoever only looks.
    pub export: Option<String>,
    /// How it is closed; `None` for whoever only looks, and where it is over.
    pub close: Option<CloseView>,
    /// Where a new one is written from this one.
    pub anew: Option<String>,
}

/// The form that closes a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloseView {
    /// Where it goes.
    pub action: String,
    /// The first and the last day that can be given.
    pub days: (String, String),
    /// The first day it is not asked, as offered or typed.
    pub on: String,
    /// Why, as typed.
    pub reason: String,
    /// What is wrong, at its field: `on`, `reason`, `sure`.
    pub wrong: Wrong,
}

/// Where its answers are handed on.
#[derive(Clone, Debug, Template)]
#[template(path = "question_export.html")]
pub struct ExportPage {
    /// The frame.
    pub shell: Shell,
    /// Back to the question.
    pub back: String,
    /// Its words.
    pub words: String,
    /// How many answers there are, in words.
    pub count: String,
    /// Where the form goes.
    pub action: String,
    /// The same page, to keep the columns in its address.
    pub here: String,
    /// What its address carries on beside the columns.
    pub carried: Vec<(&'static str, String)>,
    /// Each column: its code and what it is.
    pub columns: Vec<(&'static str, &'static str)>,
    /// The headings as they will stand, from left to right; empty while they cannot.
    pub headings: Vec<String>,
    /// What was typed.
    pub form: ExportForm,
    /// What is wrong, at its field.
    pub wrong: Wrong,
}

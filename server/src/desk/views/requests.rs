//! 诉求 – what residents asked for, and what is done about it.

use askama::Template;

use super::household::Note;
use super::list::Tab;
use super::shell::Shell;

/// The list.
#[derive(Clone, Debug, Template)]
#[template(path = "requests.html")]
pub struct RequestsPage {
    /// The frame.
    pub shell: Shell,
    /// Where, and which of them.
    pub heading: String,
    /// How many, in words.
    pub count: String,
    /// 待办, 逾期, 待告知, 已办结, each with its number.
    pub tabs: Vec<Tab>,
    /// One page of them.
    pub rows: Vec<RequestLine>,
    /// Where words are asked for; `None` where they are shown, or are not for the viewer.
    pub reveal: Option<String>,
    /// `第 2 页,共 3 页`.
    pub page: Option<String>,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

/// One request of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestLine {
    /// Its page.
    pub href: String,
    /// Where.
    pub address: String,
    /// 诉求 or 隐患.
    pub kind: &'static str,
    /// The day of the visit.
    pub on: String,
    /// What was asked for.
    pub words: Note,
    /// Where it stands, and with whom.
    pub stands: String,
    /// The last day; empty where none was set.
    pub due: String,
    /// 逾期, 待告知 – what has to be seen first.
    pub mark: Option<&'static str>,
}

/// One request.
#[derive(Clone, Debug, Template)]
#[template(path = "request.html")]
pub struct RequestPage {
    /// The frame.
    pub shell: Shell,
    /// Back to the list.
    pub back: String,
    /// Grid and who answers for it.
    pub place: String,
    /// Where.
    pub address: String,
    /// The household's page.
    pub household: String,
    /// 诉求 or 隐患.
    pub kind: &'static str,
    /// When and by whom it was noted.
    pub noted: String,
    /// What was asked for.
    pub words: Note,
    /// 期望, or the place of a danger.
    pub more: Note,
    /// Whether that is a place.
    pub hazard: bool,
    /// Where it stands, and with whom.
    pub stands: String,
    /// The last day, in words; empty where none was set.
    pub due: String,
    /// 逾期, 待告知.
    pub mark: Option<&'static str>,
    /// What was done, the earliest first.
    pub steps: Vec<StepView>,
    /// What can be done; `None` for whoever only looks.
    pub forms: Option<RequestForms>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// The day.
    pub on: String,
    /// The time of day.
    pub at: String,
    /// What was done, and with whom.
    pub what: String,
    /// Who says so.
    pub by: String,
    /// In what words.
    pub words: Note,
}

/// What the lead can do about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestForms {
    /// Where the forms go.
    pub action: String,
    /// Workers who are there: id and name.
    pub workers: Vec<(String, String)>,
    /// The first and the last day that can be set.
    pub days: (String, String),
    /// The step that comes next: its form stands open.
    pub next: &'static str,
    /// It can be handled.
    pub handle: bool,
    /// There is something to tell.
    pub tell: bool,
    /// It can be closed.
    pub close: bool,
    /// Closing has to say why.
    pub close_says_why: bool,
    /// What was typed and not taken.
    pub typed: TypedStep,
}

/// What was typed and not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedStep {
    /// Which form.
    pub act: String,
    /// The worker chosen.
    pub worker: String,
    /// The unit named.
    pub office: String,
    /// The last day.
    pub due: String,
    /// The words.
    pub words: String,
}

impl RequestForms {
    /// Whether a form stands open: the one that was not taken, else the one that comes next.
    #[must_use]
    pub fn is_open(&self, act: &str) -> bool {
        if self.typed.act.is_empty() { self.next == act } else { self.typed.act == act }
    }

    /// What was typed into a form.
    #[must_use]
    pub fn words_of(&self, act: &str) -> &str {
        if self.typed.act == act { &self.typed.words } else { "" }
    }
}

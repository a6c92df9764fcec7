//! 抽查 – draws, the sheet for whoever asks again, what came of it.

use askama::Template;
use serde::Deserialize;

use super::findings::AskView;
use super::period::PeriodSwitch;
use super::shell::Shell;

/// Every draw of a community.
#[derive(Clone, Debug, Template)]
#[template(path = "spot_checks.html")]
pub struct SpotChecksPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// The switch: of which period is drawn.
    pub periods: PeriodSwitch,
    /// Where the form goes.
    pub action: String,
    /// Whether the viewer may draw.
    pub decides: bool,
    /// How many could be drawn of the period: visits and deductions.
    pub framed: String,
    /// The id a draw by this form has.
    pub id: String,
    /// What a form would draw.
    pub size: String,
    /// Whether by signals.
    pub by_signals: bool,
    /// The latest first.
    pub rows: Vec<DrawRowView>,
}

/// One draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawRowView {
    /// When.
    pub on: String,
    /// Its page.
    pub href: String,
    /// Of which period.
    pub period: String,
    /// 随机, 按线索.
    pub method: &'static str,
    /// 12 of 480.
    pub drawn: String,
    /// 9 asked, 8 told.
    pub asked: String,
    /// Contradictions, with the interval of their share; empty before anybody told anything.
    pub contradicted: String,
}

/// One draw with what came of it.
#[derive(Clone, Debug, Template)]
#[template(path = "spot_check.html")]
pub struct SpotCheckPage {
    /// The frame.
    pub shell: Shell,
    /// Where and of which period.
    pub place: String,
    /// All draws.
    pub back: String,
    /// How it was drawn, in a sentence.
    pub lead: &'static str,
    /// The blind sheet, to be printed.
    pub sheet: String,
    /// Where answers go.
    pub action: String,
    /// Whether the viewer may enter answers.
    pub decides: bool,
    /// How it was drawn: words and values.
    pub method: Vec<(String, String)>,
    /// Whether the frame is still what was drawn from; said, because late entries change it honestly.
    pub frame_now: String,
    /// What was drawn, as doors are walked.
    pub items: Vec<SpotItem>,
    /// By claim, the sum last.
    pub agreement: Vec<AgreementRow>,
    /// Who disagrees honestly: of those asked twice.
    pub twice: String,
    /// Answers to choose from: code and words.
    pub answers: Vec<(String, String)>,
    /// The last day a phone may be given: the one offered, the first, the last.
    pub task_days: (String, String, String),
}

/// What a form of the page sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct SpotForm {
    /// The id the draw is to have.
    pub id: String,
    /// `lot` or `signals`.
    pub method: String,
    /// How many to draw.
    pub size: String,
    /// Which of the draw, from 0.
    pub nth: String,
    /// 1 or 2.
    pub round: String,
    /// The answer's code.
    pub answer: String,
    /// `phone`, or at the door.
    pub how: String,
    /// The day.
    pub on: String,
    /// The worker who asked, by id; empty for somebody of the office.
    pub checker: String,
    /// `give` or `take-back` of a task, `ask` of the worker; empty for an answer.
    pub act: String,
    /// Of a task: the last day.
    pub due: String,
    /// Of a question to the worker: the last day for his account.
    pub reply_by: String,
    /// The question.
    pub words: String,
}

/// One thing drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpotItem {
    /// Its number on the sheet, from 1.
    pub number: String,
    /// From 0.
    pub nth: String,
    /// Where.
    pub address: String,
    /// The household's page.
    pub href: String,
    /// 已访, or the kind of deduction.
    pub claim: String,
    /// What was answered, by round; empty words before.
    pub rounds: Vec<SpotRound>,
    /// The evidence card, of a record drawn by signals.
    pub card: Option<String>,
    /// Who may ask here: id and name.
    pub checkers: Vec<(String, String)>,
    /// The finding about the record: its page and where it stands.
    pub finding: Option<String>,
    /// The worker may be asked for his account: what the form offers.
    pub ask: Option<AskView>,
}

/// One time of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpotRound {
    /// 1 or 2.
    pub round: String,
    /// What came of it; empty before.
    pub said: String,
    /// Whether it contradicts the record.
    pub contradicts: bool,
    /// Whose phone was asked to, until when; empty where none was.
    pub task: String,
    /// What a phone brought, to be held against the record; empty before.
    pub brought: String,
    /// What the form holds: typed and refused, or as a phone brought it.
    pub form: SpotForm,
    /// Whether the form stands open.
    pub open: bool,
    /// Whether the form that gives it to a phone stands open.
    pub giving: bool,
}

/// One row of the table of agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementRow {
    /// Of what.
    pub claim: String,
    /// Drawn.
    pub drawn: u32,
    /// Asked.
    pub asked: u32,
    /// Said something either way.
    pub told: u32,
    /// Contradicted.
    pub contradicted: u32,
    /// The share with its interval.
    pub share: String,
}

/// 依据卡 – why a record was put up, with what speaks for an innocent reading; no score on top, no worker by name.
#[derive(Clone, Debug, Template)]
#[template(path = "spot_card.html")]
pub struct CardPage {
    /// The frame.
    pub shell: Shell,
    /// The door.
    pub address: String,
    /// Back to the draw.
    pub back: String,
    /// 一、记录了什么.
    pub facts: Vec<String>,
    /// 二 to 四, once per signal.
    pub points: Vec<PointView>,
    /// 五、没有的依据.
    pub missing: Vec<String>,
    /// Model and inputs, so that the card can be made again.
    pub made_from: String,
}

/// Why there is no card, and the way back.
#[derive(Clone, Debug, Template)]
#[template(path = "spot_no_card.html")]
pub struct NoCardPage {
    /// The frame.
    pub shell: Shell,
    /// Back to the draw.
    pub back: String,
    /// Why.
    pub why: &'static str,
}

/// One signal on a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointView {
    /// Its name.
    pub name: String,
    /// Weak, moderate or strong, with the number behind.
    pub strength: String,
    /// What is unusual and compared with what.
    pub unusual: String,
    /// Innocent readings, each with what would show it.
    pub innocent: Vec<(String, String)>,
    /// What would settle it.
    pub settled_by: String,
    /// Whether it is about a whole quarter and not this record alone.
    pub about_the_quarter: bool,
}

/// 复访表 – blind: no earlier answer, no date, no name.
#[derive(Clone, Debug, Template)]
#[template(path = "spot_sheet.html")]
pub struct SpotSheet {
    /// The frame.
    pub shell: Shell,
    /// Where and of which period.
    pub place: String,
    /// Back to the draw.
    pub back: String,
    /// Seed and method, in one line.
    pub method: String,
    /// One row a door: number, address, whether it is asked twice.
    pub rows: Vec<(String, String, bool)>,
}

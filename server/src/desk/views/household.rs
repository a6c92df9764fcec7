//! 一户的记录 – everything recorded about one household, oldest last. Looking at it is logged.

use askama::Template;

use super::list::Tab;
use super::shell::Shell;
use super::state::StateMark;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "household.html")]
pub struct HouseholdPage {
    /// The frame.
    pub shell: Shell,
    /// 地址.
    pub address: String,
    /// 第3网格 · 王敏.
    pub place: String,
    /// 重点户, 空户.
    pub marks: Vec<String>,
    /// Its state in the period, if due.
    pub state: Option<StateMark>,
    /// The period's name.
    pub period: String,
    /// Back to the list it was opened from.
    pub back: String,
    /// Who has seen it.
    pub seen: String,
    /// Where a request of the resident about this record is noted.
    pub rights: String,
    /// Masked, or shown for a reason.
    pub reveal: Reveal,
    /// 成员.
    pub members: Vec<MemberView>,
    /// 户情; `None` of an empty flat.
    pub record: Option<String>,
    /// What happened, newest first.
    pub events: Vec<EventView>,
    /// 诉求, 隐患.
    pub requests: Vec<RequestView>,
    /// What the viewer may decide here; `None` who only looks.
    pub decide: Option<DecideView>,
}

/// 办理 – what a lead may decide about a household on its page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecideView {
    /// Where the forms go.
    pub action: String,
    /// 三次未遇 – the deduction that can be rejected while the period is open.
    pub deducted: Option<String>,
    /// Whether it is a key household; `None` of an empty flat.
    pub key: Option<bool>,
    /// Today: no day after it can be set for what happened.
    pub today: String,
    /// The last day until which a household can ask not to be called on.
    pub quiet_until: String,
    /// What was typed and not taken.
    pub typed: TypedDecision,
}

/// What was typed and not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedDecision {
    /// Which form.
    pub act: String,
    /// The day.
    pub on: String,
    /// The door or the household named.
    pub other: String,
    /// Why.
    pub reason: String,
}

impl DecideView {
    /// Whether a form stands open: the one that was not taken.
    #[must_use]
    pub fn is_open(&self, act: &str) -> bool {
        self.typed.act == act
    }

    /// The day typed into a form.
    #[must_use]
    pub fn on_of(&self, act: &str) -> &str {
        if self.is_open(act) { &self.typed.on } else { "" }
    }

    /// The door or household typed into a form.
    #[must_use]
    pub fn other_of(&self, act: &str) -> &str {
        if self.is_open(act) { &self.typed.other } else { "" }
    }

    /// The reason typed into a form.
    #[must_use]
    pub fn reason_of(&self, act: &str) -> &str {
        if self.is_open(act) { &self.typed.reason } else { "" }
    }
}

/// Whether personal words are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reveal {
    /// Masked; the form that asks for a reason leads here.
    Masked {
        /// Where the form goes.
        action: String,
        /// The reasons there are: code and words.
        reasons: Vec<Tab>,
    },
    /// Shown, and logged with this reason.
    Shown {
        /// Its words.
        reason: String,
    },
}

/// One member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberView {
    /// Name: masked unless revealed.
    pub name: String,
    /// 与户主关系.
    pub relation: String,
    /// Telephone: masked unless revealed.
    pub phone: String,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventView {
    /// The stated day.
    pub on: String,
    /// The time of day, or that it is not known.
    pub at: String,
    /// What: 见面(门口), 入住, 撤回…
    pub what: String,
    /// Class of its mark.
    pub class: &'static str,
    /// Who.
    pub by: String,
    /// 补录, 代访, 更正…
    pub marks: Vec<String>,
    /// Whether it no longer holds: struck through, never removed.
    pub struck: bool,
    /// 2026-07-05 18:10 收到.
    pub received: String,
    /// 计入 2026Q3.
    pub counts_in: String,
    /// Free words.
    pub note: Note,
}

/// The free words of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// There are none.
    None,
    /// There are, masked.
    Hidden,
    /// There are, shown.
    Shown(String),
    /// They were erased by decision.
    Erased,
}

/// One request or hazard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestView {
    /// The day it was noticed.
    pub on: String,
    /// 诉求 or 隐患: its words, masked unless revealed.
    pub words: Note,
    /// 办结, 交办…
    pub step: String,
    /// Its own page; `None` for what was solved on the spot.
    pub href: Option<String>,
}

//! 规定 – what a community adopted of the rule texts, in the rules' own words, and what is left open, held or not taken.

use askama::Template;

use super::shell::Shell;

/// The communities of a place, each with what it adopted.
#[derive(Clone, Debug, Template)]
#[template(path = "policies.html")]
pub struct PoliciesPage {
    /// The frame.
    pub shell: Shell,
    /// One row per community.
    pub rows: Vec<PoliciesRow>,
}

/// One community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoliciesRow {
    /// Where.
    pub place: String,
    /// Its rules.
    pub href: String,
    /// 试行, or by whom and from when.
    pub standing: String,
    /// Settings in force.
    pub in_force: usize,
    /// Settings adopted that wait for something.
    pub waiting: usize,
}

/// The rules of one community.
#[derive(Clone, Debug, Template)]
#[template(path = "policy.html")]
pub struct PolicyPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// 试行, or by whom, by which document and from when; and what follows from it.
    pub standing: Vec<String>,
    /// The adoption file, where something was adopted.
    pub file: Option<String>,
    /// Where the file is edited as a whole, for whoever adopts.
    pub edit: Option<String>,
    /// The texts something is taken of, then the others.
    pub texts: Vec<TextView>,
    /// 法律冲突.
    pub holds: Vec<HoldView>,
    /// 待裁定.
    pub questions: Vec<OpenView>,
    /// 服务对象类别.
    pub categories: Vec<CategoryView>,
    /// What was adopted when, the latest first.
    pub history: Vec<AdoptionView>,
}

/// One rule text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextView {
    /// Its title.
    pub title: String,
    /// Its id, and how many of its settings are adopted.
    pub about: String,
    /// Whether something is taken of it.
    pub is_taken: bool,
    /// Where more of it is adopted.
    pub adopt: Option<String>,
    /// Its settings, in the order of their names.
    pub rows: Vec<SettingView>,
}

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingView {
    /// The part and the key.
    pub field: String,
    /// The value, as the text writes it.
    pub value: String,
    /// The rules in their words; what it is where there is none.
    pub quotes: Vec<String>,
    /// Whether it has an effect, and why not.
    pub state: String,
    /// Whether it has one.
    pub in_force: bool,
    /// By whom, by which document, from when, and who changed the value why.
    pub by: Vec<String>,
}

/// One legal hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldView {
    /// `L-7`.
    pub id: String,
    /// What it is about.
    pub about: String,
    /// The law in force.
    pub law: String,
    /// The rules it stands on.
    pub rules: String,
    /// By which document it was lifted.
    pub lifted: Option<String>,
    /// Where it is lifted.
    pub release: Option<String>,
}

/// One open question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenView {
    /// `X-06`.
    pub id: String,
    /// Its words.
    pub question: String,
    /// What may be chosen, each with whether it was.
    pub options: Vec<(String, bool)>,
    /// Where it is settled.
    pub decide: Option<String>,
}

impl OpenView {
    /// Whether something was chosen.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.options.iter().any(|option| option.1)
    }
}

/// One category of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryView {
    /// Its name.
    pub name: String,
    /// The basis, the organ and the document; `None` where its marks are not kept.
    pub basis: Option<String>,
    /// Where it is confirmed.
    pub confirm: Option<String>,
}

/// One adoption that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptionView {
    /// The day.
    pub on: String,
    /// The time of day.
    pub at: String,
    /// Who recorded it.
    pub by: String,
    /// What it changed.
    pub changes: Vec<String>,
}

/// 采用 – one thing about to be adopted: its words, what is asked, and what it would amount to.
#[derive(Clone, Debug, Template)]
#[template(path = "adopt.html")]
pub struct AdoptPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// Back to the rules.
    pub back: String,
    /// What it is about.
    pub heading: String,
    /// What it means.
    pub lead: String,
    /// The words it is about.
    pub quotes: Vec<String>,
    /// Where the form goes.
    pub action: String,
    /// Parts of a text, or options of a question.
    pub choices: Option<ChoicesView>,
    /// What is typed.
    pub fields: Vec<FieldView>,
    /// Other communities it can be adopted for at once: id, name, whether chosen.
    pub others: Vec<(String, String, bool)>,
    /// What it would amount to.
    pub trial: Option<TrialView>,
}

/// Things to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoicesView {
    /// The name of the field.
    pub name: &'static str,
    /// What is chosen.
    pub legend: String,
    /// Several, or one.
    pub several: bool,
    /// Value, words, whether it is chosen.
    pub rows: Vec<(String, String, bool)>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldView {
    /// Its name.
    pub name: &'static str,
    /// Its label.
    pub label: String,
    /// How it is filled in; empty where that is plain.
    pub hint: String,
    /// What was typed.
    pub value: String,
    /// Which kind: `text`, `date` or `area`.
    pub kind: &'static str,
    /// Whether it must be filled in.
    pub required: bool,
}

/// 试算 – what would be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialView {
    /// Each community with what changes there, or with what stands against it.
    pub communities: Vec<TriedView>,
    /// What goes on with the form that adopts; empty where it cannot be.
    pub hidden: Vec<(String, String)>,
    /// Whether it can be adopted.
    pub can: bool,
    /// The reason typed.
    pub reason: String,
}

/// What it would amount to in one community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedView {
    /// Which.
    pub name: String,
    /// What changes.
    pub changes: Vec<String>,
    /// What stands against it.
    pub problems: Vec<String>,
}

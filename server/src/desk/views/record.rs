//! 户情 – the fields of a household, each with who said so and when; opened for a reason, they can be corrected.

use askama::Template;

use super::household::Reveal;
use super::shell::Shell;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "record.html")]
pub struct RecordPage {
    /// The frame.
    pub shell: Shell,
    /// Back to the household.
    pub back: String,
    /// 地址.
    pub address: String,
    /// 第3网格.
    pub place: String,
    /// Corrected for a resident's request.
    pub for_case: bool,
    /// Masked, or shown for a reason.
    pub reveal: Reveal,
    /// 两人同时修改 – what stands side by side until a person chooses.
    pub conflicts: Vec<ConflictView>,
    /// The household as a whole, then every member.
    pub sections: Vec<RecordSection>,
    /// Who left the household.
    pub gone: Vec<RecordSection>,
    /// What the corrections are sent with; `None` where nothing can be corrected.
    pub form: Option<RecordForm>,
}

/// A field that was changed apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictView {
    /// Whose field, and which.
    pub label: String,
    /// Its name in the document.
    pub key: String,
    /// The values side by side.
    pub values: Vec<SideView>,
    /// Why what was chosen or typed was not taken.
    pub problem: Option<String>,
}

/// One of several values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SideView {
    /// As it is shown.
    pub shown: String,
    /// As it is sent.
    pub text: String,
    /// Who wrote it and when.
    pub said: String,
    /// Chosen already.
    pub chosen: bool,
}

/// The household as a whole, or one member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordSection {
    /// 住户, or the member as it is shown.
    pub title: String,
    /// 户主, 新成员.
    pub tags: Vec<String>,
    /// Its fields.
    pub lines: Vec<RecordLine>,
    /// 服务对象 – the forms of its categories.
    pub forms: Vec<FormView>,
    /// What is said instead of forms that are not shown; empty where there are none.
    pub kept_back: String,
    /// 列入类别 – the categories it could be put into.
    pub add: Option<AddView>,
}

/// One category's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormView {
    /// Its name.
    pub title: String,
    /// What it is for, on what basis, for whom.
    pub why: String,
    /// Its fields.
    pub lines: Vec<RecordLine>,
}

/// 列入类别.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddView {
    /// Of whom.
    pub person: String,
    /// Id and name of each.
    pub categories: Vec<(String, String)>,
}

/// One field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordLine {
    /// Its name in the document.
    pub key: String,
    /// Its label.
    pub label: String,
    /// Its value as it is shown; empty where there is none.
    pub value: String,
    /// Who wrote it and when, and when it was confirmed.
    pub said: String,
    /// 应复核.
    pub again: bool,
    /// 敏感.
    pub sensitive: bool,
    /// What stood there before: value, who and when. The latest first.
    pub earlier: Vec<(String, String)>,
    /// Where it can be corrected.
    pub input: Option<FieldInput>,
    /// What is wrong with what was typed.
    pub problem: Option<String>,
}

/// An input of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldInput {
    /// Of what kind.
    pub kind: InputKind,
    /// What stands in it.
    pub now: String,
    /// What stood in it when the form was made.
    pub was: String,
}

/// What an input takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// At most so many signs.
    Text(u16),
    /// A telephone number.
    Phone,
    /// A whole day.
    Date,
    /// A day, a month or a year.
    PartDate,
    /// A whole number between two.
    Number(i64, i64),
    /// One of these, by id.
    Choice(Vec<(String, String)>),
}

/// What the corrections are sent with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordForm {
    /// Where they go.
    pub action: String,
    /// The reason it was opened for.
    pub reason: String,
    /// 依据 – on whose word: code and words.
    pub sources: Vec<(&'static str, String)>,
    /// The one chosen.
    pub source: String,
    /// What was not taken of fields that are not shown any more.
    pub unplaced: Vec<String>,
}

impl RecordForm {
    /// Whether a source is the one chosen.
    #[must_use]
    pub fn is_chosen(&self, code: &str) -> bool {
        self.source == code
    }
}

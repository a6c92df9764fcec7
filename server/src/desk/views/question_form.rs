//! 开设专项 – what the form sends, the form itself, and the page that shows what would be asked.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::shell::Shell;

/// What is wrong, by the field it stands at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wrong(pub BTreeMap<&'static str, String>);

/// What the form of a question sends; everything as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuestionForm {
    /// The id the question is to have, made when the form was shown: sent twice, it is one question.
    pub id: String,
    /// Its words in Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// 提问部门.
    pub department: String,
    /// 目的.
    pub purpose: String,
    /// 依据.
    pub basis: String,
    /// `everyone`, `key`, `category` or `grids`.
    pub who: String,
    /// A category's id.
    pub category: String,
    /// Ids of grids.
    pub grids: BTreeSet<String>,
    /// `yes-no`, `choice`, `number`, `date` or `text`.
    pub kind: String,
    /// One choice a line; its English behind a bar.
    pub choices: String,
    /// Smallest number.
    pub min: String,
    /// Largest number.
    pub max: String,
    /// Most signs of a text.
    pub length: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// `quarter` or `month`.
    pub per: String,
    /// Anything: the last answer is to be offered.
    pub prefill: String,
}

/// The form.
#[derive(Clone, Debug, Template)]
#[template(path = "question_form.html")]
pub struct QuestionFormPage {
    /// The frame.
    pub shell: Shell,
    /// Back to the list.
    pub back: String,
    /// Where.
    pub place: String,
    /// Where it goes.
    pub action: String,
    /// The first day that can be given.
    pub today: String,
    /// The categories the organ confirmed: id and words.
    pub categories: Vec<(String, String)>,
    /// The grids: id and name.
    pub grids: Vec<(String, String)>,
    /// What was typed.
    pub form: QuestionForm,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What would be asked, before it is.
#[derive(Clone, Debug, Template)]
#[template(path = "question_preview.html")]
pub struct PreviewPage {
    /// The frame.
    pub shell: Shell,
    /// Where.
    pub place: String,
    /// Where the form goes.
    pub action: String,
    /// The form's fields as they were typed, carried on.
    pub fields: Vec<(&'static str, String)>,
    /// As it stands on the worker's screen.
    pub screen: ScreenView,
    /// Who asks, what for, of whom and when: words and values.
    pub facts: Vec<(&'static str, String)>,
    /// Households asked, other questions beside it, touches: words and values.
    pub cost: Vec<(&'static str, String)>,
    /// What is to be known of that.
    pub notes: Vec<String>,
}

/// A question on the worker's screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScreenView {
    /// Its words.
    pub words: String,
    /// Its words in English; may be empty.
    pub en: String,
    /// The keys; empty where something is typed.
    pub keys: Vec<String>,
    /// What is typed; empty where there are keys.
    pub field: String,
    /// Who asks, what for and on what basis, as it stands below.
    pub why: String,
}

/// What the form of an export sends, and what the page's address keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportForm {
    /// 接收单位.
    pub to: String,
    /// 用途.
    pub purpose: String,
    /// 依据.
    pub basis: String,
    /// `xlsx` or `csv`.
    pub format: String,
    /// By a column's code: its place from left to right, and its heading.
    pub columns: BTreeMap<String, (String, String)>,
}

impl Wrong {
    /// Notes what is wrong at a field; the first stands.
    pub fn at(&mut self, field: &'static str, words: impl Into<String>) {
        self.0.entry(field).or_insert_with(|| words.into());
    }

    /// What is wrong at a field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// Whether nothing is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl QuestionForm {
    /// From the fields a browser sends; what the form does not know is passed over.
    #[must_use]
    pub fn of(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            if name == "grid" {
                form.grids.insert(value);
            } else if let Some((_, place)) = form.singles().into_iter().find(|(known, _)| *known == name) {
                *place = value;
            }
        }
        form
    }

    /// The fields as a browser would send them again.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let mut copy = self.clone();
        let singles = copy.singles().map(|(name, value)| (name, value.clone()));
        let grids = self.grids.iter().map(|grid| ("grid", grid.clone()));
        singles.into_iter().chain(grids).filter(|(_, value)| !value.is_empty()).collect()
    }

    fn singles(&mut self) -> [(&'static str, &mut String); 17] {
        [
            ("id", &mut self.id),
            ("zh", &mut self.zh),
            ("en", &mut self.en),
            ("department", &mut self.department),
            ("purpose", &mut self.purpose),
            ("basis", &mut self.basis),
            ("who", &mut self.who),
            ("category", &mut self.category),
            ("kind", &mut self.kind),
            ("choices", &mut self.choices),
            ("min", &mut self.min),
            ("max", &mut self.max),
            ("length", &mut self.length),
            ("from", &mut self.from),
            ("until", &mut self.until),
            ("per", &mut self.per),
            ("prefill", &mut self.prefill),
        ]
    }
}

impl ExportForm {
    /// From the fields a browser sends: `place-…` and `head-…` by the column's code.
    #[must_use]
    pub fn of(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            if let Some(code) = name.strip_prefix("place-") {
                form.columns.entry(code.to_owned()).or_default().0 = value;
            } else if let Some(code) = name.strip_prefix("head-") {
                form.columns.entry(code.to_owned()).or_default().1 = value;
            } else {
                match name.as_str() {
                    "to" => form.to = value,
                    "purpose" => form.purpose = value,
                    "basis" => form.basis = value,
                    "format" => form.format = value,
                    _ => {}
                }
            }
        }
        form
    }

    /// Whether a column was given a place.
    #[must_use]
    pub fn is_at(&self, code: &str, place: &str) -> bool {
        self.columns.get(code).is_some_and(|(typed, _)| typed == place)
    }

    /// A column's heading as typed.
    #[must_use]
    pub fn heading(&self, code: &str) -> &str {
        self.columns.get(code).map_or("", |(_, heading)| heading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_preview_carries_on_is_what_was_typed() {
        let typed = [("zh", "有燃气吗"), ("grid", "a"), ("grid", "b"), ("kind", "yes-no"), ("lost", "x")];
        let form = QuestionForm::of(typed.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        assert_eq!(form.grids.len(), 2);
        let again = form.fields().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        assert_eq!(QuestionForm::of(again), form);
    }
}

//! Words of a question: who is asked, what can be answered, when.

use ruhu_core::category::{CategoryForms, CategoryId};
use ruhu_core::question::{AnswerKind, AskedOf, ChoiceWords, Question};
use ruhu_core::time::Cadence;

use super::Scope;
use crate::desk::words::Lang;
use crate::office::spread::Bar;

/// Its words in the language of the page, where there are such.
pub(super) fn words(question: &Question, lang: Lang) -> &str {
    either(&question.zh, &question.en, lang)
}

pub(super) fn choice_words(choice: &ChoiceWords, lang: Lang) -> &str {
    either(&choice.zh, &choice.en, lang)
}

fn either<'a>(zh: &'a str, en: &'a str, lang: Lang) -> &'a str {
    if lang == Lang::En && !en.trim().is_empty() { en } else { zh }
}

pub(super) fn days_words(question: &Question, lang: Lang) -> String {
    lang.fill("questions.from-to", &[&question.from.to_string(), &question.until.to_string()])
}

pub(super) fn asked_of_words(question: &Question, scope: &Scope, lang: Lang) -> String {
    match &question.asked_of {
        AskedOf::Everyone => lang.t("questions.everyone").to_owned(),
        AskedOf::KeyHouseholds => lang.t("questions.key").to_owned(),
        AskedOf::WithCategory(category) => {
            lang.fill("questions.with", &[&category_words(&CategoryForms::shipped().ok(), category, lang)])
        }
        AskedOf::Grids(grids) => {
            let names: Vec<String> = grids.iter().map(|grid| scope.grid_name(*grid)).collect();
            names.join(lang.t("site.comma"))
        }
    }
}

/// The name of a category; its id where no form knows it.
pub(super) fn category_words(forms: &Option<CategoryForms>, category: &CategoryId, lang: Lang) -> String {
    let form = forms.as_ref().and_then(|forms| forms.form(category));
    form.map_or_else(|| category.to_string(), |form| either(&form.zh, &form.en, lang).to_owned())
}

pub(super) fn kind_words(kind: &AnswerKind, lang: Lang) -> String {
    match kind {
        AnswerKind::YesNo => lang.t("questions.yes-no").to_owned(),
        AnswerKind::Choice(choices) => {
            let all: Vec<&str> = choices.iter().map(|choice| choice_words(choice, lang)).collect();
            lang.fill("questions.one-of", &[&all.join(lang.t("site.comma"))])
        }
        AnswerKind::Number { min, max } => {
            lang.fill("questions.between", &[&min.to_string(), &max.to_string()])
        }
        AnswerKind::Date => lang.t("questions.date").to_owned(),
        AnswerKind::Text { max } => lang.fill("questions.text-of", &[&max.to_string()]),
    }
}

pub(super) const fn per_words(per: Cadence) -> &'static str {
    match per {
        Cadence::Quarter => "questions.quarter",
        Cadence::Month => "questions.month",
    }
}

pub(super) fn bar_words(bar: Bar, kind: &AnswerKind, lang: Lang) -> String {
    match bar {
        Bar::Yes => lang.t("questions.yes").to_owned(),
        Bar::No => lang.t("questions.no").to_owned(),
        Bar::Choice(nth) => {
            kind.choices().get(nth).map(|choice| choice_words(choice, lang).to_owned()).unwrap_or_default()
        }
        Bar::Numbers(first, last) if first == last => first.to_string(),
        Bar::Numbers(first, last) => lang.fill("questions.from-to", &[&first.to_string(), &last.to_string()]),
    }
}

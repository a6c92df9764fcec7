//! 户情的更正 – what is typed into a household's record: which inputs, what stood in them, what is wrong with them.

use std::collections::BTreeSet;

use ruhu_core::category::{CategoryField, CategoryForms};
use ruhu_core::category::{
    CategoryId, FieldKey, FieldType, FormField, MemberField, ProfileField, Scalar, TEXT_MAX, choice_label,
};
use ruhu_core::entry::EditSource;
use ruhu_core::ids::PersonId;

use crate::desk::views::{InputKind, RecordForm};
use crate::desk::words::Lang;
use crate::office::record::{Kept, Record, Typed, Wrong, WrongField, form_text};

/// The sources by their codes.
const SOURCES: [(EditSource, &str); 4] = [
    (EditSource::Resident, "resident"),
    (EditSource::Worker, "worker"),
    (EditSource::Papers, "papers"),
    (EditSource::Typing, "typing"),
];

/// What was typed so far; the default is an untouched form.
#[derive(Clone, Debug, Default)]
pub(in crate::desk) struct Form {
    /// The reason the record was opened for.
    pub(in crate::desk) reason: String,
    /// 依据 – the code chosen.
    pub(in crate::desk) source: String,
    /// What was typed.
    pub(in crate::desk) typed: Vec<Typed>,
    /// What was chosen where values stand side by side.
    pub(in crate::desk) kept: Vec<Kept>,
    /// What is wrong with it.
    pub(in crate::desk) wrong: Vec<Wrong>,
}

/// The source of a code.
pub(in crate::desk) fn source_of(code: &str) -> Option<EditSource> {
    SOURCES.iter().find(|one| one.1 == code).map(|one| one.0)
}

/// A source in words.
pub(super) fn source_words(source: EditSource, lang: Lang) -> &'static str {
    match source {
        EditSource::Resident => lang.t("record.by-resident"),
        EditSource::Worker => lang.t("record.by-worker"),
        EditSource::Papers => lang.t("record.by-papers"),
        EditSource::Typing => lang.t("record.by-typing"),
    }
}

impl Form {
    /// What was typed into a field.
    pub(super) fn typed(&self, key: &str) -> Option<&Typed> {
        self.typed.iter().find(|one| one.key == key)
    }

    /// Every field that was typed into or is asked for.
    pub(super) fn keys(&self) -> impl Iterator<Item = FieldKey> {
        self.typed.iter().filter_map(|one| FieldKey::parse(&one.key).ok())
    }

    /// Who stands in the form and not yet in the record.
    pub(super) fn newcomers(&self, record: &Record) -> BTreeSet<PersonId> {
        let known = record.members();
        self.keys().filter_map(|key| key.person()).filter(|person| !known.contains(person)).collect()
    }

    /// 新成员 – asks for somebody who is not in the record yet.
    pub(in crate::desk) fn ask_for(&mut self, person: PersonId) {
        let key = FieldKey::Member(person, MemberField::Name).to_string();
        self.typed.push(Typed { key, ..Typed::default() });
    }

    /// 列入类别 – asks for the form of a category; nothing where there is no such category.
    pub(in crate::desk) fn ask_category(
        &mut self,
        forms: &CategoryForms,
        person: PersonId,
        category: &CategoryId,
    ) {
        let Some(first) = forms.form(category).and_then(|form| form.fields.first()) else { return };
        let of = CategoryField { category: category.clone(), field: first.id.clone() };
        let key = FieldKey::Category(person, of).to_string();
        if self.typed(&key).is_none() {
            self.typed.push(Typed { key, ..Typed::default() });
        }
    }

    /// Takes in why it was not saved. Who saves again has seen what somebody else wrote meanwhile.
    pub(in crate::desk) fn refuse(&mut self, wrong: Vec<Wrong>) {
        for one in &wrong {
            let WrongField::Changed(now) = &one.why else { continue };
            let typed = self.typed.iter_mut().filter(|typed| typed.key == one.key);
            typed.for_each(|typed| typed.was = now.as_ref().map(form_text).unwrap_or_default());
        }
        self.wrong = wrong;
    }

    /// What is wrong with a field, in words; `shown` is how its values are shown.
    pub(super) fn problem(&self, key: &str, shown: impl Fn(&Scalar) -> String, lang: Lang) -> Option<String> {
        let wrong = self.wrong.iter().find(|wrong| wrong.key == key)?;
        let typed = || self.typed(key).map(|typed| typed.now.as_str()).unwrap_or_default();
        Some(match &wrong.why {
            WrongField::Problem(problem) => lang.half(&problem.to_string()).to_owned(),
            WrongField::NameMissing => lang.t("record.name-missing").to_owned(),
            WrongField::Child => lang.t("record.child").to_owned(),
            WrongField::Changed(Some(now)) => lang.fill("record.changed-since", &[&shown(now)]),
            WrongField::Changed(None) => lang.t("record.emptied-since").to_owned(),
            WrongField::Apart if typed().is_empty() => lang.t("record.apart-since").to_owned(),
            WrongField::Apart => lang.fill("record.apart-typed", &[typed()]),
        })
    }

    /// As the page sends it; `placed` are the fields that say themselves what is wrong with them.
    pub(super) fn view(&self, action: &str, placed: &BTreeSet<String>, lang: Lang) -> RecordForm {
        let unplaced = self.wrong.iter().filter(|wrong| !placed.contains(&wrong.key));
        RecordForm {
            action: action.to_owned(),
            reason: self.reason.clone(),
            sources: SOURCES.map(|(source, code)| (code, source_words(source, lang).to_owned())).to_vec(),
            source: self.source.clone(),
            unplaced: unplaced
                .filter_map(|wrong| self.problem(&wrong.key, ToString::to_string, lang))
                .collect(),
        }
    }
}

/// A value in words: a choice by its name.
pub(super) fn words_of(of: Option<&FormField>, value: &Scalar, lang: Lang) -> String {
    let pick = |zh: &str, en: &str| match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    };
    match (value, of.map(|of| &of.kind)) {
        (Scalar::Bool(yes), _) => lang.t(if *yes { "questions.yes" } else { "questions.no" }).to_owned(),
        (Scalar::Str(id), Some(FieldType::Choice(choices))) => {
            let choice = choices.iter().find(|choice| choice.id == *id);
            choice.map_or_else(|| id.clone(), |choice| pick(&choice.zh, &choice.en))
        }
        (Scalar::Str(id), None) => choice_label(id).map_or_else(|| id.clone(), |(zh, en)| pick(zh, en)),
        (other, _) => other.to_string(),
    }
}

/// What a field's input takes; `members` are who can be head.
pub(super) fn input_kind(
    key: &FieldKey,
    of: Option<&FormField>,
    members: Vec<(String, String)>,
    lang: Lang,
) -> InputKind {
    let named = |choices: &[&str]| {
        let words = |id: &str| words_of(None, &Scalar::from(id), lang);
        InputKind::Choice(choices.iter().map(|id| ((*id).to_owned(), words(id))).collect())
    };
    if let Some(of) = of {
        return match &of.kind {
            FieldType::Text { max } => InputKind::Text(*max),
            FieldType::Date => InputKind::Date,
            FieldType::PartDate => InputKind::PartDate,
            FieldType::Number { min, max } => InputKind::Number(*min, *max),
            FieldType::YesNo => InputKind::Choice(
                [("true", lang.t("questions.yes")), ("false", lang.t("questions.no"))]
                    .map(|(id, words)| (id.to_owned(), words.to_owned()))
                    .to_vec(),
            ),
            FieldType::Choice(choices) => InputKind::Choice(
                choices
                    .iter()
                    .map(|choice| {
                        (choice.id.clone(), words_of(Some(of), &Scalar::from(choice.id.as_str()), lang))
                    })
                    .collect(),
            ),
        };
    }
    match key {
        FieldKey::Profile(ProfileField::Head) => InputKind::Choice(members),
        FieldKey::Profile(ProfileField::Phone | ProfileField::Phone2)
        | FieldKey::Member(_, MemberField::Phone) => InputKind::Phone,
        FieldKey::Member(_, MemberField::Birth | MemberField::Joined | MemberField::Left) => {
            InputKind::PartDate
        }
        FieldKey::Member(_, MemberField::Name) => InputKind::Text(50),
        FieldKey::Member(_, MemberField::Relation) => InputKind::Text(20),
        _ => key.choices().map_or(InputKind::Text(TEXT_MAX), named),
    }
}

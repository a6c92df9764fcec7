//! 字段 – the fields of the household's document as a form shows them: label, kind, choices.

use ruhu_core::category::{
    CategoryForms, FieldKey, FieldType, FormField, MemberField, ProfileField, Scalar, choice_label,
};
use ruhu_core::fieldbook::mask_value;

use crate::view::{Choice, FieldKind, FieldView};

/// The fields of the household as a whole that a form offers.
pub(crate) fn profile_keys() -> impl Iterator<Item = String> {
    ProfileField::FORM.iter().map(|(field, ..)| format!("p/{}", field.name()))
}

/// The plain fields of a member that a form offers. Identity numbers are collected only where the organ turned them on.
pub(crate) fn member_keys(person: &str) -> impl Iterator<Item = String> + '_ {
    let plain = MemberField::FORM.iter().filter(|(field, ..)| !field.is_sensitive());
    plain.map(move |(field, ..)| format!("m/{person}/{}", field.name()))
}

/// One field with its value, masked unless it is open. `None` for a key that is not in the schema.
pub(crate) fn field(
    forms: &CategoryForms,
    key: &str,
    value: Option<&Scalar>,
    open: bool,
) -> Option<FieldView> {
    let parsed = FieldKey::parse_in(forms, key).ok()?;
    let mut view = match &parsed {
        FieldKey::Profile(of) => {
            let (_, zh, en) = ProfileField::FORM.iter().find(|one| one.0 == *of)?;
            plain(zh, en, profile_kind(*of))
        }
        FieldKey::Member(_, of) => {
            let (_, zh, en) = MemberField::FORM.iter().find(|one| one.0 == *of)?;
            plain(zh, en, member_kind(*of))
        }
        FieldKey::Category(_, of) => of_form(forms.form(&of.category)?.field(&of.field)?),
    };
    if view.choices.is_empty() {
        view.choices = parsed.choices().unwrap_or_default().iter().map(|id| choice(id)).collect();
    }
    key.clone_into(&mut view.key);
    if let Some(value) = value {
        let shown = if open { value.clone() } else { mask_value(key, value) };
        view.value = text(&shown);
    }
    Some(view)
}

/// A value as the forms hold it.
pub(crate) fn text(value: &Scalar) -> String {
    match value {
        Scalar::Bool(yes) => yes.to_string(),
        Scalar::Int(number) => number.to_string(),
        Scalar::Str(text) => text.clone(),
    }
}

fn plain(zh: &str, en: &str, kind: FieldKind) -> FieldView {
    FieldView { zh: zh.to_owned(), en: en.to_owned(), kind, ..FieldView::default() }
}

const fn profile_kind(field: ProfileField) -> FieldKind {
    match field {
        ProfileField::Phone | ProfileField::Phone2 | ProfileField::NoteForNext => FieldKind::Text,
        ProfileField::Tenure | ProfileField::PreferredContact | ProfileField::BestTime => FieldKind::Choice,
        ProfileField::Head => FieldKind::Member,
    }
}

const fn member_kind(field: MemberField) -> FieldKind {
    match field {
        MemberField::Name | MemberField::Relation | MemberField::Phone | MemberField::IdNumber => {
            FieldKind::Text
        }
        MemberField::Sex | MemberField::Here => FieldKind::Choice,
        MemberField::Birth | MemberField::Joined | MemberField::Left => FieldKind::PartDate,
    }
}

fn choice(id: &str) -> Choice {
    let (zh, en) = choice_label(id).unwrap_or((id, id));
    Choice { id: id.to_owned(), zh: zh.to_owned(), en: en.to_owned() }
}

fn of_form(field: &FormField) -> FieldView {
    let (kind, choices) = match &field.kind {
        FieldType::Text { .. } => (FieldKind::Text, &[][..]),
        FieldType::Date => (FieldKind::Date, &[][..]),
        FieldType::PartDate => (FieldKind::PartDate, &[][..]),
        FieldType::Choice(choices) => (FieldKind::Choice, choices.as_slice()),
        FieldType::YesNo => (FieldKind::YesNo, &[][..]),
        FieldType::Number { .. } => (FieldKind::Number, &[][..]),
    };
    let choices =
        choices.iter().map(|one| Choice { id: one.id.clone(), zh: one.zh.clone(), en: one.en.clone() });
    FieldView {
        why: format!("{};{}", field.purpose, field.basis),
        choices: choices.collect(),
        ..plain(&field.zh, &field.en, kind)
    }
}

//! 字段 – the fields of the household's document as a form shows them: label, kind, choices.

use ruhu_core::category::{CategoryForms, FieldKey, FieldType, FormField, MemberField, ProfileField, Scalar};
use ruhu_core::fieldbook::mask_value;

use crate::view::{Choice, FieldKind, FieldView};

/// A profile or member field in words; the order is that of the form.
const PROFILE: [(ProfileField, &str, &str, FieldKind); 7] = [
    (ProfileField::Phone, "联系电话", "Telephone", FieldKind::Text),
    (ProfileField::Phone2, "备用电话", "Second telephone", FieldKind::Text),
    (ProfileField::Tenure, "居住方式", "Tenure", FieldKind::Choice),
    (ProfileField::Head, "户主", "Head", FieldKind::Member),
    (ProfileField::PreferredContact, "联系方式偏好", "Preferred contact", FieldKind::Choice),
    (ProfileField::BestTime, "方便的时间", "Convenient time", FieldKind::Choice),
    (ProfileField::NoteForNext, "下次留言", "Note for the next visit", FieldKind::Text),
];

const MEMBER: [(MemberField, &str, &str, FieldKind); 9] = [
    (MemberField::Name, "姓名", "Name", FieldKind::Text),
    (MemberField::Relation, "与户主关系", "Relation to the head", FieldKind::Text),
    (MemberField::Sex, "性别", "Sex", FieldKind::Choice),
    (MemberField::Birth, "出生", "Born", FieldKind::PartDate),
    (MemberField::Phone, "电话", "Telephone", FieldKind::Text),
    (MemberField::Here, "居住状态", "Lives here", FieldKind::Choice),
    (MemberField::IdNumber, "身份证号", "Identity number", FieldKind::Text),
    (MemberField::Joined, "入户日期", "Joined on", FieldKind::PartDate),
    (MemberField::Left, "离户日期", "Left on", FieldKind::PartDate),
];

/// Choices of the plain fields in words; a list because forms, sheets and screens name them alike.
const CHOICES: [(&str, &str, &str); 18] = [
    ("owned", "自有", "owned"),
    ("rented", "租住", "rented"),
    ("lent", "借住", "lent"),
    ("public", "公房", "public housing"),
    ("visit", "上门", "visit"),
    ("phone", "电话", "telephone"),
    ("message", "短信", "message"),
    ("office", "到社区", "at the office"),
    ("morning", "上午", "morning"),
    ("afternoon", "下午", "afternoon"),
    ("evening", "傍晚", "evening"),
    ("weekend", "周末", "weekend"),
    ("any", "都可以", "any time"),
    ("male", "男", "male"),
    ("female", "女", "female"),
    ("resident", "常住", "lives here"),
    ("registered-only", "人户分离", "registered only"),
    ("away", "外出", "away"),
];

/// The fields of the household as a whole that a form offers.
pub(crate) fn profile_keys() -> impl Iterator<Item = String> {
    PROFILE.iter().map(|(field, ..)| format!("p/{}", field.name()))
}

/// The plain fields of a member that a form offers. Identity numbers are collected only where the organ turned them on.
pub(crate) fn member_keys(person: &str) -> impl Iterator<Item = String> + '_ {
    let plain = MEMBER.iter().filter(|(field, ..)| !field.is_sensitive());
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
            let (_, zh, en, kind) = PROFILE.iter().find(|one| one.0 == *of)?;
            plain(zh, en, *kind)
        }
        FieldKey::Member(_, of) => {
            let (_, zh, en, kind) = MEMBER.iter().find(|one| one.0 == *of)?;
            plain(zh, en, *kind)
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

fn choice(id: &str) -> Choice {
    let (zh, en) = CHOICES.iter().find(|one| one.0 == id).map_or((id, id), |one| (one.1, one.2));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_profile_has_a_label_and_every_choice_has_words() {
        assert_eq!(PROFILE.len(), ProfileField::ALL.len());
        assert_eq!(MEMBER.len(), MemberField::ALL.len());
        let lists =
            [&ProfileField::TENURE[..], &ProfileField::CONTACT, &ProfileField::TIMES, &MemberField::SEX];
        for id in lists.concat() {
            assert!(CHOICES.iter().any(|one| one.0 == id), "{id}");
        }
        let here = choice("away");
        assert_ne!(here.zh, here.id, "外出 has words too");
    }
}

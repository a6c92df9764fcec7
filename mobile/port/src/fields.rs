//! 字段的填写 – the fields of a form as the document of the household holds them.

use std::collections::BTreeMap;

use ruhu_core::category::{CategoryForms, FieldKey, FieldType, Scalar};
use ruhu_core::ids::PersonId;
use ruhu_core::roster::Unit;

use crate::trouble::FormProblem;
use crate::view::VisitForm;
use crate::{Port, Trouble};

/// The field that shows a note to whoever comes next.
const NOTE_FOR_NEXT: &str = "p/note_for_next";

/// 新成员 – who joins with a form, and the ids they were given: the screens know them as `new-1`, `new-2`.
#[derive(Default)]
pub(crate) struct Joined(BTreeMap<String, PersonId>);

impl Joined {
    /// The id of `new-1`; `None` for anything else.
    pub(crate) fn find(&self, person: Option<&str>) -> Option<PersonId> {
        self.0.get(person?).copied()
    }
}

impl Port {
    /// Fields as the document holds them; `m/new-1/…` becomes the id of somebody who joins.
    pub(crate) fn fields_of(
        &mut self,
        form: &VisitForm,
        wrong: &mut Vec<FormProblem>,
    ) -> Result<(Vec<(String, Scalar)>, Joined), Trouble> {
        let schema = CategoryForms::shipped().unwrap_or_default();
        let mut joined = Joined::default();
        let mut fields = Vec::new();
        for one in &form.fields {
            let mut key = one.key.clone();
            if let Some((who, rest)) = newcomer(&one.key) {
                let id = match joined.0.get(who) {
                    Some(id) => *id,
                    None => self.book.new_person_id()?,
                };
                joined.0.insert(who.to_owned(), id);
                key = format!("m/{id}/{rest}");
            }
            match scalar(&schema, &key, &one.value) {
                Ok(value) => fields.push((key, value)),
                Err(words) => wrong.push(FormProblem { field: one.key.clone(), words }),
            }
        }
        wrong.extend(joined.0.keys().filter(|who| !is_named(form, who)).map(|who| FormProblem {
            field: format!("m/{who}/name"),
            words: "请填写新成员的姓名 / give the name of who joins".to_owned(),
        }));
        Ok((fields, joined))
    }
}

/// `new-1` and `name`, of `m/new-1/name`.
fn newcomer(key: &str) -> Option<(&str, &str)> {
    let (who, rest) = key.strip_prefix("m/")?.split_once('/')?;
    who.starts_with("new-").then_some((who, rest))
}

/// Somebody without a name would be in the household and in no list.
fn is_named(form: &VisitForm, who: &str) -> bool {
    let key = format!("m/{who}/name");
    form.fields.iter().any(|one| one.key == key && !one.value.trim().is_empty())
}

/// 下次留言 belongs to the household: once saved it shows there, not only in the record of the visit.
pub(crate) fn note_for_next(form: &VisitForm, unit: Unit) -> Option<(String, Scalar)> {
    let words = form.note_for_next.trim();
    let said = form.fields.iter().any(|one| one.key == NOTE_FOR_NEXT);
    let wanted = matches!(unit, Unit::Household(_)) && !words.is_empty() && !said;
    wanted.then(|| (NOTE_FOR_NEXT.to_owned(), Scalar::Str(words.chars().take(NOTE_MAX).collect())))
}

/// As long as a field may be; the whole note stays in the record of the visit.
const NOTE_MAX: usize = 200;

/// A value from a form as the document holds it: category fields by their type, all others as text.
pub(crate) fn scalar(schema: &CategoryForms, key: &str, value: &str) -> Result<Scalar, String> {
    let parsed = FieldKey::parse_in(schema, key).map_err(|why| why.to_string())?;
    let FieldKey::Category(_, of) = &parsed else { return Ok(Scalar::Str(value.trim().to_owned())) };
    let kind = schema.form(&of.category).and_then(|form| form.field(&of.field)).map(|field| &field.kind);
    match kind {
        // An empty text is "no value" of every kind but these two, which know none.
        Some(FieldType::YesNo | FieldType::Number { .. }) => {
            let read = schema.check_value(&of.category, &of.field, value);
            read.map(|value| value.scalar()).map_err(|why| why.to_string())
        }
        _ => Ok(Scalar::Str(value.trim().to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use ruhu_core::ids::{DwellingId, HouseholdId};

    use super::*;
    use crate::view::FieldForm;

    fn household() -> Unit {
        Unit::Household("01890000-0000-7000-8000-000000000001".parse::<HouseholdId>().unwrap())
    }

    #[test]
    fn somebody_who_joins_is_known_by_the_name_the_form_gave() {
        assert_eq!(newcomer("m/new-1/name"), Some(("new-1", "name")));
        assert_eq!(newcomer("m/01890000-0000-7000-8000-000000000001/name"), None);
        let id: PersonId = "01890000-0000-7000-8000-000000000002".parse().unwrap();
        let joined = Joined(BTreeMap::from([("new-1".to_owned(), id)]));
        assert_eq!(joined.find(Some("new-1")), Some(id));
        assert_eq!(joined.find(Some("new-2")), None, "nobody joins under it");
        assert_eq!(joined.find(None), None);
    }

    #[test]
    fn a_note_for_the_next_visit_is_shown_at_the_household_and_never_at_an_empty_home() {
        let form = VisitForm { note_for_next: " 周六在家 ".to_owned(), ..VisitForm::default() };
        let kept = note_for_next(&form, household());
        assert_eq!(kept, Some((NOTE_FOR_NEXT.to_owned(), Scalar::Str("周六在家".to_owned()))));
        let empty = Unit::Vacant("01890000-0000-7000-8000-000000000003".parse::<DwellingId>().unwrap());
        assert_eq!(note_for_next(&form, empty), None);
        let fields = vec![FieldForm { key: NOTE_FOR_NEXT.to_owned(), value: "别的".to_owned() }];
        let form = VisitForm { fields, ..form };
        assert_eq!(note_for_next(&form, household()), None, "the field of the form stands");
    }
}

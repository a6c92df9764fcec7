//! 更正表 – what was typed or chosen for a household's record, and whether it can be written. Pure over a [`Record`].

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ruhu_core::category::{
    CategoryForms, ConfirmedCategories, FieldKey, FieldProblem, MemberField, PartDate, Scalar,
};
use ruhu_core::ids::PersonId;

use super::{Held, Record, form_text};

/// One field of a form: what stood in it and what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Its name in the document.
    pub key: String,
    /// What stood there when the form was made.
    pub was: String,
    /// What stands there now.
    pub now: String,
}

/// 保留此项 – one of several values that stand in a field, chosen by a person who saw all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The field's name in the document.
    pub key: String,
    /// The value chosen, as forms hold it.
    pub chosen: String,
    /// Every value that was shown.
    pub shown: Vec<String>,
}

/// What is wrong with a field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Its name in the document.
    pub key: String,
    /// What.
    pub why: WrongField,
}

/// Why a field was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongField {
    /// It does not fit the schema.
    Problem(FieldProblem),
    /// Somebody else changed it meanwhile, to this; `None`: emptied it.
    Changed(Option<Scalar>),
    /// 两处同时修改 – it holds other values than were shown, or several by now: a person has to choose among those.
    Apart,
    /// A child under 14 is put into no category here: the guardian's consent is not recorded (`domain.md` 2.8).
    Child,
    /// Somebody new without a name.
    NameMissing,
}

/// By which rules a form is read.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The forms of the categories.
    pub forms: &'a CategoryForms,
    /// Those the organ confirmed.
    pub confirmed: &'a ConfirmedCategories,
    /// The day in the community.
    pub today: NaiveDate,
}

/// What was typed or chosen and differs, ready to be written.
///
/// # Errors
/// Every field that does not fit; nothing is to be written then.
pub fn changes(
    record: &Record,
    (typed, kept): (&[Typed], &[Kept]),
    rules: Rules<'_>,
) -> Result<Vec<(String, Scalar)>, Vec<Wrong>> {
    let nameless = nameless(record, typed);
    let read = typed.iter().map(|one| match nameless.contains(&one.key) {
        true => Err((&one.key, WrongField::NameMissing)),
        false => change(record, typed, one, rules).map_err(|why| (&one.key, why)),
    });
    let chosen = kept.iter().map(|one| choice(record, one).map(Some).map_err(|why| (&one.key, why)));
    let (mut wrong, mut written) = (Vec::new(), Vec::new());
    for one in read.chain(chosen) {
        match one {
            Ok(change) => written.extend(change),
            Err((key, why)) => wrong.push(Wrong { key: key.clone(), why }),
        }
    }
    if wrong.is_empty() { Ok(written) } else { Err(wrong) }
}

fn change(
    record: &Record,
    typed: &[Typed],
    one: &Typed,
    rules: Rules<'_>,
) -> Result<Option<(String, Scalar)>, WrongField> {
    let (was, now) = (one.was.trim(), one.now.trim());
    if now == was {
        return Ok(None);
    }
    let value = read(rules, &one.key, now).map_err(WrongField::Problem)?;
    let nothing = Held::default();
    let held = record.find(&one.key).unwrap_or(&nothing);
    if held.is_conflict() {
        return Err(WrongField::Apart);
    }
    if held.text().trim() != was && held.now() != Some(&value) {
        return Err(WrongField::Changed(held.now().cloned()));
    }
    if !value.is_empty() && is_child(record, typed, &one.key, rules.today) {
        return Err(WrongField::Child);
    }
    Ok(Some((one.key.clone(), value)))
}

fn choice(record: &Record, one: &Kept) -> Result<(String, Scalar), WrongField> {
    let held = record.find(&one.key).filter(|held| held.is_conflict()).ok_or(WrongField::Apart)?;
    let stand: BTreeSet<String> = held.values.iter().map(form_text).collect();
    // Who chose among other values than stand there now has not seen what would go.
    if stand != one.shown.iter().cloned().collect() {
        return Err(WrongField::Apart);
    }
    let value = held.values.iter().find(|value| form_text(value) == one.chosen);
    value.map(|value| (one.key.clone(), value.clone())).ok_or(WrongField::Apart)
}

/// Whether a field is of a category of a child under 14, by the birth that is typed, else by the one that stands.
fn is_child(record: &Record, typed: &[Typed], key: &str, today: NaiveDate) -> bool {
    let Ok(FieldKey::Category(person, _)) = FieldKey::parse(key) else { return false };
    let birth = FieldKey::Member(person, MemberField::Birth);
    let name = birth.to_string();
    let said = typed.iter().find(|one| one.key == name).map(|one| one.now.trim().to_owned());
    let born = said.filter(|said| !said.is_empty()).unwrap_or_else(|| record.text(&birth));
    born.parse::<PartDate>().is_ok_and(|born| born.full_years(today) < 14)
}

/// The names left empty of somebody new of whom something else was typed.
fn nameless(record: &Record, typed: &[Typed]) -> BTreeSet<String> {
    let mut new: BTreeMap<PersonId, (bool, bool)> = BTreeMap::new();
    let members = record.members();
    for one in typed {
        let Ok(key) = FieldKey::parse(&one.key) else { continue };
        let Some(person) = key.person().filter(|person| !members.contains(person)) else { continue };
        let (named, said) = new.entry(person).or_default();
        let is_filled = !one.now.trim().is_empty();
        *said |= is_filled;
        *named |= is_filled && matches!(key, FieldKey::Member(_, MemberField::Name));
    }
    let missing = new.into_iter().filter(|(_, (named, said))| *said && !named);
    missing.map(|(person, _)| FieldKey::Member(person, MemberField::Name).to_string()).collect()
}

fn read(rules: Rules<'_>, key: &str, text: &str) -> Result<Scalar, FieldProblem> {
    let parsed = FieldKey::parse_in(rules.forms, key)?;
    let value = match &parsed {
        FieldKey::Category(_, of) if !rules.confirmed.holds(&of.category) => {
            return Err(FieldProblem::UnknownCategory);
        }
        FieldKey::Category(_, of) if !text.is_empty() => {
            rules.forms.check_value(&of.category, &of.field, text)?.scalar()
        }
        _ => Scalar::from(text),
    };
    rules.forms.check_scalar(&parsed, &value)?;
    Ok(value)
}

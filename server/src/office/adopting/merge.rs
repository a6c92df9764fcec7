//! An adoption file put together from words: the last one with one policy or some categories more.

use ruhu_core::policy::{Adoption, PolicyText, RuleTexts};
use toml::{Table, Value};

use super::{Taking, Words};
use crate::office::OfficeError;

/// The text of the last adoption (or an empty one) with what was said now.
pub(super) fn merged(
    present: Option<&str>,
    community: &str,
    texts: &RuleTexts,
    said: &Words,
) -> Result<String, OfficeError> {
    let mut file = match present {
        // Recorded adoptions were read before they were recorded; a newer program may still say no, by its own words.
        Some(text) => {
            toml::from_str(text).or_else(|_| Adoption::load("adoption", text).map(|_| head(community)))?
        }
        None => head(community),
    };
    if let Some(taking) = &said.taking {
        take(&mut file, policy(texts, &taking.policy)?, taking);
    }
    for one in &said.confirming {
        let rest = [("basis", &one.basis), ("by", &one.by), ("document_no", &one.document_no)];
        put(&mut file, "confirm", ("category", &one.category), &rest);
    }
    for one in &said.deciding {
        let rest =
            [("choice", &one.choice), ("by", &one.by), ("on", &one.on), ("document_no", &one.document_no)];
        put(&mut file, "decide", ("id", &one.question), &rest);
    }
    for one in &said.releasing {
        let rest = [("by", &one.by), ("on", &one.on), ("document_no", &one.document_no)];
        put(&mut file, "release", ("hold", &one.hold), &rest);
    }
    Ok(file.to_string())
}

fn take(file: &mut Table, text: &PolicyText, taking: &Taking) {
    let mut rows = take_rows(file, "adopt");
    rows.iter_mut().for_each(|row| give_up(row, text, &taking.take));
    rows.retain(|row| !words(row, "take").is_empty());
    let mut row = Table::new();
    row.insert("policy".to_owned(), text.id().into());
    for (key, value) in [("by", &taking.by), ("document_no", &taking.document_no), ("from", &taking.from)] {
        if !value.is_empty() {
            row.insert(key.to_owned(), value.as_str().into());
        }
    }
    row.insert("take".to_owned(), list(taking.take.iter().cloned()));
    rows.push(row);
    put_rows(file, "adopt", rows);
}

/// A row of its own kind in the place of an earlier one about the same thing.
fn put(file: &mut Table, table: &str, (key, name): (&str, &String), rest: &[(&str, &String)]) {
    let mut rows = take_rows(file, table);
    rows.retain(|row| row.get(key).and_then(Value::as_str) != Some(name.as_str()));
    let pairs = [(key, name)].into_iter().chain(rest.iter().copied());
    rows.push(pairs.map(|(key, value)| (key.to_owned(), value.as_str().into())).collect());
    put_rows(file, table, rows);
}

/// A policy by its id or by the beginning of it: `d1b`.
fn policy<'a>(texts: &'a RuleTexts, wanted: &str) -> Result<&'a PolicyText, OfficeError> {
    let found: Vec<&PolicyText> = texts
        .texts()
        .iter()
        .filter(|text| text.id() == wanted || text.id().starts_with(&format!("{wanted}-")))
        .collect();
    match found.as_slice() {
        [only] => Ok(only),
        _ => {
            let known: Vec<&str> = texts.texts().iter().map(PolicyText::id).collect();
            Err(OfficeError::NoPolicy { name: wanted.to_owned(), known: known.join("、") })
        }
    }
}

/// An adoption file of a community that takes nothing.
#[must_use]
pub fn head(community: &str) -> Table {
    let place = [("name", community), ("timezone", "Asia/Shanghai"), ("workdays", "cn-official")];
    let place: Table = place.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    let conflict: Table = [("same_field_in_two_policies".to_owned(), "error".into())].into_iter().collect();
    [
        ("schema".to_owned(), Adoption::SCHEMA.into()),
        ("community".to_owned(), Value::Table(place)),
        ("conflict".to_owned(), Value::Table(conflict)),
    ]
    .into_iter()
    .collect()
}

/// What an earlier row of the same policy takes is given up where it is taken anew, field by field: the same field
/// twice would be a conflict of the policy with itself.
fn give_up(row: &mut Table, text: &PolicyText, anew: &[String]) {
    if row.get("policy").and_then(Value::as_str) != Some(text.id()) {
        return;
    }
    let is_anew = |field: &str| anew.iter().any(|one| covers(one, field));
    let kept = words(row, "take").into_iter().flat_map(|taken| {
        if !anew.iter().any(|one| covers(&taken, one) || covers(one, &taken)) {
            return vec![taken];
        }
        let fields = text.settings().iter().map(|one| one.field.clone());
        fields.filter(|field| covers(&taken, field) && !is_anew(field)).collect()
    });
    let kept = list(kept);
    row.insert("take".to_owned(), kept);
}

fn covers(wanted: &str, field: &str) -> bool {
    field.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn words(row: &Table, key: &str) -> Vec<String> {
    let list = row.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn list(words: impl Iterator<Item = String>) -> Value {
    Value::Array(words.map(Value::String).collect())
}

fn take_rows(file: &mut Table, key: &str) -> Vec<Table> {
    match file.remove(key) {
        Some(Value::Array(rows)) => rows
            .into_iter()
            .filter_map(|row| match row {
                Value::Table(row) => Some(row),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn put_rows(file: &mut Table, key: &str, rows: Vec<Table>) {
    if !rows.is_empty() {
        file.insert(key.to_owned(), Value::Array(rows.into_iter().map(Value::Table).collect()));
    }
}

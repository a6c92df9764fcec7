//! Overrides, decisions and releases of an adoption file.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Adoption, PolicyProblem, PolicyText, RuleTexts, Taken};

/// Keys that say where a value comes from and what stops it: no override may touch them, or an override could
/// lift a hold without a decision.
const NOT_OVERRIDABLE: [&str; 4] = ["rule", "legal_hold", "decide", "product_default"];

/// The texts with the community's own values, read as strictly as the originals; only those that changed.
pub(super) fn overridden(
    texts: &RuleTexts,
    adoption: &Adoption,
    taken: &BTreeMap<String, Taken<'_>>,
    problems: &mut Vec<PolicyProblem>,
) -> BTreeMap<String, PolicyText> {
    let mut raws: BTreeMap<&str, toml::Table> = BTreeMap::new();
    for row in &adoption.tables.overrides {
        let source =
            taken.iter().find(|(field, _)| is_within(&row.field, field)).map(|(_, taken)| taken.text);
        let replaced = source.is_some_and(|text| {
            let raw = raws.entry(text.id()).or_insert_with(|| text.raw.clone());
            replace(raw, &row.field, &row.value)
        });
        if !replaced {
            let place = adoption.place(&format!("\"{}\"", row.field));
            problems.push(PolicyProblem::Unknown { place, what: "field", name: row.field.clone() });
        }
    }
    let mut changed = BTreeMap::new();
    for (policy, raw) in raws {
        let Some(text) = texts.text(policy) else { continue };
        match text.with_raw(raw, texts.holds()) {
            Ok(text) => drop(changed.insert(policy.to_owned(), text)),
            Err(found) => problems.extend(found),
        }
    }
    changed
}

/// Why and by whom a field's value was changed.
pub(super) fn of_field(adoption: &Adoption, field: &str) -> Option<(String, String)> {
    let row = adoption.tables.overrides.iter().find(|row| is_within(&row.field, field))?;
    Some((row.reason.clone(), row.by.clone()))
}

/// The questions settled, each with the option chosen.
pub(super) fn decided(
    texts: &RuleTexts,
    adoption: &Adoption,
    problems: &mut Vec<PolicyProblem>,
) -> BTreeMap<String, String> {
    let mut decided = BTreeMap::new();
    for row in &adoption.tables.decide {
        let mut offered = texts.texts().iter().filter_map(|text| text.options(&row.id)).peekable();
        let place = adoption.place(&format!("\"{}\"", row.id));
        if offered.peek().is_none() {
            problems.push(PolicyProblem::Unknown { place, what: "decide", name: row.id.clone() });
        } else if !offered.any(|options| options.contains(&row.choice)) {
            problems.push(PolicyProblem::Unknown { place, what: "choice", name: row.choice.clone() });
        } else {
            check_day("decide.on", &row.on, adoption, problems);
            decided.insert(row.id.clone(), row.choice.clone());
        }
    }
    decided
}

/// The holds lifted, each with the number of the decision's document.
pub(super) fn released(
    texts: &RuleTexts,
    adoption: &Adoption,
    problems: &mut Vec<PolicyProblem>,
) -> BTreeMap<String, String> {
    let mut released = BTreeMap::new();
    for row in &adoption.tables.release {
        if texts.holds().get(&row.hold).is_none() {
            let place = adoption.place(&format!("\"{}\"", row.hold));
            problems.push(PolicyProblem::Unknown { place, what: "legal_hold", name: row.hold.clone() });
            continue;
        }
        check_day("release.on", &row.on, adoption, problems);
        released.insert(row.hold.clone(), row.document_no.clone());
    }
    released
}

fn check_day(field: &str, day: &str, adoption: &Adoption, problems: &mut Vec<PolicyProblem>) {
    if day.parse::<NaiveDate>().is_err() {
        let wanted = "日期 2027-01-01 / a date 2027-01-01";
        problems.push(PolicyProblem::BadValue {
            place: adoption.place(day),
            field: field.to_owned(),
            wanted,
        });
    }
}

fn is_within(path: &str, field: &str) -> bool {
    path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Replaces a value that is there; an override never adds a key.
fn replace(raw: &mut toml::Table, path: &str, value: &toml::Value) -> bool {
    let (head, rest) = path.split_once('.').map_or((path, None), |(head, rest)| (head, Some(rest)));
    if NOT_OVERRIDABLE.contains(&head) {
        return false;
    }
    match (raw.get_mut(head), rest) {
        (Some(toml::Value::Table(table)), Some(rest)) => replace(table, rest, value),
        (Some(leaf), None) if !leaf.is_table() && !leaf.is_array() => {
            *leaf = value.clone();
            true
        }
        // A list is replaced as a whole, but only by a list, and never one of tables: they carry rules.
        (Some(toml::Value::Array(list)), None) => match value {
            toml::Value::Array(new) if !list.iter().chain(new).any(toml::Value::is_table) => {
                list.clone_from(new);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

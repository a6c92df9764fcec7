//! Walks a policy file as plain TOML: what it sets, and which numbers name no rule.

use std::collections::BTreeSet;

use super::{HoldRegister, OpenWord, PolicySetting, RuleId};

/// Tables of a file that are not settings.
const NOT_SETTINGS: [&str; 4] = ["schema", "policy", "rule", "decide"];

/// The settings of a file: one per key of every table; a list of tables such as `[[category]]` is one.
pub(super) fn settings(raw: &toml::Table, holds: &HoldRegister) -> Vec<PolicySetting> {
    let mut found = Vec::new();
    for (section, value) in raw.iter().filter(|(section, _)| !NOT_SETTINGS.contains(&section.as_str())) {
        match value {
            toml::Value::Table(table) => {
                found.extend(
                    table.iter().map(|(key, value)| setting(format!("{section}.{key}"), value, holds)),
                );
            }
            _ => found.push(setting(section.clone(), value, holds)),
        }
    }
    found.sort_by(|one, other| one.field.cmp(&other.field));
    found
}

fn setting(field: String, value: &toml::Value, holds: &HoldRegister) -> PolicySetting {
    let mut one = PolicySetting {
        field,
        value: value.clone(),
        rules: Vec::new(),
        holds: BTreeSet::new(),
        open: BTreeSet::new(),
        question: None,
    };
    gather(value, &mut one);
    // A hold on one category must not hold the other five: `[[category]]` is judged row by row when adopted.
    if one.field == "category" {
        one.holds.clear();
    }
    let standing: Vec<String> = holds.on(&one.rules).map(str::to_owned).collect();
    one.holds.extend(standing);
    one
}

fn gather(value: &toml::Value, into: &mut PolicySetting) {
    match value {
        toml::Value::String(text) => into.open.extend(OpenWord::of(text)),
        toml::Value::Array(values) => values.iter().for_each(|value| gather(value, into)),
        toml::Value::Table(table) => {
            for (key, value) in table {
                match (key.as_str(), value.as_str()) {
                    ("rule", Some(text)) => {
                        let rule = text.parse::<RuleId>().ok();
                        into.rules.extend(rule.filter(|rule| !into.rules.contains(rule)));
                    }
                    ("legal_hold", Some(text)) => into.holds.extend([text.to_owned()]),
                    ("decide", Some(text)) => into.question = Some(text.to_owned()),
                    _ => gather(value, into),
                }
            }
        }
        _ => {}
    }
}

/// Dotted names of the numbers that stand in no table with a `rule` or a `product_default`.
pub(super) fn numbers_without_rule(raw: &toml::Table) -> Vec<String> {
    let mut found = Vec::new();
    for (section, value) in raw.iter().filter(|(section, _)| !NOT_SETTINGS.contains(&section.as_str())) {
        unruled(section, value, &mut found);
    }
    found
}

fn unruled(name: &str, value: &toml::Value, found: &mut Vec<String>) {
    match value {
        toml::Value::Integer(_) | toml::Value::Float(_) => found.push(name.to_owned()),
        toml::Value::Array(values) => values.iter().for_each(|value| unruled(name, value, found)),
        toml::Value::Table(table) => {
            let product = table.get("product_default").and_then(toml::Value::as_bool) == Some(true);
            if product || table.contains_key("rule") {
                return;
            }
            for (key, value) in table {
                unruled(&format!("{name}.{key}"), value, found);
            }
        }
        _ => {}
    }
}

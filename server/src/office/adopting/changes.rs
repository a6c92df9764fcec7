//! What one adoption changes against the one before it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use ruhu_core::category::{CategoryId, ConfirmedCategories};
use ruhu_core::community::AdoptedRules;
use ruhu_core::policy::{AdoptedPolicy, AdoptedSetting, Lang, RuleTexts, Standing, VisitPolicy};
use ruhu_core::time::Period;

/// What one adoption changes against the one before it, each in Chinese and English.
#[must_use]
pub fn changes(
    texts: &RuleTexts,
    (present, before): (Option<&AdoptedPolicy>, Option<&AdoptedRules>),
    (policy, rules): (&AdoptedPolicy, &AdoptedRules),
    today: NaiveDate,
) -> Vec<(String, String)> {
    let state = |one: &AdoptedSetting, lang| one.state.words(texts, lang);
    let none = BTreeMap::new();
    let old = present.map_or(&none, AdoptedPolicy::settings);
    let new = policy.settings();
    let fields: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut changes = Vec::new();
    for field in fields {
        let both = |mark: &str, zh: String, en: String| {
            (format!("{mark} {field}:{zh}"), format!("{mark} {field}: {en}"))
        };
        match (old.get(field), new.get(field)) {
            (None, Some(one)) => changes.push(both("+", state(one, Lang::Zh), state(one, Lang::En))),
            (Some(_), None) => changes.push(both("-", "不再采用".to_owned(), "adopted no longer".to_owned())),
            (Some(was), Some(is)) if was != is => {
                let told = |lang| {
                    format!("{} ({}) → {} ({})", state(was, lang), was.policy, state(is, lang), is.policy)
                };
                let rest = value_changed(was, is) + &standing_changed(was, is);
                changes.push(both("~", told(Lang::Zh) + &rest, told(Lang::En) + &rest));
            }
            _ => {}
        }
    }
    decided(present, policy, &mut changes);
    let empty = ConfirmedCategories::default();
    let had = before.map_or(&empty, |before| &before.categories);
    let ids: BTreeSet<&CategoryId> = had.iter().chain(rules.categories.iter()).map(|(id, _)| id).collect();
    for id in ids {
        let zh = id.shipped().map_or(id.as_str(), |one| one.zh());
        match (had.basis(id), rules.categories.basis(id)) {
            (None, Some(one)) => changes.push((
                format!("+ 类别 {zh}:下次导入起保留其标记(依据:{})", one.basis),
                format!("+ category {id}: its marks are kept from the next import on (basis: {})", one.basis),
            )),
            (Some(_), None) => changes.push((
                format!("- 类别 {zh}:不再保留新的标记"),
                format!("- category {id}: no new marks are kept"),
            )),
            (Some(was), Some(is)) if was != is => {
                changes.push((
                    format!("~ 类别 {zh}:依据改为 {}", is.basis),
                    format!("~ category {id}: basis now {}", is.basis),
                ));
            }
            _ => {}
        }
    }
    let visited = before.map_or_else(VisitPolicy::default_trial, |before| before.visits.clone());
    if visited != rules.visits {
        changes.push(begins(&rules.visits, today));
    }
    let table = |text: &str| toml::from_str::<toml::Table>(text).unwrap_or_default();
    let written = before.map(|before| table(&before.adoption)).unwrap_or_default();
    if changes.is_empty() && before.is_some() && written != table(&rules.adoption) {
        changes.push((
            "~ 采用文件的其他文字有改动(机关、日期、理由等)".to_owned(),
            "~ other words of the adoption file (organ, day, reason)".to_owned(),
        ));
    }
    changes
}

/// What was chosen of open questions and by which document a hold was lifted: settings alone do not show it.
fn decided(present: Option<&AdoptedPolicy>, policy: &AdoptedPolicy, changes: &mut Vec<(String, String)>) {
    let old: BTreeMap<&str, &str> = present.into_iter().flat_map(AdoptedPolicy::decisions).collect();
    let new: BTreeMap<&str, &str> = policy.decisions().collect();
    let ids: BTreeSet<&&str> = old.keys().chain(new.keys()).collect();
    for id in ids {
        changes.extend(match (old.get(*id), new.get(*id)) {
            (None, Some(said)) => Some((format!("+ {id}:{said}"), format!("+ {id}: {said}"))),
            (Some(_), None) => Some((format!("- {id}:不再有决定"), format!("- {id}: decided no longer"))),
            (Some(was), Some(is)) if was != is => {
                Some((format!("~ {id}:{was} → {is}"), format!("~ {id}: {was} → {is}")))
            }
            _ => None,
        });
    }
}

fn value_changed(was: &AdoptedSetting, is: &AdoptedSetting) -> String {
    let (was, is) = (&was.setting.value, &is.setting.value);
    if was == is { String::new() } else { format!("; {was} → {is}") }
}

fn standing_changed(was: &AdoptedSetting, is: &AdoptedSetting) -> String {
    match &is.standing {
        Standing::Adopted { by, document_no, from } if was.standing != is.standing => {
            format!("; {by} {document_no} {from}")
        }
        _ => String::new(),
    }
}

/// From when on the visit rules hold, and the first whole quarter under them.
fn begins(visits: &VisitPolicy, today: NaiveDate) -> (String, String) {
    let Some(from) = visits.standing.from() else {
        return (
            "~ 走访规定:未采用文件·试行".to_owned(),
            "~ visit rules: no document adopted, trial".to_owned(),
        );
    };
    let day = from.max(today);
    let quarter = Period::quarter_of(day);
    let first = if quarter.first_day() == day { quarter } else { quarter.next() };
    (
        format!("~ 走访规定自 {day} 起生效,首个整季为 {first};在此之前的期间不变"),
        format!(
            "~ visit rules hold from {day} on, {first} is the first whole quarter; earlier periods stay as they are"
        ),
    )
}

//! What waits for the lead, in the order doors are walked.

use ruhu_core::fact::Fact;
use ruhu_core::roster::Unit;

use super::rights::rights_waiting;
use super::{Scope, Viewer, unit_code};
use crate::desk::read::household::telling::what;
use crate::desk::trouble::Trouble;
use crate::desk::views::{PairRow, Said, WaitingPage, WaitingRow};
use crate::desk::words::Lang;
use crate::office::roll::Roll;
use crate::office::waiting::{Pair, Pending, pairs, pending};
use crate::storage::Tx;

pub(in crate::desk) fn waiting_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    roll: &Roll,
    said: Said,
) -> Result<WaitingPage, Trouble> {
    let lang = viewer.lang;
    let query = format!("?period={}{}", scope.period, scope.tail);
    let mut waits = pending(roll);
    let walked = |unit: Unit| roll.unit(unit).map(|one| one.row.walking_key.clone()).unwrap_or_default();
    waits.sort_by_cached_key(|one| (walked(one.unit), one.on, one.entry));
    let rows: Vec<WaitingRow> = waits.iter().map(|one| row(one, scope, roll, &query, lang)).collect();
    let pairs: Vec<PairRow> = pairs(tx, roll)?.iter().map(|one| pair(one, roll, &query, lang)).collect();
    let mut shell = viewer.shell(lang.t("waiting.title").to_owned(), "waiting", Some(scope));
    shell.said = said;
    Ok(WaitingPage {
        shell,
        place: scope.place(),
        count: lang.fill("waiting.count", &[&(rows.len() + pairs.len()).to_string()]),
        action: format!("/waiting{query}"),
        rights: rights_waiting(tx, scope, lang)?,
        decides: viewer.account.role.decides(),
        rows,
        pairs,
    })
}

fn row(one: &Pending, scope: &Scope, roll: &Roll, query: &str, lang: Lang) -> WaitingRow {
    let words: Vec<String> = one.facts.iter().map(|fact| what(fact, scope, lang)).collect();
    let workers = scope.file.workers();
    WaitingRow {
        entry: one.entry.to_string(),
        address: roll.address(one.unit),
        href: format!("/household/{}{query}", unit_code(one.unit)),
        what: words.join(lang.t("site.comma")),
        then: lang.t(then(&one.facts)),
        by: workers.get(&one.by).map(|worker| worker.name.clone()).unwrap_or_default(),
        on: one.on.to_string(),
    }
}

/// What the lead's word does to a record.
fn then(facts: &[Fact]) -> &'static str {
    let has = |wanted: fn(&Fact) -> bool| facts.iter().any(wanted);
    if has(|fact| matches!(fact, Fact::Visited(_))) {
        "waiting.then-deducted"
    } else if has(|fact| matches!(fact, Fact::KeyMark { .. })) {
        "waiting.then-key"
    } else {
        "waiting.then-stands"
    }
}

fn pair(one: &Pair, roll: &Roll, query: &str, lang: Lang) -> PairRow {
    let common = [(one.same_name, "waiting.same-name"), (one.same_phone, "waiting.same-phone")];
    let common: Vec<&str> = common.iter().filter(|(holds, _)| *holds).map(|(_, key)| lang.t(key)).collect();
    let href = |id| format!("/household/{}{query}", unit_code(Unit::Household(id)));
    PairRow {
        address: roll.address(Unit::Household(one.first)),
        first: one.first.to_string(),
        first_href: href(one.first),
        later: one.later.to_string(),
        later_href: href(one.later),
        why: common.join(lang.t("site.comma")),
    }
}

//! The access log as a page shows it: looks at what lies in the viewer's community, and at nothing else.

use chrono::DateTime;
use ruhu_core::ids::{FindingId, QuestionId, RecheckId, RightsId};
use ruhu_core::roster::Unit;
use serde::Deserialize;

use super::list::address;
use super::{Scope, Viewer, unit_code, unit_of_code};
use crate::access::journal::first_broken;
use crate::access::{Role, command_line};
use crate::desk::trouble::Trouble;
use crate::desk::views::{AccessLine, AccessPage};
use crate::desk::words::Lang;
use crate::findings::course::find;
use crate::storage::accounts::{LogKind, Logged};
use crate::storage::{StorageError, Tx};

/// Looks a page shows.
const SHOWN: usize = 100;
/// Rows of the log read in one go.
const READ: u32 = 500;
/// Rows read for one page at most: looks at other communities are passed over.
const READ_MAX: u32 = 2_000;

/// What the address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct AccessAsked {
    /// One household or door, by its code.
    unit: Option<String>,
    /// Only looks before this number.
    before: Option<u64>,
    /// Whether the chain is to be checked.
    check: Option<String>,
}

pub(in crate::desk) fn access_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    asked: &AccessAsked,
) -> Result<AccessPage, Trouble> {
    let lang = viewer.lang;
    let query = format!("?period={}{}", scope.period, scope.tail);
    let about = match asked.unit.as_deref().map(|code| (code, unit_of_code(code))) {
        None => None,
        Some((code, Some(unit))) => Some((code, address_here(tx, scope, unit)?.ok_or(Trouble::NotFound)?)),
        Some((_, None)) => return Err(Trouble::NotFound),
    };
    let (rows, next) = rows(tx, scope, about.as_ref().map(|(code, _)| *code), asked.before, lang)?;
    let filter = about.as_ref().map(|(code, _)| format!("&unit={code}")).unwrap_or_default();
    let audits = viewer.account.role == Role::Auditor;
    let checked = match asked.check {
        Some(_) if audits => Some(match first_broken(tx, LogKind::Access)? {
            None => {
                let last = tx.logged(LogKind::Access, None, 1)?.into_iter().next();
                let (nr, hash) = last.map_or((0, String::new()), |(nr, hash, _)| (nr, hash.to_string()));
                let short: String = hash.chars().take(16).collect();
                lang.fill("access.holds", &[&nr.to_string(), &short])
            }
            Some(nr) => lang.fill("access.broken", &[&nr.to_string()]),
        }),
        _ => None,
    };
    Ok(AccessPage {
        shell: viewer.shell(lang.t("access.title").to_owned(), "access", Some(scope)),
        place: scope.place(),
        about: about.map(|(code, address)| (address, format!("/household/{code}{query}"))),
        all: format!("/access{query}"),
        rows,
        older: next.map(|before| format!("/access{query}{filter}&before={before}")),
        check: audits.then(|| format!("/access{query}{filter}&check=1")),
        checked,
    })
}

/// One page of looks of this community, and before which number the next one begins.
fn rows(
    tx: &Tx<'_>,
    scope: &Scope,
    unit: Option<&str>,
    mut before: Option<u64>,
    lang: Lang,
) -> Result<(Vec<AccessLine>, Option<u64>), StorageError> {
    let (mut lines, mut read) = (Vec::new(), 0);
    loop {
        let page = match unit {
            Some(code) => tx.logged_about(LogKind::Access, code, before, READ)?,
            None => tx.logged(LogKind::Access, before, READ)?,
        };
        let last = u32::try_from(page.len()).unwrap_or(u32::MAX) < READ;
        for (nr, _, row) in page {
            if lines.len() == SHOWN {
                return Ok((lines, before));
            }
            before = Some(nr);
            read += 1;
            lines.extend(line(tx, scope, nr, &row, lang)?);
        }
        if last {
            return Ok((lines, None));
        }
        if READ_MAX <= read {
            return Ok((lines, before));
        }
    }
}

/// The latest looks at one unit, for whoever it is about.
pub(super) fn looks_at(
    tx: &Tx<'_>,
    scope: &Scope,
    unit: Unit,
    most: u32,
    lang: Lang,
) -> Result<Vec<AccessLine>, StorageError> {
    let rows = tx.logged_about(LogKind::Access, &unit_code(unit), None, most)?;
    let lines = rows.into_iter().map(|(nr, _, row)| line(tx, scope, nr, &row, lang));
    Ok(lines.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// A look, if what was looked at lies in this community.
fn line(
    tx: &Tx<'_>,
    scope: &Scope,
    nr: u64,
    row: &Logged,
    lang: Lang,
) -> Result<Option<AccessLine>, StorageError> {
    let Some(on) = on(tx, scope, row, lang)? else { return Ok(None) };
    let at = DateTime::from_timestamp_millis(row.at_ms).unwrap_or_default();
    let zone = scope.file.zone();
    let who = match row.account {
        Some(id) if id == command_line() => None,
        Some(id) => tx.account(id)?.map(|account| account.shown),
        None => None,
    };
    Ok(Some(AccessLine {
        nr: nr.to_string(),
        at: format!("{} {}", zone.date(at), zone.time(at).format("%H:%M")),
        who: who.unwrap_or_else(|| lang.t("access.shell").to_owned()),
        what: what(row, lang),
        on: on.1.map(|href| (on.0, href)),
    }))
}

/// What a look was about: words, and the page it opens; `None` for what lies elsewhere.
fn on(
    tx: &Tx<'_>,
    scope: &Scope,
    row: &Logged,
    lang: Lang,
) -> Result<Option<(String, Option<String>)>, StorageError> {
    let query = format!("?period={}{}", scope.period, scope.tail);
    let target = row.target.split(' ').next().unwrap_or_default();
    if let Some(unit) = unit_of_code(target) {
        let here = address_here(tx, scope, unit)?;
        return Ok(here.map(|address| (address, Some(format!("/household/{}{query}", unit_code(unit))))));
    }
    let first = target.split('/').next().unwrap_or_default();
    if first == scope.id.to_string() {
        return Ok(Some((String::new(), None)));
    }
    if let Ok(id) = first.parse::<RecheckId>()
        && tx.draw(id)?.is_some_and(|draw| draw.community == scope.id)
    {
        return Ok(Some((lang.t("nav.spot").to_owned(), Some(format!("/spot-checks/{id}{query}")))));
    }
    if let Ok(id) = first.parse::<RightsId>()
        && tx.case(id)?.is_some_and(|case| case.community == scope.id)
    {
        return Ok(Some((lang.t("nav.rights").to_owned(), Some(format!("/rights/{id}{query}")))));
    }
    if let Ok(id) = first.parse::<FindingId>()
        && find(tx, scope.id, id)?.is_some()
    {
        return Ok(Some((lang.t("findings.one").to_owned(), Some(format!("/finding/{id}{query}")))));
    }
    if let Ok(id) = first.parse::<QuestionId>()
        && scope.file.questions().contains_key(&id)
    {
        return Ok(Some((lang.t("questions.one").to_owned(), Some(format!("/question/{id}{query}")))));
    }
    Ok(None)
}

/// Where a unit of this community is; `None` where it is of another.
fn address_here(tx: &Tx<'_>, scope: &Scope, unit: Unit) -> Result<Option<String>, StorageError> {
    let row =
        tx.unit(unit)?.filter(|row| row.grid.is_some_and(|grid| scope.file.grids().contains_key(&grid)));
    row.map(|row| address(tx, row.dwelling, scope.today)).transpose()
}

fn what(row: &Logged, lang: Lang) -> String {
    if let Some(reason) = row.what.strip_prefix("household.reveal.").and_then(reason_key) {
        return lang.fill("access.reveal", &[lang.t(reason)]);
    }
    if let Some(reason) = row.what.strip_prefix("rights.reveal.").and_then(reason_key) {
        return lang.fill("access.rights-words", &[lang.t(reason)]);
    }
    match row.what.as_str() {
        "rights.view" => lang.t("access.rights").to_owned(),
        "rights.sheet" => lang.t("access.rights-sheet").to_owned(),
        "rights.erase-preview" => lang.t("access.rights-erase").to_owned(),
        "household.view" => lang.t("access.view").to_owned(),
        "recheck.sheet" => lang.t("access.sheet").to_owned(),
        "recheck.card" | "review.card" => lang.t("access.card").to_owned(),
        "finding" => lang.t("access.finding").to_owned(),
        "import.preview" => lang.t("access.import").to_owned(),
        "import.undo" => lang.t("access.import-undo").to_owned(),
        "question.export" => {
            let handed = row.target.split_once(' ').map_or("", |(_, handed)| handed);
            lang.fill("requests.with", &[lang.t("access.answers"), handed])
        }
        // From the shell: the code, and the reason that was typed.
        code => match row.target.split_once(' ') {
            Some((_, reason)) => format!("{code} · {reason}"),
            None => code.to_owned(),
        },
    }
}

fn reason_key(code: &str) -> Option<&'static str> {
    match code {
        "check" => Some("reason.check"),
        "request" => Some("reason.request"),
        "resident" => Some("reason.resident"),
        "spot-check" => Some("reason.spot-check"),
        _ => None,
    }
}

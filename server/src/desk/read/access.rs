//! The access log as a page shows it: looks at what lies in the viewer's community, and at nothing else.

use chrono::DateTime;
use ruhu_core::ids::{FindingId, Hash32, QuestionId, RecheckId, RightsId};
use ruhu_core::roster::Unit;
use serde::Deserialize;

use super::audit::{EXPORTED, accounts, book, checked as checked_words, who};
use super::list::address;
use super::log_filter::LogAsked;
use super::{Scope, Viewer, unit_code, unit_of_code};
use crate::access::{Place, Role};
use crate::desk::trouble::Trouble;
use crate::desk::views::{AccessLine, AccessPage};
use crate::desk::words::Lang;
use crate::findings::course::find;
use crate::report::table::{Book, Cell, Column};
use crate::storage::accounts::{AccountRow, LogKind, Logged};
use crate::storage::log_search::LogQuery;
use crate::storage::{StorageError, Tx};

/// Looks a page shows.
const SHOWN: usize = 100;
/// Rows of the log read in one go.
const READ: u32 = 500;
/// Rows read for one page at most: looks at other communities are passed over.
const READ_MAX: u32 = 2_000;
/// The same for an export.
const EXPORT_READ: u32 = 30_000;
/// Searches of the log for one page or export at most: each reads a long stretch of it.
const SEARCHES: u32 = 60;
/// The same where nothing was found so far: whoever waits is told how far it was read.
const EMPTY_SEARCHES: u32 = 2;

/// What the address asks for besides who and when.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct AccessAsked {
    /// One household or door, by its code.
    unit: Option<String>,
}

pub(in crate::desk) fn access_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (about, wanted): (&AccessAsked, &LogAsked),
) -> Result<AccessPage, Trouble> {
    let lang = viewer.lang;
    let query = format!("?period={}{}", scope.period, scope.tail);
    let unit = about.unit_here(tx, scope)?;
    let asked = about.query(wanted, scope)?;
    let (rows, next) = rows(tx, scope, &asked, wanted.before, (SHOWN, READ_MAX), lang)?;
    let of_unit = about.unit.as_ref().filter(|code| !code.is_empty());
    let filter = about.tail(wanted);
    let audits = viewer.account.role == Role::Auditor;
    let checked = wanted.check.as_ref().filter(|_| audits);
    let mut hidden = vec![("period", scope.period.to_string())];
    hidden.extend(scope.tail.strip_prefix("&community=").map(|id| ("community", id.to_owned())));
    hidden.extend(of_unit.map(|code| ("unit", code.clone())));
    Ok(AccessPage {
        shell: viewer.shell(lang.t("access.title").to_owned(), "access", Some(scope)),
        place: scope.place(),
        about: unit.map(|(code, address)| (address, format!("/household/{code}{query}"))),
        all: format!("/access{query}"),
        filter: wanted.form("/access", hidden, readers(tx, scope, audits, &asked)?, &kinds(lang), lang),
        rows: rows.into_iter().map(|(nr, _, line)| AccessLine { nr: nr.to_string(), ..line }).collect(),
        older: next.map(|before| format!("/access{query}{filter}&before={before}")),
        check: audits.then(|| format!("/access{query}{filter}&check=1")),
        export: format!("/access.xlsx{query}{filter}"),
        checked: checked.map(|_| checked_words(tx, LogKind::Access, lang)).transpose()?,
    })
}

/// The same looks as a workbook, and how many they are.
pub(in crate::desk) fn access_book(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (about, wanted): (&AccessAsked, &LogAsked),
    now_ms: i64,
) -> Result<(Book, usize), Trouble> {
    about.unit_here(tx, scope)?;
    let asked = about.query(wanted, scope)?;
    let most = (usize::try_from(EXPORTED).unwrap_or(usize::MAX), EXPORT_READ);
    let (found, next) = rows(tx, scope, &asked, None, most, Lang::Zh)?;
    let count = found.len();
    let rows = found.into_iter().map(|(nr, hash, line)| {
        let on = line.on.map(|(words, _)| words).unwrap_or_default();
        let words = [line.at, line.who, line.what, on, hash.to_string()];
        let nr = Cell::Number(i64::try_from(nr).unwrap_or(i64::MAX));
        std::iter::once(nr).chain(words.into_iter().map(Cell::Text)).collect()
    });
    let columns = vec![
        Column::number("序号", 8),
        Column::words("时间", 17),
        Column::words("查看人", 12),
        Column::words("看了什么、为什么", 30),
        Column::words("关于", 34),
        Column::words("链摘要", 66),
    ];
    Ok((book("查看记录", viewer, now_ms, (columns, rows.collect(), next), &scope.place()), count))
}

impl AccessAsked {
    /// The household asked about, with its address, if it is one of this community.
    fn unit_here(&self, tx: &Tx<'_>, scope: &Scope) -> Result<Option<(&str, String)>, Trouble> {
        let Some(code) = self.unit.as_deref().filter(|code| !code.is_empty()) else { return Ok(None) };
        let unit = unit_of_code(code).ok_or(Trouble::NotFound)?;
        Ok(Some((code, address_here(tx, scope, unit)?.ok_or(Trouble::NotFound)?)))
    }

    /// What is asked for, as it stands in an address behind something else.
    pub(in crate::desk) fn tail(&self, wanted: &LogAsked) -> String {
        let of_unit = self.unit.as_ref().filter(|code| !code.is_empty());
        of_unit.map(|code| format!("&unit={code}")).unwrap_or_default() + &wanted.tail()
    }

    fn query(&self, wanted: &LogAsked, scope: &Scope) -> Result<LogQuery, Trouble> {
        let target = self.unit.clone().unwrap_or_default();
        Ok(LogQuery { target, ..wanted.query(scope.file.zone())? })
    }
}

/// The accounts to choose from: those that can look here now, and the one that was chosen; for who audits, all.
fn readers(
    tx: &Tx<'_>,
    scope: &Scope,
    audits: bool,
    asked: &LogQuery,
) -> Result<Vec<(String, String)>, StorageError> {
    if audits {
        return accounts(tx);
    }
    let covers = |row: &AccountRow| {
        let opens = row.role.parse().is_ok_and(Role::sees_households);
        let place: Option<Place> = serde_json::from_str(&row.place).ok();
        let community = scope.file.community();
        opens && community.is_some_and(|one| place.is_some_and(|place| place.holds(scope.id, one)))
    };
    let rows = tx.accounts()?.into_iter().filter(|row| covers(row) || asked.account == Some(row.id));
    Ok(rows.map(|row| (row.id.to_string(), row.shown)).collect())
}

fn kinds(lang: Lang) -> [(&'static str, &'static str); 7] {
    [
        ("household.reveal", lang.t("logs.words")),
        ("household.view", lang.t("access.view")),
        ("record.reveal", lang.t("logs.record")),
        ("record.view", lang.t("access.record-view")),
        ("finding", lang.t("access.finding")),
        ("recheck", lang.t("nav.spot")),
        ("question", lang.t("access.answers")),
    ]
}

type Looks = Vec<(u64, Hash32, AccessLine)>;

/// The looks of this community, at most `most.0` of `most.1` rows read, and before which number the next ones begin.
fn rows(
    tx: &Tx<'_>,
    scope: &Scope,
    asked: &LogQuery,
    mut before: Option<u64>,
    most: (usize, u32),
    lang: Lang,
) -> Result<(Looks, Option<u64>), StorageError> {
    let (mut lines, mut read) = (Vec::new(), 0);
    for search in 1..=SEARCHES {
        let found = tx.search_log(LogKind::Access, asked, before, READ)?;
        for (nr, hash, row) in found.rows {
            if lines.len() == most.0 {
                return Ok((lines, before));
            }
            before = Some(nr);
            read += 1;
            lines.extend(line(tx, scope, &row, lang)?.map(|line| (nr, hash, line)));
        }
        before = found.next;
        if before.is_none() || most.1 <= read || (read == 0 && EMPTY_SEARCHES <= search) {
            break;
        }
    }
    Ok((lines, before))
}

/// The latest looks at one unit, for whoever it is about.
pub(super) fn looks_at(
    tx: &Tx<'_>,
    scope: &Scope,
    unit: Unit,
    most: u32,
    lang: Lang,
) -> Result<Vec<AccessLine>, StorageError> {
    let rows = tx.logged_of(LogKind::Access, &unit_code(unit), most)?;
    let lines = rows.into_iter().map(|(_, _, row)| line(tx, scope, &row, lang));
    Ok(lines.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// A look, if what was looked at lies in this community.
fn line(tx: &Tx<'_>, scope: &Scope, row: &Logged, lang: Lang) -> Result<Option<AccessLine>, StorageError> {
    let Some(on) = on(tx, scope, row, lang)? else { return Ok(None) };
    let at = DateTime::from_timestamp_millis(row.at_ms).unwrap_or_default();
    let zone = scope.file.zone();
    Ok(Some(AccessLine {
        nr: String::new(),
        at: format!("{} {}", zone.date(at), zone.time(at).format("%H:%M")),
        who: who(tx, row, lang)?,
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
    let whole = row.what.strip_prefix("record.reveal.");
    if let Some(reason) = row.what.strip_prefix("household.reveal.").or(whole).and_then(reason_key) {
        let reason = lang.t(reason);
        return match whole {
            Some(_) => lang.fill("access.record-reveal", &[reason]),
            None => lang.fill("access.reveal", &[reason]),
        };
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
        "record.view" => lang.t("access.record-view").to_owned(),
        "access.export" => {
            let taken = row.target.split_once(' ').map_or("", |(_, taken)| taken);
            lang.fill("requests.with", &[lang.t("access.exported"), taken])
        }
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
        "record" => Some("reason.record"),
        "request" => Some("reason.request"),
        "resident" => Some("reason.resident"),
        "spot-check" => Some("reason.spot-check"),
        _ => None,
    }
}

//! The roster as a page shows it: what is in it, what was imported, and one import with what its undo would do.

use chrono::DateTime;
use ruhu_core::ids::ImportId;
use ruhu_core::life::{DoorLife, HouseholdLife};
use ruhu_core::roster::{DwellingUse, Unit};
use ruhu_core::time::Zone;

use super::list::address;
use super::{Scope, Viewer, unit_code};
use crate::access::command_line;
use crate::desk::trouble::Trouble;
use crate::desk::views::{ImportLine, ImportedPage, RosterPage, Said, UndoView, WorkingPage};
use crate::desk::words::Lang;
use crate::import::roster::Counts;
use crate::import::undoing::UndoLook;
use crate::import::upload::{UPLOAD_KEPT_MS, UPLOAD_MAX_BYTES, Upload};
use crate::storage::imports::ImportLine as Kept;
use crate::storage::{StorageError, Tx};

/// Households of an undo that are listed by address.
const KEPT_SHOWN: usize = 100;

pub(in crate::desk) fn roster_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    (uploads, said): (&[Upload], Said),
) -> Result<RosterPage, Trouble> {
    let (lang, query) = (viewer.lang, query(scope));
    let (doors, households) = standing(tx, scope)?;
    let decides = viewer.account.role.decides();
    let lines = tx.import_lines(scope.id)?;
    let mut imports = Vec::new();
    for line in &lines {
        let href = format!("/roster/import/{}{query}", line.id);
        imports.push(ImportLine {
            undo: (decides && can_undo(&lines, line)).then(|| format!("{href}&undo=look")),
            href,
            at: at(line.made_ms, scope.file.zone()),
            who: who(tx, line, lang)?,
            file: file_words(line, lang),
            counts: counts_of(line, lang),
            undone: line.undone_ms.map(|ms| lang.fill("roster.undone", &[&at(ms, scope.file.zone())])),
        });
    }
    let mut shell = viewer.shell(lang.t("roster.title").to_owned(), "roster", Some(scope));
    shell.said = said;
    let limits = [(UPLOAD_MAX_BYTES / 1_000_000).to_string(), (UPLOAD_KEPT_MS / 3_600_000).to_string()];
    Ok(RosterPage {
        shell,
        place: scope.place(),
        counts: vec![
            (lang.t("roster.doors"), doors.to_string()),
            (lang.t("roster.households"), households.to_string()),
            (lang.t("roster.grids"), scope.file.grids().len().to_string()),
        ],
        action: decides.then(|| format!("/roster{query}")),
        limits: lang.fill("roster.limits", &limits.each_ref().map(String::as_str)),
        blank: format!("/roster/template.xlsx{query}"),
        waiting: uploads
            .iter()
            .map(|one| {
                let href = format!("/roster/upload/{}{query}", one.key.id);
                (href, one.choices.file_name.clone(), at(one.made_ms, scope.file.zone()))
            })
            .collect(),
        imports,
    })
}

/// Doors there are today, and households that live here: what was withdrawn or has left is neither.
fn standing(tx: &Tx<'_>, scope: &Scope) -> Result<(usize, usize), StorageError> {
    let (mut doors, mut households) = (0, 0);
    for grid in scope.file.grids().keys() {
        for (row, file) in tx.files_in(*grid)? {
            match row.unit {
                Unit::Vacant(id) => {
                    let used = DoorLife::derive(id, &file).use_on(scope.today);
                    doors += usize::from(used.is_some_and(|used| used != DwellingUse::Gone));
                }
                Unit::Household(id) => {
                    let life = HouseholdLife::derive(id, &file, &[], scope.file.zone());
                    households += usize::from(life.timeline(scope.today).on(scope.today).is_some());
                }
            }
        }
    }
    Ok((doors, households))
}

/// One import; `None` when this community has none of this id.
pub(in crate::desk) fn imported_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    scope: &Scope,
    id: ImportId,
    (look, said): (Option<UndoLook>, Said),
) -> Result<Option<ImportedPage>, Trouble> {
    let (lang, query, zone) = (viewer.lang, query(scope), scope.file.zone());
    let lines = tx.import_lines(scope.id)?;
    let Some(line) = lines.iter().find(|line| line.id == id) else { return Ok(None) };
    let mut facts = vec![
        (lang.t("roster.file"), file_words(line, lang)),
        (lang.t("roster.at"), at(line.made_ms, zone)),
        (lang.t("roster.who"), who(tx, line, lang)?),
        (lang.t("roster.counts"), counts_of(line, lang)),
    ];
    facts.extend(line.undone_ms.map(|ms| (lang.t("roster.undone-at"), at(ms, zone))));
    let decides = viewer.account.role.decides();
    let href = format!("/roster/import/{id}{query}");
    let possible = decides && can_undo(&lines, line);
    let mut shell = viewer.shell(lang.t("roster.one").to_owned(), "roster", Some(scope));
    shell.said = said;
    Ok(Some(ImportedPage {
        shell,
        place: scope.place(),
        back: format!("/roster{query}"),
        facts,
        undo: (possible && look.is_none()).then(|| format!("{href}&undo=look")),
        why_not: (decides && !possible && line.undone_ms.is_none()).then(|| lang.t("roster.not-the-last")),
        look: look.map(|look| undo_view(tx, scope, &look, (href, lang))).transpose()?,
    }))
}

fn undo_view(
    tx: &Tx<'_>,
    scope: &Scope,
    look: &UndoLook,
    (action, lang): (String, Lang),
) -> Result<UndoView, StorageError> {
    let n = |number: usize| number.to_string();
    let mut lines = vec![
        lang.fill("roster.undo-units", &[&n(look.households), &n(look.doors)]),
        lang.fill("roster.undo-fields", &[&n(look.fields)]),
    ];
    if look.kept.is_empty() && look.kept_doors.is_empty() {
        lines.push(lang.t("roster.undo-keeps-none").to_owned());
    } else {
        lines.push(lang.fill("roster.undo-keeps", &[&n(look.kept.len()), &n(look.kept_doors.len())]));
    }
    let units = look.kept.iter().map(|id| Unit::Household(*id));
    let units = units.chain(look.kept_doors.iter().map(|id| Unit::Vacant(*id)));
    let mut kept = Vec::new();
    for unit in units.take(KEPT_SHOWN) {
        let dwelling = tx.unit(unit)?.and_then(|row| row.dwelling);
        let words = address(tx, dwelling, scope.today)?;
        let words = if words.is_empty() { lang.t("roster.no-address").to_owned() } else { words };
        kept.push((words, format!("/household/{}{}", unit_code(unit), query(scope))));
    }
    let more = (look.kept.len() + look.kept_doors.len()).saturating_sub(kept.len());
    let more = (0 < more).then(|| lang.fill("roster.undo-more", &[&n(more)]));
    Ok(UndoView { action, lines, kept, more })
}

/// How far an import or an undo is.
pub(in crate::desk) fn working_page(
    viewer: &Viewer,
    scope: &Scope,
    (again, title): (String, &'static str),
    done: Option<(usize, usize)>,
) -> WorkingPage {
    let lang = viewer.lang;
    let done = done.filter(|(_, all)| 0 < *all);
    let words = match done {
        Some((units, all)) if units < all => {
            lang.fill("roster.working", &[&units.to_string(), &all.to_string()])
        }
        Some(_) => lang.t("roster.working-end").to_owned(),
        None => lang.t("roster.working-begin").to_owned(),
    };
    WorkingPage {
        shell: viewer.shell(title.to_owned(), "roster", Some(scope)),
        place: scope.place(),
        again,
        words,
        done,
    }
}

/// Whether an import stands, and none of the same sheet after it.
pub(in crate::desk) fn can_undo(lines: &[Kept], line: &Kept) -> bool {
    let newest = lines.iter().find(|one| one.fingerprint == line.fingerprint && one.undone_ms.is_none());
    newest.is_some_and(|newest| newest.id == line.id)
}

pub(in crate::desk) fn query(scope: &Scope) -> String {
    format!("?period={}{}", scope.period, scope.tail)
}

/// The local day and time.
pub(in crate::desk) fn at(ms: i64, zone: Zone) -> String {
    let at = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    format!("{} {}", zone.date(at), zone.time(at).format("%H:%M"))
}

/// What a file says, counted.
pub(in crate::desk) fn counts_words(counts: &Counts, lang: Lang) -> String {
    let parts = [
        counts.dwellings,
        counts.households,
        counts.persons,
        counts.vacant,
        counts.key_households,
        counts.with_last_visit,
    ];
    let parts = parts.map(|one| one.to_string());
    lang.fill("roster.counted", &parts.each_ref().map(String::as_str))
}

fn counts_of(line: &Kept, lang: Lang) -> String {
    serde_json::from_str(&line.report).map(|counts| counts_words(&counts, lang)).unwrap_or_default()
}

fn file_words(line: &Kept, lang: Lang) -> String {
    line.file.clone().unwrap_or_else(|| lang.t("roster.no-name").to_owned())
}

fn who(tx: &Tx<'_>, line: &Kept, lang: Lang) -> Result<String, StorageError> {
    if line.account == command_line() {
        return Ok(lang.t("access.shell").to_owned());
    }
    Ok(tx.account(line.account)?.map(|account| account.shown).unwrap_or_default())
}

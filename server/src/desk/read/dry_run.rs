//! A dry run as its pages show it: columns to correct, counts, findings by kind, and what stands in the way.

use std::collections::BTreeMap;

use ruhu_core::ids::GridId;
use serde::Deserialize;

use super::roster::{at, counts_words, query};
use super::{Scope, Viewer};
use crate::desk::views::{
    ColumnView, DryRunPage, FindingGroup, FirstLine, GridChoice, ImportFindingsPage, Said, Tab, TableView,
    meaning_words,
};
use crate::desk::words::Lang;
use crate::import::columns::{MatchedBy, Meaning};
use crate::import::commit::DefaultGrid;
use crate::import::finding::{Finding, Severity};
use crate::import::sheet::column_letters;
use crate::import::shown::{Block, FirstRow, Shown, Tally};
use crate::import::upload::{UPLOAD_KEPT_MS, Upload};
use crate::report::table::{Book, Cell, Column, Line, Table};

/// Findings of one page.
const PAGE: usize = 100;
/// What was not taken comes first: it is what somebody has to do something about.
const SEVERITIES: [(Severity, &str, &str); 3] = [
    (Severity::Unread, "unread", "roster.unread"),
    (Severity::Check, "check", "roster.check"),
    (Severity::Note, "note", "roster.note"),
];

/// Which findings an address asks for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct FindingsAsked {
    severity: Option<String>,
    kind: Option<String>,
}

/// The name of a column's field: the table's place among all, and the column.
pub(in crate::desk) fn field_name(table: usize, column: u16) -> String {
    format!("c{table}.{column}")
}

pub(in crate::desk) fn dry_run_page(
    viewer: &Viewer,
    scope: &Scope,
    upload: &Upload,
    said: Said,
) -> DryRunPage {
    let (lang, shown, path) = (viewer.lang, &upload.shown, path(scope, upload));
    let mut shell = viewer.shell(lang.t("roster.dry-run").to_owned(), "roster", Some(scope));
    shell.said = said;
    let units = shown.against.doors.new
        + shown.against.doors.changed
        + shown.against.households.new
        + shown.against.households.changed;
    let enter = shown.blocks.is_empty().then(|| lang.fill("roster.enter", &[&units.to_string()]));
    DryRunPage {
        shell,
        place: scope.place(),
        back: format!("/roster{}", query(scope)),
        file: upload.choices.file_name.clone(),
        kept: lang.fill("roster.kept", &[&at(upload.made_ms + UPLOAD_KEPT_MS, scope.file.zone())]),
        action: path.clone() + &query(scope),
        seen: shown.digest.clone(),
        counts: counts_words(&shown.counts, lang),
        against: vec![
            (lang.t("roster.doors"), tally(&shown.against.doors)),
            (lang.t("roster.households"), tally(&shown.against.households)),
        ],
        notes: notes(shown, lang),
        blocks: shown.blocks.iter().map(|block| block_words(*block, shown, lang)).collect(),
        groups: groups(shown, &(path.clone() + "/findings" + &query(scope)), lang),
        findings: path + "/findings" + &query(scope),
        tables: tables(shown, lang),
        meanings: Meaning::all().map(|one| (one.word(), meaning_words(one, lang))).collect(),
        grids: grids(scope, upload, lang),
        first: shown.first.iter().map(|row| first_line(row, lang)).collect(),
        enter,
    }
}

fn path(scope: &Scope, upload: &Upload) -> String {
    debug_assert_eq!(scope.id, upload.key.community);
    format!("/roster/upload/{}", upload.key.id)
}

fn tally(tally: &Tally) -> [String; 4] {
    [tally.new, tally.changed, tally.unchanged, tally.missing].map(|one| one.to_string())
}

fn notes(shown: &Shown, lang: Lang) -> Vec<String> {
    let against = &shown.against;
    let mut notes = Vec::new();
    if shown.known_source {
        notes.push(lang.t("roster.known-source").to_owned());
    }
    let missing = against.doors.missing + against.households.missing + against.people_missing;
    if 0 < missing + against.values_missing {
        let parts = [
            against.doors.missing,
            against.households.missing,
            against.people_missing,
            against.values_missing,
        ];
        let parts = parts.map(|one| one.to_string());
        notes.push(lang.fill("roster.missing", &parts.each_ref().map(String::as_str)));
    }
    if !shown.new_grids.is_empty() {
        let names = shown.new_grids.join(lang.t("site.comma"));
        notes.push(lang.fill("roster.new-grids", &[&shown.new_grids.len().to_string(), &names]));
    }
    notes
}

fn block_words(block: Block, shown: &Shown, lang: Lang) -> String {
    match block {
        Block::NoHeadings => lang.t("roster.block-headings").to_owned(),
        Block::NoHeadingRow => lang.t("roster.block-heading-row").to_owned(),
        Block::NothingRead => lang.t("roster.block-nothing").to_owned(),
        Block::NoGrid => lang.fill("roster.block-grid", &[&shown.against.doors_without_grid.to_string()]),
        Block::NothingNew => lang.t("roster.block-same").to_owned(),
    }
}

fn tables(shown: &Shown, lang: Lang) -> Vec<TableView> {
    let read = shown.tables.iter().enumerate().map(|(nth, table)| {
        let columns = table.columns.iter().map(|column| ColumnView {
            name: field_name(nth, column.column),
            letters: column.letters(),
            heading: column.heading.clone(),
            sample: column.sample.clone(),
            meaning: column.meaning.map_or("", Meaning::word),
            by: match column.by {
                MatchedBy::Heading => lang.t("roster.by-heading"),
                MatchedBy::Hand => lang.t("roster.by-hand"),
                MatchedBy::Remembered => lang.t("roster.by-memory"),
                MatchedBy::Nothing => lang.t("roster.by-nothing"),
            },
        });
        let row = table.place.row.unwrap_or(1).to_string();
        let place = lang.fill("roster.table", &[&table.place.sheet, &row]);
        TableView { place, columns: columns.collect() }
    });
    let behind = shown.tables.len();
    let unread = shown.unread.iter().enumerate().map(|(nth, sketch)| {
        let columns = sketch.columns.iter().map(|(column, samples)| ColumnView {
            name: field_name(behind + nth, *column),
            letters: column_letters(*column),
            heading: String::new(),
            sample: samples.join(" · "),
            meaning: "",
            by: lang.t("roster.by-nothing"),
        });
        TableView { place: lang.fill("roster.sketch", &[&sketch.sheet]), columns: columns.collect() }
    });
    read.chain(unread).collect()
}

fn grids(scope: &Scope, upload: &Upload, lang: Lang) -> Option<GridChoice> {
    let without = upload.shown.against.doors_without_grid;
    if without == 0 {
        return None;
    }
    let (chosen, new) = match &upload.choices.default_grid {
        Some(DefaultGrid::Known(grid)) => (grid.to_string(), String::new()),
        Some(DefaultGrid::New(name)) => (String::new(), name.clone()),
        None => (String::new(), String::new()),
    };
    let mut known: Vec<(GridId, String)> =
        scope.file.grids().into_iter().map(|(id, grid)| (id, grid.name.clone())).collect();
    known.sort_by(|one, other| (one.1.len(), &one.1).cmp(&(other.1.len(), &other.1)));
    Some(GridChoice {
        words: lang.fill("roster.without-grid", &[&without.to_string()]),
        known: known.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
        chosen,
        new,
    })
}

fn first_line(row: &FirstRow, lang: Lang) -> FirstLine {
    let (head, phone, people) = match &row.household {
        Some(home) => {
            let key = if home.is_key { format!(" · {}", lang.t("list.key")) } else { String::new() };
            (format!("{}{key}", home.head), home.phone.clone(), home.people.to_string())
        }
        None => (lang.t("roster.nobody").to_owned(), String::new(), String::new()),
    };
    let grid = row.grid.clone().unwrap_or_default();
    FirstLine { place: row.place.to_string(), address: row.address.clone(), grid, head, phone, people }
}

fn words(finding: &Finding, lang: Lang) -> String {
    match lang {
        Lang::Zh => finding.code.zh(),
        Lang::En => finding.code.en(),
    }
}

fn severity_words(severity: Severity, lang: Lang) -> &'static str {
    SEVERITIES.iter().find(|(one, ..)| *one == severity).map_or("", |(.., key)| lang.t(key))
}

fn groups(shown: &Shown, findings: &str, lang: Lang) -> Vec<FindingGroup> {
    let mut kinds: BTreeMap<(usize, String), (&Finding, u32)> = BTreeMap::new();
    for finding in &shown.findings {
        let rank = SEVERITIES.iter().position(|(one, ..)| *one == finding.severity()).unwrap_or(0);
        kinds.entry((rank, finding.code.name())).or_insert((finding, 0)).1 += 1;
    }
    let group = |((_, name), (finding, count)): ((usize, String), (&Finding, u32))| FindingGroup {
        severity: severity_words(finding.severity(), lang),
        words: words(finding, lang),
        count: count.to_string(),
        href: format!("{findings}&kind={name}"),
    };
    kinds.into_iter().map(group).collect()
}

fn wanted<'s>(shown: &'s Shown, asked: &FindingsAsked) -> Vec<&'s Finding> {
    let code = |severity: Severity| SEVERITIES.iter().find(|one| one.0 == severity).map_or("", |one| one.1);
    let fits = |one: &&Finding| {
        asked.severity.as_deref().is_none_or(|wanted| wanted == code(one.severity()))
            && asked.kind.as_deref().is_none_or(|wanted| wanted == one.code.name())
    };
    let mut found: Vec<&Finding> = shown.findings.iter().filter(fits).collect();
    // Stable: within a severity as they stand in the file.
    found.sort_by_key(|one| SEVERITIES.iter().position(|(severity, ..)| *severity == one.severity()));
    found
}

pub(in crate::desk) fn import_findings_page(
    viewer: &Viewer,
    scope: &Scope,
    upload: &Upload,
    asked: &FindingsAsked,
    page: Option<u32>,
) -> ImportFindingsPage {
    let (lang, path, query) = (viewer.lang, path(scope, upload), query(scope));
    let all = format!("{path}/findings{query}");
    let found = wanted(&upload.shown, asked);
    let pages = found.len().div_ceil(PAGE).max(1);
    let page = usize::try_from(page.unwrap_or(1)).unwrap_or(1).clamp(1, pages);
    let rows = found
        .iter()
        .skip((page - 1) * PAGE)
        .take(PAGE)
        .map(|one| (one.place.to_string(), severity_words(one.severity(), lang), words(one, lang)));
    let count = |severity| upload.shown.findings.iter().filter(|one| one.severity() == severity).count();
    let tab = |words: &str, code: Option<&str>, count: usize| Tab {
        words: words.to_owned(),
        href: code.map_or_else(|| all.clone(), |code| format!("{all}&severity={code}")),
        here: asked.kind.is_none() && asked.severity.as_deref() == code,
        count: u32::try_from(count).ok(),
    };
    let every = tab(lang.t("roster.all"), None, upload.shown.findings.len());
    let each = SEVERITIES.iter().map(|(one, code, key)| tab(lang.t(key), Some(code), count(*one)));
    // Only what is known by name goes back into an address.
    let kind = asked.kind.as_deref().and_then(|_| found.first()).map(|one| one.code.name());
    let code = SEVERITIES.iter().find(|one| asked.severity.as_deref() == Some(one.1)).map(|one| one.1);
    let filter = kind.as_ref().map(|kind| format!("&kind={kind}")).unwrap_or_default()
        + &code.map(|code| format!("&severity={code}")).unwrap_or_default();
    let at = |page: usize| format!("{all}{filter}&page={page}");
    ImportFindingsPage {
        shell: viewer.shell(lang.t("roster.findings").to_owned(), "roster", Some(scope)),
        file: upload.choices.file_name.clone(),
        back: format!("{path}{query}"),
        count: lang.fill("roster.finding-count", &[&found.len().to_string()]),
        severities: std::iter::once(every).chain(each).collect(),
        kind: kind.and_then(|_| found.first()).map(|one| (words(one, lang), all.clone())),
        export: format!("{path}/findings.xlsx{query}{filter}"),
        rows: rows.collect(),
        page: (1 < pages).then(|| lang.fill("list.page", &[&page.to_string(), &pages.to_string()])),
        previous: (1 < page).then(|| at(page - 1)),
        next: (page < pages).then(|| at(page + 1)),
    }
}

/// The findings as a book; cells beginning with `=` are kept as words by whoever writes it.
pub(in crate::desk) fn findings_book(
    viewer: &Viewer,
    scope: &Scope,
    upload: &Upload,
    asked: &FindingsAsked,
) -> Book {
    let lang = viewer.lang;
    let text = |words: String| Cell::Text(words);
    let rows = wanted(&upload.shown, asked).into_iter().map(|one| {
        let column = one.place.column.map(column_letters).unwrap_or_default();
        vec![
            text(severity_words(one.severity(), lang).to_owned()),
            text(one.place.sheet.clone()),
            one.place.row.map_or(Cell::Blank, Cell::Count),
            text(column),
            text(words(one, lang)),
        ]
    });
    let table = Table {
        title: lang.t("roster.findings").to_owned(),
        columns: vec![
            Column::words(lang.t("roster.severity"), 10),
            Column::words(lang.t("roster.sheet"), 18),
            Column::number(lang.t("roster.row"), 8),
            Column::words(lang.t("roster.column"), 8),
            Column::words(lang.t("roster.finding"), 90),
        ],
        rows: rows.collect(),
        total: None,
        when_empty: lang.t("roster.no-findings").to_owned(),
        notes: Vec::new(),
    };
    Book {
        title: lang.t("roster.findings").to_owned(),
        period: scope.today.to_string(),
        made_by_unit: scope.place(),
        made_by: viewer.account.shown.clone(),
        on: scope.today,
        heading: vec![Line::new(lang.t("roster.file"), upload.choices.file_name.clone())],
        tables: vec![table],
    }
}

//! The pages of the roster, filled in.

use super::shell;
use crate::desk::views::{
    ColumnView, DryRunPage, FindingGroup, FirstLine, GridChoice, ImportFindingsPage, ImportLine,
    ImportedPage, RosterPage, Tab, TableView, UndoView, WorkingPage, meaning_words,
};
use crate::desk::words::Lang;
use crate::import::columns::Meaning;

pub(crate) fn roster_page(lang: Lang) -> RosterPage {
    RosterPage {
        shell: shell(lang, "roster", lang.t("roster.title")),
        place: String::new(),
        counts: vec![(lang.t("roster.doors"), "2400".into()), (lang.t("roster.grids"), "8".into())],
        action: Some("/roster?period=2026Q3".into()),
        limits: lang.fill("roster.limits", &["20", "24"]),
        blank: "/roster/template.xlsx?period=2026Q3".into(),
        waiting: vec![("/roster/upload/1?period=2026Q3".into(), "a.xlsx".into(), "2026-09-13 09:30".into())],
        imports: vec![ImportLine {
            href: "/roster/import/1?period=2026Q3".into(),
            at: "2026-09-12 09:30".into(),
            who: "Li".into(),
            file: "roster-2026.xlsx".into(),
            counts: lang.fill("roster.counted", &["2400", "2210", "5200", "190", "60", "0"]),
            undone: Some(lang.fill("roster.undone", &["2026-09-12 10:00"])),
            undo: Some("/roster/import/1?period=2026Q3&undo=look".into()),
        }],
    }
}

pub(crate) fn dry_run_page(lang: Lang) -> DryRunPage {
    let column = |letters: &str, heading: &str, meaning: Option<Meaning>| ColumnView {
        name: format!("c0.{letters}"),
        letters: letters.into(),
        heading: heading.into(),
        sample: "W**".into(),
        meaning: meaning.map_or("", Meaning::word),
        by: lang.t(if meaning.is_some() { "roster.by-heading" } else { "roster.by-nothing" }),
    };
    DryRunPage {
        shell: shell(lang, "roster", lang.t("roster.dry-run")),
        place: String::new(),
        back: "/roster?period=2026Q3".into(),
        file: "roster-2026.xlsx".into(),
        kept: lang.fill("roster.kept", &["2026-09-14 09:30"]),
        action: "/roster/upload/1?period=2026Q3".into(),
        seen: "ab12".into(),
        counts: lang.fill("roster.counted", &["2400", "2210", "5200", "190", "60", "0"]),
        against: vec![(lang.t("roster.doors"), ["3", "1", "2396", "2"].map(str::to_owned))],
        notes: vec![lang.fill("roster.new-grids", &["1", "G9"]), lang.t("roster.known-source").into()],
        blocks: vec![lang.fill("roster.block-grid", &["3"])],
        groups: vec![FindingGroup {
            severity: lang.t("roster.unread"),
            words: "…".into(),
            count: "7".into(),
            href: "/roster/upload/1/findings?period=2026Q3&kind=phone_unread".into(),
        }],
        findings: "/roster/upload/1/findings?period=2026Q3".into(),
        tables: vec![TableView {
            place: lang.fill("roster.table", &["Sheet1", "2"]),
            columns: vec![column("A", "grid", Some(Meaning::Grid)), column("B", "?", None)],
        }],
        // In English without the codes of the form, which are Chinese words.
        meanings: [Meaning::Grid, Meaning::Name].map(|one| (one.word(), meaning_words(one, lang))).into(),
        grids: Some(GridChoice {
            words: lang.fill("roster.without-grid", &["3"]),
            known: vec![("1".into(), "G1".into())],
            chosen: "1".into(),
            new: String::new(),
        }),
        first: vec![FirstLine {
            place: "Sheet1!3".into(),
            address: "3-2-101".into(),
            grid: "G1".into(),
            head: "W*".into(),
            phone: "100****0001".into(),
            people: "3".into(),
        }],
        enter: Some(lang.fill("roster.enter", &["4"])),
    }
}

pub(crate) fn import_findings_page(lang: Lang) -> ImportFindingsPage {
    ImportFindingsPage {
        shell: shell(lang, "roster", lang.t("roster.findings")),
        file: "roster-2026.xlsx".into(),
        back: "/roster/upload/1?period=2026Q3".into(),
        count: lang.fill("roster.finding-count", &["120"]),
        severities: vec![Tab {
            words: lang.t("roster.all").into(),
            href: "/roster/upload/1/findings?period=2026Q3".into(),
            here: true,
            count: Some(120),
        }],
        kind: Some(("…".into(), "/roster/upload/1/findings?period=2026Q3".into())),
        export: "/roster/upload/1/findings.xlsx?period=2026Q3".into(),
        rows: vec![("Sheet1!D7".into(), lang.t("roster.unread"), "…".into())],
        page: Some(lang.fill("list.page", &["1", "2"])),
        previous: None,
        next: Some("/roster/upload/1/findings?period=2026Q3&page=2".into()),
    }
}

pub(crate) fn imported_page(lang: Lang) -> ImportedPage {
    ImportedPage {
        shell: shell(lang, "roster", lang.t("roster.one")),
        place: String::new(),
        back: "/roster?period=2026Q3".into(),
        facts: vec![(lang.t("roster.file"), "roster-2026.xlsx".into())],
        undo: Some("/roster/import/1?period=2026Q3&undo=look".into()),
        why_not: Some(lang.t("roster.not-the-last")),
        look: Some(UndoView {
            action: "/roster/import/1?period=2026Q3".into(),
            lines: vec![lang.fill("roster.undo-units", &["4", "5"])],
            kept: vec![("3-2-101".into(), "/household/h-1?period=2026Q3".into())],
            more: Some(lang.fill("roster.undo-more", &["2"])),
        }),
    }
}

pub(crate) fn working_page(lang: Lang) -> WorkingPage {
    WorkingPage {
        shell: shell(lang, "roster", lang.t("roster.entering")),
        place: String::new(),
        again: "/roster/upload/1?period=2026Q3".into(),
        words: lang.fill("roster.working", &["120", "2400"]),
        done: Some((120, 2400)),
    }
}

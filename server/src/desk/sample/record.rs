//! The record of a household, filled in.

use super::{masked, shell};
use crate::desk::views::{
    AddView, ConflictView, FieldInput, FormView, InputKind, RecordForm, RecordLine, RecordPage,
    RecordSection, Reveal, SideView,
};
use crate::desk::words::Lang;

fn line(key: &str, label: &str, value: &str) -> RecordLine {
    RecordLine {
        key: key.into(),
        label: label.into(),
        value: value.into(),
        said: "2026-07-05 Wang".into(),
        ..RecordLine::default()
    }
}

fn typed(kind: InputKind, line: RecordLine) -> RecordLine {
    let input = FieldInput { kind, now: line.value.clone(), was: line.value.clone() };
    RecordLine { input: Some(input), ..line }
}

/// As it is looked at before it is opened.
pub(crate) fn record_page(lang: Lang) -> RecordPage {
    let side = |shown: &str| SideView {
        shown: shown.into(),
        text: String::new(),
        said: "2026-07-05 Wang".into(),
        chosen: false,
    };
    RecordPage {
        shell: shell(lang, "households", lang.t("record.title")),
        back: "/household/h-1?period=2026Q3".into(),
        address: "3-2-101".into(),
        place: "1".into(),
        for_case: true,
        reveal: masked(lang),
        conflicts: vec![ConflictView {
            label: "Telephone".into(),
            key: "p/phone".into(),
            values: vec![side("138****0001"), side("")],
            problem: None,
        }],
        sections: vec![
            RecordSection {
                title: lang.t("record.household").into(),
                lines: vec![line("p/tenure", "Tenure", "rented")],
                ..RecordSection::default()
            },
            RecordSection {
                title: "W*".into(),
                tags: vec![lang.t("record.head").into()],
                kept_back: lang.t("record.has-categories").into(),
                ..RecordSection::default()
            },
        ],
        gone: vec![RecordSection {
            title: "L*".into(),
            lines: vec![line("m/2/left", "Left on", "***")],
            ..RecordSection::default()
        }],
        form: None,
    }
}

/// Open to be corrected, with a field that was not taken.
pub(crate) fn correcting_page(lang: Lang) -> RecordPage {
    let mut page = record_page(lang);
    page.reveal = Reveal::Shown { reason: lang.t("reason.record").into() };
    page.form = Some(RecordForm {
        action: "/household/h-1/record?period=2026Q3".into(),
        reason: "record".into(),
        sources: vec![("resident", lang.t("record.by-resident").into())],
        source: "resident".into(),
        unplaced: vec!["Unknown".into()],
    });
    page.conflicts[0].problem = Some(lang.fill("record.apart-typed", &["1380"]));
    let tenure = InputKind::Choice(vec![("rented".into(), "rented".into())]);
    let phone = RecordLine {
        problem: Some(lang.fill("record.changed-since", &["13800000002"])),
        earlier: vec![("13800000001".into(), "2026-04-01 Wang".into())],
        ..line("p/phone2", "Second telephone", "1380")
    };
    page.sections[0].lines =
        vec![typed(tenure, line("p/tenure", "Tenure", "rented")), typed(InputKind::Phone, phone)];
    let grade = RecordLine { again: true, sensitive: true, ..line("m/1/c/disabled/grade", "Grade", "2") };
    page.sections[1] = RecordSection {
        title: "Wang".into(),
        tags: vec![lang.t("record.head").into(), lang.t("record.new").into()],
        lines: vec![
            typed(InputKind::Text(50), line("m/1/name", "Name", "Wang")),
            typed(InputKind::PartDate, line("m/1/birth", "Born", "1958")),
        ],
        forms: vec![FormView {
            title: "Disabled".into(),
            why: lang.fill("record.why", &["CDPF", "support · law"]),
            lines: vec![
                typed(InputKind::Number(1, 4), grade),
                typed(InputKind::Date, line("m/1/c/disabled/since", "Since", "2020-01-01")),
            ],
        }],
        kept_back: lang.fill("record.not-confirmed", &["Migrant"]),
        add: Some(AddView { person: "1".into(), categories: vec![("migrant".into(), "Migrant".into())] }),
    };
    page
}

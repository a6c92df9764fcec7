//! The pages of residents' requests about their own record, filled in.

use super::{masked, shell, signed_out};
use crate::desk::views::{
    ErasureView, Note, ResidentNotedPage, ResidentPage, Reveal, RightsCasePage, RightsFormPage, RightsForms,
    RightsLine, RightsPage, RightsSheetPage, SheetTable, StepView, Tab, TypedCase,
};
use crate::desk::words::Lang;

pub(crate) fn rights_page(lang: Lang) -> RightsPage {
    let tab = |words: &'static str, count: Option<u32>, here: bool| Tab {
        words: lang.t(words).to_owned(),
        href: "/rights?period=2026Q3&state=open".into(),
        here,
        count,
    };
    let line = |nr: &str, address: &str, overdue: bool| RightsLine {
        href: "/rights/1?period=2026Q3".into(),
        nr: nr.into(),
        kind: lang.t("rights.see"),
        channel: lang.t("rights.by-page"),
        address: address.into(),
        on: "2026-07-01".into(),
        stands: lang.t("rights.state-received"),
        due: "2026-07-22".into(),
        overdue,
    };
    RightsPage {
        shell: shell(lang, "rights", lang.t("rights.title")),
        heading: String::new(),
        count: lang.fill("rights.count", &["2"]),
        tabs: vec![tab("rights.open", Some(2), true), tab("rights.overdue", Some(1), false)],
        kinds: vec![tab("rights.all-kinds", None, true), tab("rights.delete", None, false)],
        rows: vec![line("2026-0001", lang.t("rights.unknown"), true), line("2026-0002", "3-2-101", false)],
        new: Some("/rights/new?period=2026Q3".into()),
        page: Some(lang.fill("list.page", &["1", "2"])),
        previous: None,
        next: Some("/rights?period=2026Q3&page=2".into()),
    }
}

pub(crate) fn rights_form_page(lang: Lang) -> RightsFormPage {
    RightsFormPage {
        shell: shell(lang, "rights", lang.t("rights.new")),
        back: "/rights?period=2026Q3".into(),
        place: String::new(),
        action: "/rights/new?period=2026Q3".into(),
        kinds: vec![("see", lang.t("rights.see"))],
        channels: vec![("counter", lang.t("rights.by-counter"))],
        household: None,
        typed: TypedCase { contact: "10012345678".into(), ..TypedCase::default() },
    }
}

/// A case at every form there is, whether it could be so or not: their words are to be seen.
pub(crate) fn rights_case_page(lang: Lang, todo: &'static str, shown: bool) -> RightsCasePage {
    let step = |what: String, words: Note| StepView {
        on: "2026-07-02".into(),
        at: "09:30".into(),
        what,
        by: "Li".into(),
        words,
    };
    let words = || if shown { Note::Shown("See".into()) } else { Note::Hidden };
    let identified = format!("{} · {}", lang.t("rights.step-identified"), lang.t("rights.shown-known"));
    RightsCasePage {
        shell: shell(lang, "rights", lang.t("rights.title")),
        back: "/rights?period=2026Q3".into(),
        place: String::new(),
        kind: lang.t("rights.delete"),
        nr: "2026-0001".into(),
        due: lang.fill("rights.due-on", &["2026-07-22"]),
        stands: lang.t("rights.state-granted"),
        overdue: true,
        received: lang.fill(
            "rights.received-at",
            &["2026-07-01", lang.t("rights.by-page"), lang.t("rights.by-resident")],
        ),
        household: shown.then(|| ("3-2-101".into(), "/household/h-1?period=2026Q3".into())),
        reveal: Some(match shown {
            true => Reveal::Shown { reason: lang.t("reason.resident").into() },
            false => masked(lang),
        }),
        contact: Some(if shown { "10012345678".into() } else { "100****5678".into() }),
        words: words(),
        steps: vec![step(identified, Note::None), step(lang.t("rights.step-done").into(), words())],
        sheets: vec![(
            lang.fill("rights.sheet-of", &["W*"]),
            "/rights/1/sheet?of=1".into(),
            "/rights/1/sheet.xlsx?of=1".into(),
        )],
        forms: Some(RightsForms {
            action: "/rights/1?period=2026Q3".into(),
            seen: 2,
            household: Some(shown),
            shown: vec![("document", lang.t("rights.shown-document"))],
            rulings: vec![("refused", lang.t("rights.ruled-refused"))],
            todo,
            record: "/household/h-1/record?period=2026Q3&case=1&seen=2".into(),
            days: ("2026-07-02".into(), "2027-07-02".into()),
            erasable: vec![("/rights/1?erase=household".into(), lang.t("rights.erase-household").into())],
            preview: Some(ErasureView {
                what: "household".into(),
                whom: lang.t("rights.whole").into(),
                fields: vec![lang.t("sheet.name").into()],
                counts: vec![(lang.t("rights.n-fields"), "1".into())],
            }),
            told: vec![("phone", lang.t("rights.told-phone"))],
            act: "done".into(),
            words: "So".into(),
            outcome: "refused".into(),
            article: "47".into(),
            until: "2027-07-02".into(),
        }),
    }
}

pub(crate) fn rights_sheet_page(lang: Lang) -> RightsSheetPage {
    let heads = ["sheet.person", "sheet.field", "sheet.value"].map(|key| lang.t(key).to_owned());
    RightsSheetPage {
        shell: shell(lang, "rights", lang.t("sheet.title")),
        back: "/rights/1?period=2026Q3".into(),
        xlsx: "/rights/1/sheet.xlsx?period=2026Q3".into(),
        title: lang.t("sheet.title").into(),
        mark: lang.fill("sheet.mark", &["2026-0001", "2026-07-02", "Li"]),
        lines: vec![(lang.t("sheet.for").into(), lang.t("sheet.for-words").into())],
        tables: vec![
            SheetTable {
                title: lang.t("sheet.record").into(),
                heads: heads.to_vec(),
                rows: vec![vec![lang.t("sheet.home").into(), lang.t("sheet.phone").into(), "100".into()]],
                when_empty: lang.t("sheet.no-record").into(),
            },
            SheetTable {
                title: lang.t("sheet.looks").into(),
                heads: Vec::new(),
                rows: Vec::new(),
                when_empty: lang.t("sheet.no-looks").into(),
            },
        ],
    }
}

pub(crate) fn resident_page(lang: Lang) -> ResidentPage {
    ResidentPage {
        shell: signed_out(lang, lang.t("resident.title")),
        communities: vec![("1".into(), "Sunny".into()), ("2".into(), "Moon".into())],
        kinds: vec![("see", lang.t("rights.see"))],
        typed: TypedCase { contact: "12".into(), ..TypedCase::default() },
        trouble: Some(("contact", lang.t("rights.bad-phone").into())),
    }
}

pub(crate) fn resident_noted_page(lang: Lang) -> ResidentNotedPage {
    ResidentNotedPage {
        shell: signed_out(lang, lang.t("resident.noted")),
        nr: "2026-0001".into(),
        due: "2026-07-22".into(),
    }
}

//! The pages of requests, filled in.

use super::shell;
use crate::desk::views::{
    Note, RequestForms, RequestLine, RequestPage, RequestsPage, StepView, Tab, TypedStep,
};
use crate::desk::words::Lang;

pub(crate) fn requests_page(lang: Lang) -> RequestsPage {
    let tab = |words: &'static str, count: u32, here: bool| Tab {
        words: lang.t(words).to_owned(),
        href: "/requests?period=2026Q3&state=waiting".into(),
        here,
        count: Some(count),
    };
    let line = |address: &str, kind: &'static str, words: Note, mark: Option<&'static str>| RequestLine {
        href: "/request/h-1/2?period=2026Q3".into(),
        address: address.into(),
        kind: lang.t(kind),
        on: "2026-07-12".into(),
        words,
        stands: lang.fill("requests.with", &[lang.t("step.assigned"), "Wang"]),
        due: "2026-07-19".into(),
        mark: mark.map(|mark| lang.t(mark)),
    };
    RequestsPage {
        shell: shell(lang, "requests", lang.t("requests.title")),
        heading: String::new(),
        count: lang.fill("requests.count", &["3"]),
        tabs: vec![tab("requests.waiting", 3, true), tab("requests.overdue", 1, false)],
        rows: vec![
            line("3-2-101", "requests.request", Note::Hidden, Some("requests.overdue")),
            line("3-2-102", "requests.hazard", Note::Shown("Lamp".into()), Some("requests.to-tell")),
            line("3-2-103", "requests.request", Note::Erased, None),
        ],
        reveal: Some("/requests/reveal?period=2026Q3".into()),
        page: Some(lang.fill("list.page", &["1", "2"])),
        previous: None,
        next: Some("/requests?period=2026Q3&page=2".into()),
    }
}

pub(crate) fn request_page(lang: Lang) -> RequestPage {
    let step = |what: &'static str, words: Note| StepView {
        on: "2026-07-13".into(),
        at: "09:30".into(),
        what: lang.t(what).to_owned(),
        by: lang.t("household.by-desk").to_owned(),
        words,
    };
    RequestPage {
        shell: shell(lang, "requests", lang.t("requests.title")),
        back: "/requests?period=2026Q3".into(),
        place: "1".into(),
        address: "3-2-101".into(),
        household: "/household/h-1?period=2026Q3".into(),
        kind: lang.t("requests.request"),
        noted: lang.fill("requests.noted", &["2026-07-12", "Wang"]),
        words: Note::Shown("Lamp".into()),
        more: Note::Shown("New bulb".into()),
        hazard: false,
        stands: lang.t("step.handled").to_owned(),
        due: lang.fill("requests.due-on", &["2026-07-19"]),
        mark: Some(lang.t("requests.to-tell")),
        steps: vec![step("step.assigned", Note::None), step("step.handled", Note::Shown("Done".into()))],
        forms: Some(RequestForms {
            action: "/request/h-1/2?period=2026Q3".into(),
            workers: vec![("w".into(), "Wang".into())],
            days: ("2026-07-14".into(), "2027-07-15".into()),
            next: "tell",
            handle: true,
            tell: true,
            close: true,
            close_says_why: true,
            typed: TypedStep { worker: "w".into(), due: "2026-07-21".into(), ..TypedStep::default() },
        }),
    }
}

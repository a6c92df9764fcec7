//! The pages on which a lead acts, filled in.

use super::shell;
use crate::desk::views::{
    AgreementRow, AskView, CardPage, Closable, CodePage, DrawRowView, GridRow, LookView, PairRow, PeriodRow,
    PeriodSwitch, PeriodsPage, PhoneView, PointView, Said, SpanView, SpotCheckPage, SpotChecksPage, SpotForm,
    SpotItem, SpotRound, SpotSheet, StaffForm, StaffPage, Undo, WaitingPage, WaitingRow, WorkerRow,
};
use crate::desk::words::Lang;
use crate::report::sample::quarter;

pub(crate) fn waiting_page(lang: Lang) -> WaitingPage {
    let mut shell = shell(lang, "waiting", lang.t("waiting.title"));
    let undo = Undo { action: "/waiting?period=2026Q3".into(), entries: "ab".repeat(32) };
    shell.said = Said::Done { words: lang.t("done.confirmed").into(), undo: Some(undo) };
    WaitingPage {
        shell,
        place: String::new(),
        count: lang.fill("waiting.count", &["2"]),
        action: "/waiting?period=2026Q3".into(),
        rights: Some(("/rights?period=2026Q3".into(), lang.fill("rights.waits", &["2", "1"]))),
        decides: true,
        rows: vec![WaitingRow {
            entry: "cd".repeat(32),
            address: "3-2-101".into(),
            href: "/household/h-1".into(),
            what: lang.t("event.key").into(),
            then: lang.t("waiting.then-key"),
            by: "Wang".into(),
            on: "2026-07-12".into(),
        }],
        pairs: vec![PairRow {
            address: "3-2-102".into(),
            first: "1".into(),
            first_href: "/household/h-1".into(),
            later: "2".into(),
            later_href: "/household/h-2".into(),
            why: lang.t("waiting.same-phone").into(),
        }],
    }
}

pub(crate) fn staff_page(lang: Lang) -> StaffPage {
    let mut shell = shell(lang, "staff", lang.t("staff.title"));
    shell.said = Said::Refused(lang.t("staff.days-turned").into());
    let span = lang.fill("staff.span", &["2026-07-06", "2026-07-10"]);
    StaffPage {
        shell,
        place: String::new(),
        action: "/staff?period=2026Q3".into(),
        code_action: "/staff/code?period=2026Q3".into(),
        decides: true,
        today: "2026-07-01".into(),
        grids: vec![GridRow {
            id: "g".into(),
            name: "1".into(),
            responsible: None,
            ownerless: Some(lang.fill("staff.ownerless", &["2026-08-01"])),
            covers: vec![SpanView {
                words: format!("Li {span}"),
                worker: "l".into(),
                from: "2026-07-06".into(),
                begun: true,
            }],
            nobody: vec![span.clone()],
        }],
        workers: vec![WorkerRow {
            completion: "/completion/1?period=2026Q3".into(),
            id: "w".into(),
            name: "Wang".into(),
            class: lang.t("staff.staff"),
            grids: "1".into(),
            leave: vec![SpanView {
                words: span,
                worker: "w".into(),
                from: "2026-07-06".into(),
                begun: false,
            }],
            left: Some(lang.fill("staff.left-on", &["2026-08-01"])),
            here: true,
            phones: vec![PhoneView {
                enrolment: "e".into(),
                device: "phone 1.0".into(),
                contact: lang.fill("staff.contact", &["2026-07-01"]),
                unsent: lang.fill("staff.unsent", &["3"]),
            }],
        }],
        form: StaffForm { act: "cover".into(), grid: "g".into(), ..StaffForm::default() },
        look: Some(LookView {
            title: lang.t("staff.look"),
            heading: "1 · Wang → Li".into(),
            lines: vec![lang.fill("staff.sheet", &["2026-06-30", "12", "3"])],
            unsent: vec![lang.fill("staff.unsent", &["3"])],
            all_sent: lang.t("staff.all-sent"),
            submit: lang.t("staff.hand-over-now"),
        }),
    }
}

pub(crate) fn code_page(lang: Lang) -> CodePage {
    CodePage {
        shell: shell(lang, "staff", lang.t("code.title")),
        name: "Wang".into(),
        picture: "<svg></svg>".into(),
        code: "ABCDE-FGHJK".into(),
        address: "hub.example/app/#enrol=ABCDE".into(),
        until: lang.fill("code.until", &["2026-07-02 09:00"]),
        back: "/staff".into(),
    }
}

pub(crate) fn periods_page(lang: Lang) -> PeriodsPage {
    PeriodsPage {
        shell: shell(lang, "periods", lang.t("closing.title")),
        place: String::new(),
        action: "/periods?period=2026Q3".into(),
        decides: true,
        rows: vec![PeriodRow {
            name: "2026Q2".into(),
            report: "/report?period=2026Q2".into(),
            standing: lang.fill("standing.closed", &["2026-07-10"]),
            identity: lang.fill("closing.identity", &["11", "6", "3", "2"]),
            strict: "54.54 %".into(),
            now: Some(lang.fill("closing.now", &["63.63 %", "1"])),
            close: None,
        }],
        closable: Some(Closable {
            code: "2026Q3".into(),
            name: "2026Q3".into(),
            identity: lang.fill("closing.identity", &["11", "6", "3", "2"]),
            strict: "54.54 %".into(),
            warnings: vec![lang.fill("closing.better-on", &["2026-10-10"])],
            reason: String::new(),
        }),
    }
}

pub(crate) fn spot_checks_page(lang: Lang) -> SpotChecksPage {
    SpotChecksPage {
        shell: shell(lang, "spot", lang.t("spot.title")),
        place: String::new(),
        periods: PeriodSwitch::new(quarter(), "/spot-checks", "", "2026-10-12".parse().unwrap(), lang),
        action: "/spot-checks?period=2026Q3".into(),
        decides: true,
        framed: lang.fill("spot.framed", &["480"]),
        id: "r".into(),
        size: "20".into(),
        by_signals: true,
        rows: vec![DrawRowView {
            on: "2026-09-01".into(),
            href: "/spot-checks/1".into(),
            period: "2026Q3".into(),
            method: lang.t("spot.by-lot"),
            drawn: lang.fill("spot.drawn", &["20", "480"]),
            asked: lang.fill("spot.asked", &["9", "8"]),
            contradicted: lang.fill("spot.contradicted-of", &["1", "12.5 %"]),
        }],
    }
}

pub(crate) fn spot_check_page(lang: Lang) -> SpotCheckPage {
    let round = |round: &str, said: &str, contradicts| SpotRound {
        round: round.into(),
        said: said.into(),
        contradicts,
        task: if contradicts { String::new() } else { lang.fill("spot.given", &["Li", "2026-09-20"]) },
        brought: lang.fill("spot.brought", &["Li", "2026-09-12", lang.t("spot.nobody-came")]),
        form: SpotForm { on: "2026-09-12".into(), ..SpotForm::default() },
        open: contradicts,
        giving: !contradicts,
    };
    let days = || ("2026-09-16".into(), "2026-09-02".into(), "2026-11-01".into());
    SpotCheckPage {
        shell: shell(lang, "spot", lang.t("spot.title")),
        place: String::new(),
        back: "/spot-checks".into(),
        lead: lang.t("spot.lead-signals"),
        sheet: "/spot-checks/1/sheet".into(),
        action: "/spot-checks/1".into(),
        decides: true,
        method: vec![(lang.t("spot.seed").into(), "ab".repeat(32))],
        frame_now: lang.t("spot.frame-same").into(),
        items: vec![SpotItem {
            number: "1".into(),
            nth: "0".into(),
            address: "3-2-101".into(),
            href: "/household/h-1".into(),
            claim: lang.t("term.done").into(),
            card: Some("/spot-checks/1/card/0".into()),
            rounds: vec![round("1", lang.t("spot.denied"), true), round("2", "", false)],
            checkers: vec![("w".into(), "Li".into())],
            finding: Some("/finding/1".into()),
            ask: Some(AskView { question: lang.t("findings.question").into(), days: days(), open: true }),
        }],
        agreement: vec![AgreementRow {
            claim: lang.t("term.done").into(),
            drawn: 1,
            asked: 1,
            told: 1,
            contradicted: 1,
            share: lang.fill("spot.share", &["100.0", "20.7", "100.0"]),
        }],
        twice: lang.fill("spot.twice", &["0", "0"]),
        answers: vec![("agrees".into(), lang.t("spot.agrees").into())],
        task_days: days(),
    }
}

pub(crate) fn card_page(lang: Lang) -> CardPage {
    let point = PointView {
        name: lang.t("term.late").into(),
        strength: lang.fill("card.strength", &[lang.t("spot.unsure"), "2.0"]),
        unusual: lang.t("spot.frame-moved").into(),
        innocent: vec![(lang.t("spot.not-met").into(), lang.t("spot.by-phone").into())],
        settled_by: lang.t("spot.tell-2").into(),
        about_the_quarter: true,
    };
    CardPage {
        shell: shell(lang, "spot", lang.t("card.title")),
        address: "3-2-101".into(),
        back: "/spot-checks/1".into(),
        facts: vec!["2026-07-12".into()],
        points: vec![point],
        missing: vec![lang.t("spot.open").into()],
        made_from: lang.fill("card.made-from", &["1", "abab"]),
    }
}

pub(crate) fn spot_sheet(lang: Lang) -> SpotSheet {
    SpotSheet {
        shell: shell(lang, "spot", lang.t("spot.sheet")),
        place: String::new(),
        back: "/spot-checks/1".into(),
        method: lang.fill("spot.method-line", &["2026-09-01", "1", "480", "abab"]),
        rows: vec![("1".into(), "3-2-101".into(), true)],
    }
}

//! The pages of findings, filled in.

use super::shell;
use crate::desk::views::{FindingForm, FindingForms, FindingLine, FindingPage, FindingsPage, Note, StepView};
use crate::desk::words::Lang;

pub(crate) fn findings_page(lang: Lang) -> FindingsPage {
    let line = |stage: &'static str, late: bool| FindingLine {
        href: "/finding/1?period=2026Q3".into(),
        address: "3-2-101".into(),
        visited_on: "2026-08-10".into(),
        stage: lang.t(stage).into(),
        until: "2026-09-20".into(),
        mark: late.then(|| lang.t("findings.late")),
    };
    FindingsPage {
        shell: shell(lang, "findings", lang.t("findings.title")),
        place: String::new(),
        ledger: "/ledger?period=2026Q3".into(),
        counts: lang.fill("findings.counts", &["2", "1", "0"]),
        rows: vec![line("stage.asked", true), line("ruling.missed", false)],
    }
}

pub(crate) fn finding_page(lang: Lang) -> FindingPage {
    let step = |what: &'static str, words: &str| StepView {
        on: "2026-09-13".into(),
        at: "09:30".into(),
        what: lang.t(what).to_owned(),
        by: "Li".into(),
        words: Note::Shown(words.into()),
    };
    let choice = |code: &str, words: &'static str| (code.to_owned(), lang.t(words));
    FindingPage {
        shell: shell(lang, "findings", lang.t("findings.one")),
        back: "/findings?period=2026Q3".into(),
        place: "1".into(),
        address: "3-2-101".into(),
        household: "/household/h-1?period=2026Q3".into(),
        stage: lang.t("stage.asked").into(),
        until: lang.fill("requests.due-on", &["2026-09-20"]),
        lead: lang.t("findings.nothing-yet").into(),
        facts: vec![(lang.t("findings.visited-on"), "2026-08-10".into())],
        among: lang.t("findings.among-honest").into(),
        draw: "/spot-checks/1?period=2026Q3".into(),
        card: Some("/spot-checks/1/card/0?period=2026Q3".into()),
        checks: vec![(lang.fill("spot.round", &["1"]), lang.t("spot.denied").into())],
        steps: vec![step("finding.asked", "?"), step("finding.accounted", "!")],
        offers: Some(super::ledger::offers(lang)),
        is_final: false,
        missing: vec![lang.t("findings.needs-second").into()],
        forms: Some(FindingForms {
            action: "/finding/1?period=2026Q3".into(),
            accounts: vec![choice("by-phone", "account.by-phone")],
            rulings: vec![choice("cleared", "ruling.cleared")],
            appeal: true,
            hear: true,
            typed: FindingForm { act: "hear".into(), heard: "upheld".into(), ..FindingForm::default() },
        }),
    }
}

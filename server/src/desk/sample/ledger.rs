//! The pages of the ledger, filled in.

use super::shell;
use crate::desk::views::{
    CompletionPage, DelayLine, LedgerLine, LedgerPage, LineForm, LineForms, LinePage, Note, OfferForm,
    OfferLine, OffersView, StepView,
};
use crate::desk::words::Lang;

pub(crate) fn ledger_page(lang: Lang) -> LedgerPage {
    let line = |kind: &'static str, stands: &'static str, late: bool| LedgerLine {
        href: "/line/1?period=2026Q3".into(),
        on: "2026-10-20".into(),
        kind: lang.t(kind),
        worker: "Zhang".into(),
        rule: "D1b-25".into(),
        amount: lang.fill("ledger.percent", &["10"]),
        stands: lang.t(stands).into(),
        until: "2026-10-27".into(),
        mark: late.then(|| lang.t("findings.late")),
    };
    LedgerPage {
        shell: shell(lang, "findings", lang.t("ledger.title")),
        place: String::new(),
        findings: "/findings?period=2026Q3".into(),
        xlsx: "/ledger.xlsx?period=2026Q3".into(),
        rows: vec![
            line("ledger.deduction", "ledger.draft", true),
            line("ledger.reward", "ledger.in-force", false),
        ],
        delays: vec![DelayLine {
            href: "/line/1?period=2026Q3".into(),
            what: lang.t("ledger.deduction").into(),
            since: "2026-10-01".into(),
            days: "19".into(),
            decided_by: "Li".into(),
        }],
    }
}

pub(crate) fn line_page(lang: Lang) -> LinePage {
    let step = |what: &'static str, words: &str| StepView {
        on: "2026-10-20".into(),
        at: "09:30".into(),
        what: lang.t(what).to_owned(),
        by: "Li".into(),
        words: Note::Shown(words.into()),
    };
    LinePage {
        shell: shell(lang, "findings", lang.t("ledger.title")),
        back: "/ledger?period=2026Q3".into(),
        place: String::new(),
        kind: lang.t("ledger.deduction"),
        worker: "Zhang".into(),
        stands: lang.t("ledger.draft").into(),
        until: lang.fill("requests.due-on", &["2026-10-27"]),
        lead: lang.t("ledger.lead-draft"),
        quote: ("D1b-25".into(), "5.3 \"10 %\"".into()),
        facts: vec![(lang.t("ledger.amount"), lang.fill("ledger.percent", &["10"]))],
        ground: (lang.t("ledger.ground-finding").into(), "/finding/1?period=2026Q3".into()),
        steps: vec![step("ledger.step-proposed", "?"), step("ledger.step-replied", "!")],
        forms: Some(LineForms {
            action: "/line/1?period=2026Q3".into(),
            reply: true,
            confirm: true,
            missing: vec![lang.t("ledger.needs-other").into()],
            appeal: true,
            hear: true,
            withdraw: true,
            typed: LineForm { act: "hear".into(), heard: "upheld".into(), ..LineForm::default() },
        }),
    }
}

pub(crate) fn offers(lang: Lang) -> OffersView {
    let rule = |rule: &str, why_not: Option<String>| OfferLine {
        rule: rule.into(),
        quote: "5.3 \"10 %\"".into(),
        what: lang.fill("requests.with", &[lang.t("ledger.deduction"), lang.t("ledger.unset")]),
        why_not,
    };
    OffersView {
        rules: vec![rule("D1b-20", None), rule("D1b-25", Some(lang.fill("ledger.no-held", &["L-7"])))],
        lines: vec![("D1b-20".into(), "/line/1?period=2026Q3".into())],
        form: Some(OfferForm {
            action: "/finding/1?period=2026Q3".into(),
            rules: vec![("D1b-20".into(), "D1b-20".into())],
            days: ("2026-10-27".into(), "2026-10-23".into(), "2026-12-19".into()),
            typed: LineForm { act: "propose".into(), ..LineForm::default() },
        }),
    }
}

pub(crate) fn completion_page(lang: Lang) -> CompletionPage {
    CompletionPage {
        shell: shell(lang, "staff", lang.t("completion.title")),
        back: "/staff?period=2026Q3".into(),
        place: String::new(),
        worker: "Zhang".into(),
        periods: vec![("2026Q3".into(), "/completion/1?period=2026Q3".into(), true)],
        figures: vec![(lang.t("term.due"), "400".into()), (lang.t("completion.requests"), "3".into())],
        lead: lang.t("completion.whole").into(),
        offers: offers(lang),
    }
}

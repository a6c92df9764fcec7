//! The pages of the rules, filled in.

use super::shell;
use crate::desk::views::{
    AdoptPage, AdoptionView, CategoryView, ChoicesView, FieldView, HoldView, OpenView, PoliciesPage,
    PoliciesRow, PolicyPage, SettingView, TextView, TrialView, TriedView,
};
use crate::desk::words::Lang;

pub(crate) fn policies_page(lang: Lang) -> PoliciesPage {
    PoliciesPage {
        shell: shell(lang, "policy", lang.t("policy.title")),
        rows: vec![PoliciesRow {
            place: String::new(),
            href: "/policy?period=2026Q3".into(),
            standing: lang.fill("policy.adopted-standing", &["D", "2026-13", "2026-10-01"]),
            in_force: 12,
            waiting: 3,
        }],
    }
}

pub(crate) fn policy_page(lang: Lang) -> PolicyPage {
    let setting = |part: &'static str, in_force: bool| SettingView {
        field: format!("{} visits.key", lang.t(part)),
        value: "{ every = \"month\" }".into(),
        quotes: vec!["D1b-16 4.2".into()],
        state: lang.t(if in_force { "policy.in-force" } else { "policy.waiting" }).into(),
        in_force,
        by: vec![lang.fill("policy.adopted-standing", &["D", "2026-13", "2026-10-01"])],
    };
    PolicyPage {
        shell: shell(lang, "policy", lang.t("policy.title")),
        place: String::new(),
        standing: vec![lang.t("policy.trial-standing").into(), lang.fill("policy.live", &["2026-10-01"])],
        file: Some("/policy/adoption.toml?period=2026Q3".into()),
        edit: Some("/policy/adopt?what=file&id=".into()),
        texts: vec![TextView {
            title: "D1b".into(),
            about: lang.fill("policy.text-about", &["d1b-town-model", "1", "2"]),
            is_taken: true,
            adopt: Some("/policy/adopt?what=take&id=d1b-town-model".into()),
            rows: vec![setting("policy.part-visits", true), setting("policy.part-bonus", false)],
        }],
        holds: vec![HoldView {
            id: "L-7".into(),
            about: String::new(),
            law: "2012".into(),
            rules: "D1b-24, D1b-25".into(),
            lifted: Some("2026-13".into()),
            release: Some("/policy/adopt?what=release&id=L-7".into()),
        }],
        questions: vec![OpenView {
            id: "X-06".into(),
            question: String::new(),
            options: vec![("error".into(), true), ("year".into(), false)],
            decide: Some("/policy/adopt?what=decide&id=X-06".into()),
        }],
        categories: vec![CategoryView {
            name: lang.t("meaning.low-income").into(),
            basis: None,
            confirm: Some("/policy/adopt?what=confirm&id=low-income".into()),
        }],
        history: vec![AdoptionView {
            on: "2026-09-30".into(),
            at: "09:30".into(),
            by: lang.t("policy.by-machine").into(),
            changes: vec!["+ visits.key".into()],
        }],
    }
}

pub(crate) fn adopt_page(lang: Lang) -> AdoptPage {
    AdoptPage {
        shell: shell(lang, "policy", &lang.fill("policy.decide-heading", &["X-06"])),
        place: String::new(),
        back: "/policy?period=2026Q3".into(),
        heading: lang.fill("policy.decide-heading", &["X-06"]),
        lead: lang.t("policy.decide-lead").into(),
        quotes: vec!["X-06".into()],
        action: "/policy/adopt?what=decide&id=X-06".into(),
        choices: Some(ChoicesView {
            name: "choice",
            legend: lang.t("policy.options").into(),
            several: false,
            rows: vec![("error".into(), "error".into(), true), ("year".into(), "year".into(), false)],
        }),
        fields: vec![FieldView {
            name: "by",
            label: lang.t("policy.organ").into(),
            hint: lang.t("policy.organ-hint").into(),
            value: "D".into(),
            kind: "text",
            required: true,
        }],
        others: vec![("1".into(), "B".into(), true)],
        trial: Some(TrialView {
            communities: vec![
                TriedView { name: "A".into(), changes: vec!["+ bonus".into()], problems: Vec::new() },
                TriedView {
                    name: "B".into(),
                    changes: Vec::new(),
                    problems: vec![lang.t("policy.no-document").into()],
                },
            ],
            hidden: vec![("seen".into(), "00".into())],
            can: true,
            reason: String::new(),
        }),
    }
}

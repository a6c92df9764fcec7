//! The page of looks, filled in.

use super::shell;
use crate::desk::views::{AccessLine, AccessPage, AuditLine, AuditPage, LogFilter};
use crate::desk::words::Lang;

pub(crate) fn access_page(lang: Lang) -> AccessPage {
    let line = |what: String, on: bool| AccessLine {
        nr: "7".into(),
        at: "2026-09-13 09:30".into(),
        who: "Li".into(),
        what,
        on: on.then(|| ("3-2-101".into(), "/household/h-1?period=2026Q3".into())),
    };
    AccessPage {
        shell: shell(lang, "access", lang.t("access.title")),
        place: String::new(),
        about: Some(("3-2-101".into(), "/household/h-1?period=2026Q3".into())),
        all: "/access?period=2026Q3".into(),
        filter: filter(lang),
        rows: vec![
            line(lang.fill("access.reveal", &[lang.t("reason.check")]), true),
            line(lang.t("access.view").to_owned(), false),
        ],
        older: Some("/access?period=2026Q3&before=5".into()),
        check: Some("/access?period=2026Q3&check=1".into()),
        export: "/access.xlsx?period=2026Q3".into(),
        checked: Some(lang.fill("access.holds", &["33", "ab12"])),
    }
}

fn filter(lang: Lang) -> LogFilter {
    LogFilter {
        action: "/access".into(),
        hidden: vec![("period", "2026Q3".into())],
        who: vec![(true, "1".into(), "Li".into())],
        kinds: vec![(false, "household.view", lang.t("access.view"))],
        from: "2026-07-01".into(),
        until: String::new(),
    }
}

pub(crate) fn audit_page(lang: Lang) -> AuditPage {
    AuditPage {
        shell: shell(lang, "audit", lang.t("audit.title")),
        filter: filter(lang),
        rows: vec![AuditLine {
            nr: "9".into(),
            at: "2026-09-13 09:30".into(),
            who: "Li".into(),
            what: lang.t("did.device-code").into(),
            on: "21".into(),
        }],
        older: Some("/audit?before=9".into()),
        check: "/audit?check=1".into(),
        export: "/audit.xlsx?kept=1".into(),
        checked: None,
    }
}

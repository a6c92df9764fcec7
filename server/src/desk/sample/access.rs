//! The page of looks, filled in.

use super::shell;
use crate::desk::views::{AccessLine, AccessPage};
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
        rows: vec![
            line(lang.fill("access.reveal", &[lang.t("reason.check")]), true),
            line(lang.t("access.view").to_owned(), false),
        ],
        older: Some("/access?period=2026Q3&before=5".into()),
        check: Some("/access?period=2026Q3&check=1".into()),
        checked: Some(lang.fill("access.holds", &["33", "ab12"])),
    }
}

//! Pages filled with the small community of [`crate::report::sample`], for tests and for looking at them.

pub(crate) mod access;
pub(crate) mod accounts;
pub(crate) mod acts;
pub(crate) mod findings;
pub(crate) mod ledger;
pub(crate) mod places;
pub(crate) mod policy;
pub(crate) mod questions;
pub(crate) mod record;
pub(crate) mod requests;
pub(crate) mod rights;
pub(crate) mod roster;

use ruhu_core::coverage::Rate;
use ruhu_core::time::Period;

use super::views::{
    DecideView, EventView, HelpPage, HouseholdPage, ListPage, ListRow, LoginPage, LoginTrouble, MemberView,
    MessagePage, Nav, Note, OverviewInput, OverviewPage, PeriodSwitch, ReportPage, RequestView, Reveal, Said,
    Shell, StateCode, Tab, TypedDecision, overview, period_name,
};
use super::views::{Depth, GridOrder};
use super::words::Lang;
use crate::report::sample::{files, quarter, report_of};
use crate::report::{SignedReport, coverage::book};

pub(crate) fn shell(lang: Lang, here: &'static str, title: &str) -> Shell {
    Shell {
        lang,
        title: title.to_owned(),
        lang_href: format!("/?lang={}", lang.other().code()),
        nav: Some(Nav {
            place: "幸福社区".into(),
            account: "李芳".into(),
            query: "?period=2026Q3".into(),
            figures: true,
            households: true,
            accounts: true,
            machine: true,
            here,
        }),
        said: Said::Nothing,
    }
}

pub(crate) fn overview_input() -> OverviewInput {
    let report = report_of(&files());
    OverviewInput {
        place: "示范区幸福街道幸福社区".into(),
        period: quarter(),
        as_of: report.as_of,
        today: "2026-10-12".parse().unwrap(),
        standing: report.standing,
        trial: false,
        policy: None,
        grids: report.grids,
        total: report.total,
        silent: report.silent,
        amended: Some((Rate::of(6, 11), Rate::of(7, 11), "1".into())),
        order: GridOrder::Address,
        depth: Depth::Households,
        tail: String::new(),
    }
}

pub(crate) fn overview_page(lang: Lang) -> OverviewPage {
    overview(shell(lang, "overview", lang.t("overview.title")), &overview_input())
}

fn periods(lang: Lang) -> PeriodSwitch {
    PeriodSwitch::new(quarter(), "/households", "&state=open", "2026-10-12".parse().unwrap(), lang)
}

pub(crate) fn list_page(lang: Lang) -> ListPage {
    let row = |address: &str, state: StateCode, mark: Option<&str>| ListRow {
        address: address.into(),
        href: "/household/h-0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a?period=2026Q3".into(),
        head: "王**".into(),
        state: state.mark(lang),
        last_met: "2026-04-12".into(),
        attempts: "1 次:07-07 傍晚".into(),
        suggested: lang.t("band.afternoon").into(),
        marks: mark.map(str::to_owned).into_iter().collect(),
    };
    let tab = |code: StateCode, count: u32| Tab {
        words: code.words(lang).into(),
        href: format!("/households?period=2026Q3&state={}", code.code()),
        here: code == StateCode::Open,
        count: Some(count),
    };
    ListPage {
        shell: shell(lang, "households", lang.t("list.title")),
        periods: periods(lang),
        heading: format!("幸福社区 · {}", lang.t("term.open")),
        count: lang.fill("list.count", &["2"]),
        grids: vec![Tab {
            words: lang.t("list.all-grids").into(),
            href: "/households".into(),
            here: true,
            count: None,
        }],
        states: vec![
            tab(StateCode::Due, 11),
            tab(StateCode::Done, 6),
            tab(StateCode::Deducted, 3),
            tab(StateCode::Open, 2),
        ],
        rows: vec![
            row("阳光小区1栋1单元1001室", StateCode::from_code("tried").unwrap(), Some(lang.t("list.key"))),
            row("阳光小区2栋1单元1101室", StateCode::from_code("never-tried").unwrap(), None),
            row("阳光小区2栋1单元1102室", StateCode::from_code("declined").unwrap(), None),
            row("阳光小区2栋1单元1103室", StateCode::Done, None),
        ],
        page: Some(lang.fill("list.page", &["1", "3"])),
        previous: None,
        next: Some("/households?period=2026Q3&state=open&page=2".into()),
        all: "/households?period=2026Q3&state=due".into(),
    }
}

pub(crate) fn household_page(lang: Lang, reveal: Reveal) -> HouseholdPage {
    let shown = matches!(reveal, Reveal::Shown { .. });
    let note = |words: &str| if shown { Note::Shown(words.into()) } else { Note::Hidden };
    let event = |on: &str, at: &str, what: &str, class, marks: &[&str], struck, note| EventView {
        on: on.into(),
        at: at.into(),
        what: what.into(),
        class,
        by: "王敏".into(),
        marks: marks.iter().map(|mark| (*mark).to_owned()).collect(),
        struck,
        received: lang.fill("household.received", &["2026-07-05 18:40"]),
        counts_in: lang.fill("household.counts-in", &["2026Q3"]),
        note,
    };
    HouseholdPage {
        shell: shell(lang, "households", lang.t("household.title")),
        address: "阳光小区1栋1单元1001室".into(),
        place: "第1网格 · 王敏".into(),
        marks: vec![lang.t("list.key").into()],
        state: Some(StateCode::from_code("tried").unwrap().mark(lang)),
        period: period_name(quarter(), lang),
        back: "/households?period=2026Q3&state=open".into(),
        seen: "/access?period=2026Q3&unit=h-1".into(),
        rights: "/rights/new?period=2026Q3&unit=h-1".into(),
        reveal,
        members: vec![MemberView {
            name: if shown { "王建国" } else { "王**" }.into(),
            relation: "户主".into(),
            phone: if shown { "10012345678" } else { "100****5678" }.into(),
        }],
        record: Some("/household/h-1/record?period=2026Q3".into()),
        events: vec![
            event(
                "2026-07-12",
                "18:30",
                "见面(门口)",
                "ev-met",
                &[lang.t("mark.late-entry")],
                false,
                note("老人换了电话"),
            ),
            event("2026-07-07", "10:05", "不在家", "ev-knock", &[], false, Note::None),
            event(
                "2026-07-05",
                "09:40",
                "见面(门口)",
                "ev-met",
                &[lang.t("mark.withdrawn")],
                true,
                Note::Erased,
            ),
            event("2026-01-01", "", lang.t("event.key"), "ev-desk", &[], false, Note::None),
        ],
        requests: vec![RequestView {
            on: "2026-07-12".into(),
            words: note("楼道灯不亮"),
            step: lang.t("step.closed").into(),
            href: Some("/request/h-1/2?period=2026Q3".into()),
        }],
        decide: Some(DecideView {
            action: "/household/h-1/decide".into(),
            deducted: Some(lang.t("term.deducted").into()),
            key: Some(true),
            today: "2026-10-12".into(),
            quiet_until: "2027-10-12".into(),
            typed: TypedDecision { act: "move".into(), on: "2026-10-01".into(), ..TypedDecision::default() },
        }),
    }
}

pub(crate) fn masked(lang: Lang) -> Reveal {
    let reason =
        |code: &str, words: &str| Tab { words: words.into(), href: code.into(), here: false, count: None };
    Reveal::Masked {
        action: "/household/h-0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a/reveal?period=2026Q3".into(),
        reasons: vec![reason("check", lang.t("reason.check")), reason("request", lang.t("reason.request"))],
    }
}

pub(crate) fn report_page(lang: Lang) -> ReportPage {
    let signed = SignedReport::sign(report_of(&files()), &ed25519_dalek::SigningKey::from_bytes(&[7; 32]));
    let period: Period = quarter();
    ReportPage {
        shell: shell(lang, "report", lang.t("report.title")),
        periods: periods(lang),
        book: book(&signed),
        xlsx: format!("/report.xlsx?period={period}"),
        json: format!("/report.json?period={period}"),
    }
}

pub(crate) fn signed_out(lang: Lang, title: &str) -> Shell {
    Shell {
        lang,
        title: title.to_owned(),
        lang_href: format!("/login?lang={}", lang.other().code()),
        nav: None,
        said: Said::Nothing,
    }
}

pub(crate) fn login_page(lang: Lang, trouble: Option<LoginTrouble>) -> LoginPage {
    let name = if trouble.is_some() { "lifang" } else { "" };
    LoginPage { shell: signed_out(lang, lang.t("login.title")), trouble, name: name.into(), next: "/".into() }
}

pub(crate) fn message_page(lang: Lang, status: u16) -> MessagePage {
    MessagePage::of(shell(lang, "", lang.t("error.404")), status, "2026-10-12 09:30")
}

pub(crate) fn help_page(lang: Lang) -> HelpPage {
    HelpPage::new(shell(lang, "help", lang.t("help.title")))
}

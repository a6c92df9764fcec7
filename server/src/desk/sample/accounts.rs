//! The pages of accounts, filled in.

use super::{shell, signed_out};
use crate::desk::views::{
    AccountActs, AccountChoices, AccountForm, AccountPage, AccountRowView, AccountsPage, FactorView,
    FirstPage, HistoryLine, LoginCodePage, MachinePage, OneAccountPage, OneTimePage, ProvePage, RecoveryPage,
    SecretView, SessionLine, TotpPage,
};
use crate::desk::words::Lang;

fn choices(lang: Lang) -> AccountChoices {
    AccountChoices {
        roles: vec![("community", lang.t("role.community")), ("auditor", lang.t("role.auditor"))],
        places: vec![
            ("hub".into(), lang.t("place.hub").into()),
            ("community:1".into(), "County Street Community".into()),
        ],
    }
}

fn form() -> AccountForm {
    AccountForm {
        shown: "Li Fang".into(),
        role: "community".into(),
        place: "community:1".into(),
        ..AccountForm::default()
    }
}

pub(crate) fn accounts_page(lang: Lang) -> AccountsPage {
    let row = |name: &str, totp, state: String, warn| AccountRowView {
        href: "/accounts/1".into(),
        name: name.into(),
        shown: "Li Fang".into(),
        role: lang.t("role.community"),
        place: "County Street Community".into(),
        totp,
        last: "2026-07-01 09:00".into(),
        state,
        warn,
    };
    let shown = shell(lang, "accounts", lang.t("accounts.title"));
    AccountsPage {
        shell: shown,
        count: lang.fill("accounts.count", &["2"]),
        keeps: true,
        rows: vec![
            row("lifang", lang.t("accounts.totp-yes"), lang.t("accounts.enabled").into(), false),
            row(
                "wang",
                lang.t("accounts.totp-awaited"),
                lang.fill("accounts.locked", &["2026-07-01 09:15"]),
                true,
            ),
        ],
        choices: choices(lang),
        form: AccountForm { name: "new".into(), ..form() },
    }
}

pub(crate) fn one_account_page(lang: Lang) -> OneAccountPage {
    OneAccountPage {
        shell: shell(lang, "accounts", "Li Fang"),
        heading: "Li Fang".into(),
        facts: vec![
            (lang.t("login.name"), "lifang".into()),
            (lang.t("accounts.role"), lang.t("role.community").into()),
        ],
        acts: Some(AccountActs {
            action: "/accounts/1".into(),
            saw: "3".into(),
            plain: vec![
                ("reset", lang.t("accounts.reset"), lang.t("accounts.reset-lead")),
                ("disable", lang.t("accounts.disable"), lang.t("accounts.disable-lead")),
            ],
            choices: choices(lang),
            form: form(),
        }),
        own: false,
        history: vec![HistoryLine {
            at: "2026-07-01 09:00".into(),
            who: lang.t("accounts.machine").into(),
            what: lang.t("did.add").into(),
        }],
    }
}

pub(crate) fn one_time_page(lang: Lang) -> OneTimePage {
    OneTimePage {
        shell: shell(lang, "accounts", lang.t("one-time.title")),
        name: "Li Fang".into(),
        password: "ABCDE-FGHJK-MNPQR".into(),
        back: "/accounts/1".into(),
    }
}

pub(crate) fn account_page(lang: Lang, factor: FactorView) -> AccountPage {
    let session =
        |own| SessionLine { since: "2026-07-01 09:00".into(), seen: "2026-07-01 09:20".into(), own };
    AccountPage {
        shell: shell(lang, "account", lang.t("account.title")),
        facts: vec![(lang.t("login.name"), "lifang".into())],
        factor,
        sessions: vec![session(true), session(false)],
    }
}

pub(crate) fn totp_page(lang: Lang, shown: bool) -> TotpPage {
    let secret = SecretView { picture: "<svg></svg>".into(), letters: "GEZD GNBV GY3T QOJQ".into() };
    TotpPage {
        shell: signed_out(lang, lang.t("totp.title")),
        needed: true,
        secret: shown.then_some(secret),
        trouble: shown.then(|| lang.t("totp.wrong")),
    }
}

pub(crate) fn recovery_page(lang: Lang) -> RecoveryPage {
    RecoveryPage {
        shell: signed_out(lang, lang.t("recovery.title")),
        of: lang.fill("recovery.of", &["lifang", "2026-07-01 09:00"]),
        codes: vec!["ABCDE-FGHJK-MNPQR".into(), "STUVW-XYZ23-45678".into()],
    }
}

pub(crate) fn login_code_page(lang: Lang) -> LoginCodePage {
    let shell = signed_out(lang, lang.t("totp.step-title"));
    LoginCodePage { shell, trouble: Some(lang.t("totp.wrong").into()), next: "/".into() }
}

pub(crate) fn prove_page(lang: Lang) -> ProvePage {
    ProvePage {
        shell: signed_out(lang, lang.t("prove.title")),
        who: "Li Fang".into(),
        action: "/periods?period=2026Q3".into(),
        fields: vec![("close".into(), "2026Q2".into()), ("reason".into(), "\"so\" <b>".into())],
        totp: true,
        trouble: None,
        cancel: "/periods".into(),
    }
}

pub(crate) fn first_page(lang: Lang) -> FirstPage {
    FirstPage {
        shell: signed_out(lang, lang.t("first.title")),
        trouble: Some(lang.t("password.differs").into()),
        token: String::new(),
        name: "anquan".into(),
        shown: "Li Fang".into(),
    }
}

pub(crate) fn machine_page(lang: Lang) -> MachinePage {
    MachinePage {
        shell: shell(lang, "machine", lang.t("machine.title")),
        facts: vec![
            (lang.t("machine.version"), "0.1.0".into(), false),
            (lang.t("machine.backup"), lang.t("machine.none").into(), true),
        ],
    }
}

//! Signing in, and what a page says when it cannot be shown: what happened, and the way out.

use askama::Template;

use super::shell::Shell;

/// Not a status of HTTP: nothing to see yet, because nobody imported a roster.
pub(crate) const NO_COMMUNITY: u16 = 0;

/// 登录.
#[derive(Clone, Debug, Template)]
#[template(path = "login.html")]
pub struct LoginPage {
    /// The frame.
    pub shell: Shell,
    /// Why it did not work.
    pub trouble: Option<LoginTrouble>,
    /// The account typed, so that only the password is typed again.
    pub name: String,
    /// The page that was asked for.
    pub next: String,
}

/// Why signing in did not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginTrouble {
    /// Wrong; which of the two is not said.
    Wrong,
    /// Locked until this local time.
    Locked {
        /// 18:40.
        until: String,
    },
    /// Too many failed tries from where this browser is, until this local time.
    TooMany {
        /// 18:40.
        until: String,
    },
    /// The session ended.
    Expired,
    /// Between password and code it took too long.
    TooLong,
    /// The password was just changed: no trouble, but said in the same place.
    Changed,
}

impl LoginPage {
    /// What is said about it.
    #[must_use]
    pub fn trouble_words(&self) -> Option<String> {
        let lang = self.shell.lang;
        self.trouble.as_ref().map(|trouble| match trouble {
            LoginTrouble::Wrong => lang.t("login.wrong").to_owned(),
            LoginTrouble::Locked { until } => lang.fill("login.locked", &[until]),
            LoginTrouble::TooMany { until } => lang.fill("login.too-many", &[until]),
            LoginTrouble::TooLong => lang.t("login.too-long").to_owned(),
            LoginTrouble::Expired => lang.t("login.expired").to_owned(),
            LoginTrouble::Changed => lang.t("login.changed").to_owned(),
        })
    }
}

/// 修改密码 – before anything else with a one-time password.
#[derive(Clone, Debug, Template)]
#[template(path = "password.html")]
pub struct PasswordPage {
    /// The frame.
    pub shell: Shell,
    /// Why it did not work.
    pub trouble: Option<String>,
    /// Why it has to be changed now, or what holds of any.
    pub lead: &'static str,
}

/// 400, 401, 403, 404, 500.
#[derive(Clone, Debug, Template)]
#[template(path = "message.html")]
pub struct MessagePage {
    /// The frame.
    pub shell: Shell,
    /// The status.
    pub status: u16,
    /// What happened.
    pub heading: &'static str,
    /// What to do.
    pub lead: String,
    /// The way out: where and its words.
    pub way_out: (&'static str, &'static str),
}

impl MessagePage {
    /// The page of a status; `at` is the hub's time, for whoever looks into the logs.
    #[must_use]
    pub fn of(shell: Shell, status: u16, at: &str) -> Self {
        let lang = shell.lang;
        let home = ("/", lang.t("error.home"));
        let (heading, lead, way_out) = match status {
            400 => (lang.t("error.400"), lang.t("error.400-lead").to_owned(), home),
            401 => {
                (lang.t("error.401"), lang.t("error.401-lead").to_owned(), ("/login", lang.t("error.login")))
            }
            NO_COMMUNITY => (
                lang.t("error.no-community"),
                lang.t("error.no-community-lead").to_owned(),
                ("/help", lang.t("nav.help")),
            ),
            403 => (lang.t("error.403"), lang.t("error.403-lead").to_owned(), home),
            404 => (lang.t("error.404"), lang.t("error.404-lead").to_owned(), home),
            _ => (lang.t("error.500"), lang.fill("error.500-lead", &[at]), home),
        };
        Self { shell, status, heading, lead, way_out }
    }
}

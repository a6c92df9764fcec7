//! 账号 – who may sign in: the list, one of them, and what is shown once.

use askama::Template;
use serde::Deserialize;

use super::shell::Shell;

/// The list.
#[derive(Clone, Debug, Template)]
#[template(path = "accounts.html")]
pub struct AccountsPage {
    /// The frame.
    pub shell: Shell,
    /// How many.
    pub count: String,
    /// Whether the viewer makes and changes them; an auditor looks.
    pub keeps: bool,
    /// The accounts by name.
    pub rows: Vec<AccountRowView>,
    /// What can be chosen for a new one.
    pub choices: AccountChoices,
    /// What was typed, when it was refused.
    pub form: AccountForm,
}

/// One account of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRowView {
    /// Its page.
    pub href: String,
    /// What is typed to sign in.
    pub name: String,
    /// What pages show.
    pub shown: String,
    /// Its role.
    pub role: &'static str,
    /// Its place.
    pub place: String,
    /// Whether a second factor is set up.
    pub totp: &'static str,
    /// The last sign-in.
    pub last: String,
    /// Enabled, disabled, locked.
    pub state: String,
    /// Whether the state wants looking at.
    pub warn: bool,
}

/// Roles and places to choose from: code and words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChoices {
    /// Roles.
    pub roles: Vec<(&'static str, &'static str)>,
    /// Places that there are.
    pub places: Vec<(String, String)>,
}

/// What any form about accounts sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AccountForm {
    /// `reset`, `unlock`, `drop-totp`, `move`, `disable`, `enable`; nothing for a new one.
    pub act: String,
    /// What is typed to sign in.
    pub name: String,
    /// What pages show.
    pub shown: String,
    /// The role, by its code.
    pub role: String,
    /// The place, by its code.
    pub place: String,
    /// Why.
    pub reason: String,
    /// The version of the account that was looked at.
    pub saw: String,
}

/// One account.
#[derive(Clone, Debug, Template)]
#[template(path = "accounts_one.html")]
pub struct OneAccountPage {
    /// The frame.
    pub shell: Shell,
    /// What pages show.
    pub heading: String,
    /// What is known of it: words and value.
    pub facts: Vec<(&'static str, String)>,
    /// What can be done; `None` for who only looks, and for one's own account.
    pub acts: Option<AccountActs>,
    /// Why nothing can be done, where that has a reason.
    pub own: bool,
    /// What was done to it and with it, the latest first.
    pub history: Vec<HistoryLine>,
}

/// What can be done to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountActs {
    /// Where the forms go.
    pub action: String,
    /// The version they are about.
    pub saw: String,
    /// What needs a reason and nothing else: its code, its words, what it does.
    pub plain: Vec<(&'static str, &'static str, &'static str)>,
    /// What can be chosen.
    pub choices: AccountChoices,
    /// What was typed; the present state where nothing was.
    pub form: AccountForm,
}

/// One line of what was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryLine {
    /// The day and the time.
    pub at: String,
    /// Who did it.
    pub who: String,
    /// What, and why.
    pub what: String,
}

/// 一次性密码 – shown once.
#[derive(Clone, Debug, Template)]
#[template(path = "one_time.html")]
pub struct OneTimePage {
    /// The frame.
    pub shell: Shell,
    /// Whose.
    pub name: String,
    /// The password.
    pub password: String,
    /// The page to go back to.
    pub back: String,
}

/// 系统状况 – how the machine is.
#[derive(Clone, Debug, Template)]
#[template(path = "machine.html")]
pub struct MachinePage {
    /// The frame.
    pub shell: Shell,
    /// What is known: words, value, and whether it wants looking at.
    pub facts: Vec<(&'static str, String, bool)>,
}

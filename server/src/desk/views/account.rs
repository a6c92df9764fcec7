//! 我的账号, and the pages between a password and the desk: the code, proving again who one is, the first set-up.

use askama::Template;

use super::shell::Shell;

/// 我的账号.
#[derive(Clone, Debug, Template)]
#[template(path = "account.html")]
pub struct AccountPage {
    /// The frame.
    pub shell: Shell,
    /// What is known of the account: words and value.
    pub facts: Vec<(&'static str, String)>,
    /// Its second factor.
    pub factor: FactorView,
    /// Its open sessions, the last used first.
    pub sessions: Vec<SessionLine>,
}

/// How the second factor of an account stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorView {
    /// There is none, and the role needs none.
    Missing,
    /// It is set up.
    SetUp {
        /// How many recovery codes are left.
        left: String,
        /// Whether it can be taken away; a role that needs one can only replace it.
        droppable: bool,
    },
}

/// One open session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionLine {
    /// When it began.
    pub since: String,
    /// When it was last used.
    pub seen: String,
    /// Whether it is the one that looks.
    pub own: bool,
}

impl AccountPage {
    /// Whether there is another session than this one.
    #[must_use]
    pub fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.own)
    }
}

/// 动态口令 – setting up the second factor.
#[derive(Clone, Debug, Template)]
#[template(path = "totp.html")]
pub struct TotpPage {
    /// The frame; without navigation, because nothing else opens while the role waits for it.
    pub shell: Shell,
    /// Whether the role needs it.
    pub needed: bool,
    /// The secret to be confirmed; `None` before it was asked for.
    pub secret: Option<SecretView>,
    /// Why the code was not taken.
    pub trouble: Option<&'static str>,
}

/// A secret as it is shown, until a code of it was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretView {
    /// The picture for the camera; inline SVG.
    pub picture: String,
    /// The secret in letters.
    pub letters: String,
}

/// 备用码 – shown once.
#[derive(Clone, Debug, Template)]
#[template(path = "recovery.html")]
pub struct RecoveryPage {
    /// The frame.
    pub shell: Shell,
    /// Whose, and since when.
    pub of: String,
    /// The codes.
    pub codes: Vec<String>,
}

/// 验证码 – the second step of signing in.
#[derive(Clone, Debug, Template)]
#[template(path = "login_code.html")]
pub struct LoginCodePage {
    /// The frame.
    pub shell: Shell,
    /// Why it did not work.
    pub trouble: Option<String>,
    /// The page that was asked for.
    pub next: String,
}

/// 再次验证 – before something that matters. What was filled in stands in the page and goes on from here.
#[derive(Clone, Debug, Template)]
#[template(path = "prove.html")]
pub struct ProvePage {
    /// The frame.
    pub shell: Shell,
    /// Who is signed in.
    pub who: String,
    /// Where the form was to go.
    pub action: String,
    /// What was filled in.
    pub fields: Vec<(String, String)>,
    /// Whether a code is asked for too.
    pub totp: bool,
    /// Why it did not work.
    pub trouble: Option<String>,
    /// The way back, with nothing done.
    pub cancel: String,
}

/// 首次设置 – the first account of a hub.
#[derive(Clone, Debug, Template)]
#[template(path = "first.html")]
pub struct FirstPage {
    /// The frame.
    pub shell: Shell,
    /// Why it did not work.
    pub trouble: Option<String>,
    /// The token typed.
    pub token: String,
    /// The account's name typed.
    pub name: String,
    /// The name to show typed.
    pub shown: String,
}

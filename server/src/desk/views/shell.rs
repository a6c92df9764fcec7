//! What surrounds every page: language, navigation, who is signed in.

use crate::desk::words::Lang;

/// The frame of a page.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Which language it speaks.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// The same page in the other language.
    pub lang_href: String,
    /// Navigation; `None` before signing in.
    pub nav: Option<Nav>,
    /// What was just done, or why it was not.
    pub said: Said,
}

/// What is said on top of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Said {
    /// Nothing was asked for.
    #[default]
    Nothing,
    /// It was done.
    Done {
        /// What.
        words: String,
        /// How it is taken back, where that is one step.
        undo: Option<Undo>,
    },
    /// It was not done, and nothing was changed.
    Refused(String),
}

/// 撤销 – one form that takes the last step back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undo {
    /// Where the form goes.
    pub action: String,
    /// The entries that would be withdrawn, by hash, with commas between them.
    pub entries: String,
}

/// Navigation of somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Nav {
    /// The community shown, or the place of the account.
    pub place: String,
    /// Who is signed in.
    pub account: String,
    /// `?period=…` that links carry on, with the community where there are several.
    pub query: String,
    /// Whether this account sees figures of communities.
    pub figures: bool,
    /// Whether this account opens households.
    pub households: bool,
    /// Whether this account sees the accounts.
    pub accounts: bool,
    /// Whether this account sees how the machine is.
    pub machine: bool,
    /// Which part is open: `overview`, `households`, `waiting`, `requests`, `questions`, `rights`, `staff`, `periods`, `roster`,
    /// `report`,
    /// `accounts`, `machine`, `account`, `help`.
    pub here: &'static str,
}

impl Nav {
    /// Whether the part that is open stands under 更多, where what is not needed every day stands.
    #[must_use]
    pub fn is_in_more(&self) -> bool {
        ["roster", "questions", "periods", "policy", "rights", "access", "audit", "accounts", "help"]
            .contains(&self.here)
    }
}

impl Shell {
    /// The words of a key.
    #[must_use]
    pub fn t(&self, key: &'static str) -> &'static str {
        self.lang.t(key)
    }

    /// Whether the part is open, for `aria-current`.
    #[must_use]
    pub fn is_here(&self, part: &str) -> bool {
        self.nav.as_ref().is_some_and(|nav| nav.here == part)
    }

    /// What was just done.
    #[must_use]
    pub fn done(&self) -> Option<&str> {
        if let Said::Done { words, .. } = &self.said { Some(words) } else { None }
    }

    /// How it is taken back.
    #[must_use]
    pub const fn undo(&self) -> Option<&Undo> {
        if let Said::Done { undo, .. } = &self.said { undo.as_ref() } else { None }
    }

    /// Why what was asked for was not done.
    #[must_use]
    pub fn refused(&self) -> Option<&str> {
        if let Said::Refused(words) = &self.said { Some(words) } else { None }
    }
}

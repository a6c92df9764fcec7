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
    /// Whether this account opens households.
    pub households: bool,
    /// Which part is open: `overview`, `households`, `report`, `help`.
    pub here: &'static str,
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
}

//! 口径说明 – how each number comes about.

use askama::Template;

use super::shell::Shell;
use crate::desk::words::Lang;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "help.html")]
pub struct HelpPage {
    /// The frame.
    pub shell: Shell,
    /// Each term: anchor, words, definition.
    pub terms: Vec<(&'static str, &'static str, &'static str)>,
    /// What else is to be known.
    pub notes: Vec<&'static str>,
}

impl HelpPage {
    /// Builds the page.
    #[must_use]
    pub fn new(shell: Shell) -> Self {
        let lang: Lang = shell.lang;
        let terms = vec![
            ("due", lang.t("term.due"), lang.t("help.due")),
            ("done", lang.t("term.done"), lang.t("help.done")),
            ("deducted", lang.t("term.deducted"), lang.t("help.deducted")),
            ("open", lang.t("term.open"), lang.t("help.open")),
            ("strict", lang.t("term.strict"), lang.t("help.strict")),
            ("adjusted", lang.t("term.adjusted"), lang.t("help.adjusted")),
            ("identity", lang.t("overview.identity"), lang.t("help.identity")),
            ("extra", lang.t("term.extra"), lang.t("help.extra")),
            ("key", lang.t("overview.key"), lang.t("help.key")),
            ("late", lang.t("term.late"), lang.t("help.late")),
            ("waiting", lang.t("nav.waiting"), lang.t("help.waiting")),
            ("requests", lang.t("nav.requests"), lang.t("help.requests")),
            ("rights", lang.t("nav.rights"), lang.t("help.rights")),
            ("questions", lang.t("nav.questions"), lang.t("help.questions")),
            ("record", lang.t("record.title"), lang.t("help.record")),
            ("handover", lang.t("staff.hand-over"), lang.t("help.handover")),
            ("spot", lang.t("nav.spot"), lang.t("help.spot")),
            ("findings", lang.t("nav.findings"), lang.t("help.findings")),
            ("ledger", lang.t("ledger.title"), lang.t("help.ledger")),
            ("roster", lang.t("nav.roster"), lang.t("help.roster")),
            ("access", lang.t("nav.access"), lang.t("help.access")),
            ("audit", lang.t("audit.title"), lang.t("help.audit")),
            ("accounts", lang.t("nav.accounts"), lang.t("help.accounts")),
            ("closing", lang.t("nav.periods"), lang.t("help.closing-page")),
            ("places", lang.t("nav.places"), lang.t("help.places")),
            ("policy", lang.t("nav.policy"), lang.t("help.policy")),
        ];
        let notes = vec![lang.t("help.closing"), lang.t("help.ranking"), lang.t("help.logs")];
        Self { shell, terms, notes }
    }
}

//! What every page that acts has in common: who may, where it goes back to, how a refusal is said.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ruhu_core::ids::AccountId;

use super::Page;
use super::refusal::office_words;
use crate::desk::read::{Asked, Scope, Viewer, choose};
use crate::desk::trouble::Trouble;
use crate::desk::views::{Said, Undo};
use crate::desk::words::Lang;
use crate::ingest::office::Done;
use crate::office::{OfficeError, Order};
use crate::storage::{Hub, Tx};

/// What a redirect says was done, and the words for it.
const DONE: [(&str, &str); 53] = [
    ("confirmed", "done.confirmed"),
    ("returned", "done.returned"),
    ("joined", "done.joined"),
    ("apart", "done.apart"),
    ("undone", "done.undone"),
    ("handed-over", "done.handed-over"),
    ("covered", "done.covered"),
    ("away", "done.away"),
    ("cover-ended", "done.cover-ended"),
    ("leave-ended", "done.leave-ended"),
    ("left", "done.left"),
    ("listed", "done.listed"),
    ("revoked", "done.revoked"),
    ("closed", "done.closed"),
    ("rejected", "done.rejected"),
    ("key", "done.key"),
    ("no-key", "done.no-key"),
    ("gone", "done.gone"),
    ("ceased", "done.ceased"),
    ("moved", "done.moved"),
    ("quiet", "done.quiet"),
    ("drawn", "done.drawn"),
    ("entered", "done.entered"),
    ("assigned", "done.assigned"),
    ("passed-up", "done.passed-up"),
    ("handled", "done.handled"),
    ("told", "done.told"),
    ("request-closed", "done.request-closed"),
    ("question-asked", "done.question-asked"),
    ("question-closed", "done.question-closed"),
    ("given", "done.given"),
    ("taken-back", "done.taken-back"),
    ("asked", "done.asked"),
    ("account-noted", "done.account-noted"),
    ("found", "done.found"),
    ("appeal-noted", "done.appeal-noted"),
    ("heard", "done.heard"),
    ("proposed", "done.proposed"),
    ("replied", "done.replied"),
    ("line-confirmed", "done.line-confirmed"),
    ("line-withdrawn", "done.line-withdrawn"),
    ("line-appeal", "done.line-appeal"),
    ("line-heard", "done.line-heard"),
    ("imported", "done.imported"),
    ("import-undone", "done.import-undone"),
    ("upload-discarded", "done.upload-discarded"),
    ("adopted", "done.adopted"),
    ("record-saved", "done.record-saved"),
    ("rights-noted", "done.rights-noted"),
    ("rights-household", "done.rights-household"),
    ("rights-step", "done.rights-step"),
    ("rights-stopped", "done.rights-stopped"),
    ("rights-erased", "done.rights-erased"),
];

/// The community a page of the lead is about; only for roles that open households.
pub(super) fn within(tx: &Tx<'_>, hub: &Hub, viewer: &Viewer, asked: &Asked) -> Result<Scope, Trouble> {
    if !viewer.account.role.sees_households() {
        return Err(Trouble::Forbidden);
    }
    choose(tx, &viewer.account, asked, hub.now())?.one()
}

/// The same for whoever is to change something there.
pub(super) fn deciding(hub: &Hub, viewer: &Viewer, asked: &Asked) -> Result<Scope, Trouble> {
    if !viewer.account.role.decides() {
        return Err(Trouble::Forbidden);
    }
    hub.storage().read(|tx| within(tx, hub, viewer, asked))
}

/// What a form about work that takes longer comes to.
pub(super) enum Next<T> {
    /// An answer; there is nothing to be done.
    Page(Response),
    /// It is to be done.
    Work(Box<(Scope, T)>),
}

/// Characters of a reason.
const REASON_MAX: usize = 200;

/// A reason that was asked for, as it is kept; the words of a key where none was given or too many.
pub(super) fn reason_given(typed: &str) -> Result<&str, &'static str> {
    let reason = typed.trim();
    if reason.is_empty() || REASON_MAX < reason.chars().count() {
        return Err("household.say-why");
    }
    Ok(reason)
}

/// An order of the viewer.
pub(super) fn order(by: AccountId, scope: &Scope, reason: &str) -> Order {
    Order { by, community: scope.id, reason: reason.trim().to_owned() }
}

/// Back to a page, which then says what was done.
pub(super) fn done(path: &str, scope: &Scope, what: &str, undo: &[Done]) -> Response {
    let entries: Vec<String> = undo.iter().map(|one| one.entry.to_string()).collect();
    let undo = if entries.is_empty() { String::new() } else { format!("&undo={}", entries.join(",")) };
    Redirect::to(&format!("{path}?period={}{}&done={what}{undo}", scope.period, scope.tail)).into_response()
}

/// What the page says on top after such a redirect.
pub(super) fn said(asked: &Asked, path: &str, scope: &Scope, lang: Lang) -> Said {
    let key = asked.done.as_deref().and_then(|code| DONE.iter().find(|(known, _)| *known == code));
    let Some((_, key)) = key else { return Said::Nothing };
    let action = format!("{path}?period={}{}", scope.period, scope.tail);
    let undo = asked
        .undo
        .clone()
        .filter(|entries| entries.chars().all(|sign| sign.is_ascii_hexdigit() || sign == ','));
    Said::Done { words: lang.t(key).to_owned(), undo: undo.map(|entries| Undo { action, entries }) }
}

/// The page again with why it was not done; what failed in the database is no answer to a form.
pub(super) fn refused(why: OfficeError, lang: Lang, again: impl FnOnce(Said) -> Page) -> Page {
    let words = office_words(&why, lang);
    match Trouble::from(why) {
        Trouble::Office(_) => refused_words(&words, again),
        trouble => Err(trouble),
    }
}

/// The page again, with words on top that say why it was not done.
pub(super) fn refused_words(words: &str, again: impl FnOnce(Said) -> Page) -> Page {
    let mut page = again(Said::Refused(words.to_owned()))?;
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(page)
}

//! 账号 – the security administrator makes, changes and disables accounts; an auditor looks.
//!
//! The system administrator does not see them: he could put an account into the database by the shell, and whoever gives
//! rights must not be whoever runs the machine (三员分立, `domain.md` 2.9). Who audits does, with everything that was done.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect};
use ruhu_core::ids::AccountId;
use serde::Deserialize;

use super::act::refused_words;
use super::{Page, html};
use crate::access::acts::{By, Change};
use crate::access::{AccountError, NewAccount, Place, Role};
use crate::desk::door::SignedIn;
use crate::desk::read::{Viewer, accounts_page, one_account_page, place_of};
use crate::desk::trouble::Trouble;
use crate::desk::views::{AccountForm, OneTimePage, Said};
use crate::desk::words::Lang;
use crate::desk::{Desk, ask};
use crate::storage::Hub;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct AccountsAsked {
    done: Option<String>,
}

pub(in crate::desk) async fn accounts(State(desk): State<Desk>, SignedIn { viewer, .. }: SignedIn) -> Page {
    seeing(&viewer)?;
    ask(&desk, move |hub| show_all(hub, &viewer, (Said::Nothing, AccountForm::default()))).await
}

pub(in crate::desk) async fn make_account(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Form(form): Form<AccountForm>,
) -> Page {
    keeping(&viewer)?;
    ask(&desk, move |hub| {
        let made = new_account(hub, &form).and_then(|new| hub.make_account(&new, &by(&viewer, &form)));
        match made {
            Ok(password) => {
                let id = hub.account_id(form.name.trim()).map_err(|_| Trouble::NotFound)?;
                html(&one_time_page(&viewer, form.shown, password, id))
            }
            Err(AccountError::NotKeeper) => Err(Trouble::Forbidden),
            Err(AccountError::Storage(why)) => Err(why.into()),
            Err(why) => refused_words(account_words(&why, viewer.lang), |said| {
                show_all(hub, &viewer, (said, form.clone()))
            }),
        }
    })
    .await
}

pub(in crate::desk) async fn one_account(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<AccountsAsked>,
) -> Page {
    seeing(&viewer)?;
    let id = id.parse().map_err(|_| Trouble::NotFound)?;
    ask(&desk, move |hub| {
        let lang = viewer.lang;
        let words = match asked.done.as_deref() {
            Some("unlock") => Some(lang.t("did.unlock")),
            Some("drop-totp") => Some(lang.t("did.totp-taken")),
            Some("move") => Some(lang.t("did.move")),
            Some("disable") => Some(lang.t("did.disable")),
            Some("enable") => Some(lang.t("did.enable")),
            _ => None,
        };
        let done = |words: &str| Said::Done { words: words.to_owned(), undo: None };
        show_one(hub, &viewer, id, (words.map_or(Said::Nothing, done), None))
    })
    .await
}

pub(in crate::desk) async fn change_account(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Form(form): Form<AccountForm>,
) -> Page {
    keeping(&viewer)?;
    let id: AccountId = id.parse().map_err(|_| Trouble::NotFound)?;
    ask(&desk, move |hub| {
        // Who changes an account says which state he saw; a form without it is none of ours.
        let by = by(&viewer, &form);
        by.saw.ok_or(Trouble::BadRequest)?;
        let changed = change(hub, &form)?.and_then(|change| hub.change_account(id, change, &by));
        match changed {
            Ok(None) => Ok(Redirect::to(&format!("/accounts/{id}?done={}", form.act)).into_response()),
            Ok(Some(password)) => {
                let row = hub.storage().read(|tx| tx.account(id))?.ok_or(Trouble::NotFound)?;
                html(&one_time_page(&viewer, row.shown, password, id))
            }
            Err(AccountError::Unknown) => Err(Trouble::NotFound),
            Err(AccountError::NotKeeper) => Err(Trouble::Forbidden),
            Err(AccountError::Storage(why)) => Err(why.into()),
            Err(why) => refused_words(account_words(&why, viewer.lang), |said| {
                show_one(hub, &viewer, id, (said, Some(form.clone())))
            }),
        }
    })
    .await
}

/// Why nothing was changed.
fn account_words(why: &AccountError, lang: Lang) -> &'static str {
    match why {
        AccountError::Taken => lang.t("accounts.taken"),
        AccountError::BadName => lang.t("accounts.bad-name"),
        AccountError::BadShown => lang.t("accounts.bad-shown"),
        AccountError::BadPlace => lang.t("accounts.bad-place"),
        AccountError::ReasonMissing => lang.t("accounts.say-why"),
        AccountError::Own => lang.t("accounts.own"),
        AccountError::LastSecurityAdmin => lang.t("accounts.last-one"),
        AccountError::Stale => lang.t("accounts.stale"),
        AccountError::AlreadySo => lang.t("accounts.already-so"),
        _ => lang.t("refused.other"),
    }
}

fn seeing(viewer: &Viewer) -> Result<(), Trouble> {
    if viewer.account.role.sees_accounts() { Ok(()) } else { Err(Trouble::Forbidden) }
}

fn keeping(viewer: &Viewer) -> Result<(), Trouble> {
    if viewer.account.role.keeps_accounts() { Ok(()) } else { Err(Trouble::Forbidden) }
}

fn by(viewer: &Viewer, form: &AccountForm) -> By {
    By { account: Some(viewer.account.id), reason: form.reason.clone(), saw: form.saw.parse().ok() }
}

fn new_account(hub: &Hub, form: &AccountForm) -> Result<NewAccount, AccountError> {
    let (role, place) = chosen(hub, form)?;
    Ok(NewAccount { name: form.name.clone(), shown: form.shown.clone(), role, place })
}

fn chosen(hub: &Hub, form: &AccountForm) -> Result<(Role, Place), AccountError> {
    let role: Role = form.role.parse().map_err(|_| AccountError::BadPlace)?;
    let place = hub.storage().read(|tx| place_of(tx, &form.place))?;
    Ok((role, place.ok_or(AccountError::BadPlace)?))
}

/// What a form asks for; a form of nothing is not understood.
fn change(hub: &Hub, form: &AccountForm) -> Result<Result<Change, AccountError>, Trouble> {
    Ok(Ok(match form.act.as_str() {
        "reset" => Change::ResetPassword,
        "unlock" => Change::Unlock,
        "drop-totp" => Change::DropTotp,
        "disable" => Change::Disable,
        "enable" => Change::Enable,
        "move" => match chosen(hub, form) {
            Ok((role, place)) => Change::Move { shown: form.shown.clone(), role, place },
            Err(why) => return Ok(Err(why)),
        },
        _ => return Err(Trouble::BadRequest),
    }))
}

fn show_all(hub: &Hub, viewer: &Viewer, with: (Said, AccountForm)) -> Page {
    let now_ms = hub.now_ms();
    hub.storage().read(|tx| html(&accounts_page(tx, viewer, now_ms, with)?))
}

fn show_one(hub: &Hub, viewer: &Viewer, id: AccountId, with: (Said, Option<AccountForm>)) -> Page {
    let now_ms = hub.now_ms();
    hub.storage().read(|tx| html(&one_account_page(tx, viewer, id, now_ms, with)?.ok_or(Trouble::NotFound)?))
}

/// Shown once: nothing keeps it, another try makes another.
fn one_time_page(viewer: &Viewer, name: String, password: String, id: AccountId) -> OneTimePage {
    let shell = viewer.shell(viewer.lang.t("one-time.title").to_owned(), "accounts", None);
    OneTimePage { shell, name, password, back: format!("/accounts/{id}") }
}

//! 我的账号 – password, second factor, sessions; and how the machine is, for whoever runs it.

use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::staff::picture;
use super::{Page, html, plain_shell};
use crate::access::AccountError;
use crate::access::own::RecoveryCodes;
use crate::access::totp::{address, letters};
use crate::desk::door::{SignedIn, no_session_cookie};
use crate::desk::read::{Viewer, account_page, clock, machine_page};
use crate::desk::trouble::Trouble;
use crate::desk::views::{PasswordPage, RecoveryPage, Said, SecretView, TotpPage};
use crate::desk::words::Lang;
use crate::desk::{Desk, ask};
use crate::storage::Hub;

const PATH: &str = "/account";

#[derive(Deserialize)]
pub(in crate::desk) struct PasswordForm {
    old: String,
    new: String,
    again: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct OwnForm {
    act: String,
    code: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct OwnAsked {
    done: Option<String>,
}

pub(in crate::desk) async fn account(
    State(desk): State<Desk>,
    SignedIn { viewer, session, .. }: SignedIn,
    axum::extract::Query(asked): axum::extract::Query<OwnAsked>,
) -> Page {
    ask(&desk, move |hub| {
        let mut page = account_page(hub, &viewer, &session)?;
        let words = match asked.done.as_deref() {
            Some("ended") => Some(viewer.lang.t("account.ended")),
            Some("dropped") => Some(viewer.lang.t("totp.dropped")),
            _ => None,
        };
        if let Some(words) = words {
            page.shell.said = Said::Done { words: words.to_owned(), undo: None };
        }
        html(&page)
    })
    .await
}

/// 退出其他登录.
pub(in crate::desk) async fn act_on_account(
    State(desk): State<Desk>,
    SignedIn { session, .. }: SignedIn,
    Form(form): Form<OwnForm>,
) -> Page {
    if form.act != "end-others" {
        return Err(Trouble::BadRequest);
    }
    ask(&desk, move |hub| {
        hub.sign_out_elsewhere(&session)?;
        Ok(Redirect::to(&format!("{PATH}?done=ended")).into_response())
    })
    .await
}

pub(in crate::desk) async fn totp(State(desk): State<Desk>, SignedIn { viewer, .. }: SignedIn) -> Page {
    // What waits to be confirmed is not shown by looking: only to who just asked for it.
    ask(&desk, move |_| html(&totp_page(&viewer, None, None))).await
}

/// Begin, confirm, new recovery codes, take away. All but the first set-up ask for the password again: `desk::prove`.
pub(in crate::desk) async fn act_on_totp(
    State(desk): State<Desk>,
    SignedIn { viewer, session, .. }: SignedIn,
    Form(form): Form<OwnForm>,
) -> Page {
    ask(&desk, move |hub| {
        let (id, lang) = (viewer.account.id, viewer.lang);
        let codes = match form.act.as_str() {
            "begin" => {
                let secret = hub.begin_totp(id)?;
                return html(&totp_page(&viewer, Some(&secret), None));
            }
            "confirm" => hub.confirm_totp(id, session.token, &form.code),
            "codes" => hub.new_recovery_codes(id),
            "drop" => {
                return match hub.drop_own_totp(&session) {
                    Ok(()) => Ok(Redirect::to(&format!("{PATH}?done=dropped")).into_response()),
                    Err(AccountError::Storage(why)) => Err(why.into()),
                    Err(_) => Err(Trouble::Forbidden),
                };
            }
            _ => return Err(Trouble::BadRequest),
        };
        match codes {
            Ok(codes) => html(&recovery_page(hub, &viewer, codes)),
            Err(AccountError::Storage(why)) => Err(why.into()),
            Err(why) => {
                // Of the secret not yet confirmed, once more: the picture was scanned, a digit was wrong.
                let pending = hub.pending_totp(id)?;
                let words = match why {
                    AccountError::WrongCode | AccountError::Locked => lang.t("totp.wrong"),
                    _ => lang.t("totp.nothing-pending"),
                };
                let page = html(&totp_page(&viewer, pending.as_ref().map(|secret| &***secret), Some(words)))?;
                Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
            }
        }
    })
    .await
}

pub(in crate::desk) async fn password(SignedIn { viewer, .. }: SignedIn) -> Page {
    html(&password_page(&viewer, None))
}

pub(in crate::desk) async fn change_password(
    State(desk): State<Desk>,
    SignedIn { viewer, token, .. }: SignedIn,
    Form(form): Form<PasswordForm>,
) -> Page {
    let lang = viewer.lang;
    if form.new != form.again {
        return html(&password_page(&viewer, Some(lang.t("password.differs").to_owned())));
    }
    let account = viewer.account.clone();
    let changed = ask(&desk, move |hub| {
        let changed = hub.change_password(&account, &form.old, &form.new);
        // Five wrong ones in an open session are no better than at the door.
        if matches!(changed, Ok(()) | Err(AccountError::Locked)) {
            hub.sign_out(&token)?;
        }
        Ok(changed)
    });
    match changed.await? {
        Ok(()) => Ok(Redirect::to("/login?changed=1").into_response()),
        Err(AccountError::Locked) => {
            let cookie = no_session_cookie(desk.secure).ok_or(Trouble::BrokeOff)?;
            let out = Redirect::to("/login?expired=1");
            Ok((axum::response::AppendHeaders([(axum::http::header::SET_COOKIE, cookie)]), out)
                .into_response())
        }
        Err(AccountError::Storage(why)) => Err(why.into()),
        Err(why) => html(&password_page(&viewer, Some(lang.half(&why.to_string()).to_owned()))),
    }
}

/// How the machine is.
pub(in crate::desk) async fn machine(State(desk): State<Desk>, SignedIn { viewer, .. }: SignedIn) -> Page {
    if !viewer.account.role.runs_the_machine() {
        return Err(Trouble::Forbidden);
    }
    ask(&desk, move |hub| html(&machine_page(hub, &viewer)?)).await
}

fn password_page(viewer: &Viewer, trouble: Option<String>) -> PasswordPage {
    let lang = viewer.lang;
    let lead = if viewer.account.must_change { "password.lead" } else { "password.lead-own" };
    let shell = plain_shell(lang, viewer.lang_href.clone(), lang.t("password.title"));
    PasswordPage { shell, trouble, lead: lang.t(lead) }
}

fn totp_page(viewer: &Viewer, secret: Option<&[u8]>, trouble: Option<&'static str>) -> TotpPage {
    let lang: Lang = viewer.lang;
    let secret = secret.map(|secret| {
        let shown = letters(secret);
        let signs: Vec<char> = shown.chars().collect();
        SecretView {
            picture: picture(&address(secret, &viewer.account.name)),
            letters: signs
                .chunks(4)
                .map(|four| four.iter().collect::<String>())
                .collect::<Vec<_>>()
                .join(" "),
        }
    });
    TotpPage {
        shell: plain_shell(lang, viewer.lang_href.clone(), lang.t("totp.title")),
        needed: viewer.account.must_set_up_totp(),
        secret,
        trouble,
    }
}

fn recovery_page(hub: &Hub, viewer: &Viewer, codes: RecoveryCodes) -> RecoveryPage {
    let lang = viewer.lang;
    RecoveryPage {
        shell: plain_shell(lang, viewer.lang_href.clone(), lang.t("recovery.title")),
        of: lang.fill("recovery.of", &[&viewer.account.name, &clock(hub.now_ms())]),
        codes,
    }
}

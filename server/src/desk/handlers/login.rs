//! 登录 – name and password, the code after it, the first set-up, signing out.

use axum::Form;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{Page, html, plain_shell};
use crate::access::first::{FirstAccount, FirstError};
use crate::access::session::{SignInError, SignedIn as Granted};
use crate::access::totp::Second;
use crate::desk::door::{
    CODE_PATH, Source, TOTP_PATH, Visitor, local, local_time, no_session_cookie, percent, session_cookie,
};
use crate::desk::trouble::Trouble;
use crate::desk::views::{FirstPage, LoginCodePage, LoginPage, LoginTrouble};
use crate::desk::words::Lang;
use crate::desk::{Desk, ask};
use crate::storage::sessions::Stage;

#[derive(Deserialize)]
pub(in crate::desk) struct SignInForm {
    name: String,
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct CodeForm {
    code: String,
    recovery: String,
    next: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct FirstForm {
    token: String,
    name: String,
    shown: String,
    password: String,
    again: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct AtLogin {
    next: String,
    expired: Option<String>,
    changed: Option<String>,
    late: Option<String>,
}

pub(in crate::desk) async fn login(
    State(desk): State<Desk>,
    visitor: Visitor,
    Query(at): Query<AtLogin>,
) -> Page {
    if !ask(&desk, |hub| Ok(hub.has_accounts()?)).await? {
        return Ok(Redirect::to("/").into_response());
    }
    let expired = at.expired.map(|_| LoginTrouble::Expired);
    let trouble =
        expired.or(at.changed.map(|_| LoginTrouble::Changed)).or(at.late.map(|_| LoginTrouble::TooLong));
    html(&login_page(&visitor, trouble, String::new(), local(&at.next)))
}

pub(in crate::desk) async fn sign_in(
    State(desk): State<Desk>,
    visitor: Visitor,
    Source(source): Source,
    Form(form): Form<SignInForm>,
) -> Page {
    let SignInForm { name, password, next } = form;
    let next = local(&next).to_owned();
    let typed = name.clone();
    let tried = ask(&desk, move |hub| Ok(hub.sign_in_from(&typed, &password, &source)));
    let why = match tried.await? {
        Ok(granted) => return let_in(&desk, &granted, &next),
        Err(why) => why,
    };
    let trouble = match why {
        SignInError::Wrong | SignInError::Expired => LoginTrouble::Wrong,
        SignInError::Locked { until_ms } => LoginTrouble::Locked { until: local_time(until_ms) },
        SignInError::TooMany { until_ms } => LoginTrouble::TooMany { until: local_time(until_ms) },
        SignInError::Storage(why) => return Err(why.into()),
    };
    let page = html(&login_page(&visitor, Some(trouble), name, &next))?;
    Ok((StatusCode::UNAUTHORIZED, page).into_response())
}

/// The page of the second step; only for who gave the password a moment ago.
pub(in crate::desk) async fn login_code(
    State(desk): State<Desk>,
    visitor: Visitor,
    Query(at): Query<AtLogin>,
) -> Page {
    let token = visitor.token.clone().unwrap_or_default();
    if !ask(&desk, move |hub| Ok(hub.is_half_way(&token)?)).await? {
        return Ok(Redirect::to(&format!("/login?late=1&next={}", percent(local(&at.next)))).into_response());
    }
    html(&code_page(&visitor, None, local(&at.next)))
}

pub(in crate::desk) async fn give_code(
    State(desk): State<Desk>,
    visitor: Visitor,
    Source(source): Source,
    Form(form): Form<CodeForm>,
) -> Page {
    let next = local(&form.next).to_owned();
    let (token, second) =
        (visitor.token.clone().unwrap_or_default(), Second::typed(&form.code, &form.recovery));
    let tried = ask(&desk, move |hub| Ok(hub.give_code(&token, &second, &source)));
    let why = match tried.await? {
        Ok(granted) => return let_in(&desk, &granted, &next),
        Err(SignInError::Expired) => {
            return Ok(Redirect::to(&format!("/login?late=1&next={}", percent(&next))).into_response());
        }
        Err(SignInError::Storage(why)) => return Err(why.into()),
        Err(why) => second_words(&why, visitor.lang),
    };
    let page = html(&code_page(&visitor, Some(why), &next))?;
    Ok((StatusCode::UNAUTHORIZED, page).into_response())
}

pub(in crate::desk) async fn sign_out(State(desk): State<Desk>, visitor: Visitor) -> Page {
    if let Some(token) = visitor.token {
        ask(&desk, move |hub| Ok(hub.sign_out(&token)?)).await?;
    }
    let cookie = no_session_cookie(desk.secure).ok_or(Trouble::BrokeOff)?;
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to("/login")).into_response())
}

/// Asked for by its own address, the first set-up is the first page.
pub(in crate::desk) async fn first() -> Redirect {
    Redirect::to("/")
}

/// The first page of a hub without accounts.
pub(in crate::desk) fn first_page(lang: Lang, lang_href: String) -> FirstPage {
    let shell = plain_shell(lang, lang_href, lang.t("first.title"));
    FirstPage { shell, trouble: None, token: String::new(), name: String::new(), shown: String::new() }
}

/// 首次设置: the first security administrator, who is signed in at once and sets up a second factor next.
pub(in crate::desk) async fn make_first(
    State(desk): State<Desk>,
    visitor: Visitor,
    Source(source): Source,
    Form(form): Form<FirstForm>,
) -> Page {
    let FirstForm { token, name, shown, password, again } = form;
    let lang = visitor.lang;
    let made = if password == again {
        let first = FirstAccount { token: token.clone(), name: name.clone(), shown: shown.clone(), password };
        let made = ask(&desk, move |hub| {
            Ok(hub.make_first_account(&first, &source).map(|()| {
                // As at the page of the sign-in: who chose this name and password just gave them.
                hub.sign_in_from(first.name.trim(), &first.password, &source)
            }))
        });
        match made.await? {
            Ok(Ok(granted)) => return let_in(&desk, &granted, TOTP_PATH),
            Ok(Err(_)) | Err(FirstError::Done) => return Ok(Redirect::to("/login").into_response()),
            Err(FirstError::Account(crate::access::AccountError::Storage(why))) => return Err(why.into()),
            Err(why) => lang.half(&why.to_string()).to_owned(),
        }
    } else {
        lang.t("password.differs").to_owned()
    };
    let page = FirstPage { trouble: Some(made), token, name, shown, ..first_page(lang, visitor.lang_href) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

/// Why a code, or a password given again, was not taken.
pub(in crate::desk) fn second_words(why: &SignInError, lang: Lang) -> String {
    match why {
        SignInError::Locked { until_ms } => lang.fill("login.locked", &[&local_time(*until_ms)]),
        SignInError::TooMany { until_ms } => lang.fill("login.too-many", &[&local_time(*until_ms)]),
        _ => lang.t("totp.wrong").to_owned(),
    }
}

/// A session begins: the page asked for, or the second step.
fn let_in(desk: &Desk, granted: &Granted, next: &str) -> Page {
    let cookie = session_cookie(&granted.token, desk.secure).ok_or(Trouble::BrokeOff)?;
    let to = match granted.stage {
        Stage::Whole => next.to_owned(),
        Stage::Password => format!("{CODE_PATH}?next={}", percent(next)),
    };
    let answer: Response = (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(&to)).into_response();
    Ok(answer)
}

fn login_page(visitor: &Visitor, trouble: Option<LoginTrouble>, name: String, next: &str) -> LoginPage {
    let shell = plain_shell(visitor.lang, visitor.lang_href.clone(), visitor.lang.t("login.title"));
    LoginPage { shell, trouble, name, next: next.to_owned() }
}

fn code_page(visitor: &Visitor, trouble: Option<String>, next: &str) -> LoginCodePage {
    let shell = plain_shell(visitor.lang, visitor.lang_href.clone(), visitor.lang.t("totp.step-title"));
    LoginCodePage { shell, trouble, next: next.to_owned() }
}

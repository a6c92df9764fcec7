//! 再次验证 – before something that matters, whoever is signed in gives the password again (and a code, where there is a
//! second factor), unless that was a moment ago. The form that was sent stands in the page that asks, and goes on from
//! there to where it was going.

use askama::Template;
use axum::Form;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::door::{Source, TOTP_PATH, Visitor, form_home};
use super::handlers::{plain_shell, second_words};
use super::trouble::Trouble;
use super::views::ProvePage;
use super::{Desk, ask};
use crate::access::session::{Session, SignInError};
use crate::access::totp::Second;

/// A password given so long ago still counts, in milliseconds (15 min; `domain.md` 2.9: re-authentication for sensitive acts).
pub(super) const FRESH_MS: i64 = 15 * 60 * 1000;
/// Bytes of a form at most: an adoption file of some tens of thousands of signs, nine bytes each as a form sends them.
const FORM_MAX_BYTES: usize = 512 * 1024;
const PASSWORD: &str = "prove-password";
const CODE: &str = "prove-code";
const RECOVERY: &str = "prove-recovery";

/// When somebody must have proved who he is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Proof {
    /// Within [`FRESH_MS`].
    Recent,
    /// In the same form.
    Now,
}

type Fields = Vec<(String, String)>;

/// Lets a form through that needs no proof, or for which there is one; asks for it otherwise.
pub(super) async fn prove(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    if request.method() != Method::POST || !may_matter(request.uri().path()) {
        return next.run(request).await;
    }
    match asked(&desk, request).await {
        Ok(Gate::Open(request)) => next.run(request).await,
        Ok(Gate::Asks(page)) => page,
        Err(trouble) => trouble.into_response(),
    }
}

enum Gate {
    Open(Request),
    Asks(Response),
}

async fn asked(desk: &Desk, request: Request) -> Result<Gate, Trouble> {
    let visitor = Visitor::of(request.headers(), request.uri());
    let Source(source) = Source::of(request.extensions());
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, FORM_MAX_BYTES).await.map_err(|_| Trouble::BadRequest)?;
    let mut copy = Request::post("/").body(Body::from(bytes.clone())).map_err(|_| Trouble::BadRequest)?;
    let kind = parts.headers.get(header::CONTENT_TYPE).cloned();
    copy.headers_mut().extend(kind.map(|kind| (header::CONTENT_TYPE, kind)));
    // What is no form is refused where it was going, as without this.
    let fields = Form::<Fields>::from_request(copy, &()).await.map(|Form(fields)| fields).unwrap_or_default();
    let path = parts.uri.path().to_owned();
    let action = parts.uri.path_and_query().map_or_else(|| path.clone(), ToString::to_string);
    let onward = Gate::Open(Request::from_parts(parts, Body::from(bytes)));

    let token = visitor.token.clone().unwrap_or_default();
    let Some(session) = ask(desk, move |hub| Ok(hub.open_session(&token)?)).await? else { return Ok(onward) };
    let Some(proof) = wanted(&path, &fields, &session) else { return Ok(onward) };
    let given = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let trouble = match given(PASSWORD) {
        Some(password) => {
            let second =
                Second::typed(&given(CODE).unwrap_or_default(), &given(RECOVERY).unwrap_or_default());
            let of = session.clone();
            let proved =
                ask(desk, move |hub| Ok(hub.authenticate_again(&of, &password, &second, &source))).await?;
            match proved {
                Ok(()) => return Ok(onward),
                Err(SignInError::Storage(why)) => return Err(why.into()),
                Err(why) => Some(second_words(&why, visitor.lang)),
            }
        }
        None if proof == Proof::Recent && desk.hub.now_ms() - session.proved_ms < FRESH_MS => {
            return Ok(onward);
        }
        None => None,
    };
    let page = ProvePage {
        shell: plain_shell(visitor.lang, visitor.lang_href, visitor.lang.t("prove.title")),
        who: session.account.shown,
        action,
        fields: fields.into_iter().filter(|(key, _)| ![PASSWORD, CODE, RECOVERY].contains(&&**key)).collect(),
        totp: session.account.totp,
        trouble,
        cancel: form_home(&path).to_owned(),
    };
    Ok(Gate::Asks((StatusCode::UNAUTHORIZED, Html(page.render()?)).into_response()))
}

/// Whether forms sent here may be of those that matter.
fn may_matter(path: &str) -> bool {
    ["/accounts", "/periods", "/staff", "/staff/code", "/policy/adopt", "/places", TOTP_PATH].contains(&path)
        || ["/accounts/", "/finding/", "/line/", "/rights/"].iter().any(|start| path.starts_with(start))
}

/// What a form needs: accounts, closing a period, codes and revocations of phones, findings, lines of the
/// ledger, erasing what a resident asked to have erased, one's own second factor.
fn wanted(path: &str, fields: &Fields, session: &Session) -> Option<Proof> {
    let act = fields.iter().find(|(key, _)| key == "act").map_or("", |(_, value)| value.as_str());
    match (path, act) {
        // The first second factor of a role that has to have one: the password was given to come here.
        (TOTP_PATH, "begin") if session.account.must_set_up_totp() => Some(Proof::Recent),
        (TOTP_PATH, "begin" | "codes" | "drop") => Some(Proof::Now),
        // Begun by one and left open, it is not for another to confirm.
        (TOTP_PATH, "confirm") => Some(Proof::Recent),
        (TOTP_PATH, _) => None,
        ("/staff", "revoke") => Some(Proof::Recent),
        ("/staff", _) => None,
        // Trying changes nothing.
        ("/policy/adopt", "adopt") => Some(Proof::Recent),
        ("/policy/adopt", _) => None,
        (path, "decide" | "hear") if path.starts_with("/finding/") => Some(Proof::Recent),
        (path, "confirm" | "hear" | "withdraw") if path.starts_with("/line/") => Some(Proof::Recent),
        // What is erased does not come back.
        (path, "erase") if path.starts_with("/rights/") => Some(Proof::Now),
        (path, _) if path.starts_with("/rights/") => None,
        (path, _) if path.starts_with("/finding/") || path.starts_with("/line/") => None,
        _ => Some(Proof::Recent),
    }
}

//! 门 – who comes in: the session cookie, the language, and where they wanted to go.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::read::Viewer;
use super::trouble::Trouble;
use super::words::Lang;
use super::{Desk, ask};
use crate::access::session::Session;
use crate::serve::source_of;

const SESSION: &str = "ruhu_session";
const LANG: &str = "ruhu_lang";
/// The language is remembered this long, in seconds (one year).
const LANG_S: u32 = 365 * 24 * 3600;
/// Where an account with a one-time password must go first.
pub(super) const PASSWORD_PATH: &str = "/password";
/// Where a role that has to have a second factor must go next.
pub(super) const TOTP_PATH: &str = "/account/totp";
/// Where the code is given after the password.
pub(super) const CODE_PATH: &str = "/login/code";

/// Anybody: signed in or not.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    pub(super) lang: Lang,
    pub(super) token: Option<String>,
    pub(super) lang_href: String,
}

/// Somebody who is signed in and may see pages.
#[derive(Clone, Debug)]
pub(super) struct SignedIn {
    pub(super) viewer: Viewer,
    pub(super) token: String,
    pub(super) session: Session,
}

/// Where a request came from, as a hash.
#[derive(Clone, Debug, Default)]
pub(super) struct Source(pub(super) String);

impl Source {
    /// Of a request's connection; nowhere in particular where there is none.
    pub(super) fn of(extensions: &Extensions) -> Self {
        let from = extensions.get::<ConnectInfo<SocketAddr>>();
        Self(from.map(|ConnectInfo(address)| source_of(address.ip())).unwrap_or_default())
    }
}

impl FromRequestParts<Desk> for Source {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Desk) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.extensions))
    }
}

impl Visitor {
    pub(super) fn of(headers: &HeaderMap, uri: &Uri) -> Self {
        let asked = query(uri, "lang").map(|code| Lang::from_code(&code));
        let lang = asked.or_else(|| cookie(headers, LANG).map(|code| Lang::from_code(&code)));
        let lang = lang.unwrap_or_default();
        Self { lang, token: cookie(headers, SESSION), lang_href: with_lang(uri, lang.other()) }
    }
}

impl FromRequestParts<Desk> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Desk) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers, &parts.uri))
    }
}

impl FromRequestParts<Desk> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Response> {
        let Visitor { lang, token, lang_href } = Visitor::of(&parts.headers, &parts.uri);
        let had_session = token.is_some();
        let found = match token {
            None => None,
            Some(token) => {
                let of = token.clone();
                let session = ask(desk, move |hub| Ok(hub.open_session(&of)?)).await;
                session.map_err(IntoResponse::into_response)?.map(|session| (session, token))
            }
        };
        let Some((session, token)) = found else { return Err(to_login(parts, had_session)) };
        let account = session.account.clone();
        let first = if account.must_change {
            Some(PASSWORD_PATH)
        } else {
            account.must_set_up_totp().then_some(TOTP_PATH)
        };
        if let Some(first) = first.filter(|first| *first != parts.uri.path()) {
            return Err(Redirect::to(first).into_response());
        }
        Ok(Self { viewer: Viewer { account, lang, lang_href }, token, session })
    }
}

/// Who only looks is sent to sign in and back; who sent a form is told, because the form was not taken.
fn to_login(parts: &Parts, had_session: bool) -> Response {
    if ![Method::GET, Method::HEAD].contains(&parts.method) {
        return Trouble::SignedOut.into_response();
    }
    let wanted = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let expired = if had_session { "&expired=1" } else { "" };
    Redirect::to(&format!("/login?next={}{expired}", percent(wanted))).into_response()
}

/// A cookie of the session: readable by no script, sent to no other site, over TLS only where there is TLS.
pub(super) fn session_cookie(token: &str, secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{SESSION}={token}; Path=/; HttpOnly; SameSite=Lax{secure}")).ok()
}

/// A cookie that ends the session in the browser.
pub(super) fn no_session_cookie(secure: bool) -> Option<HeaderValue> {
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{SESSION}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}")).ok()
}

/// The language that was asked for by `?lang=`, as a cookie to be kept.
pub(super) fn lang_cookie(uri: &Uri) -> Option<HeaderValue> {
    let code = Lang::from_code(&query(uri, "lang")?).code();
    HeaderValue::from_str(&format!("{LANG}={code}; Path=/; HttpOnly; SameSite=Lax; Max-Age={LANG_S}")).ok()
}

/// A page of this desk to go back to; anything else, such as another site, becomes the overview.
pub(super) fn local(next: &str) -> &str {
    // Browsers take a backslash for a slash, and leave out tabs and the like before they look.
    let own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && next.bytes().all(|byte| byte.is_ascii_graphic());
    if own { next } else { "/" }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

fn query(uri: &Uri, name: &str) -> Option<String> {
    let pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// The same address in another language. What was posted to is looked at again by its own page.
fn with_lang(uri: &Uri, lang: Lang) -> String {
    let kept = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<String> = kept.filter(|pair| !pair.starts_with("lang=")).map(str::to_owned).collect();
    pairs.push(format!("lang={}", lang.code()));
    format!("{}?{}", local(form_home(uri.path())), pairs.join("&"))
}

/// The page a form belongs to, by the path it is sent to.
pub(super) fn form_home(path: &str) -> &str {
    if path == CODE_PATH {
        return path;
    }
    let own = ["/reveal", "/decide", "/code", "/adopt"].iter().find_map(|form| path.strip_suffix(form));
    own.unwrap_or(path)
}

/// A local time of today, 18:40.
pub(super) fn local_time(at_ms: i64) -> String {
    let at = chrono::DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    ruhu_core::time::Zone::CHINA.time(at).format("%H:%M").to_string()
}

/// A text as it stands in a query.
pub(super) fn percent(text: &str) -> String {
    let mut coded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            coded.push(char::from(byte));
        } else {
            coded.push_str(&format!("%{byte:02X}"));
        }
    }
    coded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site_after_signing_in() {
        assert_eq!(local("/households?period=2026Q3"), "/households?period=2026Q3");
        for elsewhere in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil",
            "/ /evil",
            "/\u{7f}/evil",
            "evil",
            "/a\r\nSet-Cookie: x",
        ] {
            assert_eq!(local(elsewhere), "/", "{elsewhere:?}");
        }
    }

    #[test]
    fn the_language_switch_keeps_the_rest_of_the_address() {
        let uri: Uri = "/households?period=2026Q3&lang=zh&state=open".parse().unwrap();
        assert_eq!(with_lang(&uri, Lang::En), "/households?period=2026Q3&state=open&lang=en");
        let posted: Uri = "/household/h-1/reveal?period=2026Q3".parse().unwrap();
        assert_eq!(with_lang(&posted, Lang::En), "/household/h-1?period=2026Q3&lang=en");
        for elsewhere in ["//evil.example/x", "/\\evil.example"] {
            let uri = Uri::try_from(elsewhere).unwrap();
            assert_eq!(with_lang(&uri, Lang::En), "/?lang=en", "{elsewhere}");
        }
    }

    #[test]
    fn a_session_cookie_is_for_this_site_alone() {
        let cookie = session_cookie("abc", true).unwrap();
        assert_eq!(cookie, "ruhu_session=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
    }
}

//! 办公端 – the pages: server-rendered, working without JavaScript, every number opening into its households.
//!
//! | module | what it holds |
//! |---|---|
//! | `handlers` | one handler per page |
//! | `read` | from the hub's rows to what pages show, and who may see it |
//! | [`views`] | what pages show, as plain structs; `templates/` lay them out |
//! | [`words`] | every word in Chinese and English |
//! | `door` | session, language, where to go back to |
//! | `prove` | the password again, before something that matters |
//! | `trouble` | why a page cannot be shown |
//! | `works` | imports that take longer than an answer |
//!
//! No script and no inline style: the content policy allows the one style sheet and nothing else.

mod door;
mod handlers;
mod prove;
mod read;
mod trouble;
pub mod views;
pub mod words;
mod works;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::csrf::CsrfLayer;

use crate::storage::{Hub, StorageError};
use door::{Visitor, lang_cookie};
use trouble::{Bare, Trouble};
use views::MessagePage;
use works::Works;

/// The one style sheet. Hand-written; nothing is loaded from anywhere else.
pub const STYLE: &str =
    concat!(include_str!("../static/desk.css"), "\n", include_str!("../static/narrow.css"));

/// Headers of every page: nothing from elsewhere, in no frame, kept in no cache.
const HEADERS: [(header::HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
    (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// What the handlers share.
#[derive(Clone)]
struct Desk {
    hub: Arc<Hub>,
    /// Whether cookies go over TLS only: where the hub is reached by https.
    secure: bool,
    /// Imports and undos this node is about.
    works: Works,
}

/// Every page of the desk.
///
/// # Errors
/// [`StorageError`] when the hub's own address cannot be read.
pub fn router(hub: Arc<Hub>) -> Result<Router, StorageError> {
    let secure = hub.storage().read(|tx| tx.public_url())?.starts_with("https:");
    let desk = Desk { hub, secure, works: Works::default() };
    Ok(Router::new()
        .route("/", get(handlers::overview))
        .route("/households", get(handlers::households))
        .route("/household/{unit}", get(handlers::household))
        .route("/household/{unit}/reveal", post(handlers::reveal))
        .route("/household/{unit}/decide", post(handlers::decide_household))
        .route("/household/{unit}/record", get(handlers::record).post(handlers::change_record))
        .route("/household/{unit}/record/reveal", post(handlers::reveal_record))
        .route("/waiting", get(handlers::waiting).post(handlers::answer))
        .route("/requests", get(handlers::requests))
        .route("/requests/reveal", post(handlers::reveal_requests))
        .route("/request/{unit}/{id}", get(handlers::request).post(handlers::step_request))
        .merge(rights())
        .route("/questions", get(handlers::questions))
        .route("/questions/new", get(handlers::new_question).post(handlers::ask_question))
        .route("/question/{question}", get(handlers::question).post(handlers::close_question))
        .route("/question/{question}/export", get(handlers::question_export).post(handlers::hand_on))
        .route("/staff", get(handlers::staff).post(handlers::act_on_staff))
        .route("/staff/code", post(handlers::code))
        .route("/periods", get(handlers::periods).post(handlers::close_period))
        .route("/spot-checks", get(handlers::spot_checks).post(handlers::draw))
        .route("/spot-checks/{draw}", get(handlers::spot_check).post(handlers::enter))
        .route("/spot-checks/{draw}/sheet", get(handlers::sheet))
        .route("/spot-checks/{draw}/card/{nth}", get(handlers::card))
        .route("/findings", get(handlers::findings))
        .route("/finding/{finding}", get(handlers::finding).post(handlers::step_finding))
        .route("/ledger", get(handlers::ledger))
        .route("/ledger.xlsx", get(handlers::ledger_xlsx))
        .route("/line/{line}", get(handlers::line).post(handlers::step_line))
        .route("/completion/{worker}", get(handlers::completion).post(handlers::propose_reward))
        .route("/access", get(handlers::access))
        .route("/access.xlsx", get(handlers::access_xlsx))
        .route("/audit", get(handlers::audit))
        .route("/audit.xlsx", get(handlers::audit_xlsx))
        .merge(roster())
        .route("/policy", get(handlers::policy))
        .route("/policy/adopt", get(handlers::adopting).post(handlers::adopt))
        .route("/policy/adoption.toml", get(handlers::adoption_file))
        .route("/report", get(handlers::report))
        .route("/report.xlsx", get(handlers::report_xlsx))
        .route("/report.json", get(handlers::report_json))
        .route("/accounts", get(handlers::accounts).post(handlers::make_account))
        .route("/accounts/{account}", get(handlers::one_account).post(handlers::change_account))
        .route("/places", get(handlers::places).post(handlers::set_place))
        .route("/machine", get(handlers::machine))
        .route("/account", get(handlers::account).post(handlers::act_on_account))
        .route("/account/totp", get(handlers::totp).post(handlers::act_on_totp))
        .route("/help", get(handlers::help))
        .route("/login", get(handlers::login).post(handlers::sign_in))
        .route("/login/code", get(handlers::login_code).post(handlers::give_code))
        .route("/first", get(handlers::first).post(handlers::make_first))
        .route("/logout", post(handlers::sign_out))
        .route("/password", get(handlers::password).post(handlers::change_password))
        .route("/static/desk.css", get(handlers::style))
        .fallback(handlers::not_found)
        .layer(middleware::from_fn_with_state(desk.clone(), prove::prove))
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(desk.clone(), dress))
        .with_state(desk))
}

/// 居民权利 – and the public page, whose form is small.
fn rights() -> Router<Desk> {
    let public = Router::new()
        .route("/resident", get(handlers::resident).post(handlers::leave_number))
        .layer(DefaultBodyLimit::max(handlers::RESIDENT_MAX_BYTES));
    Router::new()
        .route("/rights", get(handlers::rights))
        .route("/rights/new", get(handlers::new_rights).post(handlers::note_rights))
        .route("/rights/{case}", get(handlers::one_rights).post(handlers::step_rights))
        .route("/rights/{case}/sheet", get(handlers::rights_paper))
        .route("/rights/{case}/sheet.xlsx", get(handlers::rights_xlsx))
        .merge(public)
}

/// 名册 – apart, because a file is larger than a form.
fn roster() -> Router<Desk> {
    Router::new()
        .route("/roster", get(handlers::roster).post(handlers::upload))
        // Counted while it arrives: the answer is to be a page.
        .layer(DefaultBodyLimit::disable())
        .route("/roster/template.xlsx", get(handlers::blank))
        .route("/roster/upload/{upload}", get(handlers::dry_run).post(handlers::step_upload))
        .route("/roster/upload/{upload}/findings", get(handlers::import_findings))
        .route("/roster/upload/{upload}/findings.xlsx", get(handlers::import_findings_xlsx))
        .route("/roster/import/{import}", get(handlers::imported).post(handlers::undo_imported))
}

/// Lays out what went wrong in the visitor's language, and puts the headers on.
async fn dress(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let visitor = Visitor::of(request.headers(), request.uri());
    let remembered = lang_cookie(request.uri());
    let mut response = next.run(request).await;
    let bare = response.extensions().get::<Bare>().copied();
    let status = response.status();
    let about = bare.map(|bare| bare.status).or_else(|| undressed(&response));
    if let Some(about) = about {
        let words = message(&desk, &visitor, about);
        let cookies: Vec<HeaderValue> =
            response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
        response = (status, words).into_response();
        for cookie in cookies {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Some(remembered) = remembered {
        headers.append(header::SET_COOKIE, remembered);
    }
    response
}

/// An error that is no page yet: refused by a layer or an extractor.
fn undressed(response: &Response) -> Option<u16> {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_page = kind.is_some_and(|kind| kind.starts_with("text/html"));
    ((status.is_client_error() || status.is_server_error()) && !is_page).then(|| match status.as_u16() {
        known @ (400 | 401 | 403 | 404) => known,
        other if other < 500 => 400,
        _ => 500,
    })
}

fn message(desk: &Desk, visitor: &Visitor, about: u16) -> Html<String> {
    let at = desk.hub.now().format("%Y-%m-%d %H:%M UTC").to_string();
    let shell = handlers::plain_shell(visitor.lang, visitor.lang_href.clone(), visitor.lang.t("site.name"));
    // The template was compiled; rendering into memory has nothing left to fail on.
    Html(MessagePage::of(shell, about, &at).render().unwrap_or_default())
}

/// Runs what blocks away from the threads that answer.
async fn ask<T: Send + 'static>(
    desk: &Desk,
    work: impl FnOnce(&Hub) -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    let hub = Arc::clone(&desk.hub);
    tokio::task::spawn_blocking(move || work(&hub)).await.map_err(|_| Trouble::BrokeOff)?
}

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

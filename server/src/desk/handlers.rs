//! One handler per page: extract, check, act, answer.

mod access;
mod act;
mod dry_run;
mod findings;
mod household;
mod import_words;
mod ledger;
mod periods;
mod refusal;
mod requests;
mod roster;
mod spot;
mod staff;
mod waiting;

pub(super) use access::access;
pub(super) use dry_run::{dry_run, import_findings, import_findings_xlsx, step_upload};
pub(super) use findings::{finding, findings, step_finding};
pub(super) use household::{decide_household, household, reveal};
pub(super) use ledger::{completion, ledger, ledger_xlsx, line, propose_reward, step_line};
pub(super) use periods::{close_period, periods};
pub(super) use requests::{request, requests, reveal_requests, step_request};
pub(super) use roster::{blank, imported, roster, undo_imported, upload};
pub(super) use spot::{card, draw, enter, sheet, spot_check, spot_checks};
pub(super) use staff::{act_on_staff, code, staff};
pub(super) use waiting::{answer, waiting};

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::door::{SignedIn, Visitor, local, no_session_cookie, session_cookie};
use super::read::{Asked, Choice, choose, communities_page, list_page, overview_page};
use super::trouble::Trouble;
use super::views::{HelpPage, LoginPage, LoginTrouble, PasswordPage, PeriodSwitch, ReportPage, Said, Shell};
use super::words::Lang;
use super::{Desk, STYLE, ask};
use crate::access::AccountError;
use crate::access::session::SignInError;
use crate::report::SignedReport;
use crate::report::closing::Wanted;
use crate::report::coverage::book;
use crate::storage::Hub;

type Page = Result<Response, Trouble>;

/// The type of a workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Deserialize)]
pub(super) struct SignInForm {
    name: String,
    password: String,
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
pub(super) struct PasswordForm {
    old: String,
    new: String,
    again: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct AtLogin {
    next: String,
    expired: Option<String>,
    changed: Option<String>,
}

pub(super) async fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=300")];
    (headers, STYLE).into_response()
}

pub(super) async fn overview(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    if !viewer.account.role.sees_communities() {
        // An administrator of the machine has no community to land on after signing in.
        return Ok(Redirect::to("/help").into_response());
    }
    ask(&desk, move |hub| {
        hub.storage().read(|tx| match choose(tx, &viewer.account, &asked, hub.now())? {
            Choice::One(scope) => html(&overview_page(tx, &viewer, &scope, &asked)?),
            Choice::Several(scopes) => html(&communities_page(tx, &viewer, &scopes)?),
        })
    })
    .await
}

pub(super) async fn households(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        hub.storage().read(|tx| {
            let scope = choose(tx, &viewer.account, &asked, hub.now())?.one()?;
            html(&list_page(tx, &viewer, &scope, &asked)?)
        })
    })
    .await
}

pub(super) async fn report(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let (scope, signed) = signed_report(hub, &viewer, &asked)?;
        let rest = format!("?period={}{}", scope.period, scope.tail);
        html(&ReportPage {
            shell: viewer.shell(viewer.lang.t("report.title").to_owned(), "report", Some(&scope)),
            periods: PeriodSwitch::new(scope.period, "/report", &scope.tail, scope.today, viewer.lang),
            book: book(&signed),
            xlsx: format!("/report.xlsx{rest}"),
            json: format!("/report.json{rest}"),
        })
    })
    .await
}

pub(super) async fn report_xlsx(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let (_, signed) = signed_report(hub, &viewer, &asked)?;
        Ok(file(XLSX, &format!("{}.xlsx", book(&signed).file_stem()), signed.to_xlsx()?))
    })
    .await
}

pub(super) async fn report_json(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let (_, signed) = signed_report(hub, &viewer, &asked)?;
        Ok(file("application/json", &format!("{}.json", book(&signed).file_stem()), signed.to_json()))
    })
    .await
}

/// The report of the period asked for; logged, because it lists addresses. Above the community without workers.
fn signed_report(
    hub: &Hub,
    viewer: &super::read::Viewer,
    asked: &Asked,
) -> Result<(super::read::Scope, SignedReport), Trouble> {
    let scope = hub.storage().read(|tx| choose(tx, &viewer.account, asked, hub.now())?.one())?;
    let mut signed = hub.report(scope.id, scope.period, &Wanted::default())?;
    if !viewer.account.role.sees_households() {
        signed = signed.without_workers(&hub.signing_key());
    }
    hub.looked(viewer.account.id, "report.view", &format!("{}/{}", scope.id, scope.period))?;
    Ok((scope, signed))
}

pub(super) async fn help(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = hub.storage().read(|tx| choose(tx, &viewer.account, &asked, hub.now())?.one()).ok();
        html(&HelpPage::new(viewer.shell(viewer.lang.t("help.title").to_owned(), "help", scope.as_ref())))
    })
    .await
}

pub(super) async fn login(visitor: Visitor, Query(at): Query<AtLogin>) -> Page {
    let expired = at.expired.map(|_| LoginTrouble::Expired);
    let trouble = expired.or(at.changed.map(|_| LoginTrouble::Changed));
    html(&login_page(&visitor, trouble, String::new(), local(&at.next)))
}

pub(super) async fn sign_in(
    State(desk): State<Desk>,
    visitor: Visitor,
    Form(form): Form<SignInForm>,
) -> Page {
    let SignInForm { name, password, next } = form;
    let typed = name.clone();
    let tried = ask(&desk, move |hub| {
        let tried = hub.sign_in(&typed, &password);
        let row = hub.storage().read(|tx| tx.account_named(&typed))?;
        Ok((tried, row.map_or(0, |row| row.locked_until_ms)))
    });
    let (tried, locked_until_ms) = tried.await?;
    let next = local(&next).to_owned();
    let trouble = match tried {
        Ok(signed_in) => {
            let cookie = session_cookie(&signed_in.token, desk.secure).ok_or(Trouble::BrokeOff)?;
            return Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(&next)).into_response());
        }
        Err(SignInError::Wrong) => LoginTrouble::Wrong,
        Err(SignInError::Locked) => LoginTrouble::Locked { until: local_time(locked_until_ms) },
        Err(SignInError::Storage(why)) => return Err(why.into()),
    };
    let page = html(&login_page(&visitor, Some(trouble), name, &next))?;
    Ok((StatusCode::UNAUTHORIZED, page).into_response())
}

pub(super) async fn sign_out(State(desk): State<Desk>, visitor: Visitor) -> Page {
    if let Some(token) = visitor.token {
        ask(&desk, move |hub| Ok(hub.sign_out(&token)?)).await?;
    }
    let cookie = no_session_cookie(desk.secure).ok_or(Trouble::BrokeOff)?;
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to("/login")).into_response())
}

pub(super) async fn password(SignedIn { viewer, .. }: SignedIn) -> Page {
    html(&password_page(viewer.lang, viewer.lang_href, None))
}

pub(super) async fn change_password(
    State(desk): State<Desk>,
    SignedIn { viewer, token }: SignedIn,
    Form(form): Form<PasswordForm>,
) -> Page {
    let (lang, href) = (viewer.lang, viewer.lang_href.clone());
    if form.new != form.again {
        return html(&password_page(lang, href, Some(lang.t("password.differs").to_owned())));
    }
    let changed = ask(&desk, move |hub| {
        let changed = hub.change_password(&viewer.account, &form.old, &form.new);
        if changed.is_ok() {
            hub.sign_out(&token)?;
        }
        Ok(changed)
    });
    match changed.await? {
        Ok(()) => Ok(Redirect::to("/login?changed=1").into_response()),
        Err(AccountError::Storage(why)) => Err(why.into()),
        Err(why) => html(&password_page(lang, href, Some(why.to_string()))),
    }
}

pub(super) async fn not_found() -> Trouble {
    Trouble::NotFound
}

fn login_page(visitor: &Visitor, trouble: Option<LoginTrouble>, name: String, next: &str) -> LoginPage {
    let shell = plain_shell(visitor.lang, visitor.lang_href.clone(), visitor.lang.t("login.title"));
    LoginPage { shell, trouble, name, next: next.to_owned() }
}

fn password_page(lang: Lang, lang_href: String, trouble: Option<String>) -> PasswordPage {
    PasswordPage { shell: plain_shell(lang, lang_href, lang.t("password.title")), trouble }
}

/// The frame of a page without navigation.
pub(super) fn plain_shell(lang: Lang, lang_href: String, title: &str) -> Shell {
    Shell { lang, title: title.to_owned(), lang_href, nav: None, said: Said::Nothing }
}

fn html(page: &impl Template) -> Page {
    Ok(Html(page.render()?).into_response())
}

/// A file to be saved; its name in UTF-8, as browsers read it.
fn file(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let coded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let mut headers = HeaderMap::new();
    let disposition = format!("attachment; filename*=UTF-8''{coded}");
    for (key, value) in [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition.as_str())] {
        if let Ok(value) = value.parse() {
            headers.insert(key, value);
        }
    }
    (headers, bytes).into_response()
}

fn local_time(ms: i64) -> String {
    let at = chrono::DateTime::from_timestamp_millis(ms).unwrap_or_default();
    ruhu_core::time::Zone::CHINA.time(at).format("%H:%M").to_string()
}

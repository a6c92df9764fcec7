//! One handler per page: extract, check, act, answer.

mod access;
mod account;
mod accounts;
mod act;
mod asking;
mod audit;
mod dry_run;
mod findings;
mod household;
mod import_words;
mod ledger;
mod login;
mod periods;
mod places;
mod policy;
mod questions;
mod record;
mod refusal;
mod requests;
mod resident;
mod rights;
mod roster;
mod spot;
mod staff;
mod waiting;

pub(super) use access::{access, access_xlsx};
pub(super) use account::{account, act_on_account, act_on_totp, change_password, machine, password, totp};
pub(super) use accounts::{accounts, change_account, make_account, one_account};
pub(super) use asking::{ask_question, new_question};
pub(super) use audit::{audit, audit_xlsx};
pub(super) use dry_run::{dry_run, import_findings, import_findings_xlsx, step_upload};
pub(super) use findings::{finding, findings, step_finding};
pub(super) use household::{decide_household, household, reveal};
pub(super) use ledger::{completion, ledger, ledger_xlsx, line, propose_reward, step_line};
pub(super) use login::{first, give_code, login, login_code, make_first, second_words, sign_in, sign_out};
pub(super) use periods::{close_period, periods};
pub(super) use places::{places, set_place};
pub(super) use policy::{adopt, adopting, adoption_file, policy};
pub(super) use questions::{close_question, hand_on, question, question_export, questions};
pub(super) use record::{change_record, record, reveal_record};
pub(super) use requests::{request, requests, reveal_requests, step_request};
pub(super) use resident::{FORM_MAX_BYTES as RESIDENT_MAX_BYTES, leave_number, resident};
pub(super) use rights::{
    new_rights, note_rights, one_rights, rights, rights_paper, rights_xlsx, step_rights,
};
pub(super) use roster::{blank, imported, roster, undo_imported, upload};
pub(super) use spot::{card, draw, enter, sheet, spot_check, spot_checks};
pub(super) use staff::{act_on_staff, code, staff};
pub(super) use waiting::{answer, waiting};

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::door::{SignedIn, Visitor};
use super::read::{Asked, Choice, choose, communities_page, list_page, overview_page};
use super::trouble::Trouble;
use super::views::{HelpPage, PeriodSwitch, ReportPage, Said, Shell};
use super::words::Lang;
use super::{Desk, STYLE, ask};
use crate::report::SignedReport;
use crate::report::closing::Wanted;
use crate::report::coverage::book;
use crate::storage::Hub;

type Page = Result<Response, Trouble>;

/// The type of a workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(super) async fn style() -> Response {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=300")];
    (headers, STYLE).into_response()
}

pub(super) async fn overview(
    State(desk): State<Desk>,
    visitor: Visitor,
    signed_in: Result<SignedIn, Response>,
    Query(asked): Query<Asked>,
) -> Page {
    let SignedIn { viewer, .. } = match signed_in {
        Ok(signed_in) => signed_in,
        Err(to_login) => {
            let begun = ask(&desk, |hub| Ok(hub.has_accounts()?)).await?;
            return if begun {
                Ok(to_login)
            } else {
                html(&login::first_page(visitor.lang, visitor.lang_href))
            };
        }
    };
    if !viewer.account.role.sees_communities() {
        // An administrator has no community to land on after signing in.
        let first = if viewer.account.role.keeps_accounts() { "/accounts" } else { "/machine" };
        return Ok(Redirect::to(first).into_response());
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

pub(super) async fn not_found() -> Trouble {
    Trouble::NotFound
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

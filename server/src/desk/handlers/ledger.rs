//! 奖惩台账 – the list, one line and the step that comes next, and what was completed in a closed period.

use axum::Form;
use axum::extract::{Path, Query, State};
use chrono::NaiveDate;
use ruhu_core::ids::{AccountId, CommunityId, FindingId, LineId, WorkerId};

use super::act::{deciding, done, refused_words, said, within};
use super::refusal::line_words;
use super::{Page, XLSX, file, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{Asked, Scope, Viewer, completion_page, ledger_book, ledger_page, line_page};
use crate::desk::trouble::Trouble;
use crate::desk::views::{FindingForm, LineForm, Said};
use crate::desk::{Desk, ask};
use crate::ledger::LineError;
use crate::ledger::propose::Proposing;
use crate::report::sheet;
use crate::storage::Hub;

const PATH: &str = "/ledger";
/// As the access log names them.
const LOOK: &str = "line";
const LOOK_ALL: &str = "ledger.export";
const LOOK_COMPLETION: &str = "completion";

pub(in crate::desk) async fn ledger(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        hub.storage().read(|tx| {
            let scope = within(tx, hub, &viewer, &asked)?;
            let said = said(&asked, PATH, &scope, viewer.lang);
            html(&ledger_page(tx, &viewer, &scope, said)?)
        })
    })
    .await
}

/// The list as a workbook; logged, because it leaves the desk.
pub(in crate::desk) async fn ledger_xlsx(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let (scope, book) = hub.storage().read(|tx| {
            let scope = within(tx, hub, &viewer, &asked)?;
            let book = ledger_book(tx, &viewer, &scope)?;
            Ok::<_, Trouble>((scope, book))
        })?;
        hub.looked(viewer.account.id, LOOK_ALL, &scope.id.to_string())?;
        Ok(file(XLSX, &format!("{}.xlsx", book.file_stem()), sheet::unsigned(&book)?))
    })
    .await
}

pub(in crate::desk) async fn line(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let id = id.parse().map_err(|_| Trouble::NotFound)?;
        let scope = hub.storage().read(|tx| within(tx, hub, &viewer, &asked))?;
        let said = said(&asked, PATH, &scope, viewer.lang);
        show_line(hub, &viewer, &scope, id, (said, LineForm::default()))
    })
    .await
}

/// 代录答复, 确认, 撤销, 代录申诉, 复核.
pub(in crate::desk) async fn step_line(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Form(form): Form<LineForm>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let line = id.parse().map_err(|_| Trouble::NotFound)?;
        let taken = taken(hub, viewer.account.id, scope.id, line, &form);
        let why = match answered(taken, &viewer)? {
            Ok(what) => return Ok(done(&format!("/line/{id}"), &scope, what, &[])),
            Err(why) => why,
        };
        refused_words(&why, |said| show_line(hub, &viewer, &scope, line, (said, form)))
    })
    .await
}

pub(in crate::desk) async fn completion(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(worker): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let worker = worker.parse().map_err(|_| Trouble::NotFound)?;
        let scope = hub.storage().read(|tx| within(tx, hub, &viewer, &asked))?;
        let said = said(&asked, PATH, &scope, viewer.lang);
        show_completion(hub, &viewer, &scope, worker, (said, LineForm::default()))
    })
    .await
}

/// 提出奖励.
pub(in crate::desk) async fn propose_reward(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(worker): Path<String>,
    Query(asked): Query<Asked>,
    Form(form): Form<LineForm>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let worker = worker.parse().map_err(|_| Trouble::NotFound)?;
        let of = (worker, scope.period);
        let proposed = proposing(&form)
            .and_then(|proposing| hub.propose_reward(viewer.account.id, scope.id, of, proposing));
        let why = match answered(proposed, &viewer)? {
            Ok(id) => return Ok(done(&format!("/line/{id}"), &scope, "proposed", &[])),
            Err(why) => why,
        };
        refused_words(&why, |said| show_completion(hub, &viewer, &scope, worker, (said, form)))
    })
    .await
}

/// 提出 by a finding: the line, or why not in words.
pub(super) fn propose_by_finding(
    hub: &Hub,
    viewer: &Viewer,
    community: CommunityId,
    finding: FindingId,
    form: &FindingForm,
) -> Result<Result<LineId, String>, Trouble> {
    let FindingForm { rule, reply_by, words, .. } = form.clone();
    let form = LineForm { rule, reply_by, words, ..LineForm::default() };
    let proposed = proposing(&form)
        .and_then(|proposing| hub.propose_line(viewer.account.id, community, finding, proposing));
    answered(proposed, viewer)
}

fn proposing(form: &LineForm) -> Result<Proposing, LineError> {
    let rule = form.rule.parse().map_err(|_| LineError::WordsMissing)?;
    let reply_by: NaiveDate = form.reply_by.parse().map_err(|_| LineError::BadDay)?;
    Ok(Proposing { rule, reply_by, words: form.words.clone() })
}

/// Takes the step a form asks for; what is said of it.
fn taken(
    hub: &Hub,
    by: AccountId,
    community: CommunityId,
    id: LineId,
    form: &LineForm,
) -> Result<&'static str, LineError> {
    let words = form.words.as_str();
    match form.act.as_str() {
        "reply" => hub.note_reply(by, community, id, words).map(|()| "replied"),
        "confirm" => hub.confirm_line(by, community, id, words).map(|()| "line-confirmed"),
        "withdraw" => hub.withdraw_line(by, community, id, words).map(|()| "line-withdrawn"),
        "appeal" => hub.note_line_appeal(by, community, id, words).map(|()| "line-appeal"),
        "hear" => {
            let reversed = match form.heard.as_str() {
                "reversed" => true,
                "upheld" => false,
                _ => return Err(LineError::WordsMissing),
            };
            hub.hear_line_appeal(by, community, id, reversed, words).map(|()| "line-heard")
        }
        _ => Err(LineError::Unknown),
    }
}

/// What was done, or why not in words; what is no answer to a form is trouble.
fn answered<T>(came: Result<T, LineError>, viewer: &Viewer) -> Result<Result<T, String>, Trouble> {
    match came {
        Ok(done) => Ok(Ok(done)),
        Err(
            why @ (LineError::Unknown | LineError::Act(_) | LineError::Report(_) | LineError::Storage(_)),
        ) => Err(why.into()),
        Err(why) => Ok(Err(line_words(&why, viewer.lang))),
    }
}

/// Logs the look, then shows the page: what could not be logged is not shown.
fn show_line(hub: &Hub, viewer: &Viewer, scope: &Scope, id: LineId, (said, typed): (Said, LineForm)) -> Page {
    let mut page = hub.storage().read(|tx| line_page(tx, viewer, scope, id, typed))?;
    page.shell.said = said;
    hub.looked(viewer.account.id, LOOK, &id.to_string())?;
    html(&page)
}

fn show_completion(
    hub: &Hub,
    viewer: &Viewer,
    scope: &Scope,
    worker: WorkerId,
    (said, typed): (Said, LineForm),
) -> Page {
    let page = hub.storage().read(|tx| completion_page(tx, viewer, scope, worker, (said, typed)))?;
    hub.looked(viewer.account.id, LOOK_COMPLETION, &worker.to_string())?;
    html(&page)
}

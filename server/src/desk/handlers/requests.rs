//! 诉求 – the list, one of them, and the step that comes next.

use axum::Form;
use axum::extract::{Path, Query, State};
use chrono::NaiveDate;
use ruhu_core::entry::RequestOwner;
use ruhu_core::ids::RequestId;
use ruhu_core::roster::Unit;
use serde::Deserialize;

use super::act::{deciding, done, order, refused_words, said, within};
use super::{Page, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{Asked, Look, Scope, Viewer, request_page, requests_page, unit_code, unit_of_code};
use crate::desk::trouble::Trouble;
use crate::desk::views::{Said, TypedStep};
use crate::desk::{Desk, ask};
use crate::office::OfficeError;
use crate::office::requests::{NewStep, RequestError};
use crate::storage::Hub;

const PATH: &str = "/requests";
/// Why words are shown here, as the access log names it.
const REASON: &str = "request";

/// A step as the forms send it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct StepForm {
    act: String,
    worker: String,
    office: String,
    due: String,
    words: String,
}

pub(in crate::desk) async fn requests(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        hub.storage().read(|tx| {
            let scope = within(tx, hub, &viewer, &asked)?;
            let (mut page, _) = requests_page(tx, &viewer, &scope, &asked, Look::Masked)?;
            page.shell.said = said(&asked, PATH, &scope, viewer.lang);
            html(&page)
        })
    })
    .await
}

/// The same page with its words, each household's look in the log before it is shown.
pub(in crate::desk) async fn reveal_requests(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let look = Look::For(REASON);
        let (page, units) = hub.storage().read(|tx| requests_page(tx, &viewer, &scope, &asked, look))?;
        for unit in &units {
            hub.looked(viewer.account.id, &look.code(), unit)?;
        }
        html(&page)
    })
    .await
}

pub(in crate::desk) async fn request(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(which): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let which = parsed(&which)?;
        let scope = hub.storage().read(|tx| within(tx, hub, &viewer, &asked))?;
        let said = said(&asked, PATH, &scope, viewer.lang);
        show(hub, &viewer, &scope, which, (said, TypedStep::default()))
    })
    .await
}

/// 交办, 上报, 登记结果, 已告知, 办结.
pub(in crate::desk) async fn step_request(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(which): Path<(String, String)>,
    Query(asked): Query<Asked>,
    Form(form): Form<StepForm>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let (unit, id) = parsed(&which)?;
        let taken = step(&form).and_then(|(what, step)| {
            hub.step_request(order(viewer.account.id, &scope, &form.words), unit, id, step)?;
            Ok(what)
        });
        let path = format!("/request/{}/{}", which.0, which.1);
        match taken {
            Ok(what) => Ok(done(&path, &scope, what, &[])),
            Err(why) => refused_words(viewer.lang.t(words_of(why)?), |said| {
                show(hub, &viewer, &scope, (unit, id), (said, form.typed()))
            }),
        }
    })
    .await
}

fn parsed((unit, id): &(String, String)) -> Result<(Unit, RequestId), Trouble> {
    let unit = unit_of_code(unit).ok_or(Trouble::NotFound)?;
    Ok((unit, id.parse().map_err(|_| Trouble::NotFound)?))
}

/// What the form asks for, and what is said once it was done.
fn step(form: &StepForm) -> Result<(&'static str, NewStep), RequestError> {
    let due = || form.due.parse::<NaiveDate>().map_err(|_| RequestError::BadDay);
    Ok(match form.act.as_str() {
        "assign" => {
            let owner = if form.worker.is_empty() {
                RequestOwner::Office(form.office.clone())
            } else {
                RequestOwner::Worker(form.worker.parse().map_err(|_| RequestError::NoOwner)?)
            };
            ("assigned", NewStep::Assign { owner, due: due()? })
        }
        "pass-up" => {
            let due = if form.due.is_empty() { None } else { Some(due()?) };
            ("passed-up", NewStep::PassUp { office: form.office.clone(), due })
        }
        "handle" => ("handled", NewStep::Handle),
        "tell" => ("told", NewStep::Tell),
        "close" => ("request-closed", NewStep::Close),
        _ => return Err(RequestError::Unknown),
    })
}

/// Why it was not done, as a key of the words; what failed in the database is no answer to a form.
fn words_of(why: RequestError) -> Result<&'static str, Trouble> {
    Ok(match why {
        RequestError::Unknown => return Err(Trouble::NotFound),
        RequestError::WordsMissing => "requests.words-missing",
        RequestError::TooLong => "requests.too-long",
        RequestError::NoOwner => "requests.no-owner",
        RequestError::BadDay => "requests.bad-day",
        RequestError::NothingToTell => "requests.nothing-to-tell",
        RequestError::IsClosed => "requests.is-closed",
        RequestError::Act(why) => return Err(OfficeError::Act(why).into()),
        RequestError::Storage(why) => return Err(why.into()),
    })
}

/// Logs the look, then shows the page: what could not be logged is not shown. Whoever answers requests reads them;
/// an auditor sees their course, and opens the household for a reason.
fn show(
    hub: &Hub,
    viewer: &Viewer,
    scope: &Scope,
    (unit, id): (Unit, RequestId),
    (said, typed): (Said, TypedStep),
) -> Page {
    let look = if viewer.account.role.decides() { Look::For(REASON) } else { Look::Masked };
    let mut page = hub.storage().read(|tx| request_page(tx, viewer, scope, (unit, id), (look, typed)))?;
    page.shell.said = said;
    hub.looked(viewer.account.id, &look.code(), &unit_code(unit))?;
    html(&page)
}

impl StepForm {
    fn typed(self) -> TypedStep {
        let Self { act, worker, office, due, words } = self;
        TypedStep { act, worker, office, due, words }
    }
}

//! 核查 – the list, one of them, and the step that comes next.

use axum::Form;
use axum::extract::{Path, Query, State};
use ruhu_core::ids::{CommunityId, FindingId};

use super::act::{deciding, done, refused_words, said, within};
use super::ledger::propose_by_finding;
use super::refusal::finding_words;
use super::{Page, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{Asked, Scope, Viewer, account_of, finding_page, findings_page, ruling_of};
use crate::desk::trouble::Trouble;
use crate::desk::views::{FindingForm, Said};
use crate::desk::{Desk, ask};
use crate::findings::FindingError;
use crate::office::OfficeError;
use crate::storage::Hub;

const PATH: &str = "/findings";
/// As the access log names it.
const LOOK: &str = "finding";

pub(in crate::desk) async fn findings(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        hub.storage().read(|tx| {
            let scope = within(tx, hub, &viewer, &asked)?;
            let said = said(&asked, PATH, &scope, viewer.lang);
            html(&findings_page(tx, &viewer, &scope, said)?)
        })
    })
    .await
}

pub(in crate::desk) async fn finding(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    ask(&desk, move |hub| {
        let id = id.parse().map_err(|_| Trouble::NotFound)?;
        let scope = hub.storage().read(|tx| within(tx, hub, &viewer, &asked))?;
        let said = said(&asked, PATH, &scope, viewer.lang);
        show(hub, &viewer, &scope, id, (said, FindingForm::default()))
    })
    .await
}

/// 代录说明, 认定, 代录申诉, 复核.
pub(in crate::desk) async fn step_finding(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Form(form): Form<FindingForm>,
) -> Page {
    ask(&desk, move |hub| {
        let scope = deciding(hub, &viewer, &asked)?;
        let finding = id.parse().map_err(|_| Trouble::NotFound)?;
        if form.act == "propose" {
            return match propose_by_finding(hub, &viewer, scope.id, finding, &form)? {
                Ok(line) => Ok(done(&format!("/line/{line}"), &scope, "proposed", &[])),
                Err(why) => refused_words(&why, |said| show(hub, &viewer, &scope, finding, (said, form))),
            };
        }
        let why = match taken(hub, &viewer, scope.id, finding, &form) {
            Ok(what) => return Ok(done(&format!("/finding/{id}"), &scope, what, &[])),
            Err(FindingError::Unknown) => return Err(Trouble::NotFound),
            Err(FindingError::Storage(why)) => return Err(why.into()),
            Err(FindingError::Act(why)) => return Err(OfficeError::Act(why).into()),
            Err(FindingError::Office(why)) => return Err(why.into()),
            Err(why) => finding_words(&why, viewer.lang),
        };
        refused_words(&why, |said| show(hub, &viewer, &scope, finding, (said, form)))
    })
    .await
}

/// Takes the step a form asks for; what is said of it.
fn taken(
    hub: &Hub,
    viewer: &Viewer,
    community: CommunityId,
    id: FindingId,
    form: &FindingForm,
) -> Result<&'static str, FindingError> {
    let (by, words) = (viewer.account.id, form.words.as_str());
    match form.act.as_str() {
        "account" => {
            let account = account_of(&form.account).ok_or(FindingError::WordsMissing)?;
            hub.note_account(by, community, id, account, words).map(|()| "account-noted")
        }
        "decide" => {
            let ruling = ruling_of(&form.ruling).ok_or(FindingError::WordsMissing)?;
            hub.decide_finding(by, community, id, ruling, words).map(|()| "found")
        }
        "appeal" => hub.note_appeal(by, community, id, words).map(|()| "appeal-noted"),
        "hear" => {
            let reversed = match form.heard.as_str() {
                "reversed" => true,
                "upheld" => false,
                _ => return Err(FindingError::WordsMissing),
            };
            hub.hear_appeal(by, community, id, reversed, words).map(|()| "heard")
        }
        _ => Err(FindingError::Unknown),
    }
}

/// Logs the look, then shows the page: what could not be logged is not shown.
fn show(
    hub: &Hub,
    viewer: &Viewer,
    scope: &Scope,
    id: FindingId,
    (said, typed): (Said, FindingForm),
) -> Page {
    let mut page = hub.storage().read(|tx| finding_page(tx, viewer, scope, id, typed))?;
    page.shell.said = said;
    hub.looked(viewer.account.id, LOOK, &id.to_string())?;
    html(&page)
}

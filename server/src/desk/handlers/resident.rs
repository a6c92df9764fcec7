//! 致居民 – the public page: it shows no record, takes a number to call back, and never says whether anybody is known.

use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use ruhu_core::ids::{CommunityId, RightsId};
use serde::Deserialize;

use super::{Page, html, plain_shell};
use crate::desk::door::{Source, Visitor};
use crate::desk::read::kinds;
use crate::desk::trouble::Trouble;
use crate::desk::views::{ResidentNotedPage, ResidentPage, TypedCase};
use crate::desk::{Desk, ask};
use crate::office::OfficeError;
use crate::office::rights::{NewCase, RightsError, case_number};
use crate::rights::{Channel, Kind};
use crate::storage::Hub;

/// Bytes of the form at most.
pub(in crate::desk) const FORM_MAX_BYTES: usize = 4 * 1024;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct AtResident {
    /// The case that was just noted, by the id its own form was made with.
    noted: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct ResidentForm {
    id: String,
    community: String,
    kind: String,
    contact: String,
    /// Nobody sees it; machines that fill in every box do.
    website: String,
}

pub(in crate::desk) async fn resident(
    State(desk): State<Desk>,
    visitor: Visitor,
    Query(at): Query<AtResident>,
) -> Page {
    ask(&desk, move |hub| match at.noted.as_deref() {
        Some(id) => noted(hub, &visitor, id.parse().map_err(|_| Trouble::NotFound)?),
        None => show(hub, &visitor, &ResidentForm::default(), None),
    })
    .await
}

/// Leaves a number to call back. The same form twice makes one case.
pub(in crate::desk) async fn leave_number(
    State(desk): State<Desk>,
    visitor: Visitor,
    Source(source): Source,
    Form(form): Form<ResidentForm>,
) -> Page {
    ask(&desk, move |hub| {
        let refused = match form.case() {
            Ok(new) => match hub.note_case_from_page(new, &source) {
                Ok(case) => return Ok(Redirect::to(&format!("/resident?noted={}", case.id)).into_response()),
                Err(RightsError::BadPhone) => ("contact", "rights.bad-phone"),
                Err(RightsError::Otherwise) => ("", "resident.otherwise"),
                Err(RightsError::TooMany) => ("", "resident.too-many"),
                Err(RightsError::Storage(why)) => return Err(why.into()),
                Err(RightsError::Office(OfficeError::Calendar(why))) => return Err(why.into()),
                Err(_) => ("community", "resident.no-community"),
            },
            Err(refused) => refused,
        };
        let mut page: Response = show(hub, &visitor, &form, Some(refused))?;
        *page.status_mut() = match refused.1 {
            "resident.too-many" => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Ok(page)
    })
    .await
}

fn show(
    hub: &Hub,
    visitor: &Visitor,
    form: &ResidentForm,
    refused: Option<(&'static str, &'static str)>,
) -> Page {
    let lang = visitor.lang;
    let all = hub.storage().read(|tx| tx.communities())?;
    let named = all.into_iter().filter_map(|(id, file)| {
        let one = file.community()?;
        Some((id.to_string(), format!("{}{}{}", one.county, one.street, one.name)))
    });
    let mut communities: Vec<(String, String)> = named.collect();
    communities.sort_by(|one, other| one.1.cmp(&other.1));
    let id: RightsId = form.id.parse().unwrap_or_else(|_| hub.make_id());
    html(&ResidentPage {
        shell: plain_shell(lang, visitor.lang_href.clone(), lang.t("resident.title")),
        communities,
        kinds: kinds(lang),
        typed: TypedCase {
            id: id.to_string(),
            unit: form.community.clone(),
            kind: form.kind.clone(),
            contact: form.contact.clone(),
            ..TypedCase::default()
        },
        trouble: refused.map(|(field, key)| (field, lang.t(key).to_owned())),
    })
}

/// Number and last day of a case that was left here, for whoever holds the id of its form; of no other.
fn noted(hub: &Hub, visitor: &Visitor, id: RightsId) -> Page {
    let lang = visitor.lang;
    hub.storage().read(|tx| {
        let case = tx.case(id)?.filter(|case| case.channel == Channel::Page).ok_or(Trouble::NotFound)?;
        let file = tx.community(case.community)?.unwrap_or_default();
        html(&ResidentNotedPage {
            shell: plain_shell(lang, visitor.lang_href.clone(), lang.t("resident.noted")),
            nr: case_number(&file, &case),
            due: case.due.to_string(),
        })
    })
}

impl ResidentForm {
    /// What it asks for; else the field that is wrong, and the key of the words that say why.
    fn case(&self) -> Result<NewCase, (&'static str, &'static str)> {
        if !self.website.is_empty() {
            return Err(("", "resident.filled"));
        }
        let wrong = ("community", "resident.no-community");
        let community: CommunityId = self.community.parse().map_err(|_| wrong)?;
        Ok(NewCase {
            id: self.id.parse().map_err(|_| wrong)?,
            community,
            unit: String::new(),
            kind: Kind::of(&self.kind).ok_or(wrong)?,
            channel: Channel::Page,
            contact: self.contact.clone(),
            words: String::new(),
        })
    }
}

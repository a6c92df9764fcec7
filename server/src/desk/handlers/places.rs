//! 社区设置 – whoever runs the machine names the communities; he sees nothing of what lies in them.

use std::collections::BTreeSet;

use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use ruhu_core::ids::CommunityId;
use serde::Deserialize;

use super::act::refused_words;
use super::{Page, html};
use crate::desk::door::SignedIn;
use crate::desk::read::Viewer;
use crate::desk::trouble::Trouble;
use crate::desk::views::{PlaceForm, PlaceRow, PlacesPage, Said};
use crate::desk::words::Lang;
use crate::desk::{Desk, ask};
use crate::office::place::{NamedPlace, PlaceError};
use crate::storage::Hub;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::desk) struct PlacesAsked {
    change: Option<String>,
    done: Option<String>,
}

pub(in crate::desk) async fn places(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Query(asked): Query<PlacesAsked>,
) -> Page {
    running(&viewer)?;
    ask(&desk, move |hub| {
        let words = match asked.done.as_deref() {
            Some("set-up") => Some("places.done"),
            Some("renamed") => Some("places.renamed"),
            _ => None,
        };
        let said = words
            .map_or(Said::Nothing, |key| Said::Done { words: viewer.lang.t(key).to_owned(), undo: None });
        let form = match asked.change {
            Some(id) => form_of(hub, &id)?,
            None => PlaceForm::default(),
        };
        show(hub, &viewer, (said, form))
    })
    .await
}

pub(in crate::desk) async fn set_place(
    State(desk): State<Desk>,
    SignedIn { viewer, .. }: SignedIn,
    Form(form): Form<PlaceForm>,
) -> Page {
    running(&viewer)?;
    ask(&desk, move |hub| {
        let PlaceForm { county, street, name, code, .. } = form.clone();
        let (place, by) = (NamedPlace { county, street, name, code }, viewer.account.id);
        let (done, set) = if form.id.is_empty() {
            ("set-up", hub.set_up_community(by, &place).map(drop))
        } else {
            let id = form.id.parse().map_err(|_| Trouble::NotFound)?;
            ("renamed", hub.rename_community(by, id, &place))
        };
        match set {
            Ok(()) => Ok(Redirect::to(&format!("/places?done={done}")).into_response()),
            Err(PlaceError::Unknown) => Err(Trouble::NotFound),
            Err(PlaceError::Storage(why)) => Err(why.into()),
            Err(why) => {
                refused_words(words(&why, viewer.lang), |said| show(hub, &viewer, (said, form.clone())))
            }
        }
    })
    .await
}

fn running(viewer: &Viewer) -> Result<(), Trouble> {
    if viewer.account.role.runs_the_machine() { Ok(()) } else { Err(Trouble::Forbidden) }
}

fn words(why: &PlaceError, lang: Lang) -> &'static str {
    lang.t(match why {
        PlaceError::Missing("county") => "places.no-county",
        PlaceError::Missing("street") => "places.no-street",
        PlaceError::Missing(_) => "places.no-name",
        PlaceError::TooLong(_) => "places.too-long",
        PlaceError::Taken => "places.taken",
        PlaceError::AlreadySo => "places.already-so",
        _ => "refused.other",
    })
}

/// The form with a community as it is called now.
fn form_of(hub: &Hub, id: &str) -> Result<PlaceForm, Trouble> {
    let wanted: CommunityId = id.parse().map_err(|_| Trouble::NotFound)?;
    let file = hub.storage().read(|tx| tx.community(wanted))?.unwrap_or_default();
    let one = file.community().ok_or(Trouble::NotFound)?;
    Ok(PlaceForm {
        id: id.to_owned(),
        county: one.county.clone(),
        street: one.street.clone(),
        name: one.name.clone(),
        code: one.code.clone(),
    })
}

fn show(hub: &Hub, viewer: &Viewer, (said, form): (Said, PlaceForm)) -> Page {
    let lang = viewer.lang;
    let (mut rows, mut counties, mut streets) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (id, file) in hub.storage().read(|tx| tx.communities())? {
        let Some(one) = file.community() else { continue };
        counties.insert(one.county.clone());
        streets.insert(one.street.clone());
        let adopted = if file.last_adopted().is_some() { "places.adopted" } else { "places.not-adopted" };
        let live = if file.went_live_on().is_some() { "places.live" } else { "places.not-live" };
        rows.push(PlaceRow {
            county: one.county.clone(),
            street: one.street.clone(),
            name: one.name.clone(),
            code: one.code.clone(),
            standing: [lang.t(adopted), lang.t(live)].join(lang.t("site.comma")),
            change: format!("/places?change={id}"),
        });
    }
    let key = |row: &PlaceRow| (row.county.clone(), row.street.clone(), row.name.clone());
    rows.sort_by_key(key);
    let mut shell = viewer.shell(lang.t("places.title").to_owned(), "places", None);
    shell.said = said;
    let (counties, streets) = (counties.into_iter().collect(), streets.into_iter().collect());
    html(&PlacesPage { shell, rows, form, counties, streets })
}

//! 社区设置 – whoever runs the machine names the communities; he sees nothing of what lies in them.

use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::act::refused_words;
use super::{Page, html};
use crate::desk::door::SignedIn;
use crate::desk::read::{Viewer, place_form, places_page};
use crate::desk::trouble::Trouble;
use crate::desk::views::{PlaceForm, Said};
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
            Some(id) => hub.storage().read(|tx| place_form(tx, &id))?,
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

fn show(hub: &Hub, viewer: &Viewer, shown: (Said, PlaceForm)) -> Page {
    html(&hub.storage().read(|tx| places_page(tx, viewer, shown))?)
}

//! The communities of this hub, by name and place; nothing that lies in them.

use std::collections::BTreeSet;

use ruhu_core::ids::CommunityId;

use super::Viewer;
use crate::desk::trouble::Trouble;
use crate::desk::views::{PlaceForm, PlaceRow, PlacesPage, Said};
use crate::storage::Tx;

/// The form with a community as it is called now.
pub(in crate::desk) fn place_form(tx: &Tx<'_>, id: &str) -> Result<PlaceForm, Trouble> {
    let wanted: CommunityId = id.parse().map_err(|_| Trouble::NotFound)?;
    let file = tx.community(wanted)?.unwrap_or_default();
    let one = file.community().ok_or(Trouble::NotFound)?;
    Ok(PlaceForm {
        id: id.to_owned(),
        county: one.county.clone(),
        street: one.street.clone(),
        name: one.name.clone(),
        code: one.code.clone(),
    })
}

pub(in crate::desk) fn places_page(
    tx: &Tx<'_>,
    viewer: &Viewer,
    (said, form): (Said, PlaceForm),
) -> Result<PlacesPage, Trouble> {
    let lang = viewer.lang;
    let (mut rows, mut counties, mut streets) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (id, file) in tx.communities()? {
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
    Ok(PlacesPage { shell, rows, form, counties, streets })
}

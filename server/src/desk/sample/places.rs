//! The communities of a hub, filled in.

use super::shell;
use crate::desk::views::{PlaceForm, PlaceRow, PlacesPage};
use crate::desk::words::Lang;

pub(crate) fn places_page(lang: Lang) -> PlacesPage {
    PlacesPage {
        shell: shell(lang, "places", lang.t("places.title")),
        rows: vec![PlaceRow {
            county: "A".into(),
            street: "B".into(),
            name: "C".into(),
            code: "320000".into(),
            standing: lang.t("places.not-adopted").into(),
            change: "/places?change=1".into(),
        }],
        form: PlaceForm::default(),
        counties: vec!["A".into()],
        streets: vec!["B".into()],
    }
}

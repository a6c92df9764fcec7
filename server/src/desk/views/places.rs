//! 社区设置 – the communities of this hub, by name and place.

use askama::Template;
use serde::Deserialize;

use super::shell::Shell;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "places.html")]
pub struct PlacesPage {
    /// The frame.
    pub shell: Shell,
    /// In the order of their places.
    pub rows: Vec<PlaceRow>,
    /// What is typed; of a community that is renamed, its id stands in it.
    pub form: PlaceForm,
    /// Names of counties and streets there are, to choose from while typing.
    pub counties: Vec<String>,
    /// Streets.
    pub streets: Vec<String>,
}

/// One community.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceRow {
    /// 区县.
    pub county: String,
    /// 街道.
    pub street: String,
    /// Its name.
    pub name: String,
    /// 行政区划代码.
    pub code: String,
    /// How far it is set up: rules adopted, roster entered.
    pub standing: String,
    /// Where it is renamed.
    pub change: String,
}

/// What the form sends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PlaceForm {
    /// A community that is renamed; empty for a new one.
    pub id: String,
    /// 区县.
    pub county: String,
    /// 街道.
    pub street: String,
    /// Its name.
    pub name: String,
    /// 行政区划代码.
    pub code: String,
}

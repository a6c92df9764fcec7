//! 复访信号 – which records are worth a second visit, and why, in words anybody can check.
//!
//! **Scores choose whom to re-visit; re-visits decide; a person makes the finding** (`detection.md` 0). Nothing here accuses:
//! a record is put up because something about it can be checked, and every reason stands beside its innocent readings.
//!
//! | module | what it holds |
//! |---|---|
//! | [`stats`] | distributions and tests |
//! | [`evidence`] | [`Material`]: the typed input; whatever may be absent is optional |
//! | [`model`] | [`Model`]: every number a review rests on, under one version |
//! | [`scene`], [`reading`] | the material indexed once; what a signal answers |
//! | [`signals`] | the catalogue, one file each: inputs, test, innocent readings, cap |
//! | [`combine`] | grouped, damped, capped likelihood ratios; the worker's quarter with shrinkage |
//! | [`mod@choose`] | conformal p-values by kind of house, Benjamini–Hochberg, capacity: the set that is put up |
//! | [`mod@card`] | the evidence card |
//! | [`gather`] | from the hub's rows to the material; the only module here that reads storage |
//!
//! What others rely on: [`review`] is pure and gives the same bits for the same material and model, whatever order the records
//! came in. [`Review::lines`] holds one [`ReviewLine`] per record with its risk (log-odds, for drawing a slice of re-visits; it
//! is never serialised and never shown) and its [`Reason`]s. Records without any reason have a line as well, so that a random
//! slice can be drawn from the same list. There is no list of workers, and none can be made of what is public here.

pub mod card;
pub mod choose;
pub mod combine;
pub mod evidence;
pub mod gather;
pub mod model;
pub mod reading;
pub mod scene;
pub mod signals;
pub mod stats;

pub use card::{Card, card};
pub use choose::{Chosen, choose};
pub use combine::{NotEnough, Quarterly, Review, ReviewLine, Standing};
pub use evidence::Material;
pub use model::Model;
pub use reading::{Reason, Strength};
pub use signals::Kind;

use scene::Scene;

/// Reads a community's period. Pure: the same material and model give the same bits.
#[must_use]
pub fn review(material: &Material, model: &Model) -> Review {
    combine::combine(&Scene::of(material), model)
}

#[cfg(test)]
mod tests;

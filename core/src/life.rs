//! 沿革 – what a unit's facts mean: where it lived and since when, whether it is key, which visits stand.
//!
//! A [`crate::file::UnitFile`] only grows; everything here is derived from it and never stored. Two machines with
//! the same facts derive the same life, whatever order the facts came in.
//!
//! * [`Standing`] tells which facts hold: not withdrawn, not returned, from somebody who may say so.
//! * [`HouseholdLife`] and [`DoorLife`] are the lives of the two kinds of unit.
//! * [`survivors`] tells which records of one household were joined into another.

mod door;
mod household;
mod joined;
mod standing;
mod stays;

pub use door::DoorLife;
pub use household::{DoNotAsk, HouseholdLife, KeyChange};
pub use joined::survivors;
pub use standing::{EffectiveVisit, Standing};
pub use stays::{Stay, Timeline};

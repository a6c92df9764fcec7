//! A synthetic community with its workers: for the demo, the benchmarks and the tests of phones and hub together.
//!
//! Everything follows from one seed. The city knows the truth; workers only learn it at the door, and what
//! they learn reaches the hub through real phones and the real sync.

pub mod bench;
pub mod city;
pub mod demo;
pub mod dice;
pub mod falsify;
#[expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a story that cannot go on has failed: the runner tells its seed"
)]
pub mod faults;
pub mod fields;
pub mod folder;
pub mod harness;
pub mod hostile;
pub mod lead;
pub mod load;
pub mod people;
pub mod phone;
mod rights;
pub mod sheet;
mod spot;
#[expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]
pub mod village;
pub mod worker;
pub mod world;

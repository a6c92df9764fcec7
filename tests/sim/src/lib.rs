//! A synthetic community with its workers: for the demo, the benchmarks and the tests of phones and hub together.
//!
//! Everything follows from one seed. The city knows the truth; workers only learn it at the door, and what
//! they learn reaches the hub through real phones and the real sync.

pub mod bench;
pub mod city;
pub mod demo;
pub mod dice;
pub mod fields;
pub mod harness;
pub mod hostile;
pub mod people;
pub mod phone;
pub mod sheet;
pub mod worker;
pub mod world;

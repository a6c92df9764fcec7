//! The shared heart of Ruhu 入户: what a visit is, who is due, what the rate is, and how a record reaches the
//! hub once and only once. Phones and hub run the same code. No wall clock, no runtime, no thread of its own.
//!
//! Arrows point down only: pure modules → entry → store → sync → fieldbook.

pub mod category;
pub mod closing;
pub mod community;
pub mod coverage;
pub mod due;
pub mod entry;
pub mod fact;
pub mod fieldbook;
pub mod file;
pub mod finding;
pub mod ids;
pub mod ledger;
pub mod life;
pub mod policy;
pub mod profile;
pub mod projection;
pub mod question;
pub mod request;
pub mod roster;
pub mod steps;
pub mod store;
pub mod sync;
mod tables;
pub mod time;
pub mod visit;

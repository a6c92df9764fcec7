//! 对照 – random histories of a small community, and a slow second opinion on who is due and what was done.
//!
//! [`History::random`] writes a history from a seed; [`expect`] reckons it day by day straight from the words of
//! `coverage.md`, with nothing of `ruhu_core::life` and `ruhu_core::coverage` but their vocabulary.

mod draw;
mod expect;
mod generate;
mod history;
mod naive;

pub use expect::expect;
pub use history::{History, Written};

//! 造假与复核的模拟 – workers and residents with honest nuisances, falsifiers described in files, and how the hub's signals do
//! against them (`detection.md` 5).
//!
//! Truth is made first: who lives where, what changes, who opens when. Honest work follows from it; a falsifier's records then
//! replace some of his own on the same days and phones, so that no signal can see *how* a fake was made. What comes out is the
//! typed input of `ruhu_server::flags`, the same that the hub gathers from its rows; one story in `tests/tests/stories` goes the
//! whole way through phones, sync and hub. All parameters are those of 5.1, most of them judgements.

mod baselines;
mod draw;
pub mod evaluate;
mod fake;
mod figures;
mod judge;
mod phone;
pub mod strategy;
mod touched;
mod town;
mod work;

pub use evaluate::{Report, Wanted, evaluate};
pub use figures::{Calibration, Figures};
pub use strategy::Strategy;
pub use touched::{Touch, Touched};
pub use work::{Quarter, community};

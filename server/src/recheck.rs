//! 抽查 – blind re-visits: what a period's figures rest on is drawn by lot, asked again by somebody else, and compared.
//!
//! | module | what it holds |
//! |---|---|
//! | [`draw`] | the frame of a period, and the draw anybody can repeat from the published seed |
//! | [`signals`] | which records signals put up, and for how long |
//! | [`sequence`] | whether one worker's random re-visits contradict oftener than an honest one's, where he answers for a record |
//! | [`agreement`] | what the answers say together; never about a worker |
//! | [`act`] | drawing and answering, in one transaction each |
//!
//! A re-visit is no visit and counts in no rate. Its answers lie in tables of the hub that no phone reads, so the next
//! checker is as blind as the first (`design.md` 7, 11; `detection.md` 4.5, 5.4). Every draw is kept: drawing again
//! until the lot pleases is there for the auditor to see.

pub mod act;
pub mod agreement;
pub mod draw;
pub mod sequence;
pub mod signals;

pub use act::RecheckError;

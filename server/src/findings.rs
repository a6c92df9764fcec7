//! 核查 – from a record that a re-visit contradicted to a finding by a person, and back when an appeal reverses it
//! (`detection.md` 4.6).
//!
//! | module | what it holds |
//! |---|---|
//! | [`course`] | findings as the log tells them |
//! | [`act`] | what the desk does about one, each step in one transaction |
//! | [`cards`] | how long evidence cards are kept |
//! | [`task`] | asking a worker's phone to ask again, and what it brought |
//!
//! The order is fixed. A blind re-visit contradicts; the worker is asked before anybody concludes; a second person asks
//! again; another account than the one that asked finds, in writing; the worker may appeal; an account with no part in it
//! hears the appeal. Until a finding the record counts as before, and a reversal restores everything. Nothing here lists
//! findings by worker, and nothing counts them for one.

pub mod act;
pub mod cards;
pub mod course;
pub mod task;

pub use act::FindingError;
pub use course::Finding;

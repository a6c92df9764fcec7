//! 奖惩台账 – what a person proposes by the rules an organ adopted, what the worker answers, and what another person decides.
//!
//! | module | what it holds |
//! |---|---|
//! | [`course`] | lines as the log tells them |
//! | [`offer`] | what the adopted rules let a person propose, and why the rest is not offered |
//! | [`completion`] | 完成情况 of one worker and one closed period |
//! | [`propose`] | a person proposes what a rule lets him |
//! | [`act`] | what the desk does about a line, each step in one transaction |
//! | `fall` | lines that fall with the finding they rest on |
//!
//! Below a confirmed finding no line exists: it holds, and its appeal was heard or its days have passed. Nothing is
//! applied by the program, nothing is added up for a worker, and no list is in any order but time.

pub mod act;
pub mod completion;
pub mod course;
pub(crate) mod fall;
pub mod offer;
pub mod propose;

pub use act::LineError;
pub use course::KeptLine;

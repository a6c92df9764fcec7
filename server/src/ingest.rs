//! 接收 – what a push goes through, and what a phone gets back (`design.md` 4, 7).
//!
//! | step | module |
//! |---|---|
//! | open the request, answer it | [`sync`] |
//! | prove entries, in parallel, before the writer | [`prove`] |
//! | a verdict per entry, in the order of the contract | [`judge`], [`scope`] |
//! | changes on their way, written down first | `applying` |
//! | append, project, move between streams | [`place`] |
//! | where requests stand in the log | `requests` |
//! | what the phone lacks | [`pull`] |
//! | the first load in one file | [`bundle`] |
//! | acts of the desk: the hub's own chain | [`office`] |
//! | parked and quarantined entries | [`later`] |
//! | what was erased before it arrived | `erased` |
//! | what touches a closed period amends it | `amended` |
//! | one-time codes | [`enrol`] |
//! | why a request is refused as a whole | `trouble` |

mod amended;
mod applying;
pub mod bundle;
pub mod enrol;
mod erased;
mod fields;
pub mod judge;
pub mod later;
pub mod office;
pub mod place;
pub mod prove;
pub mod pull;
pub(crate) mod requests;
pub mod scope;
pub mod sync;
mod trouble;

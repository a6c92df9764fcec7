//! The hub's side of the contract with phones: every verdict, streams, hand-over, quarantine, enrolment over the
//! router, verification, crashes.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story that cannot go on has failed")]

#[path = "ingest/accounts.rs"]
mod accounts;
#[path = "ingest/applying.rs"]
mod applying;
#[path = "ingest/bounds.rs"]
mod bounds;
#[path = "ingest/checkpoint.rs"]
mod checkpoint;
#[path = "ingest/database.rs"]
#[expect(dead_code, reason = "shared with the stories of the shell, which use more of it")]
mod database;
#[path = "ingest/door.rs"]
mod door;
#[path = "ingest/files.rs"]
mod files;
#[path = "ingest/keys.rs"]
mod keys;
#[path = "ingest/moves.rs"]
mod moves;
#[path = "ingest/proof.rs"]
mod proof;
#[path = "ingest/refusals.rs"]
mod refusals;
#[path = "ingest/requests.rs"]
mod requests;
#[path = "ingest/streams.rs"]
mod streams;
#[path = "ingest/verdicts.rs"]
mod verdicts;
#[path = "ingest/verify.rs"]
mod verify;
#[path = "ingest/world.rs"]
mod world;

//! What the community lead decides on the command line, on a real hub in a temporary folder.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story that cannot go on has failed")]

#[path = "office/adopting.rs"]
mod adopting;
#[path = "ingest/database.rs"]
#[expect(dead_code, reason = "shared with the stories of the contract, which use more of it")]
mod database;
#[path = "office/erasing.rs"]
mod erasing;
#[path = "office/households.rs"]
mod households;
#[path = "office/questions.rs"]
mod questions;
#[path = "office/rights.rs"]
mod rights;
#[path = "office/shell.rs"]
mod shell;
#[path = "office/uploads.rs"]
mod uploads;
#[path = "ingest/world.rs"]
#[expect(dead_code, reason = "shared with the stories of the contract, which use more of it")]
mod world;

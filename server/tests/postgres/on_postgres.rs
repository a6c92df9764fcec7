//! The stories of the hub once more, word for word, with `PostgreSQL` behind the same storage.

#[path = "../ingest/accounts.rs"]
mod accounts;
#[path = "../office/adopting.rs"]
mod adopting;
#[path = "../ingest/applying.rs"]
mod applying;
#[path = "../report/closing.rs"]
mod closing;
mod database;
#[path = "../ingest/door.rs"]
mod door;
#[path = "../office/erasing.rs"]
mod erasing;
#[path = "../office/households.rs"]
mod households;
#[path = "../ingest/moves.rs"]
mod moves;
mod nodes;
#[path = "../ingest/proof.rs"]
mod proof;
#[path = "../office/questions.rs"]
mod questions;
#[path = "../ingest/requests.rs"]
mod requests;
#[path = "../office/rights.rs"]
mod rights;
mod schema;
#[path = "../office/shell.rs"]
mod shell;
#[path = "../ingest/streams.rs"]
mod streams;
#[path = "../office/uploads.rs"]
mod uploads;
#[path = "../ingest/verdicts.rs"]
mod verdicts;
#[path = "../ingest/verify.rs"]
mod verify;
#[path = "../ingest/world.rs"]
mod world;

//! The hub's side of the contract with phones: every verdict, streams, hand-over, quarantine.

#[path = "ingest/moves.rs"]
mod moves;
#[path = "ingest/streams.rs"]
mod streams;
#[path = "ingest/verdicts.rs"]
mod verdicts;
#[path = "ingest/world.rs"]
mod world;

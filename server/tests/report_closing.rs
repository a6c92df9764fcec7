//! Closing a period over the real store: example 18 of `coverage.md`, and everything a closed report promises.

#[cfg(test)]
#[path = "report/closing.rs"]
mod closing;
#[cfg(test)]
#[path = "report/commands.rs"]
mod commands;
#[cfg(test)]
#[path = "ingest/database.rs"]
#[expect(dead_code, reason = "this story needs only part of it")]
mod database;
#[cfg(test)]
#[path = "ingest/world.rs"]
#[expect(dead_code, reason = "this story needs only part of that world")]
mod world;

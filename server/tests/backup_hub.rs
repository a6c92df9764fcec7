//! Backups: written beside a working hub, read back, covering; refused when anything is wrong; and hubs put back.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story that cannot go on has failed")]

#[path = "ingest/database.rs"]
#[expect(dead_code, reason = "shared with the stories of the shell, which use more of it")]
mod database;
#[path = "backup/files.rs"]
mod files;
#[path = "backup/history.rs"]
mod history;
#[path = "ingest/world.rs"]
#[expect(dead_code, reason = "shared with the stories of ingest")]
mod world;

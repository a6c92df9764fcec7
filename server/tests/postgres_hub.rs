//! The hub on `PostgreSQL`: the same stories as on a file, the schema, and several nodes on one database.
//! Needs Debian's package `postgresql`; without it, `cargo test -- --skip on_postgres` runs all the rest.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a story that cannot go on has failed"
)]

#[path = "../../tests/src/cluster.rs"]
#[expect(unreachable_pub, reason = "shared with the stories of phones and hub, where it is public")]
mod cluster;
#[path = "postgres/on_postgres.rs"]
mod on_postgres;

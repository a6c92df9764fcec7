//! The hub's database.

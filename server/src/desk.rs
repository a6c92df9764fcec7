//! 办公端 – the pages: server-rendered, working without JavaScript, every number opening into its households.
//!
//! [`views`] holds what pages show as plain structs, each built in one place; the files in `templates/` lay them
//! out; [`words`] holds every word in Chinese and English.

pub mod views;
pub mod words;

/// The one style sheet. Hand-written; nothing is loaded from anywhere else.
pub const STYLE: &str = include_str!("../static/desk.css");

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

//! Phones and hub together: what the tests of this crate share.

pub mod oracle;
#[expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]
pub mod village;

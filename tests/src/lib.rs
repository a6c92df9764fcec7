//! Phones and hub together: what the tests of this crate share.

#[expect(clippy::unwrap_used, clippy::expect_used, reason = "a server that does not start is a failed test")]
pub mod cluster;
pub mod oracle;
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story that cannot go on has failed")]
pub mod told;

pub use ruhu_sim::{folder, village};

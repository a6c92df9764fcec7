//! Phones and hub together: what the tests of this crate share.

pub mod oracle;

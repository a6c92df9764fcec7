//! Ruhu.
fn main() {}

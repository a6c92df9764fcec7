//! The commands of `ruhu`.

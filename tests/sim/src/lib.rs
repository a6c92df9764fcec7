//! Ruhu.

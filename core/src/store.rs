//! The phone's file.

//! The rule texts as files, and what a community adopted of them.
